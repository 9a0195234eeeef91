import { join } from 'node:path';
import type { TObject } from 'typebox';
import { CompoteError, messageOf } from '../../core/errors.ts';
import { readIfThere, writeWhole } from '../../storage/whole-file.ts';
import { nearest } from '../schema/nearest.ts';
import { lazyValidator } from '../schema/validator.ts';
import {
  configNode,
  eachNode,
  isJsonObject,
  type JsonObject,
  nodeAt,
  setAt,
  valueAt,
  withDefaults,
} from './schema-walk.ts';

/** Where a value says that it came from, when it was changed while the services ran. */
export const CHANGED_HERE = 'changed here (settings.json)';

/** Keys that another place has: a change of them here would not be read, or not be safe. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  data: 'says where this change would be kept; give it with --data',
  'access.tokens': 'has an address of its own: /api/v1/access/tokens',
};

export type Values = Readonly<Record<string, unknown>>;

export interface ChangedSetting {
  readonly key: string;
  /** What holds after it; missing where the change was taken back. */
  readonly value?: unknown;
  /** `now` in this process; `restart`: at the next start. `never`: an environment variable or flag is stronger. */
  readonly applied: 'now' | 'restart' | 'never';
}

/**
 * Settings that are changed while the services run: kept in the data folder, between the configuration file and the
 * environment. What somebody has an `apply` for holds at once, the rest from the next start.
 */
export class ChangedSettings {
  readonly #schema: TObject;
  readonly #all: JsonObject;
  readonly #sources: ReadonlyMap<string, string>;
  readonly #file: string;
  readonly #appliers = new Map<string, Set<(value: unknown) => void>>();
  #values: Values;

  constructor(schema: TObject, all: JsonObject, sources: ReadonlyMap<string, string>, values: Values) {
    this.#schema = schema;
    this.#all = all;
    this.#sources = sources;
    this.#file = fileIn(String(all['data']));
    this.#values = values;
  }

  /** What is kept, by dotted key. */
  get values(): Values {
    return this.#values;
  }

  isLive(key: string): boolean {
    return this.#appliers.has(key);
  }

  /** A change that the values of the start do not show: taken back, or made since then. */
  changed(key: string): { readonly value: unknown; readonly holds: boolean } | undefined {
    const source = this.#sources.get(key);
    if (isStronger(source)) return undefined;
    const value = this.#values[key];
    if (value === undefined) return source === CHANGED_HERE ? { value, holds: false } : undefined;
    const atStart = valueAt(this.#all, key.split('.'));
    if (JSON.stringify(value) === JSON.stringify(atStart)) return undefined;
    return { value, holds: this.isLive(key) };
  }

  /** Calls back with a new value of a key, which then holds at once. Returns what ends that. */
  onChange(key: string, apply: (value: unknown) => void): () => void {
    const appliers = this.#appliers.get(key) ?? new Set();
    this.#appliers.set(key, appliers.add(apply));
    return () => {
      appliers.delete(apply);
      if (appliers.size === 0) this.#appliers.delete(key);
    };
  }

  /**
   * Takes changes by dotted key; `null` takes one back. All of them or none.
   * @throws INVALID_REQUEST naming each key that does not exist and each value that does not fit
   */
  change(changes: Values): ChangedSetting[] {
    const values: Record<string, unknown> = { ...this.#values };
    const fields: { pointer: string; msg: string }[] = [];
    for (const [key, value] of Object.entries(changes)) {
      const wrong = this.#refusal(key);
      if (wrong !== undefined) fields.push({ pointer: `/${key}`, msg: wrong });
      else if (value === null) delete values[key];
      else values[key] = value;
    }
    if (fields.length === 0) fields.push(...this.#unfit(values));
    if (fields.length > 0) throw new CompoteError('INVALID_REQUEST', { fields });
    writeWhole(this.#file, `${JSON.stringify({ values }, null, 2)}\n`);
    this.#values = values;
    return Object.keys(changes).map((key) => this.#apply(key, values[key]));
  }

  #apply(key: string, value: unknown): ChangedSetting {
    const told = value === undefined ? { key } : { key, value };
    if (value !== undefined && isStronger(this.#sources.get(key))) return { ...told, applied: 'never' };
    const appliers = this.#appliers.get(key);
    // What held before the change stands in a file that is read at the start.
    if (appliers === undefined || value === undefined) return { ...told, applied: 'restart' };
    for (const apply of appliers) apply(value);
    return { ...told, applied: 'now' };
  }

  #refusal(key: string): string | undefined {
    const root = configNode(this.#schema);
    const elsewhere = ELSEWHERE[key];
    if (elsewhere !== undefined) return elsewhere;
    const node = nodeAt(root, key.split('.'));
    if (node === undefined) {
      const known: string[] = [];
      eachNode(root, (path, each) => void (each.properties === undefined && known.push(path.join('.'))));
      const meant = nearest(key, known);
      return `there is no such key${meant === undefined ? '' : `; did you mean ${meant}?`}`;
    }
    return node.properties === undefined ? undefined : 'is a section: name one of its keys';
  }

  /** What does not fit in the configuration as the next start would read it. */
  #unfit(values: Values): { pointer: string; msg: string }[] {
    const all = structuredClone(this.#all);
    for (const [key, value] of Object.entries(values)) setAt(all, key.split('.'), value);
    const whole = withDefaults(configNode(this.#schema), all);
    return lazyValidator(this.#schema)
      .errors(whole)
      .map(({ pointer, msg }) => ({ pointer: `/${keyOf(pointer, values)}`, msg }));
  }
}

/** The changed key that a pointer into the configuration is about. */
function keyOf(pointer: string, values: Values): string {
  const dotted = pointer.split('/').slice(1).join('.');
  return Object.keys(values).find((key) => dotted === key || dotted.startsWith(`${key}.`)) ?? dotted;
}

/** The changes that are kept in a data folder. @throws CONFIG_INVALID for a file that cannot be read */
export function readChanges(data: string): Values {
  const file = fileIn(data);
  try {
    const text = readIfThere(file);
    if (text === undefined) return {};
    const { values } = JSON.parse(text) as { readonly values?: unknown };
    if (isJsonObject(values)) return values;
    throw new Error('it has no values');
  } catch (cause) {
    throw new CompoteError('CONFIG_INVALID', {
      detail: `the settings that were changed, in ${file}, cannot be read: ${messageOf(cause)}`,
      hint: 'Correct or remove the file.',
      cause,
    });
  }
}

const fileIn = (data: string): string => join(data, 'settings.json');

/** Environment and flags: they are given anew at every start. */
function isStronger(source: string | undefined): boolean {
  return source !== undefined && (source.startsWith('-') || source.startsWith('COMPOTE_'));
}
