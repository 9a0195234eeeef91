import type { InboundTable, SendTable } from '../../handler.ts';
import { authorize } from './authorize.ts';
import { batterySwap } from './battery-swap.ts';
import { bootNotification } from './boot-notification.ts';
import { clearedChargingLimit, notifyChargingLimit } from './charging-limits.ts';
import { dataTransfer } from './data-transfer.ts';
import { notifyDERAlarm, notifyDERStartStop } from './der-events.ts';
import { notifyEVChargingNeeds21, notifyEVChargingNeeds201, notifyEVChargingSchedule } from './ev-charging-needs.ts';
import { closePeriodicEventStream, notifyPeriodicEventStream, openPeriodicEventStream } from './event-streams.ts';
import { firmwareStatusNotification } from './firmware-status-notification.ts';
import { get15118EVCertificate } from './get-15118-ev-certificate.ts';
import { getCertificateChainStatus } from './get-certificate-chain-status.ts';
import { getCertificateStatus } from './get-certificate-status.ts';
import { heartbeat } from './heartbeat.ts';
import { logStatusNotification } from './log-status-notification.ts';
import { meterValues } from './meter-values.ts';
import { notifyCustomerInformation } from './notify-customer-information.ts';
import { notifyDisplayMessages } from './notify-display-messages.ts';
import { notifyEvent } from './notify-event.ts';
import { notifyMonitoringReport } from './notify-monitoring-report.ts';
import { notifyPriorityCharging } from './notify-priority-charging.ts';
import { notifyReport } from './notify-report.ts';
import { notifySettlement } from './notify-settlement.ts';
import { publishFirmwareStatusNotification } from './publish-firmware-status-notification.ts';
import { pullDynamicScheduleUpdate } from './pull-dynamic-schedule-update.ts';
import { reportChargingProfiles } from './report-charging-profiles.ts';
import { reportDERControl } from './report-der-control.ts';
import { reservationStatusUpdate } from './reservation-status-update.ts';
import { securityEventNotification } from './security-event-notification.ts';
import { signCertificate } from './sign-certificate.ts';
import { statusNotification } from './status-notification.ts';
import { transactionEvent } from './transaction-event.ts';
import { vatNumberValidation } from './vat-number-validation.ts';

/** What both versions have and is handled alike. */
const BOTH = {
  Authorize: authorize,
  BootNotification: bootNotification,
  ClearedChargingLimit: clearedChargingLimit,
  DataTransfer: dataTransfer,
  FirmwareStatusNotification: firmwareStatusNotification,
  Get15118EVCertificate: get15118EVCertificate,
  GetCertificateStatus: getCertificateStatus,
  Heartbeat: heartbeat,
  LogStatusNotification: logStatusNotification,
  MeterValues: meterValues,
  NotifyChargingLimit: notifyChargingLimit,
  NotifyCustomerInformation: notifyCustomerInformation,
  NotifyDisplayMessages: notifyDisplayMessages,
  NotifyEVChargingSchedule: notifyEVChargingSchedule,
  NotifyEvent: notifyEvent,
  NotifyMonitoringReport: notifyMonitoringReport,
  NotifyReport: notifyReport,
  PublishFirmwareStatusNotification: publishFirmwareStatusNotification,
  ReportChargingProfiles: reportChargingProfiles,
  ReservationStatusUpdate: reservationStatusUpdate,
  SecurityEventNotification: securityEventNotification,
  SignCertificate: signCertificate,
  StatusNotification: statusNotification,
  TransactionEvent: transactionEvent,
};

/** What a CSMS does with each message of a 2.0.1 station. */
export const INBOUND_201: InboundTable<'2.0.1'> = {
  ...BOTH,
  NotifyEVChargingNeeds: notifyEVChargingNeeds201,
};

/** The same for a 2.1 station. */
export const INBOUND_21: InboundTable<'2.1'> = {
  ...BOTH,
  BatterySwap: batterySwap,
  ClosePeriodicEventStream: closePeriodicEventStream,
  GetCertificateChainStatus: getCertificateChainStatus,
  NotifyDERAlarm: notifyDERAlarm,
  NotifyDERStartStop: notifyDERStartStop,
  NotifyEVChargingNeeds: notifyEVChargingNeeds21,
  NotifyPriorityCharging: notifyPriorityCharging,
  NotifySettlement: notifySettlement,
  OpenPeriodicEventStream: openPeriodicEventStream,
  PullDynamicScheduleUpdate: pullDynamicScheduleUpdate,
  ReportDERControl: reportDERControl,
  VatNumberValidation: vatNumberValidation,
};

/** What it does with a SEND, which has no answer. */
export const SENDS_21: SendTable<'2.1'> = {
  NotifyPeriodicEventStream: notifyPeriodicEventStream,
};
