import type { Observation } from '../../../protocols/everest/decode.ts';
import { DIALECTS, type Dialect } from '../../../protocols/everest/releases.ts';

const MAX_MODULES = 200;

/** Which dialects and modules a station was heard with. */
export class HeardModules {
  readonly #dialects = new Set<Dialect>();
  /** Dialect L: EvseManagers in the order of the list. */
  #evseModules: readonly string[] = [];
  /** Dialect E: API type by module id. */
  readonly #types = new Map<string, string>();
  /** Dialect E: EVSE number by module id, as `get_evse` told it. */
  readonly #numbers = new Map<string, number>();
  readonly #heartbeats = new Map<string, number>();
  /** Modules that raise a fault when they do not hear us. */
  readonly watchesUs = new Set<string>();

  get dialects(): readonly Dialect[] {
    return DIALECTS.filter((dialect) => this.#dialects.has(dialect));
  }
  get evseModules(): readonly string[] {
    return this.#evseModules;
  }
  get apis(): readonly { readonly type: string; readonly module: string; readonly n?: number }[] {
    return [...this.#types].map(([module, type]) => {
      const n = this.#numbers.get(module);
      return { type, module, ...(n === undefined ? {} : { n }) };
    });
  }

  /** Takes in what a message shows. `restarted`: a heartbeat counter fell. */
  heard({ family, said, at }: Observation): 'restarted' | undefined {
    if (family !== 'T') this.#dialects.add(family);
    if (said.kind === 'connectors') this.#evseModules = said.modules.slice(0, MAX_MODULES);
    if (family === 'E' && at.type !== undefined && at.module !== undefined && said.kind !== 'reply') {
      this.add(at.type, at.module);
      if (said.kind === 'heartbeat') {
        const before = this.#heartbeats.get(at.module);
        this.#heartbeats.set(at.module, said.count);
        if (before !== undefined && said.count < before) {
          // One restart, however many modules tell of it.
          this.#heartbeats.clear();
          this.#heartbeats.set(at.module, said.count);
          return 'restarted';
        }
      }
    }
    return undefined;
  }

  add(type: string, module: string): void {
    if (this.#types.size < MAX_MODULES) this.#types.set(module, type);
  }

  of(type: string): readonly string[] {
    return [...this.#types].filter(([, each]) => each === type).map(([module]) => module);
  }
  first(type: string): string | undefined {
    return this.of(type)[0];
  }
  typeOf(module: string): string | undefined {
    return this.#types.get(module);
  }
  setNumber(module: string, n: number): void {
    this.#numbers.set(module, n);
  }
  numberOfApi(module: string): number | undefined {
    return this.#numbers.get(module);
  }
  apiModuleOf(n: number): string | undefined {
    return this.of('evse_manager_consumer').find((module) => this.#numbers.get(module) === n);
  }

  /** Dialect L has no numbers: the module id ends with one (`evse_manager_2`, `connector_1`), else its place in the list. */
  numberOfEvse(module: string): number | undefined {
    const digits = /(\d{1,3})$/.exec(module)?.[1];
    if (digits !== undefined && Number(digits) > 0) return Number(digits);
    const index = this.#evseModules.indexOf(module);
    return index < 0 ? undefined : index + 1;
  }
  evseModuleOf(n: number): string | undefined {
    return this.#evseModules.find((module) => this.numberOfEvse(module) === n);
  }
}
