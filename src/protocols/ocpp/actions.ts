import type { OcppVersion } from './versions.ts';

/** Who may send the CALL (or SEND). */
export type Sender = 'station' | 'csms' | 'both';

/** Functional blocks: feature profiles of 1.6, blocks A to S of 2.x. */
export type Block =
  | 'Core'
  | 'FirmwareManagement'
  | 'LocalAuthListManagement'
  | 'Reservation'
  | 'SmartCharging'
  | 'RemoteTrigger'
  | 'Security'
  | 'Provisioning'
  | 'Authorization'
  | 'LocalAuthorizationList'
  | 'Transactions'
  | 'RemoteControl'
  | 'Availability'
  | 'TariffAndCost'
  | 'Metering'
  | 'Firmware'
  | 'ISO15118Certificates'
  | 'Diagnostics'
  | 'DisplayMessage'
  | 'DataTransfer'
  | 'BidirectionalPower'
  | 'DERControl'
  | 'BatterySwap';

export interface ActionRow {
  readonly sender: Sender;
  readonly block: Block;
  /** Type 6 frames of 2.1: never answered. */
  readonly send?: true;
}

// Without a return type: the tables below keep who sends what as literal types.
const station = (block: Block) => ({ sender: 'station', block }) as const;
const csms = (block: Block) => ({ sender: 'csms', block }) as const;

/** OCPP 1.6 with the security whitepaper, edition 3: 39 actions. */
export const ACTIONS_16 = {
  Authorize: station('Core'),
  BootNotification: station('Core'),
  ChangeAvailability: csms('Core'),
  ChangeConfiguration: csms('Core'),
  ClearCache: csms('Core'),
  DataTransfer: { sender: 'both', block: 'Core' },
  GetConfiguration: csms('Core'),
  Heartbeat: station('Core'),
  MeterValues: station('Core'),
  RemoteStartTransaction: csms('Core'),
  RemoteStopTransaction: csms('Core'),
  Reset: csms('Core'),
  StartTransaction: station('Core'),
  StatusNotification: station('Core'),
  StopTransaction: station('Core'),
  UnlockConnector: csms('Core'),
  DiagnosticsStatusNotification: station('FirmwareManagement'),
  FirmwareStatusNotification: station('FirmwareManagement'),
  GetDiagnostics: csms('FirmwareManagement'),
  UpdateFirmware: csms('FirmwareManagement'),
  GetLocalListVersion: csms('LocalAuthListManagement'),
  SendLocalList: csms('LocalAuthListManagement'),
  CancelReservation: csms('Reservation'),
  ReserveNow: csms('Reservation'),
  ClearChargingProfile: csms('SmartCharging'),
  GetCompositeSchedule: csms('SmartCharging'),
  SetChargingProfile: csms('SmartCharging'),
  TriggerMessage: csms('RemoteTrigger'),
  CertificateSigned: csms('Security'),
  DeleteCertificate: csms('Security'),
  ExtendedTriggerMessage: csms('Security'),
  GetInstalledCertificateIds: csms('Security'),
  GetLog: csms('Security'),
  InstallCertificate: csms('Security'),
  LogStatusNotification: station('Security'),
  SecurityEventNotification: station('Security'),
  SignCertificate: station('Security'),
  SignedFirmwareStatusNotification: station('Security'),
  SignedUpdateFirmware: csms('Security'),
} as const satisfies Record<string, ActionRow>;

/** OCPP 2.0.1, edition 3: 64 actions. */
export const ACTIONS_201 = {
  CertificateSigned: csms('Security'),
  SecurityEventNotification: station('Security'),
  SignCertificate: station('Security'),
  BootNotification: station('Provisioning'),
  GetBaseReport: csms('Provisioning'),
  GetReport: csms('Provisioning'),
  GetVariables: csms('Provisioning'),
  NotifyReport: station('Provisioning'),
  Reset: csms('Provisioning'),
  SetNetworkProfile: csms('Provisioning'),
  SetVariables: csms('Provisioning'),
  Authorize: station('Authorization'),
  ClearCache: csms('Authorization'),
  GetLocalListVersion: csms('LocalAuthorizationList'),
  SendLocalList: csms('LocalAuthorizationList'),
  GetTransactionStatus: csms('Transactions'),
  TransactionEvent: station('Transactions'),
  RequestStartTransaction: csms('RemoteControl'),
  RequestStopTransaction: csms('RemoteControl'),
  TriggerMessage: csms('RemoteControl'),
  UnlockConnector: csms('RemoteControl'),
  ChangeAvailability: csms('Availability'),
  Heartbeat: station('Availability'),
  StatusNotification: station('Availability'),
  CancelReservation: csms('Reservation'),
  ReservationStatusUpdate: station('Reservation'),
  ReserveNow: csms('Reservation'),
  CostUpdated: csms('TariffAndCost'),
  MeterValues: station('Metering'),
  ClearChargingProfile: csms('SmartCharging'),
  ClearedChargingLimit: station('SmartCharging'),
  GetChargingProfiles: csms('SmartCharging'),
  GetCompositeSchedule: csms('SmartCharging'),
  NotifyChargingLimit: station('SmartCharging'),
  NotifyEVChargingNeeds: station('SmartCharging'),
  NotifyEVChargingSchedule: station('SmartCharging'),
  ReportChargingProfiles: station('SmartCharging'),
  SetChargingProfile: csms('SmartCharging'),
  FirmwareStatusNotification: station('Firmware'),
  PublishFirmware: csms('Firmware'),
  PublishFirmwareStatusNotification: station('Firmware'),
  UnpublishFirmware: csms('Firmware'),
  UpdateFirmware: csms('Firmware'),
  DeleteCertificate: csms('ISO15118Certificates'),
  Get15118EVCertificate: station('ISO15118Certificates'),
  GetCertificateStatus: station('ISO15118Certificates'),
  GetInstalledCertificateIds: csms('ISO15118Certificates'),
  InstallCertificate: csms('ISO15118Certificates'),
  ClearVariableMonitoring: csms('Diagnostics'),
  CustomerInformation: csms('Diagnostics'),
  GetLog: csms('Diagnostics'),
  GetMonitoringReport: csms('Diagnostics'),
  LogStatusNotification: station('Diagnostics'),
  NotifyCustomerInformation: station('Diagnostics'),
  NotifyEvent: station('Diagnostics'),
  NotifyMonitoringReport: station('Diagnostics'),
  SetMonitoringBase: csms('Diagnostics'),
  SetMonitoringLevel: csms('Diagnostics'),
  SetVariableMonitoring: csms('Diagnostics'),
  ClearDisplayMessage: csms('DisplayMessage'),
  GetDisplayMessages: csms('DisplayMessage'),
  NotifyDisplayMessages: station('DisplayMessage'),
  SetDisplayMessage: csms('DisplayMessage'),
  DataTransfer: { sender: 'both', block: 'DataTransfer' },
} as const satisfies Record<string, ActionRow>;

