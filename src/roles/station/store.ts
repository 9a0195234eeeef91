import { Collection } from '../../storage/collection.ts';
import type { Database } from '../../storage/database.ts';
import type { Scenario } from './scenario/format.ts';
import type { StoredPart } from './state/core.ts';
import type { StationStore } from './station-world.ts';

interface PartRecord {
  readonly identity: string;
  readonly part: StoredPart;
  readonly value: unknown;
}

/** A simulated station that comes back after a restart of the simulator. */
export interface StationDefinition {
  readonly identity: string;
  readonly version: '1.6' | '2.0.1' | '2.1';
  readonly template: string;
  /** Absent: our own CSMS. */
  readonly csms?: string;
  readonly password?: string;
  /** PEM files; only the configuration names them. */
  readonly certificate?: string;
  readonly key?: string;
  readonly free?: boolean;
}

/** A scenario of the user's own. */
export interface ScenarioRecord {
  readonly id: string;
  readonly scenario: Scenario;
}

/** What stations keep, one record per station and part; and which stations there are. */
export class StationRecords implements StationStore {
  readonly definitions: Collection<StationDefinition>;
  readonly scenarios: Collection<ScenarioRecord>;
  readonly #parts: Collection<PartRecord, 'identity'>;

  constructor(database: Database) {
    this.definitions = new Collection<StationDefinition>(database, { name: 'stations', key: (one) => one.identity });
    this.scenarios = new Collection<ScenarioRecord>(database, { name: 'scenarios', key: (one) => one.id });
    this.#parts = new Collection<PartRecord, 'identity'>(database, {
      name: 'station_parts',
      key: (one) => `${one.identity} ${one.part}`,
      index: { identity: (one) => one.identity },
      cached: 0,
    });
  }

  load(identity: string): Readonly<Partial<Record<StoredPart, unknown>>> {
    const parts: Partial<Record<StoredPart, unknown>> = {};
    for (const { part, value } of this.#parts.list({ where: { identity } }).items) parts[part] = value;
    return parts;
  }

  save(identity: string, part: StoredPart, value: unknown): void {
    this.#parts.put({ identity, part, value });
  }

  forget(identity: string): void {
    for (const { part } of this.#parts.list({ where: { identity } }).items) this.#parts.delete(`${identity} ${part}`);
    this.definitions.delete(identity);
  }
}
