import { isObject, listed, ofType, resolved, type SchemaNode } from './schema-node.ts';

/**
 * Whether a value fits a schema. A reading of JSON Schema of its own, so that cases are not judged by the validator that
 * they try; it knows the keywords of `SchemaNode` and no more.
 */
export function fits(root: object, schema: SchemaNode, value: unknown): boolean {
  const node = resolved(root, schema);
  const values = listed(root, node);
  if (values !== undefined) return values.includes(value);
  if (node.anyOf !== undefined) return node.anyOf.some((branch) => fits(root, branch, value));
  if (node.type !== undefined && !ofType(node.type, value)) return false;
  if (typeof value === 'string') return textFits(node, value);
  if (typeof value === 'number') return numberFits(node, value);
  if (Array.isArray(value)) {
    const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, items = {} } = node;
    return value.length >= minItems && value.length <= maxItems && value.every((item) => fits(root, items, item));
  }
  return !isObject(value) || objectFits(root, node, value);
}

function textFits({ minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern, format }: SchemaNode, text: string) {
  const length = [...text].length;
  if (length < minLength || length > maxLength) return false;
  if (format === 'date-time' && Number.isNaN(Date.parse(text))) return false;
  return pattern === undefined || new RegExp(pattern).test(text);
}

function numberFits({ minimum, maximum, multipleOf }: SchemaNode, value: number): boolean {
  if (minimum !== undefined && value < minimum) return false;
  if (maximum !== undefined && value > maximum) return false;
  if (multipleOf === undefined) return true;
  const times = value / multipleOf;
  return Math.abs(times - Math.round(times)) < 1e-6;
}

function objectFits(root: object, node: SchemaNode, value: Record<string, unknown>): boolean {
  if ((node.required ?? []).some((name) => !(name in value))) return false;
  if (Object.keys(value).length < (node.minProperties ?? 0)) return false;
  return Object.entries(value).every(([name, member]) => {
    const declared = node.properties?.[name];
    if (declared !== undefined) return fits(root, declared, member);
    const named = Object.entries(node.patternProperties ?? {}).find(([pattern]) => new RegExp(pattern).test(name));
    if (named !== undefined) return fits(root, named[1], member);
    const { additionalProperties: others = true } = node;
    return typeof others === 'boolean' ? others : fits(root, others, member);
  });
}
