import type { TSchema } from 'typebox';

/** The parts of a JSON Schema that decide how a text is to be read. */
interface ReadableSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly ReadableSchema[];
  readonly items?: ReadableSchema;
  readonly properties?: Readonly<Record<string, ReadableSchema>>;
}

/**
 * Reads a text (a query parameter, an environment variable) as the schema wants it: numbers, booleans, lists by comma or
 * repetition. What cannot be read stays text, so that the validator can name it.
 */
export function valueFromText(schema: TSchema, text: string | readonly string[]): unknown {
  return read(schema as ReadableSchema, text);
}

/** Reads every member of a flat object of texts (a query, path parameters) by the object schema's properties. */
export function objectFromTexts(
  schema: TSchema,
  texts: Readonly<Record<string, string | readonly string[] | undefined>>,
): Record<string, unknown> {
  const properties = (schema as ReadableSchema).properties ?? {};
  const result: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(texts)) {
    if (text === undefined) continue;
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    result[name] = property === undefined ? text : read(property, text);
  }
  return result;
}

function read(schema: ReadableSchema, text: string | readonly string[]): unknown {
  if (schema.type === 'array') {
    if (typeof text === 'string' && text.startsWith('[')) return fromJson(text);
    const parts = typeof text === 'string' ? (text === '' ? [] : text.split(',')) : text;
    return parts.map((part) => (schema.items === undefined ? part : read(schema.items, part)));
  }
  if (typeof text !== 'string') return text;
  for (const branch of schema.anyOf ?? []) {
    const value = read(branch, text);
    if (typeof value !== 'string') return value;
  }
  const type = schema.type ?? typeof (schema.const ?? schema.enum?.[0] ?? '');
  if (type === 'number' || type === 'integer')
    return /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
  if (type === 'boolean')
    return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text;
  if (type === 'object' || type === 'null') return fromJson(text);
  return text;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
