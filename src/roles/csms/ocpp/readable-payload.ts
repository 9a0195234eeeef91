import type { PayloadSchema } from '../../../protocols/ocpp/schemas.ts';

/** As much of JSON Schema as the OCPP schemas use for structure. */
interface SchemaNode {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly definitions?: Readonly<Record<string, SchemaNode>>;
}

/**
 * A payload that breaks its schema, made fit for handlers (lenient reading): a number or truth written as text is read, a
 * text written otherwise becomes text, and a value of a wrong type that cannot be read is left out, as `null` is. After
 * this whatever is there has the type that its schema says; what is missing stays missing.
 */
export function readablePayload({ schema }: PayloadSchema, payload: unknown): unknown {
  const definitions = (schema as SchemaNode).definitions ?? {};
  return readNode(schema, payload, definitions) ?? {};
}

function readNode(node: SchemaNode, value: unknown, definitions: Readonly<Record<string, SchemaNode>>): unknown {
  const { $ref } = node;
  if ($ref !== undefined) {
    const target = definitions[$ref.slice($ref.lastIndexOf('/') + 1)];
    return target === undefined ? value : readNode(target, value, definitions);
  }
  switch (node.type) {
    case 'object': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
      const members = Object.entries(value).map(([name, member]): [string, unknown] => {
        const known =
          node.properties !== undefined && Object.hasOwn(node.properties, name) ? node.properties[name] : undefined;
        return [name, known === undefined ? member : readNode(known, member, definitions)];
      });
      return Object.fromEntries(members.filter(([, member]) => member !== undefined));
    }
    case 'array': {
      const { items } = node;
      if (!Array.isArray(value)) return undefined;
      if (items === undefined) return value;
      return value.map((each: unknown) => readNode(items, each, definitions)).filter((each) => each !== undefined);
    }
    case 'string':
      return readText(value);
    case 'number':
    case 'integer':
      return readNumber(value);
    case 'boolean':
      return readTruth(value);
    default:
      return value;
  }
}

function readText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A fraction where a whole number is wanted is a number all the same: meters send such. */
function readNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function readTruth(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return typeof value === 'string' && /^(true|false)$/i.test(value) ? value.toLowerCase() === 'true' : undefined;
}
