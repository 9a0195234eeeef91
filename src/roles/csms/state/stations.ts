import type { Collection, Page } from '../../../storage/collection.ts';
import type { ConnectorRecord, EvseRecord, MeterReading, StationRecord } from './records.ts';

export type StationIndex = 'connected' | 'bootStatus' | 'firstSeenAt' | 'vendor' | 'model' | 'firmware';

/** EVSEs and connectors per station: more is a fault of the peer, and would fill memory. */
const MAX_EVSES = 256;
const MAX_CONNECTORS = 32;

/** Stations by identity, and the latest reading of each EVSE (in memory only: the journal has its frame). */
export class Stations {
  readonly #collection: Collection<StationRecord, StationIndex>;
  readonly #readings = new Map<string, Map<number, MeterReading>>();
  /** Machine and firmware -> a station that reported its own inventory. */
  readonly #inventories = new Map<string, string>();

  constructor(collection: Collection<StationRecord, StationIndex>) {
    this.#collection = collection;
    for (const record of collection.all()) this.#noteInventory(record);
  }

  get(id: string): StationRecord | undefined {
    return this.#collection.get(id);
  }

  put(record: StationRecord): StationRecord {
    this.#noteInventory(record);
    this.#collection.put(record);
    return record;
  }

  /** Changes members of a station. The station must be known. */
  update(id: string, change: Partial<StationRecord>): StationRecord {
    const before = this.#collection.get(id);
    if (before === undefined) throw new Error(`No station ${id}`);
    return this.put({ ...before, ...change });
  }

  delete(id: string): boolean {
    this.#readings.delete(id);
    const { inventoryOf = '' } = this.#collection.get(id) ?? {};
    if (this.#inventories.get(inventoryOf) === id) this.#inventories.delete(inventoryOf);
    return this.#collection.delete(id);
  }

  /** A station that reported the inventory of this machine and firmware itself. */
  inventoryReporter(inventoryOf: string): string | undefined {
    return this.#inventories.get(inventoryOf);
  }

  #noteInventory({ id, inventoryOf, inventoryFrom }: StationRecord): void {
    if (inventoryOf !== undefined && inventoryFrom === undefined) this.#inventories.set(inventoryOf, id);
  }

  /** Takes a connector's new state; EVSEs and connectors come to exist by being reported. Returns false for one too many. */
  putConnector(
    id: string,
    evseId: number,
    connector: Partial<ConnectorRecord> & { readonly id: number },
    now: number,
  ): boolean {
    const station = this.#collection.get(id);
    if (station === undefined) return false;
    const evse = station.evses.find((each) => each.id === evseId) ?? { id: evseId, connectors: [] };
    const before = evse.connectors.find((each) => each.id === connector.id);
    if (before === undefined && (station.evses.length >= MAX_EVSES || evse.connectors.length >= MAX_CONNECTORS))
      return false;
    const after: ConnectorRecord = { status: 'Unknown', since: now, ...before, ...connector };
    const connectors = replaceById(evse.connectors, after);
    this.put({ ...station, evses: replaceById(station.evses, { ...evse, connectors }) });
    return true;
  }

  /** Connectors of an EVSE (or of all EVSEs when `evseId` is undefined or 0). */
  connectorsOf(
    id: string,
    evseId: number | undefined,
  ): { readonly evse: number; readonly connector: ConnectorRecord }[] {
    const station = this.#collection.get(id);
    return (station?.evses ?? [])
      .filter((evse) => evseId === undefined || evseId === 0 || evse.id === evseId)
      .flatMap((evse) => evse.connectors.map((connector) => ({ evse: evse.id, connector })));
  }

  putReading(id: string, evseId: number, reading: MeterReading): void {
    let readings = this.#readings.get(id);
    if (readings === undefined) {
      readings = new Map();
      this.#readings.set(id, readings);
    }
    const before = readings.get(evseId);
    if (readings.size >= MAX_EVSES && before === undefined) return;
    if (before === undefined || reading.at >= before.at) readings.set(evseId, { ...before, ...reading });
  }

  readingsOf(id: string): ReadonlyMap<number, MeterReading> {
    return this.#readings.get(id) ?? NO_READINGS;
  }

  page(
    where: { connected?: boolean; bootStatus?: string; vendor?: string; model?: string },
    limit: number,
    after: string | undefined,
  ): Page<StationRecord> {
    return this.#collection.list({ where, limit, ...(after === undefined ? {} : { after }) });
  }

  count(where: { connected?: boolean; bootStatus?: string } = {}): number {
    return this.#collection.count(where);
  }

  all(): IterableIterator<StationRecord> {
    return this.#collection.all();
  }
}

const NO_READINGS: ReadonlyMap<number, MeterReading> = new Map();

function replaceById<T extends ConnectorRecord | EvseRecord>(items: readonly T[], item: T): readonly T[] {
  const index = items.findIndex((each) => each.id === item.id);
  if (index >= 0) return items.with(index, item);
  return [...items, item].sort((a, b) => a.id - b.id);
}
