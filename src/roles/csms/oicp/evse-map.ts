import { createHash } from 'node:crypto';
import { canonicalEvseId, evseIdText, parseOperatorId } from '../../../protocols/oicp/index.ts';
import { Collection } from '../../../storage/collection.ts';
import type { Database } from '../../../storage/database.ts';

/** Which EVSE of which station an EVSE id names. A value. */
export interface EvseMapEntry {
  /** As it is sent. */
  readonly evseId: string;
  readonly station: string;
  /** EVSE of the station (1.6: the connector). */
  readonly evse: number;
  /** `derived` from operator, station and EVSE, or `set` by a user. */
  readonly source: 'derived' | 'set';
  /** Whether it is offered over roaming. */
  readonly published: boolean;
  /** Members of the pushed record that differ from the site's. */
  readonly data?: Readonly<Record<string, unknown>>;
}

const MAX_OUTLET = 30;

/** EVSE ids and the EVSEs behind them, durable: an id that was given once stays, also when the rule to derive it changes. */
export class EvseMap {
  readonly #entries: Collection<EvseMapEntry>;
  readonly #operatorId: string;
  /** `station/evse` -> canonical id. */
  readonly #places = new Map<string, string>();

  constructor(database: Database, operatorId: string) {
    this.#operatorId = operatorId;
    this.#entries = new Collection<EvseMapEntry>(database, {
      name: 'evse_map',
      key: ({ evseId }) => canonicalEvseId(evseId),
      pinned: () => true,
    });
    for (const entry of this.#entries.pinned()) this.#places.set(placeOf(entry), canonicalEvseId(entry.evseId));
  }

  /** The EVSE of an id in any spelling. */
  get(evseId: string): EvseMapEntry | undefined {
    return this.#entries.get(canonicalEvseId(evseId));
  }

  at(station: string, evse: number): EvseMapEntry | undefined {
    const key = this.#places.get(`${station}/${evse}`);
    return key === undefined ? undefined : this.#entries.get(key);
  }

  all(): EvseMapEntry[] {
    return [...this.#entries.pinned()].sort((a, b) => (a.evseId < b.evseId ? -1 : 1));
  }

  /** The entry of an EVSE; it is derived when there is none. */
  ensure(station: string, evse: number): EvseMapEntry {
    const known = this.at(station, evse);
    if (known !== undefined) return known;
    return this.put({ evseId: this.#derive(station, evse), station, evse, source: 'derived', published: true });
  }

  /** Keeps an entry; what its id or its place had before goes. */
  put(entry: EvseMapEntry): EvseMapEntry {
    const before = this.at(entry.station, entry.evse);
    if (before !== undefined) this.#entries.delete(canonicalEvseId(before.evseId));
    const other = this.get(entry.evseId);
    if (other !== undefined) this.#places.delete(placeOf(other));
    this.#entries.put(entry);
    this.#places.set(placeOf(entry), canonicalEvseId(entry.evseId));
    return entry;
  }

  /** Takes an entry away. An EVSE that its station still reports gets a derived one again. */
  delete(evseId: string): boolean {
    const entry = this.get(evseId);
    if (entry === undefined) return false;
    this.#places.delete(placeOf(entry));
    return this.#entries.delete(canonicalEvseId(evseId));
  }

  #derive(station: string, evse: number): string {
    const isDin = parseOperatorId(this.#operatorId)?.standard === 'DIN';
    const plain = isDin
      ? String(Number.parseInt(checksum(station), 16))
      : station
          .toUpperCase()
          .replace(/[^A-Z0-9]+/g, '*')
          .replace(/^\*|\*$/g, '');
    const short = `${plain}*${evse}`;
    const candidates = [
      ...(short.length <= MAX_OUTLET && plain !== '' ? [short] : []),
      // Two stations whose names differ in signs only, or a name too long for an EVSE id.
      `${plain.slice(0, MAX_OUTLET - 12)}*${isDin ? '1' : checksum(station)}*${evse}`,
    ].map((outlet) => evseIdText(this.#operatorId, outlet.replace(/^\*/, '')));
    return candidates.find((id) => this.get(id) === undefined) ?? candidates.at(-1) ?? '';
  }
}

function placeOf({ station, evse }: Pick<EvseMapEntry, 'station' | 'evse'>): string {
  return `${station}/${evse}`;
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 6).toUpperCase();
}
