import type { TSchema } from 'typebox';

/** The parts of a JSON Schema that the configuration is walked by. */
export interface ConfigNode {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly anyOf?: readonly ConfigNode[];
  readonly items?: ConfigNode;
  readonly properties?: Readonly<Record<string, ConfigNode>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
}

export const configNode = (schema: TSchema): ConfigNode => schema as ConfigNode;

export type JsonObject = Record<string, unknown>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schema node at a path of keys; `undefined` where there is none. */
export function nodeAt(root: ConfigNode, path: readonly string[]): ConfigNode | undefined {
  let node: ConfigNode | undefined = root;
  for (const key of path) {
    if (node?.properties === undefined || !Object.hasOwn(node.properties, key)) return undefined;
    node = node.properties[key];
  }
  return node;
}

/** Calls back for every key below a node, parents first. */
export function eachNode(
  node: ConfigNode,
  visit: (path: readonly string[], node: ConfigNode, required: boolean) => void,
  path: readonly string[] = [],
): void {
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    const here = [...path, name];
    visit(here, child, node.required?.includes(name) ?? false);
    eachNode(child, visit, here);
  }
}

/**
 * A copy of `value` with the schema's defaults put in. An absent object is made from its members' defaults, unless it is
 * optional (then its absence means something).
 */
export function withDefaults(node: ConfigNode, value: unknown): unknown {
  if (value === undefined && node.default !== undefined) return structuredClone(node.default);
  if (node.type === 'array' && node.items !== undefined && Array.isArray(value)) {
    const { items } = node;
    return value.map((item) => withDefaults(items, item));
  }
  if (node.properties === undefined || !(value === undefined || isJsonObject(value))) return value;
  const copy: JsonObject = { ...value };
  for (const [name, child] of Object.entries(node.properties)) {
    const present = copy[name] !== undefined;
    const wanted =
      present || child.default !== undefined || (node.required?.includes(name) === true && child.properties);
    if (!wanted) continue;
    const filled = withDefaults(child, copy[name]);
    if (filled !== undefined) copy[name] = filled;
  }
  return copy;
}

/** The value at a path of keys. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let here = value;
  for (const key of path) {
    if (!isJsonObject(here) || !Object.hasOwn(here, key)) return undefined;
    here = here[key];
  }
  return here;
}

/** Sets the value at a path of keys, making objects on the way. */
export function setAt(target: JsonObject, path: readonly string[], value: unknown): void {
  let here = target;
  for (const key of path.slice(0, -1)) {
    const next = here[key];
    if (isJsonObject(next)) here = next;
    else {
      const made: JsonObject = {};
      here[key] = made;
      here = made;
    }
  }
  const last = path.at(-1);
  if (last !== undefined) here[last] = value;
}
