/** What the hub's API answers (`/api/v1/hub/...`). */

import type { CdrRecord, EvseRecord } from '../emp/emp-shapes.ts';

export interface Partner {
  readonly id: string;
  readonly name: string;
  readonly operatorIds: readonly string[];
  readonly providerIds: readonly string[];
  readonly subOperatorIds: readonly string[];
  readonly subProviderIds: readonly string[];
  readonly locked: boolean;
  readonly baseUrl?: string;
  readonly address?: string;
  readonly certificateFingerprints: readonly string[];
  readonly hasApiKey: boolean;
  readonly services?: Readonly<Record<string, { readonly online?: boolean; readonly broadcast?: boolean }>>;
}

export interface Onboarding {
  readonly baseUrls: readonly string[];
  readonly shows: readonly string[];
  readonly calls: readonly { readonly operation: string; readonly url: string }[];
  readonly serves: readonly { readonly operation: string; readonly url: string }[];
}

export interface HubContract {
  readonly id: string;
  readonly offerer: string;
  readonly subscriber: string;
  readonly service: string;
  readonly pricing?: string;
  readonly validFromMs?: number;
  readonly validToMs?: number;
}

export interface HubEvse {
  readonly owner: string;
  readonly record: EvseRecord & { readonly EvseID: string; readonly OperatorID?: string };
  readonly status?: string;
}

export interface HubStatus {
  readonly owner: string;
  readonly evseId: string;
  readonly status: string;
  readonly since: string;
}

export interface HubSession {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly operator?: string;
  readonly operatorId?: string;
  readonly provider?: string;
  readonly providerId?: string;
  readonly evseId?: string;
  readonly decidedBy?: string;
  readonly cpoPartnerSessionId?: string;
  readonly empPartnerSessionId?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface HubCdr {
  readonly id: string;
  readonly operator?: string;
  readonly operatorId?: string;
  readonly provider?: string;
  readonly forwarding: string;
  readonly reason?: string;
  readonly receivedAt: string;
  readonly forwardedAt?: string;
  readonly record: CdrRecord;
}

export interface Limit {
  readonly partner: string;
  readonly operation: string;
  readonly calls: number;
  readonly peak: number;
  readonly refused: number;
  readonly limit: number;
}

export interface Fault {
  readonly id: string;
  readonly kind: string;
  readonly partner?: string;
  readonly operation?: string;
  readonly code?: string;
  readonly status?: number;
  readonly delayMs?: number;
  readonly probability?: number;
  readonly times?: number;
  readonly hits: number;
}
