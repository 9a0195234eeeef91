import { canonicalEvcoId, canonicalSessionId } from '../../../protocols/oicp/index.ts';
import { Collection } from '../../../storage/collection.ts';
import type { Database } from '../../../storage/database.ts';
import { RecentRecords } from './recent-records.ts';
import type {
  AuthorizationPolicy,
  AuthorizationRecord,
  CdrRecord,
  ContractRecord,
  DriverRecord,
  EmpSessionRecord,
  EvseRecord,
  EvseStatusEntry,
  MediumRecord,
  NotificationRecord,
  PricesRecord,
  PullRecord,
} from './records.ts';

/** How many questions of the hub, and how many notifications, are kept. */
const KEPT = 10_000;

/** The domain state of the EMP: durable collections in one database. */
export class EmpState {
  readonly drivers: Collection<DriverRecord>;
  readonly contracts: Collection<ContractRecord, 'driver'>;
  readonly media: Collection<MediumRecord, 'contract'>;
  readonly sessions: Collection<EmpSessionRecord, 'state' | 'createdMs'>;
  readonly authorizations: RecentRecords<AuthorizationRecord>;
  readonly notifications: RecentRecords<NotificationRecord, 'sessionId'>;
  readonly cdrs: Collection<CdrRecord, 'receivedMs' | 'contract'>;
  readonly evses: Collection<EvseRecord, 'operatorId'>;
  readonly statuses: Collection<EvseStatusEntry>;
  readonly prices: Collection<PricesRecord>;
  readonly pulls: Collection<PullRecord>;
  readonly #settings: Collection<{ readonly key: string; readonly policy: AuthorizationPolicy }>;

  constructor(database: Database) {
    this.drivers = new Collection<DriverRecord>(database, { name: 'drivers', key: ({ id }) => id });
    this.contracts = new Collection<ContractRecord, 'driver'>(database, {
      name: 'contracts',
      key: ({ key }) => key,
      index: { driver: ({ driver }) => driver },
    });
    this.media = new Collection<MediumRecord, 'contract'>(database, {
      name: 'media',
      key: ({ key }) => key,
      index: { contract: ({ contract }) => contract },
      cached: 10_000,
    });
    this.sessions = new Collection<EmpSessionRecord, 'state' | 'createdMs'>(database, {
      name: 'sessions',
      key: ({ sessionId }) => canonicalSessionId(sessionId),
      index: { state: ({ state }) => state, createdMs: ({ createdMs }) => createdMs },
    });
    this.authorizations = new RecentRecords(
      new Collection<AuthorizationRecord>(database, { name: 'authorizations', key: ({ id }) => id }),
      KEPT,
    );
    this.notifications = new RecentRecords(
      new Collection<NotificationRecord, 'sessionId'>(database, {
        name: 'notifications',
        key: ({ id }) => id,
        index: { sessionId: ({ sessionId }) => canonicalSessionId(sessionId) },
      }),
      KEPT,
    );
    this.cdrs = new Collection<CdrRecord, 'receivedMs' | 'contract'>(database, {
      name: 'cdrs',
      key: ({ sessionId }) => canonicalSessionId(sessionId),
      index: { receivedMs: ({ receivedMs }) => receivedMs, contract: ({ contract }) => contract },
    });
    this.evses = new Collection<EvseRecord, 'operatorId'>(database, {
      name: 'evses',
      key: ({ key }) => key,
      index: { operatorId: ({ operatorId }) => operatorId },
      cached: 20_000,
    });
    this.statuses = new Collection<EvseStatusEntry>(database, {
      name: 'statuses',
      key: ({ key }) => key,
      cached: 20_000,
    });
    this.prices = new Collection<PricesRecord>(database, { name: 'prices', key: ({ key }) => key });
    this.pulls = new Collection<PullRecord>(database, { name: 'pulls', key: ({ kind }) => kind, pinned: () => true });
    this.#settings = new Collection(database, { name: 'settings', key: ({ key }) => key, pinned: () => true });
  }

  get policy(): AuthorizationPolicy {
    return this.#settings.get('policy')?.policy ?? { mode: 'contracts', code: '102', delayMs: 0 };
  }

  set policy(policy: AuthorizationPolicy) {
    this.#settings.put({ key: 'policy', policy });
  }

  contract(evcoId: string): ContractRecord | undefined {
    return this.contracts.get(canonicalEvcoId(evcoId));
  }

  session(sessionId: string): EmpSessionRecord | undefined {
    return this.sessions.get(canonicalSessionId(sessionId));
  }

  cdr(sessionId: string): CdrRecord | undefined {
    return this.cdrs.get(canonicalSessionId(sessionId));
  }
}
