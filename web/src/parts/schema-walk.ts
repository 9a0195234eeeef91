import { pointerParts } from './json-lines.ts';

/** The parts of JSON Schema that our schemas use. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly format?: string;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly multipleOf?: number;
  readonly pattern?: string;
}

/** Follows `$ref` within the document; what is beside the reference stays. */
export function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let at = schema;
  for (let hops = 0; at.$ref !== undefined && hops < 20; hops++) {
    const { $ref, ...beside } = at;
    let target: unknown = root;
    for (const name of pointerParts($ref.replace(/^#/, '')))
      target = (target as Record<string, unknown> | undefined)?.[name];
    if (typeof target !== 'object' || target === null) return beside;
    at = { ...(target as JsonSchema), ...beside };
  }
  return at;
}

/** The schema of what stands at a pointer, with whether it is required there. */
export function schemaAt(
  root: JsonSchema,
  pointer: string,
): { readonly schema: JsonSchema; readonly required: boolean } | undefined {
  let at = resolve(root, root);
  let required = true;
  for (const name of pointerParts(pointer)) {
    const inner =
      at.properties?.[name] ?? (at.items !== undefined && /^\d+$/.test(name) ? at.items : undefined) ?? extra(at);
    if (inner === undefined) return undefined;
    required = at.required?.includes(name) ?? false;
    at = resolve(inner, root);
  }
  return { schema: at, required };
}

function extra(schema: JsonSchema): JsonSchema | undefined {
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

/** `string, at most 36`, `integer, 0 to 100`, `one of 4`: the type in words. */
export function typeInWords(schema: JsonSchema): string {
  const words: string[] = [];
  if (schema.enum !== undefined) words.push(`one of ${schema.enum.length}`);
  else if (schema.const !== undefined) words.push(`always ${JSON.stringify(schema.const)}`);
  else if (schema.format === 'date-time') words.push('date and time');
  else if (schema.type !== undefined) words.push([schema.type].flat().join(' or '));
  else if (schema.anyOf !== undefined || schema.oneOf !== undefined) words.push('one of several');
  if (schema.maxLength !== undefined) words.push(`at most ${schema.maxLength} characters`);
  if (schema.minimum !== undefined && schema.maximum !== undefined)
    words.push(`${schema.minimum} to ${schema.maximum}`);
  else if (schema.minimum !== undefined) words.push(`from ${schema.minimum}`);
  else if (schema.maximum !== undefined) words.push(`up to ${schema.maximum}`);
  if (schema.maxItems !== undefined) words.push(`at most ${schema.maxItems} items`);
  if (schema.default !== undefined) words.push(`${JSON.stringify(schema.default)} when absent`);
  return words.join(', ');
}