/** OCPP 2.1, edition 1: those of 2.0.1 and 26 pairs and one SEND more. */
export const ACTIONS_21 = {
  ...ACTIONS_201,
  NotifySettlement: station('Authorization'),
  NotifyWebPaymentStarted: csms('Authorization'),
  VatNumberValidation: station('Authorization'),
  ChangeTransactionTariff: csms('TariffAndCost'),
  ClearTariffs: csms('TariffAndCost'),
  GetTariffs: csms('TariffAndCost'),
  SetDefaultTariff: csms('TariffAndCost'),
  NotifyPriorityCharging: station('SmartCharging'),
  PullDynamicScheduleUpdate: station('SmartCharging'),
  UpdateDynamicSchedule: csms('SmartCharging'),
  UsePriorityCharging: csms('SmartCharging'),
  GetCertificateChainStatus: station('ISO15118Certificates'),
  AdjustPeriodicEventStream: csms('Diagnostics'),
  ClosePeriodicEventStream: station('Diagnostics'),
  GetPeriodicEventStream: csms('Diagnostics'),
  NotifyPeriodicEventStream: { sender: 'station', block: 'Diagnostics', send: true },
  OpenPeriodicEventStream: station('Diagnostics'),
  AFRRSignal: csms('BidirectionalPower'),
  NotifyAllowedEnergyTransfer: csms('BidirectionalPower'),
  ClearDERControl: csms('DERControl'),
  GetDERControl: csms('DERControl'),
  NotifyDERAlarm: station('DERControl'),
  NotifyDERStartStop: station('DERControl'),
  ReportDERControl: station('DERControl'),
  SetDERControl: csms('DERControl'),
  BatterySwap: station('BatterySwap'),
  RequestBatterySwap: csms('BatterySwap'),
} as const satisfies Record<string, ActionRow>;

export const ACTIONS = {
  '1.6': ACTIONS_16,
  '2.0.1': ACTIONS_201,
  '2.1': ACTIONS_21,
} as const satisfies Record<OcppVersion, Record<string, ActionRow>>;

export type ActionOf<V extends OcppVersion> = keyof (typeof ACTIONS)[V] & string;
type Rows<V extends OcppVersion> = (typeof ACTIONS)[V];

/** Actions whose CALL the station may send. */
export type StationAction<V extends OcppVersion> = {
  [A in ActionOf<V>]: Rows<V>[A] extends { sender: 'station' | 'both' }
    ? Rows<V>[A] extends { send: true }
      ? never
      : A
    : never;
}[ActionOf<V>];

/** Actions whose CALL the CSMS may send. */
export type CsmsAction<V extends OcppVersion> = {
  [A in ActionOf<V>]: Rows<V>[A] extends { sender: 'csms' | 'both' } ? A : never;
}[ActionOf<V>];

/** Actions that travel as SEND (2.1): no answer exists. */
export type SendAction<V extends OcppVersion> = {
  [A in ActionOf<V>]: Rows<V>[A] extends { send: true } ? A : never;
}[ActionOf<V>];

/** The row of an action, or `undefined` when that version has no such action. Names are case-sensitive. */
export function actionRow(version: OcppVersion, action: string): ActionRow | undefined {
  const rows: Record<string, ActionRow> = ACTIONS[version];
  return Object.hasOwn(rows, action) ? rows[action] : undefined;
}

/** Action names that `sender` may send, in the order of the table. SENDs are left out. */
export function actionsFrom(version: OcppVersion, sender: 'station' | 'csms'): string[] {
  const rows: Record<string, ActionRow> = ACTIONS[version];
  return Object.keys(rows).filter((action) => {
    const row = rows[action];
    return row !== undefined && row.send === undefined && (row.sender === sender || row.sender === 'both');
  });
}
