import { CompoteError } from '../../core/errors.ts';
import { nearest } from '../schema/nearest.ts';
import type { ConfigNode } from './schema-walk.ts';

/** A value that came as text: an environment variable or a flag. */
export interface TextSetting {
  readonly path: readonly string[];
  readonly text: string;
  /** How people know it: `COMPOTE_CSMS__PORT`, `--port`. */
  readonly source: string;
}

/** Variables of ours that are not keys of the configuration. */
const OTHER_VARIABLES: ReadonlySet<string> = new Set([
  'COMPOTE_CONFIG',
  'COMPOTE_URL',
  'COMPOTE_TOKEN',
  'COMPOTE_VECTORS',
]);

/**
 * The keys that the environment sets: `COMPOTE_DATA`, `COMPOTE_CSMS__PORT`, `COMPOTE_LOG__MAX_FILES`. Two underscores go
 * one level down; single ones and case do not count.
 *
 * @throws CONFIG_INVALID for a variable of ours that is no key
 */
export function environmentSettings(
  root: ConfigNode,
  environment: Readonly<Record<string, string | undefined>>,
): TextSetting[] {
  const settings: TextSetting[] = [];
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith('COMPOTE_') || text === undefined || OTHER_VARIABLES.has(name)) continue;
    const path = keyPath(root, name.slice('COMPOTE_'.length).split('__'));
    if (path === undefined) throw unknownVariable(root, name);
    settings.push({ path, text, source: name });
  }
  return settings;
}

const bare = (word: string): string => word.replaceAll('_', '').toLowerCase();

function keyPath(root: ConfigNode, words: readonly string[]): string[] | undefined {
  const path: string[] = [];
  let node: ConfigNode | undefined = root;
  for (const word of words) {
    const key: string | undefined = Object.keys(node?.properties ?? {}).find((each) => bare(each) === bare(word));
    if (key === undefined) return undefined;
    path.push(key);
    node = node?.properties?.[key];
  }
  return path;
}

/** The variable that sets the key at `path`. */
export function variableOf(path: readonly string[]): string {
  const words = path.map((key) => key.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase());
  return `COMPOTE_${words.join('__')}`;
}

function unknownVariable(root: ConfigNode, name: string): CompoteError {
  const known = [...OTHER_VARIABLES];
  const collect = (node: ConfigNode, path: readonly string[]): void => {
    for (const [key, child] of Object.entries(node.properties ?? {})) {
      known.push(variableOf([...path, key]));
      collect(child, [...path, key]);
    }
  };
  collect(root, []);
  const meant = nearest(name, known);
  return new CompoteError('CONFIG_INVALID', {
    detail: `the environment variable ${name} sets no key${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    hint: 'Unset it or correct its name; docs/reference/config.md lists the variables.',
  });
}
