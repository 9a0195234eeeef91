import {
  canonicalSessionId,
  type EvsePricing,
  type EvseStatusRecord,
  type Identification,
  type PricingProductDataRecord,
  type PullEvseDataRecord,
} from '../../../protocols/oicp/index.ts';
import { Collection } from '../../../storage/collection.ts';
import type { Database } from '../../../storage/database.ts';
import { EvseData } from './evse-data.ts';
import { Partners } from './partners.ts';
import { Pricing, type PricingDefaults } from './pricing.ts';
import { type PushedRecord, PushedRecords } from './pushed-records.ts';
import type { CdrRecord, ContractRecord, PartnerRecord, SessionRecord } from './records.ts';
import { isOpen, Sessions } from './sessions.ts';

export interface HubStateOptions {
  /** Ids count only as they are registered. */
  readonly strictSpelling: boolean;
  /** How many versions of an EVSE's data are kept for delta pulls. */
  readonly evseVersions: number;
}

export const DEFAULT_HUB_STATE_OPTIONS: HubStateOptions = { strictSpelling: false, evseVersions: 50 };

/** The domain state of the hub: durable collections in one database. */
export class HubState {
  readonly partners: Partners;
  readonly sessions: Sessions;
  readonly evseData: EvseData;
  readonly evseStatus: PushedRecords<EvseStatusRecord>;
  readonly authenticationData: PushedRecords<Identification>;
  readonly pricing: Pricing;
  readonly cdrs: Collection<CdrRecord, 'provider' | 'receivedMs' | 'forwarding'>;

  constructor(database: Database, options: HubStateOptions = DEFAULT_HUB_STATE_OPTIONS) {
    this.partners = new Partners(
      new Collection<PartnerRecord>(database, { name: 'partners', key: ({ key }) => key, pinned: () => true }),
      new Collection<ContractRecord>(database, { name: 'contracts', key: ({ key }) => key, pinned: () => true }),
      options,
    );
    this.sessions = new Sessions(
      new Collection<SessionRecord, 'state'>(database, {
        name: 'sessions',
        key: (session) => Sessions.keyOf(session),
        index: { state: ({ state }) => state },
        pinned: (session) => isOpen(session),
      }),
    );
    this.pricing = new Pricing(
      pushed<PricingDefaults>(database, 'pricing_defaults', 1),
      pushed<PricingProductDataRecord>(database, 'pricing_products', 1),
      pushed<EvsePricing>(database, 'evse_pricing', 1),
    );
    this.cdrs = new Collection<CdrRecord, 'provider' | 'receivedMs' | 'forwarding'>(database, {
      name: 'cdrs',
      key: ({ sessionId }) => canonicalSessionId(sessionId),
      index: {
        provider: ({ provider }) => provider,
        receivedMs: ({ receivedMs }) => receivedMs,
        forwarding: ({ forwarding }) => forwarding,
      },
      pinned: ({ forwarding }) => forwarding === 'pending',
    });
    this.evseData = new EvseData(pushed<PullEvseDataRecord>(database, 'evse_data', options.evseVersions));
    this.evseStatus = pushed<EvseStatusRecord>(database, 'evse_status', 1);
    this.authenticationData = pushed<Identification>(database, 'authentication_data', 1);
  }
}

function pushed<T>(database: Database, name: string, maxVersions: number): PushedRecords<T> {
  return new PushedRecords<T>(
    new Collection<PushedRecord<T>, 'owner'>(database, {
      name,
      key: ({ key }) => key,
      index: { owner: ({ owner }) => owner },
      cached: 20_000,
    }),
    maxVersions,
  );
}
