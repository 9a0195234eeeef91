/** The parts of a JSON Schema that cases are made from: what our OpenAPI documents and the OCPP schemas use. */
export interface SchemaNode {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly SchemaNode[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly multipleOf?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: SchemaNode;
  readonly minProperties?: number;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: boolean | SchemaNode;
  readonly required?: readonly string[];
  readonly $ref?: string;
  readonly [keyword: string]: unknown;
}

/** Follows references into the document (`#/components/schemas/X`, `#/definitions/X`). */
export function resolved(root: object, node: SchemaNode): SchemaNode {
  let at = node;
  for (let hops = 0; at.$ref !== undefined && hops < 20; hops++) {
    let target: unknown = root;
    for (const part of at.$ref.split('/').slice(1)) {
      target = (target as Record<string, unknown>)[part.replaceAll('~1', '/').replaceAll('~0', '~')];
    }
    at = target as SchemaNode;
  }
  return at;
}

/** The values that a schema lists: `enum`, `const`, or a union of constants; `undefined` when it lists none. */
export function listed(root: object, node: SchemaNode): readonly unknown[] | undefined {
  if (node.enum !== undefined) return node.enum;
  if ('const' in node) return [node.const];
  if (node.anyOf === undefined) return undefined;
  const values = node.anyOf.map((branch) => listed(root, resolved(root, branch)));
  return values.every((value) => value !== undefined) ? values.flat() : undefined;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function ofType(type: string, value: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  return typeof value === type;
}
