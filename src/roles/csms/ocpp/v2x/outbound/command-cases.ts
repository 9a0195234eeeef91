import type { OcppVersion } from '../../../../../protocols/ocpp/versions.ts';
import type { ItemKind } from '../../../state/station-items.ts';

/** Something that happened before the command: the station said it, or it took another command. */
export type Scene =
  | { readonly says: string; readonly payload: string }
  | { readonly told: string; readonly payload: string; readonly answer: string };

/** One command, how a station takes it, and what the CSMS knows afterwards. Wire texts and state are written by hand. */
export interface CommandCase {
  readonly action: string;
  /** What is shown, with the requirement. */
  readonly rule: string;
  /** Both 2.x versions where absent. */
  readonly only?: OcppVersion;
  readonly before?: readonly Scene[];
  readonly request: string;
  readonly answer: string;
  /** Items by kind, complete: `[]` says that there is none. Members that are not named do not matter. */
  readonly items?: Readonly<Partial<Record<ItemKind, readonly object[]>>>;
  readonly station?: object;
  readonly transaction?: { readonly id: string } & Readonly<Record<string, unknown>>;
  /** Answers after which nothing at all changes. CALLERROR and silence are always tried. */
  readonly unchangedBy?: readonly string[];
}

export const REJECTED = '{"status":"Rejected"}';
export const ACCEPTED = '{"status":"Accepted"}';

/** A running transaction T1 on EVSE 1. */
export const RUNNING: Scene = {
  says: 'TransactionEvent',
  payload:
    '{"eventType":"Started","timestamp":"2026-01-01T11:00:00Z","triggerReason":"CablePluggedIn","seqNo":0,"transactionInfo":{"transactionId":"T1","chargingState":"EVConnected"},"evse":{"id":1,"connectorId":1}}',
};
