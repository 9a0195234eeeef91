import type { CallOutcome } from '../../../protocols/ocpp/rpc-message.ts';
import type { OcppVersion } from '../../../protocols/ocpp/versions.ts';
import type { Lane, Outbox, RetryRules } from '../outbox.ts';
import type { AuthorizationQuestion, CoreHost, StationCore, StoredPart } from '../state/core.ts';
import type { Evse, Transaction } from '../state/evse.ts';
import type { Settings } from '../state/settings.ts';
import type { TransferRequest, TransferResult } from '../transfer.ts';

/** Why the station booted: the 2.x BootReasonEnumType words. */
export type BootReason =
  | 'ApplicationReset'
  | 'FirmwareUpdate'
  | 'LocalReset'
  | 'PowerUp'
  | 'RemoteReset'
  | 'ScheduledReset'
  | 'Triggered'
  | 'Unknown'
  | 'Watchdog';

export type Registration = 'none' | 'Accepted' | 'Pending' | 'Rejected';

/** What the protocol side may ask of the machine around it. */
export interface SideHost extends CoreHost {
  readonly identity: string;
  readonly serialNumber: string;
  readonly outbox: Outbox;
  readonly registration: Registration;
  /** The socket is open, whatever the registration. */
  readonly connected: boolean;
  firmwareVersion: string;
  send(action: string, payload: object, lane: Lane, note?: Record<string, unknown>): void;
  /** A SEND of 2.1. */
  sendUnanswered(action: string, payload: object): void;
  /** Runs after the answer to the CALL that is being handled has left. */
  afterAnswer(task: () => void): void;
  /** Restarts the software or the hardware; volatile state is lost. */
  reboot(reason: BootReason, downMs: number): void;
  /** Drops the connection and connects again, for example with a new password. */
  reconnect(): void;
  /** Sends BootNotification now, whatever the timers say. */
  bootAgain(reason: BootReason): void;
  transfer(request: TransferRequest): void;
  /** A new Basic password or security profile came into force. */
  credentials(change: CredentialsChange): void;
}

/** What the next connection uses. `initial`: what the station was started with. */
export interface CredentialsChange {
  readonly password?: string;
  readonly securityProfile?: number;
  readonly url?: string;
  readonly initial?: true;
}

/** How long to wait before connecting again (2.0.1 Part 4 §5.3). */
export interface BackoffRules {
  readonly waitMinimumS: number;
  readonly randomRangeS: number;
  readonly repeatTimes: number;
}

/** One OCPP version's half of a station: turns core events into messages and the CSMS's messages into effects. */
export interface ProtocolSide {
  readonly version: OcppVersion;
  readonly settings: Settings;
  attach(core: StationCore): void;
  bootRequest(reason: BootReason): object;
  /** The CSMS accepted us. `rebooted`: for the first time since power-on. */
  accepted(intervalS: number, rebooted: boolean): void;
  /** Connected again without a boot, after so long. */
  reconnected(offlineMs: number): void;
  connectionLost(): void;
  /** A connection attempt failed, so many in a row. */
  connectFailed(failures: number): void;
  /** Answers a CALL of the CSMS. Throws RpcRefusal for a CALLERROR. */
  request(action: string, payload: Readonly<Record<string, unknown>>): object;
  /** A CALL of ours was answered. */
  answered(action: string, payload: Readonly<Record<string, unknown>>, note: Readonly<Record<string, unknown>>): void;
  /** A CALL of ours has failed for good: refused, timed out, dropped with the connection. */
  failed(action: string, note: Readonly<Record<string, unknown>>, outcome: CallOutcome | undefined): void;
  askCsms(question: AuthorizationQuestion): void;
  statusChanged: CoreHost['statusChanged'];
  transactionStarted: CoreHost['transactionStarted'];
  transactionUpdated: CoreHost['transactionUpdated'];
  transactionEnded: CoreHost['transactionEnded'];
  reservationOver: CoreHost['reservationOver'];
  timer(name: string): void;
  transferred(result: TransferResult): void;
  /** 2.1: after so long without power the transactions go on instead of ending (E17, B13). */
  resumesAfter(downMs: number): boolean;
  resumed(evse: Evse, transaction: Transaction): void;
  /** Volatile parts are gone: the software starts again. */
  rebooted(): void;
  readonly retry: RetryRules;
  readonly messageTimeoutMs: number;
  readonly heartbeatIntervalS: number;
  readonly backoff: BackoffRules;
  store(part: StoredPart): unknown;
  restore(part: StoredPart, value: unknown): void;
}
