import type { Collection, Page } from '../../../storage/collection.ts';

/**
 * Everything a station has or reported that is a list: reservations, profiles, variables, jobs, certificates, monitors and
 * so on. One durable collection holds them all; the kinds are declared here once, and REST routes derive from them.
 */
export const ITEM_KINDS = {
  reservations: 'Reservations that the station accepted, and what became of them',
  profiles: 'Charging profiles installed on the station',
  variables: 'Configuration keys (1.6) and device-model variables (2.x) as last reported',
  'local-list': 'Entries of the local authorisation list as last sent and accepted',
  jobs: 'Firmware updates, log and diagnostics uploads with their status history',
  certificates: 'Certificates that the station reported or accepted',
  'certificate-questions': 'What the station asked for cars and about certificates (15118, OCSP, CRL), with the answer',
  'security-events': 'Security events',
  events: 'Monitoring events (NotifyEvent)',
  monitors: 'Variable monitors',
  commands: 'Commands whose effect shows in what the station sends later, with its answer',
  'data-transfers': 'Data transfers in both directions',
  reports: 'Report requests and how far their parts have come',
  messages: 'Display messages',
  'charging-needs': 'What EVs said they need (15118)',
  'charging-limits': 'External charging limits and schedules',
  composites: 'Composite schedules as last answered',
  'customer-information': 'Customer information as reported',
  'network-profiles': 'Network connection profiles that the station accepted',
  costs: 'Costs that were sent to the station',
  tariffs: 'Tariffs on the station (2.1)',
  'der-controls': 'DER controls on the station (2.1)',
  'der-events': 'DER alarms, starts and stops (2.1)',
  'event-streams': 'Periodic event streams (2.1)',
  settlements: 'Payment settlements, web payments and VAT checks (2.1)',
  'battery-swaps': 'Battery swaps (2.1)',
  'energy-transfer': 'Priority charging, allowed energy transfer and aFRR signals (2.1)',
  published: 'Firmware published by a local controller',
} as const satisfies Record<string, string>;

export type ItemKind = keyof typeof ITEM_KINDS;

export interface StationItem {
  readonly station: string;
  readonly kind: ItemKind;
  /** Unique within station and kind. */
  readonly id: string;
  /** Epoch milliseconds of the last change. */
  readonly at: number;
  /** EVSE that it belongs to, where it belongs to one. */
  readonly evse?: number;
  readonly status?: string;
  readonly value: Readonly<Record<string, unknown>>;
}

export type ItemIndex = 'place' | 'kind' | 'at' | 'evse' | 'status';

/** How many items a station may have of one kind that only grows (events, transfers): the oldest go. */
const MAX_APPENDED = 500;
/** How many items of any other kind: a peer must not fill the disk. */
const MAX_ITEMS = 20_000;

export class StationItems {
  readonly #collection: Collection<StationItem, ItemIndex>;
  /** Of all places that hold anything: asking the database costs more than all the rest of a message. */
  readonly #counts: Map<string, number>;
  #appended = 0;

  constructor(collection: Collection<StationItem, ItemIndex>) {
    this.#collection = collection;
    this.#counts = collection.countsBy('place');
  }

  static keyOf(item: Pick<StationItem, 'station' | 'kind' | 'id'>): string {
    return `${item.station}/${item.kind}/${item.id}`;
  }

  /** Where the items of one kind of one station lie together. */
  static placeOf(station: string, kind: ItemKind): string {
    return `${station}/${kind}`;
  }

  get(station: string, kind: ItemKind, id: string | number): StationItem | undefined {
    if (this.#count({ station, kind }) === 0) return undefined;
    return this.#collection.get(`${station}/${kind}/${id}`);
  }

  /** Adds or replaces one. Returns false when the station has too many of this kind already. */
  put(item: StationItem): boolean {
    const key = StationItems.keyOf(item);
    const isNew = this.#count(item) === 0 || this.#collection.get(key) === undefined;
    if (isNew && !this.#reserve(item)) return false;
    this.#collection.put(item);
    return true;
  }

  /** Adds one of a kind that only grows, under an id of its own; the oldest give way. */
  append(item: Omit<StationItem, 'id'>): void {
    const id = `${String(item.at).padStart(16, '0')}-${String(++this.#appended % 1_000_000).padStart(6, '0')}`;
    if (this.#count(item) >= MAX_APPENDED) {
      const [oldest] = this.#collection.list({
        where: { place: StationItems.placeOf(item.station, item.kind) },
        by: 'at',
        limit: 1,
      }).items;
      if (oldest !== undefined) this.delete(oldest.station, oldest.kind, oldest.id);
    }
    this.#add(item, 1);
    this.#collection.put({ ...item, id });
  }

  delete(station: string, kind: ItemKind, id: string | number): boolean {
    const deleted = this.#collection.delete(`${station}/${kind}/${id}`);
    if (deleted) this.#add({ station, kind }, -1);
    return deleted;
  }

  /** All of one kind of one station. */
  all(station: string, kind: ItemKind): StationItem[] {
    return this.#count({ station, kind }) === 0
      ? []
      : [...this.#collection.all({ place: StationItems.placeOf(station, kind) })];
  }

  deleteAll(station: string, kind: ItemKind): number {
    const items = this.all(station, kind);
    for (const item of items) this.delete(station, kind, item.id);
    return items.length;
  }

  page(
    where: { station?: string; kind?: ItemKind; status?: string; evse?: number },
    limit: number,
    after: string | undefined,
  ): Page<StationItem> {
    const { station, kind, ...rest } = where;
    return this.#collection.list({
      where: { ...rest, ...placeCondition(station, kind) },
      by: 'at',
      order: 'descending',
      limit,
      ...(after === undefined ? {} : { after }),
    });
  }

  #reserve(item: StationItem): boolean {
    if (this.#count(item) >= MAX_ITEMS) return false;
    this.#add(item, 1);
    return true;
  }

  #count({ station, kind }: Pick<StationItem, 'station' | 'kind'>): number {
    return this.#counts.get(`${station}/${kind}`) ?? 0;
  }

  #add({ station, kind }: Pick<StationItem, 'station' | 'kind'>, change: number): void {
    const place = `${station}/${kind}`;
    const count = (this.#counts.get(place) ?? 0) + change;
    if (count > 0) this.#counts.set(place, count);
    else this.#counts.delete(place);
  }
}

/** All of one kind of one station; of one kind; of one station (`0` is the character behind `/`). */
function placeCondition(station: string | undefined, kind: ItemKind | undefined) {
  if (station === undefined) return kind === undefined ? {} : { kind };
  return {
    place: kind === undefined ? { from: `${station}/`, below: `${station}0` } : StationItems.placeOf(station, kind),
  };
}
