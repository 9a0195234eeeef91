import type {
  CdrFinding,
  EvsePricing,
  EvseStatusRecord,
  Identification,
  IdentificationKind,
  PricingProductData,
  PullEvseDataRecord,
  StatusCodeValue,
} from '../../../protocols/oicp/index.ts';

/** A person who charges. */
export interface DriverRecord {
  readonly id: string;
  readonly name: string;
  readonly email?: string;
}

/** A charging contract of a driver, named by its EVCO id. */
export interface ContractRecord {
  /** Canonical EVCO id. */
  readonly key: string;
  /** As it is sent. */
  readonly evcoId: string;
  readonly driver: string;
  readonly locked: boolean;
  /** Epoch milliseconds. */
  readonly validFromMs?: number;
  readonly validToMs?: number;
}

/** What a driver identifies with: a card, a QR code with PIN, the car (Plug & Charge), or the app. */
export interface MediumRecord {
  /** `card 044A2DAA856280`, `qr DEDCBC123456789`, `pnc …`, `remote …`. */
  readonly key: string;
  readonly kind: IdentificationKind;
  /** Canonical EVCO id of its contract. */
  readonly contract: string;
  readonly uid?: string;
  readonly printedNumber?: string;
  /** bcrypt; the PIN itself is not kept. */
  readonly pinHash?: string;
  readonly locked: boolean;
  readonly lastUsedMs?: number;
}

/** How AuthorizeStart is answered: as the contracts say, or on purpose otherwise. */
export interface AuthorizationPolicy {
  readonly mode: 'contracts' | 'accept-all' | 'reject-all' | 'silent';
  /** For `reject-all`. */
  readonly code: StatusCodeValue;
  readonly delayMs: number;
}

/** One question of the hub and what was decided. */
export interface AuthorizationRecord {
  readonly id: string;
  readonly atMs: number;
  readonly operation: 'AuthorizeStart' | 'AuthorizeStop';
  readonly sessionId: string;
  readonly operatorId: string;
  readonly evseId?: string;
  /** Without PIN. */
  readonly identification: Identification;
  readonly granted: boolean;
  readonly code: StatusCodeValue;
  /** Which rule decided, for a person. */
  readonly reason: string;
  readonly contract?: string;
}

/**
 * `authorised`: the hub was told yes; whether the driver charges is open, and nothing is booked. `ended`: no energy flows
 * any more, or the hub does not know the session any more; the charge detail record is still to come.
 */
export type EmpSessionState = 'authorised' | 'accepted' | 'charging' | 'stopping' | 'ended' | 'settled';

export interface EmpSessionRecord {
  readonly sessionId: string;
  readonly kind: 'authorised' | 'remote' | 'reservation' | 'offline';
  readonly state: EmpSessionState;
  readonly contract?: string;
  /** Without PIN. */
  readonly identification?: Identification;
  readonly operatorId?: string;
  readonly evseId?: string;
  readonly cpoPartnerSessionId?: string;
  readonly empPartnerSessionId?: string;
  /** Minutes, of a reservation. */
  readonly durationMin?: number;
  readonly chargingStart?: string;
  readonly chargingEnd?: string;
  readonly energyKwh?: number;
  readonly lastError?: string;
  readonly createdMs: number;
  readonly updatedMs: number;
}

export interface NotificationRecord {
  readonly id: string;
  readonly atMs: number;
  readonly sessionId: string;
  readonly type: 'Start' | 'Progress' | 'End' | 'Error';
  readonly text: string;
}

export interface CdrRecord {
  readonly sessionId: string;
  readonly operatorId?: string;
  readonly contract?: string;
  /** As it was received first. */
  readonly text: string;
  readonly receivedMs: number;
  /** How it came first: sent by the hub, or fetched from it. */
  readonly source: 'pushed' | 'pulled';
  /** How often it has come; a repeated one is not booked again. */
  readonly deliveries: number;
  readonly findings: readonly CdrFinding[];
}

/** An EVSE as the last pull showed it. */
export interface EvseRecord {
  readonly key: string;
  readonly operatorId: string;
  readonly record: PullEvseDataRecord;
  readonly seenMs: number;
}

export interface EvseStatusEntry {
  readonly key: string;
  readonly evseId: string;
  readonly status: EvseStatusRecord['EvseStatus'];
  /** When this status was first seen, and when it was last confirmed. */
  readonly sinceMs: number;
  readonly seenMs: number;
}

/** Prices of one operator as the last pull showed them. */
export interface PricesRecord {
  /** Canonical operator id. */
  readonly key: string;
  readonly operatorId: string;
  readonly products: readonly PricingProductData[];
  readonly evses: readonly EvsePricing[];
  readonly pulledMs: number;
}

/** What each pull left for the next one. */
export interface PullRecord {
  readonly kind: string;
  readonly lastTryMs: number;
  readonly lastSuccessMs?: number;
  /** Start of the last successful pull of EVSE data: `LastCall` of the next delta. */
  readonly lastCall?: string;
  readonly failures: number;
  readonly outcome: string;
}
