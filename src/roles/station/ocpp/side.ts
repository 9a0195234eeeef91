import type { CallOutcome } from '../../../protocols/ocpp/rpc-message.ts';
import type { OcppVersion } from '../../../protocols/ocpp/versions.ts';
import type { Lane, Outbox, RetryRules } from '../outbox.ts';
import type { TlsPart } from '../security/certificate-vault.ts';
import type { ShownContract } from '../security/contract-proof.ts';
import type { AuthorizationQuestion, CoreHost, StationCore, StoredPart } from '../state/core.ts';
import type { Evse, Transaction } from '../state/evse.ts';
import type { Settings } from '../state/settings.ts';
import type { TransferRequest, TransferResult } from '../transfer.ts';
import type { VehicleRelay, VehicleRequest } from './vehicle-relay.ts';

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
  /** Drops the connection and connects again at once, for example with a new password. */
  reconnect(): void;
  /** The interval of pings changed: count anew. */
  pingChanged(): void;
  /** Sends BootNotification now, whatever the timers say. */
  bootAgain(reason: BootReason): void;
  transfer(request: TransferRequest): void;
  /** The next connection opens with a BootNotification, for example because it goes to another CSMS. */
  bootOnConnect(): void;
}

/** What the next connection uses; what is undefined is what the station was started with. */
export interface ConnectionWishes {
  readonly url?: string | undefined;
  /** Basic password as this version stores it. */
  readonly password?: string | undefined;
  /** From 2 on the connection is TLS; with 3 the station shows its certificate and no password (A00). */
  readonly securityProfile: number;
  readonly tls: TlsPart;
}

/** What the station brought from the factory, before any CSMS told it anything. */
export interface Factory {
  readonly securityProfile: number;
  /** PEM: roots that its CSMS may stand under, and its own certificate with key. */
  readonly csmsRoots?: readonly string[];
  readonly certificate?: { readonly chain: string; readonly privateKey: string };
  /** The operator’s name, the O of its certificates (1.6: CpoName). */
  readonly organization?: string;
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
  connectFailed(failures: number, why: string): void;
  /** Answers a CALL of the CSMS. Throws RpcRefusal for a CALLERROR. */
  request(action: string, payload: Readonly<Record<string, unknown>>): object;
  /** A CALL of ours was answered. */
  answered(action: string, payload: Readonly<Record<string, unknown>>, note: Readonly<Record<string, unknown>>): void;
  /** A CALL of ours has failed for good: refused, timed out, dropped with the connection. */
  failed(action: string, note: Readonly<Record<string, unknown>>, outcome: CallOutcome | undefined): void;
  askCsms(question: AuthorizationQuestion): void;
  /** Between a vehicle and the CSMS (ISO 15118). */
  readonly relay: VehicleRelay;
  /** Asks the CSMS for a vehicle's contract: Get15118EVCertificate. */
  relayCertificateRequest(evse: Evse, request: VehicleRequest): void;
  /** A vehicle shows its contract. */
  showContract(evse: Evse, contract: ShownContract): void;
  /** Asks for the station's own ISO 15118 certificate. False without a crypto part. */
  requestV2gCertificate(): boolean;
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
  /** WebSocket pings of the station, seconds; 0 = none. */
  readonly pingIntervalS: number;
  readonly connection: ConnectionWishes;
  /** How often a reset that did not succeed is tried again. */
  readonly resetRetries: number;
  readonly backoff: BackoffRules;
  store(part: StoredPart): unknown;
  restore(part: StoredPart, value: unknown): void;
}
