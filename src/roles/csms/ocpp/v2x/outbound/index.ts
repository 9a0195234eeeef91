import type { OutboundTable } from '../../handler.ts';
import { changeAvailability } from './availability.ts';
import {
  certificateSigned,
  deleteCertificate,
  getInstalledCertificateIds,
  installCertificate,
} from './certificates.ts';
import {
  clearChargingProfile,
  getCompositeSchedule,
  setChargingProfile,
  updateDynamicSchedule,
} from './charging-profiles.ts';
import { costUpdated } from './cost-updated.ts';
import { dataTransfer } from './data-transfer.ts';
import { clearDERControl, getDERControl, setDERControl } from './der-controls.ts';
import { clearDisplayMessage, getDisplayMessages, setDisplayMessage } from './display-messages.ts';
import { afrrSignal, notifyAllowedEnergyTransfer, usePriorityCharging } from './energy-transfer.ts';
import { adjustPeriodicEventStream, getPeriodicEventStream } from './event-streams.ts';
import { getLog, publishFirmware, unpublishFirmware, updateFirmware } from './jobs.ts';
import { getLocalListVersion, sendLocalList } from './local-list.ts';
import { clearVariableMonitoring, setMonitoringBase, setMonitoringLevel, setVariableMonitoring } from './monitoring.ts';
import { notifyWebPaymentStarted } from './notify-web-payment-started.ts';
import {
  clearCache,
  getTransactionStatus,
  requestStartTransaction,
  requestStopTransaction,
  reset,
  triggerMessage,
  unlockConnector,
} from './remote-control.ts';
import { customerInformation, getBaseReport, getChargingProfiles, getMonitoringReport, getReport } from './reports.ts';
import { requestBatterySwap } from './request-battery-swap.ts';
import { cancelReservation, reserveNow } from './reservations.ts';
import { setNetworkProfile } from './set-network-profile.ts';
import { changeTransactionTariff, clearTariffs, getTariffs, setDefaultTariff } from './tariffs.ts';
import { getVariables, setVariables } from './variables.ts';

/** What both versions have and is handled alike. */
const BOTH = {
  CancelReservation: cancelReservation,
  CertificateSigned: certificateSigned,
  ChangeAvailability: changeAvailability,
  ClearCache: clearCache,
  ClearChargingProfile: clearChargingProfile,
  ClearDisplayMessage: clearDisplayMessage,
  ClearVariableMonitoring: clearVariableMonitoring,
  CostUpdated: costUpdated,
  CustomerInformation: customerInformation,
  DataTransfer: dataTransfer,
  DeleteCertificate: deleteCertificate,
  GetBaseReport: getBaseReport,
  GetChargingProfiles: getChargingProfiles,
  GetCompositeSchedule: getCompositeSchedule,
  GetDisplayMessages: getDisplayMessages,
  GetInstalledCertificateIds: getInstalledCertificateIds,
  GetLocalListVersion: getLocalListVersion,
  GetLog: getLog,
  GetMonitoringReport: getMonitoringReport,
  GetReport: getReport,
  GetTransactionStatus: getTransactionStatus,
  GetVariables: getVariables,
  InstallCertificate: installCertificate,
  PublishFirmware: publishFirmware,
  RequestStartTransaction: requestStartTransaction,
  RequestStopTransaction: requestStopTransaction,
  ReserveNow: reserveNow,
  Reset: reset,
  SendLocalList: sendLocalList,
  SetChargingProfile: setChargingProfile,
  SetDisplayMessage: setDisplayMessage,
  SetMonitoringBase: setMonitoringBase,
  SetMonitoringLevel: setMonitoringLevel,
  SetNetworkProfile: setNetworkProfile,
  SetVariableMonitoring: setVariableMonitoring,
  SetVariables: setVariables,
  TriggerMessage: triggerMessage,
  UnlockConnector: unlockConnector,
  UnpublishFirmware: unpublishFirmware,
  UpdateFirmware: updateFirmware,
};

/** What the CSMS takes from a 2.0.1 station’s answer to each command. */
export const OUTBOUND_201: OutboundTable<'2.0.1'> = BOTH;

/** The same for a 2.1 station. */
export const OUTBOUND_21: OutboundTable<'2.1'> = {
  ...BOTH,
  AFRRSignal: afrrSignal,
  AdjustPeriodicEventStream: adjustPeriodicEventStream,
  ChangeTransactionTariff: changeTransactionTariff,
  ClearDERControl: clearDERControl,
  ClearTariffs: clearTariffs,
  GetDERControl: getDERControl,
  GetPeriodicEventStream: getPeriodicEventStream,
  GetTariffs: getTariffs,
  NotifyAllowedEnergyTransfer: notifyAllowedEnergyTransfer,
  NotifyWebPaymentStarted: notifyWebPaymentStarted,
  RequestBatterySwap: requestBatterySwap,
  SetDERControl: setDERControl,
  SetDefaultTariff: setDefaultTariff,
  UpdateDynamicSchedule: updateDynamicSchedule,
  UsePriorityCharging: usePriorityCharging,
};
