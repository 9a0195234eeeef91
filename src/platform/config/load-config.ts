import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { TObject } from 'typebox';
import { CompoteError, type FieldError, messageOf } from '../../core/errors.ts';
import { valueFromText } from '../schema/from-text.ts';
import { nearest } from '../schema/nearest.ts';
import { lazyValidator } from '../schema/validator.ts';
import { CHANGED_HERE, ChangedSettings, readChanges } from './changed-settings.ts';
import { environmentSettings, type TextSetting } from './environment.ts';
import { placeOf } from './file-position.ts';
import {
  type ConfigNode,
  configNode,
  eachNode,
  isJsonObject,
  type JsonObject,
  nodeAt,
  setAt,
  valueAt,
  withDefaults,
} from './schema-walk.ts';
import type { SharedConfig } from './shared-config.ts';

/** Where a value came from, as people read it: `default`, a file name, an environment variable, a flag. */
export type Source = string;

export interface LoadedConfig {
  readonly shared: SharedConfig;
  /** The whole, with defaults; sections by their name. */
  readonly all: JsonObject;
  /** `csms.port` -> where its value came from. */
  readonly sources: ReadonlyMap<string, Source>;
  readonly file: string | undefined;
  /** What is changed while the services run. */
  readonly changes: ChangedSettings;
}

export interface ConfigInput {
  readonly schema: TObject;
  /** Path of the JSON file; none when absent. */
  readonly file?: string | undefined;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Values of flags, the strongest. */
  readonly flags?: readonly TextSetting[];
}

/**
 * Puts the configuration together: defaults, then the file, then what was changed at run time, then the environment (`COMPOTE_CSMS__PORT`), then flags.
 *
 * @throws CONFIG_INVALID in one sentence that names the key, where it stands, and the nearest right one
 */
export function loadConfig(input: ConfigInput): LoadedConfig {
  const root = configNode(input.schema);
  const { file, text, value } = readFile(input.file);
  const merged: JsonObject = structuredClone(value);
  const named = new Map<string, Source>();
  const texts = [...environmentSettings(root, input.environment ?? {}), ...(input.flags ?? [])];
  for (const setting of texts) {
    const node = nodeAt(root, setting.path);
    if (node === undefined) throw unknownKey(root, setting.path, setting.source);
    setAt(merged, setting.path, valueFromText(node as never, setting.text));
    named.set(setting.path.join('.'), setting.source);
  }
  const changed = readChanges(String((withDefaults(root, merged) as JsonObject)['data']));
  for (const [key, changedTo] of Object.entries(changed)) {
    const path = key.split('.');
    if (nodeAt(root, path) === undefined) throw unknownKey(root, path, CHANGED_HERE);
    if (named.has(key)) continue;
    setAt(merged, path, changedTo);
    named.set(key, CHANGED_HERE);
  }
  const all = withDefaults(root, merged) as JsonObject;
  const wrong = lazyValidator(input.schema).errors(all)[0];
  if (wrong !== undefined) throw wrongValue(root, all, wrong, named, file, text);
  const config = all as JsonObject & SharedConfig;
  checkDeadlines(config);
  const sources = sourcesOf(root, all, value, named, file);
  return { shared: config, all, sources, file, changes: new ChangedSettings(input.schema, all, sources, changed) };
}

function readFile(path: string | undefined): { file: string | undefined; text: string; value: JsonObject } {
  if (path === undefined) return { file: undefined, text: '', value: {} };
  const file = resolve(path);
  let text: string;
  try {
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    throw new CompoteError('CONFIG_INVALID', {
      detail: `the file ${file} cannot be read (${messageOf(cause)})`,
      hint: 'Give the path of a JSON file with `--config`.',
      cause,
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CompoteError('CONFIG_INVALID', {
      detail: `${file} is not JSON: ${messageOf(cause)}`,
      hint: 'Correct the file.',
      cause,
    });
  }
  if (isJsonObject(value)) return { file, text, value };
  throw new CompoteError('CONFIG_INVALID', { detail: `${file} must hold a JSON object`, hint: 'Correct the file.' });
}

function unknownKey(root: ConfigNode, path: readonly string[], where: string): CompoteError {
  const known: string[] = [];
  eachNode(root, (each) => known.push(each.join('.')));
  // Keys beside it are likelier meant than keys elsewhere.
  const parent = path.slice(0, -1);
  const beside = Object.keys(nodeAt(root, parent)?.properties ?? {});
  const sibling = nearest(path.at(-1) ?? '', beside);
  const meant = sibling === undefined ? nearest(path.join('.'), known) : [...parent, sibling].join('.');
  return new CompoteError('CONFIG_INVALID', {
    detail: `${where}: there is no key ${path.join('.')}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    hint: 'docs/reference/config.md and `compote config schema` list all keys.',
  });
}

function wrongValue(
  root: ConfigNode,
  all: JsonObject,
  wrong: FieldError,
  named: ReadonlyMap<string, Source>,
  file: string | undefined,
  text: string,
): CompoteError {
  const path = wrong.pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const where = named.get(path.join('.')) ?? placeOf(file, text, path);
  // Every object has listed properties: what the validator does not know is a key that the schema does not have.
  const isUnknown = wrong.msg.includes('not a known member') || wrong.msg === 'schema is false';
  if (isUnknown) return unknownKey(root, path, where);
  return new CompoteError('CONFIG_INVALID', {
    detail: `${where}: ${path.join('.')} ${wrong.msg}${shown(valueAt(all, path))}`,
    hint: 'Correct the value; docs/reference/config.md tells what is allowed.',
  });
}

const shown = (value: unknown): string =>
  value === undefined || isJsonObject(value) || Array.isArray(value) ? '' : `, not ${JSON.stringify(value)}`;

function checkDeadlines({ deadlines: { stationMs, hubMs, empMs } }: SharedConfig): void {
  if (stationMs > hubMs && hubMs > empMs) return;
  throw new CompoteError('CONFIG_INVALID', {
    detail: `deadlines must nest: stationMs (${stationMs}) > hubMs (${hubMs}) > empMs (${empMs}), or an answer comes after its asker gave up`,
    hint: 'Make each deadline shorter than the one before, by more than a network takes.',
  });
}

function sourcesOf(
  root: ConfigNode,
  all: JsonObject,
  fromFile: JsonObject,
  named: ReadonlyMap<string, Source>,
  file: string | undefined,
): Map<string, Source> {
  const sources = new Map<string, Source>();
  eachNode(root, (path, node) => {
    if (node.properties !== undefined || valueAt(all, path) === undefined) return;
    const key = path.join('.');
    sources.set(key, named.get(key) ?? (valueAt(fromFile, path) === undefined ? 'default' : (file ?? 'file')));
  });
  return sources;
}
