import type { Token, TokenInfo } from '../authorization/token.ts';
import type { CurrentPath } from '../physical/meter.ts';
import type { ConnectorTemplate, EvseTemplate } from '../template.ts';

/** What is in the socket, seen from the station. */
export type Plug = 'empty' | 'cable' | 'ev';

/** Something broken: the 1.6 error code, the 2.x words are derived. */
export interface Fault {
  readonly code: string;
  readonly info?: string;
}

export interface Connector {
  readonly id: number;
  /** The connector's number in 1.6, counted through all EVSEs. */
  readonly number: number;
  readonly template: ConnectorTemplate;
  plug: Plug;
  locked: boolean;
  fault: Fault | undefined;
  /** As requested by ChangeAvailability; persists. */
  operative: boolean;
  /** A change that waits until the transaction is over. */
  scheduled: boolean | undefined;
}

export type AuthorizationSource = 'list' | 'cache' | 'online' | 'offline' | 'remote' | 'free';

export interface Authorization {
  readonly token: Token;
  readonly info: TokenInfo;
  readonly source: AuthorizationSource;
  readonly atMs: number;
  readonly remoteStartId: number | undefined;
}

/** 2.x ChargingStateEnumType; 1.6 derives its status from it. */
export type ChargingState = 'Idle' | 'EVConnected' | 'Charging' | 'SuspendedEV' | 'SuspendedEVSE';

export interface Transaction {
  /** The station's own name, a UUID: the 2.x transactionId. */
  readonly id: string;
  /** 1.6: the number that the CSMS gave; undefined until it answered. */
  number: number | undefined;
  readonly evseId: number;
  connectorId: number | undefined;
  readonly startedAtMs: number;
  readonly meterStartWh: number;
  token: Token | undefined;
  group: Token | undefined;
  remoteStartId: number | undefined;
  reservationId: number | undefined;
  /** 2.x: the next event's sequence number. */
  seqNo: number;
  chargingState: ChargingState;
  /** Facts that have been true since it started, as bits. */
  seen: number;
  /** Why it stops or stopped: a 2.x ReasonEnumType word; undefined = Local. */
  stoppedReason: string | undefined;
  stopToken: Token | undefined;
  endedAtMs: number | undefined;
  meterStopWh: number | undefined;
  /** The CSMS refused the token while running: energy is held back. */
  deauthorized: boolean;
  /** Wh that may still flow after the refusal (MaxEnergyOnInvalidId), as a register value. */
  energyLimitWh: number | undefined;
  /** 2.1 limits set by the CSMS or the driver. */
  limits: TransactionLimits | undefined;
  /** What the protocol side keeps about it. Plain data, stored with it. */
  wire: Record<string, unknown>;
  chargingSinceMs: number | undefined;
  chargedMs: number;
}

export interface TransactionLimits {
  readonly maxEnergyWh?: number;
  readonly maxTimeS?: number;
  readonly maxSoC?: number;
  readonly maxCost?: number;
}

export interface Evse {
  readonly id: number;
  readonly template: EvseTemplate;
  readonly connectors: readonly Connector[];
  readonly path: CurrentPath;
  operative: boolean;
  scheduled: boolean | undefined;
  authorization: Authorization | undefined;
  transaction: Transaction | undefined;
  /** The transaction that ended last, until the plug is pulled: `Finishing` in 1.6. */
  finished: Transaction | undefined;
  /** Facts that are true now, as bits. */
  facts: number;
  /** Plugged in, but nobody authorized within the time-out (1.6 B6). */
  plugTimedOut: boolean;
  /** 2.1 UsePriorityCharging. */
  priority: boolean;
  /** A payment by web runs until then: cards start nothing here (2.1 C25). */
  webPaymentUntilMs: number;
  /** A car stands in the bay, plugged or not. */
  parked: boolean;
}

/** The connector that a cable is in, if any. */
export function usedConnector(evse: Evse): Connector | undefined {
  return evse.connectors.find((connector) => connector.plug !== 'empty');
}

export function connectorOf(evse: Evse, id: number): Connector | undefined {
  return evse.connectors.find((connector) => connector.id === id);
}
