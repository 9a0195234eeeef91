import type { LoadedConfig } from '../../platform/config/load-config.ts';
import { readIfThere, writeWhole } from '../../storage/whole-file.ts';
import { configured, REPLACEABLE, type Replaceable } from './switches.ts';

/** Where somebody else's system stands for a party. */
export interface Replacement {
  readonly address: string;
  /** Of a CSMS: where it takes OICP, beside its door for stations. */
  readonly oicpAddress?: string;
}

/** Which parties are somebody else's systems, kept over restarts in the workbench's own folder. */
export class Replacements {
  readonly #file: string;
  readonly #config: LoadedConfig;
  readonly #chosen: Map<string, Replacement>;

  constructor(file: string, config: LoadedConfig) {
    this.#file = file;
    this.#config = config;
    this.#chosen = new Map(Object.entries(readChosen(file)));
  }

  /** What was chosen here, else what the configuration has said from the start. */
  of(party: Replaceable): Replacement | undefined {
    const chosen = this.#chosen.get(party.id);
    if (chosen !== undefined) return chosen;
    const keys = party.switches.filter(({ how, takes }) => how !== 'partner' && takes === 'address');
    const address = keys.map(({ key }) => configured(this.#config, key)).find((each) => each !== undefined);
    return address === undefined ? undefined : { address };
  }

  /** Address of each party that is somebody else's. */
  get addresses(): ReadonlyMap<string, string> {
    return new Map(
      REPLACEABLE.flatMap((party) => {
        const address = this.of(party)?.address;
        return address === undefined ? [] : [[party.id, address] as const];
      }),
    );
  }

  set(party: Replaceable, replacement: Replacement | undefined): void {
    if (replacement === undefined) this.#chosen.delete(party.id);
    else this.#chosen.set(party.id, replacement);
    writeWhole(this.#file, JSON.stringify(Object.fromEntries(this.#chosen), null, 2));
  }
}

function readChosen(file: string): Readonly<Record<string, Replacement>> {
  try {
    return JSON.parse(readIfThere(file) ?? '{}') as Readonly<Record<string, Replacement>>;
  } catch {
    // Spoilt by hand: the services know themselves whom they call, and the page can be told again.
    return {};
  }
}
