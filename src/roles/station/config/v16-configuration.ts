import type { StationTemplate } from '../template.ts';
import { KEYS_16, type Key16, type KeyRow, keyFault, splitList } from './v16-keys.ts';

export interface ConfigurationEntry {
  readonly key: string;
  readonly readonly: boolean;
  readonly value: string | undefined;
}

export type ChangeStatus = 'Accepted' | 'Rejected' | 'RebootRequired' | 'NotSupported';

const BY_LOWER_CASE: ReadonlyMap<string, Key16> = new Map(
  (Object.keys(KEYS_16) as Key16[]).map((key) => [key.toLowerCase(), key]),
);

/**
 * The 1.6 configuration of one station: the table's defaults, the template's values, and over them only what was changed.
 */
export class Configuration16 {
  readonly #template: StationTemplate;
  /** Made with the first change. */
  #overrides: Map<Key16, string> | undefined;
  /** Set, but in force only after the next reboot. */
  #afterReboot: Map<Key16, string> | undefined;

  constructor(template: StationTemplate) {
    this.#template = template;
  }

  text(key: Key16): string | undefined {
    const row: KeyRow = KEYS_16[key];
    return this.#overrides?.get(key) ?? this.#template.configuration[key] ?? row.of?.(this.#template) ?? row.default;
  }

  int(key: Key16): number {
    return Number(this.text(key) ?? '0');
  }

  bool(key: Key16): boolean {
    return this.text(key)?.toLowerCase() === 'true';
  }

  list(key: Key16): string[] {
    return splitList(this.text(key) ?? '');
  }

  has(key: Key16): boolean {
    const row: KeyRow = KEYS_16[key];
    return row.feature === undefined || this.#template.features[row.feature];
  }

  /** The key as this station spells it, whatever the case asked for; undefined = unknown (CiString). */
  keyOf(name: string): Key16 | undefined {
    const key = BY_LOWER_CASE.get(name.toLowerCase());
    return key !== undefined && this.has(key) ? key : undefined;
  }

  /** ChangeConfiguration (1.6 §5.3). Rejected changes nothing. */
  change(name: string, value: string): ChangeStatus {
    const key = this.keyOf(name);
    if (key === undefined) return 'NotSupported';
    const row: KeyRow = KEYS_16[key];
    if (row.access === 'R') return 'Rejected';
    if (keyFault(row, value, this.#template, (other) => this.text(other as Key16)) !== undefined) return 'Rejected';
    const written = row.type === 'bool' ? value.toLowerCase() : value;
    if (row.reboot === true) {
      this.#afterReboot ??= new Map();
      this.#afterReboot.set(key, written);
      return 'RebootRequired';
    }
    this.set(key, written);
    return 'Accepted';
  }

  /** Sets a key past its access rights: what Boot or the station itself decides. */
  set(key: Key16, value: string): void {
    this.#overrides ??= new Map();
    this.#overrides.set(key, value);
  }

  /** GetConfiguration: all keys, or the named ones; secrets are left out (1.6 §5.8, whitepaper A01). */
  get(names: readonly string[] | undefined): { readonly known: ConfigurationEntry[]; readonly unknown: string[] } {
    const unknown: string[] = [];
    const known: ConfigurationEntry[] = [];
    if (names === undefined || names.length === 0) {
      for (const key of Object.keys(KEYS_16) as Key16[]) {
        if (this.has(key) && KEYS_16[key].access !== 'W') known.push(this.#entry(key));
      }
      return { known, unknown };
    }
    for (const name of names) {
      const key = this.keyOf(name);
      if (key === undefined) unknown.push(name);
      else known.push(this.#entry(key));
    }
    return { known, unknown };
  }

  #entry(key: Key16): ConfigurationEntry {
    const row: KeyRow = KEYS_16[key];
    return { key, readonly: row.access === 'R', value: row.access === 'W' ? undefined : this.text(key) };
  }

  /** What waited for a reboot is in force now. */
  rebooted(): void {
    for (const [key, value] of this.#afterReboot ?? []) this.set(key, value);
    this.#afterReboot = undefined;
  }

  toJSON(): Readonly<Record<string, string>> {
    return Object.fromEntries([...(this.#overrides ?? []), ...(this.#afterReboot ?? [])]);
  }

  restore(saved: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(saved)) {
      const key = this.keyOf(name);
      if (key !== undefined) this.set(key, value);
    }
  }
}
