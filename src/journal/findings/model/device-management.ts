import type { Observation } from '../observation.ts';
import { FirmwareUpdates } from './firmware-updates.ts';
import { LocalList } from './local-list.ts';
import { LogUploads } from './log-uploads.ts';
import { Monitors } from './monitors.ts';
import { Reports } from './reports.ts';
import { SecurityFacts } from './security-facts.ts';
import { Variables } from './variables.ts';

/** What the traffic shows of how a station is managed: lists, firmware, logs, certificates, reports, monitors. */
export class DeviceManagement {
  readonly localList = new LocalList();
  readonly firmware = new FirmwareUpdates();
  readonly logs = new LogUploads();
  readonly security = new SecurityFacts();
  readonly reports = new Reports();
  readonly monitors = new Monitors();
  readonly variables = new Variables();
}

type Add = (management: DeviceManagement, o: Observation) => void;

const localList: Add = ({ localList: list }, o) => list.update(o);
const firmware: Add = ({ firmware: updates }, o) => updates.update(o);
const logs: Add = ({ logs: uploads }, o) => uploads.update(o);
const security: Add = ({ security: facts }, o) => facts.update(o);
const reports: Add = (management, o) => management.reports.update(o);
const monitors: Add = (management, o) => management.monitors.update(o);
/** Reports first: they tell monitors and variables whether a part is missing. */
const both =
  (...parts: readonly Add[]): Add =>
  (management, o) => {
    for (const add of parts) add(management, o);
  };

/** Which part a message belongs to, by action. */
export const MANAGEMENT_UPDATES: ReadonlyMap<string, Add> = new Map<string, Add>(
  Object.entries<Add>({
    BootNotification: both(firmware, monitors),
    SendLocalList: localList,
    GetLocalListVersion: localList,
    UpdateFirmware: firmware,
    SignedUpdateFirmware: firmware,
    FirmwareStatusNotification: firmware,
    SignedFirmwareStatusNotification: both(firmware, security),
    GetDiagnostics: logs,
    DiagnosticsStatusNotification: logs,
    GetLog: logs,
    LogStatusNotification: both(logs, security),
    SecurityEventNotification: security,
    SignCertificate: security,
    CertificateSigned: security,
    InstallCertificate: security,
    GetInstalledCertificateIds: security,
    GetBaseReport: reports,
    GetReport: reports,
    NotifyReport: both(reports, (management, o) => management.variables.update(o)),
    GetMonitoringReport: both(reports, monitors),
    NotifyMonitoringReport: both(reports, monitors),
    GetDisplayMessages: reports,
    NotifyDisplayMessages: reports,
    CustomerInformation: reports,
    NotifyCustomerInformation: reports,
    NotifyEvent: both(reports, monitors),
    SetVariableMonitoring: monitors,
    ClearVariableMonitoring: monitors,
    SetMonitoringLevel: monitors,
    SetMonitoringBase: monitors,
  }),
);
