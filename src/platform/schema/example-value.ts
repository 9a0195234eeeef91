/** The parts of a JSON Schema (draft 4 to 7) that an example is made from. */
interface Node {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly format?: string;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly items?: Node;
  readonly description?: string;
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, Node>>;
}

/** Deeper than this only required members are shown. */
const MAX_DEPTH = 6;

/**
 * A value that fits a JSON Schema: `minimal` with required members only, `example` with all of them. Members named in
 * `leaveOut` are never made up (vendor extensions).
 */
export function exampleValue(
  schema: object,
  size: 'minimal' | 'example',
  now: string,
  leaveOut: readonly string[] = [],
): unknown {
  const root = schema as Node;
  const make = (node: Node, name: string, depth: number): unknown => {
    const target = resolve(root, node);
    if (target.enum !== undefined) return target.enum[0];
    switch (target.type) {
      case 'object':
        return members(target, depth);
      case 'array': {
        const count = Math.max(target.minItems ?? 0, 1);
        return Array.from({ length: count }, () => make(target.items ?? {}, singular(name), depth + 1));
      }
      case 'boolean':
        return target.default ?? true;
      case 'integer':
      case 'number':
        return Math.min(Math.max(target.minimum ?? 1, 1), target.maximum ?? Number.MAX_SAFE_INTEGER);
      case 'string':
        return textOf(target, name, now);
      default:
        return name;
    }
  };
  const members = (target: Node, depth: number): Record<string, unknown> => {
    const required = new Set(target.required ?? []);
    const shown = Object.entries(target.properties ?? {}).filter(
      ([name]) => required.has(name) || (size === 'example' && depth < MAX_DEPTH && !leaveOut.includes(name)),
    );
    return Object.fromEntries(shown.map(([name, member]) => [name, make(member, name, depth + 1)]));
  };
  return make(root, 'value', 0);
}

/** The descriptions of a JSON Schema by the JSON pointer of the member they describe; `*` stands for any array index. */
export function schemaDocs(schema: object): Record<string, string> {
  const root = schema as Node;
  const docs: Record<string, string> = {};
  const walk = (node: Node, pointer: string, depth: number): void => {
    const target = resolve(root, node);
    const text = node.description ?? target.description;
    if (text !== undefined && text !== '') docs[pointer] = text.trim();
    if (depth > 2 * MAX_DEPTH) return;
    for (const [name, member] of Object.entries(target.properties ?? {})) walk(member, `${pointer}/${name}`, depth + 1);
    if (target.items !== undefined) walk(target.items, `${pointer}/*`, depth + 1);
  };
  walk(root, '', 0);
  return docs;
}

function resolve(root: Node, node: Node): Node {
  const name = node.$ref?.replace('#/definitions/', '');
  return name === undefined ? node : (root.definitions?.[name] ?? {});
}

function textOf(node: Node, name: string, now: string): string {
  if (node.format === 'date-time') return now;
  const text = node.format === 'uri' || /url|location|uri/i.test(name) ? 'http://localhost/file' : name;
  return text.slice(0, node.maxLength ?? text.length).padEnd(node.minLength ?? 0, 'x');
}

const singular = (name: string): string => (name.endsWith('s') ? name.slice(0, -1) : name);
