import type { Identification, ServiceType } from '../../../protocols/oicp/index.ts';

/** The hub itself, as an end of a contract. */
export const HUB_KEY = 'HUB';
/** Every partner, as the subscriber of an offer to all. */
export const ALL_PARTNERS = '*';

/** What a partner serves: where and how the hub may call it. */
export type ForwardService = 'authorization' | 'reservation' | 'notifications' | 'charge-detail-records';

export interface ServiceEndpoint {
  /** Asked in real time; otherwise the hub decides from uploaded data, or stores. */
  readonly online: boolean;
  /** Asked for cards that nobody is known for. Authorization only. */
  readonly broadcast?: boolean;
  /** Overrides the partner's base address. */
  readonly baseUrl?: string;
}

/** A company that is connected to the hub, as operator, as provider or as both. */
export interface PartnerRecord {
  readonly key: string;
  readonly name: string;
  readonly operatorIds: readonly string[];
  readonly providerIds: readonly string[];
  /** Ids that occur only inside EVSE and contract ids. */
  readonly subOperatorIds: readonly string[];
  readonly subProviderIds: readonly string[];
  readonly locked: boolean;
  readonly baseUrl?: string;
  /** SHA-256 fingerprints of its client certificates. */
  readonly certificateFingerprints: readonly string[];
  /** SHA-256 of the key that it sends as `x-api-key`, in hex digits. */
  readonly apiKeySha256?: string;
  readonly services: Readonly<Partial<Record<ForwardService, ServiceEndpoint>>>;
}

/** An accepted service offer. */
export interface ContractRecord {
  readonly key: string;
  /** Partner key or `HUB`. */
  readonly offerer: string;
  /** Partner key, `HUB`, or `*` for an offer to all. */
  readonly subscriber: string;
  readonly service: ServiceType;
  /** Of an authorization contract; flexible and dynamic ones open the pricing operations. */
  readonly pricing?: 'fixed' | 'flexible' | 'dynamic';
  readonly validFromMs?: number;
  readonly validToMs?: number;
}

export type SessionState = 'pending' | 'active' | 'stopped' | 'closed' | 'invalidated';

export interface SessionRecord {
  /** The id as the hub gave it, a GUID. */
  readonly sessionId: string;
  readonly state: SessionState;
  readonly kind: 'authorization' | 'remote' | 'reservation';
  /** Partner keys. */
  readonly operator: string;
  readonly provider?: string;
  /** The ids that the two used when the session began. */
  readonly operatorId: string;
  readonly providerId?: string;
  readonly evseId?: string;
  /** Without PIN: the hub does not keep it. */
  readonly identification: Identification;
  /** `offline`: authorized from uploaded data. */
  readonly decidedBy: 'offline' | 'online';
  readonly stopMedia?: readonly Identification[];
  readonly cpoPartnerSessionId?: string;
  readonly empPartnerSessionId?: string;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly lastProgressMs?: number;
}

/** `pending`: acknowledged to the operator, not yet with the provider. */
export type CdrForwarding = 'pending' | 'forwarded' | 'not-forwarded' | 'emp-error';

/** A charge detail record as it was received. */
export interface CdrRecord {
  readonly sessionId: string;
  /** Partner keys. */
  readonly operator: string;
  readonly provider?: string;
  /** The id in the path of the operator's call; the forwarded call has it too. */
  readonly operatorId: string;
  readonly text: string;
  readonly receivedMs: number;
  readonly forwarding: CdrForwarding;
  readonly forwardedMs?: number;
  /** Why it was not taken. */
  readonly forwardingReason?: string;
}
