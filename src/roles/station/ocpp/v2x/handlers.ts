import { RpcRefusal } from '../../../../link/ocpp-link.ts';
import type { CsmsAction } from '../../../../protocols/ocpp/actions.ts';
import type { Features } from '../../template.ts';
import { changeAvailability2x, unlockConnector } from './availability.ts';
import { requestBatterySwap } from './battery-swap.ts';
import { customerInformation } from './customer.ts';
import { clearDerControl, getDerControl, setDerControl } from './der.ts';
import { clearDisplayMessage, getDisplayMessages, setDisplayMessage } from './display.ts';
import { afrrSignal, notifyAllowedEnergyTransfer, notifyWebPaymentStarted } from './energy21.ts';
import { adjustPeriodicEventStream, getPeriodicEventStream } from './event-streams.ts';
import { getLog, publishFirmware, unpublishFirmware, updateFirmware } from './firmware.ts';
import { clearCache, getLocalListVersion, sendLocalList } from './local-list.ts';
import {
  clearVariableMonitoring,
  getMonitoringReport,
  setMonitoringBase,
  setMonitoringLevel,
  setVariableMonitoring,
} from './monitoring.ts';
import { setNetworkProfile } from './network.ts';
import { dataTransfer, getTransactionStatus, reset } from './provisioning.ts';
import { requestStart, requestStop } from './remote.ts';
import { getBaseReport, getReport, getVariables, setVariables } from './reports.ts';
import { cancelReservation2x, reserveNow } from './reservations.ts';
import { certificateSigned, deleteCertificate, getInstalledCertificateIds, installCertificate } from './security.ts';
import type { Side2x } from './side.ts';
import {
  clearChargingProfile,
  getChargingProfiles,
  getCompositeSchedule,
  setChargingProfile,
} from './smart-charging.ts';
import { updateDynamicSchedule, usePriorityCharging } from './smart-charging21.ts';
import { changeTransactionTariff, clearTariffs, costUpdated, getTariffs, setDefaultTariff } from './tariffs.ts';
import { trigger } from './triggers.ts';
import type { Answer, Request } from './wire.ts';

/** Every action that a 2.1 CSMS may send has its handler; a missing one does not compile. */
export type Handlers2x = {
  readonly [A in CsmsAction<'2.1'>]: (side: Side2x, request: Request<A>) => Answer<A>;
};

export const HANDLERS_2X: Handlers2x = {
  AdjustPeriodicEventStream: needs('monitoring', adjustPeriodicEventStream),
  AFRRSignal: needs('smartCharging', afrrSignal),
  CancelReservation: needs('reservation', cancelReservation2x),
  CertificateSigned: certificateSigned,
  ChangeAvailability: changeAvailability2x,
  ChangeTransactionTariff: needs('tariff', changeTransactionTariff),
  ClearCache: clearCache,
  ClearChargingProfile: needs('smartCharging', clearChargingProfile),
  ClearDERControl: needs('der', clearDerControl),
  ClearDisplayMessage: needs('display', clearDisplayMessage),
  ClearTariffs: needs('tariff', clearTariffs),
  ClearVariableMonitoring: needs('monitoring', clearVariableMonitoring),
  CostUpdated: costUpdated,
  CustomerInformation: customerInformation,
  DataTransfer: dataTransfer,
  DeleteCertificate: deleteCertificate,
  GetBaseReport: getBaseReport,
  GetChargingProfiles: needs('smartCharging', getChargingProfiles),
  GetCompositeSchedule: needs('smartCharging', getCompositeSchedule),
  GetDERControl: needs('der', getDerControl),
  GetDisplayMessages: needs('display', getDisplayMessages),
  GetInstalledCertificateIds: getInstalledCertificateIds,
  GetLocalListVersion: needs('localList', getLocalListVersion),
  GetLog: getLog,
  GetMonitoringReport: needs('monitoring', getMonitoringReport),
  GetPeriodicEventStream: needs('monitoring', getPeriodicEventStream),
  GetReport: getReport,
  GetTariffs: needs('tariff', getTariffs),
  GetTransactionStatus: getTransactionStatus,
  GetVariables: getVariables,
  InstallCertificate: installCertificate,
  NotifyAllowedEnergyTransfer: notifyAllowedEnergyTransfer,
  NotifyWebPaymentStarted: notifyWebPaymentStarted,
  PublishFirmware: publishFirmware,
  RequestBatterySwap: needs('batterySwap', requestBatterySwap),
  RequestStartTransaction: requestStart,
  RequestStopTransaction: requestStop,
  ReserveNow: needs('reservation', reserveNow),
  Reset: reset,
  SendLocalList: needs('localList', sendLocalList),
  SetChargingProfile: needs('smartCharging', setChargingProfile),
  SetDefaultTariff: needs('tariff', setDefaultTariff),
  SetDERControl: needs('der', setDerControl),
  SetDisplayMessage: needs('display', setDisplayMessage),
  SetMonitoringBase: needs('monitoring', setMonitoringBase),
  SetMonitoringLevel: needs('monitoring', setMonitoringLevel),
  SetNetworkProfile: setNetworkProfile,
  SetVariableMonitoring: needs('monitoring', setVariableMonitoring),
  SetVariables: setVariables,
  TriggerMessage: needs('remoteTrigger', trigger),
  UnlockConnector: unlockConnector,
  UnpublishFirmware: unpublishFirmware,
  UpdateDynamicSchedule: needs('smartCharging', updateDynamicSchedule),
  UpdateFirmware: needs('firmware', updateFirmware),
  UsePriorityCharging: needs('smartCharging', usePriorityCharging),
};

// 2.0.1 has no action that 2.1 lacks: this fails to compile otherwise.
type None<T extends never> = T;
export type Every201ActionIsHandled = None<Exclude<CsmsAction<'2.0.1'>, keyof Handlers2x>>;

/** What the hardware lacks is refused with NotSupported (2.x Part 4 §4.3). */
function needs<Q, R>(
  feature: keyof Features,
  handler: (side: Side2x, request: Q) => R,
): (side: Side2x, request: Q) => R {
  return (side, request) => {
    if (!side.template.features[feature]) throw new RpcRefusal('NotSupported', `This station has no ${feature}`);
    return handler(side, request);
  };
}
