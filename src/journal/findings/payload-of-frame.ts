import { parseJson } from '../../core/json.ts';

/** The payload of a stored frame, or the object of a stored event; undefined when there is none to read. */
export function payloadOf(raw: string): unknown {
  if (raw === '') return undefined;
  try {
    const value: unknown = parseJson(raw);
    if (!Array.isArray(value)) return value;
    const [type] = value as unknown[];
    const place = type === 2 || type === 6 ? 3 : type === 3 ? 2 : 4;
    return (value as unknown[])[place];
  } catch {
    return undefined;
  }
}
