import { pointerParts } from './json-lines.ts';
import { type JsonSchema, resolve } from './schema-walk.ts';

/** Edits of a JSON document by pointer. The document is the one truth of form and text; nothing that it holds gets lost. */

/** A copy with the value at `pointer`; objects on the way are made where they are missing. */
export function withValue(document: unknown, pointer: string, value: unknown): unknown {
  const [name, ...rest] = pointerParts(pointer);
  if (name === undefined) return value;
  const inner = `/${rest.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`;
  const next = (current: unknown): unknown => (rest.length === 0 ? value : withValue(current, inner, value));
  if (Array.isArray(document)) {
    const copy = [...document];
    copy[Number(name)] = next(copy[Number(name)]);
    return copy;
  }
  const record = typeof document === 'object' && document !== null ? (document as Record<string, unknown>) : {};
  return { ...record, [name]: next(record[name]) };
}

/** A copy without what stands at `pointer`. */
export function withoutValue(document: unknown, pointer: string): unknown {
  const parts = pointerParts(pointer);
  const name = parts.at(-1);
  if (name === undefined || typeof document !== 'object' || document === null) return document;
  const [first, ...rest] = parts;
  if (first === undefined) return document;
  if (rest.length > 0) {
    const inner = (document as Record<string, unknown>)[first];
    const innerPointer = `/${rest.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`;
    return withValue(
      document,
      `/${first.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      withoutValue(inner, innerPointer),
    );
  }
  if (Array.isArray(document)) return document.filter((_, index) => String(index) !== name);
  return Object.fromEntries(Object.entries(document).filter(([key]) => key !== name));
}

/** The least that fits a schema: required members only. `now` for times. */
export function leastValue(schema: JsonSchema, root: JsonSchema, now: string): unknown {
  const at = resolve(schema, root);
  if (at.default !== undefined) return at.default;
  if (at.const !== undefined) return at.const;
  if (at.enum !== undefined) return at.enum[0];
  const choice = at.anyOf?.[0] ?? at.oneOf?.[0];
  if (choice !== undefined) return leastValue(choice, root, now);
  const type = Array.isArray(at.type) ? at.type[0] : at.type;
  switch (type) {
    case 'object': {
      const required = at.required ?? [];
      return Object.fromEntries(
        required.map((name) => [name, leastValue(at.properties?.[name] ?? {}, root, now)] as const),
      );
    }
    case 'array':
      return Array.from({ length: at.minItems ?? 0 }, () => leastValue(at.items ?? {}, root, now));
    case 'integer':
    case 'number':
      return at.minimum ?? 0;
    case 'boolean':
      return false;
    default:
      return at.format === 'date-time' ? now : '';
  }
}
