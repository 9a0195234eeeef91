import { acrossCatalogue } from './across-catalogue.ts';
import { exchangeCatalogue } from './exchange-catalogue.ts';
import type { Rule, RuleDeclaration } from './rule.ts';
import { f1Connection } from './rules/ocpp/f1-connection.ts';
import { f1Handshake } from './rules/ocpp/f1-handshake.ts';
import { f1Liveness } from './rules/ocpp/f1-liveness.ts';
import { f1Passwords } from './rules/ocpp/f1-passwords.ts';
import { f2Answers } from './rules/ocpp/f2-answers.ts';
import { f2Frames } from './rules/ocpp/f2-frames.ts';
import { f2Ids } from './rules/ocpp/f2-ids.ts';
import { f2Members } from './rules/ocpp/f2-members.ts';
import { f2Times } from './rules/ocpp/f2-times.ts';
import { f3AfterBoot } from './rules/ocpp/f3-after-boot.ts';
import { f3Boot } from './rules/ocpp/f3-boot.ts';
import { f3Gating } from './rules/ocpp/f3-gating.ts';
import { f4Status } from './rules/ocpp/f4-status.ts';
import { f4Transactions } from './rules/ocpp/f4-transactions.ts';
import { f5Authorize } from './rules/ocpp/f5-authorize.ts';
import { f5Causes } from './rules/ocpp/f5-causes.ts';
import { f5Queue } from './rules/ocpp/f5-queue.ts';
import { f5Start } from './rules/ocpp/f5-start.ts';
import { f5Stop } from './rules/ocpp/f5-stop.ts';
import { f5TransactionData } from './rules/ocpp/f5-transaction-data.ts';
import { f6Samples } from './rules/ocpp/f6-samples.ts';
import { f6Series } from './rules/ocpp/f6-series.ts';
import { f7Configuration } from './rules/ocpp/f7-configuration.ts';
import { f7Control } from './rules/ocpp/f7-control.ts';
import { f7Remote } from './rules/ocpp/f7-remote.ts';
import { f7Reservations } from './rules/ocpp/f7-reservations.ts';
import { f7SecurityKeys } from './rules/ocpp/f7-security-keys.ts';
import { f7Triggers } from './rules/ocpp/f7-triggers.ts';
import { f8Composite } from './rules/ocpp/f8-composite.ts';
import { f8Installing } from './rules/ocpp/f8-installing.ts';
import { f8Limits } from './rules/ocpp/f8-limits.ts';
import { f8LocalList } from './rules/ocpp/f8-local-list.ts';
import { f8Profiles } from './rules/ocpp/f8-profiles.ts';
import { f8Reports } from './rules/ocpp/f8-reports.ts';
import { f9Certificates } from './rules/ocpp/f9-certificates.ts';
import { f9Firmware } from './rules/ocpp/f9-firmware.ts';
import { f9FirmwareStatus } from './rules/ocpp/f9-firmware-status.ts';
import { f9Logs } from './rules/ocpp/f9-logs.ts';
import { f9SecurityEvents } from './rules/ocpp/f9-security-events.ts';
import { f10Authorize } from './rules/ocpp/f10-authorize.ts';
import { f10Causes } from './rules/ocpp/f10-causes.ts';
import { f10Content } from './rules/ocpp/f10-content.ts';
import { f10Effects } from './rules/ocpp/f10-effects.ts';
import { f10Meters } from './rules/ocpp/f10-meters.ts';
import { f10Order } from './rules/ocpp/f10-order.ts';
import { f11Availability } from './rules/ocpp/f11-availability.ts';
import { f11Inventory } from './rules/ocpp/f11-inventory.ts';
import { f11Monitors } from './rules/ocpp/f11-monitors.ts';
import { f11Network } from './rules/ocpp/f11-network.ts';
import { f11Places } from './rules/ocpp/f11-places.ts';
import { f11Remote } from './rules/ocpp/f11-remote.ts';
import { f11Reports } from './rules/ocpp/f11-reports.ts';
import { f11Reservations } from './rules/ocpp/f11-reservations.ts';
import { f11Values } from './rules/ocpp/f11-values.ts';
import { f11Variables } from './rules/ocpp/f11-variables.ts';
import { f12Chains } from './rules/ocpp/f12-chains.ts';
import { f12Contracts } from './rules/ocpp/f12-contracts.ts';
import { f12Profiles } from './rules/ocpp/f12-profiles.ts';
import { f12ResultErrors } from './rules/ocpp/f12-result-errors.ts';
import { f12Streams } from './rules/ocpp/f12-streams.ts';
import { f12Transactions } from './rules/ocpp/f12-transactions.ts';
import { f13PlugAndCharge16 } from './rules/ocpp/f13-plug-and-charge-16.ts';
import { reportedByCsms } from './rules/reported/csms.ts';

/** What all rules say of themselves, whatever they look at: for lists and pages. */
export function everyRule(): readonly RuleDeclaration[] {
  return [...ruleCatalogue(), ...exchangeCatalogue(), ...acrossCatalogue(), ...reportedByCsms];
}

/** All rules about OCPP messages, in the order of their families. */
export function ruleCatalogue(): readonly Rule[] {
  return [
    ...f1Connection,
    ...f1Handshake,
    ...f1Passwords,
    ...f1Liveness,
    ...f2Frames,
    ...f2Ids,
    ...f2Answers,
    ...f2Members,
    ...f2Times,
    ...f3Gating,
    ...f3Boot,
    ...f3AfterBoot,
    ...f4Status,
    ...f4Transactions,
    ...f5Start,
    ...f5Stop,
    ...f5Causes,
    ...f5Queue,
    ...f5TransactionData,
    ...f5Authorize,
    ...f6Samples,
    ...f6Series,
    ...f7Configuration,
    ...f7SecurityKeys,
    ...f7Remote,
    ...f7Triggers,
    ...f7Control,
    ...f7Reservations,
    ...f8LocalList,
    ...f8Profiles,
    ...f8Installing,
    ...f8Composite,
    ...f8Limits,
    ...f8Reports,
    ...f9FirmwareStatus,
    ...f9Firmware,
    ...f9Logs,
    ...f9Certificates,
    ...f9SecurityEvents,
    ...f10Order,
    ...f10Content,
    ...f10Causes,
    ...f10Effects,
    ...f10Meters,
    ...f10Authorize,
    ...f11Variables,
    ...f11Values,
    ...f11Reports,
    ...f11Inventory,
    ...f11Places,
    ...f11Network,
    ...f11Monitors,
    ...f11Availability,
    ...f11Remote,
    ...f11Reservations,
    ...f12Streams,
    ...f12ResultErrors,
    ...f12Profiles,
    ...f12Transactions,
    ...f13PlugAndCharge16,
    ...f12Contracts,
    ...f12Chains,
  ];
}
