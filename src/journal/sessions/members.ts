/** Reading of payloads that may be anything: what is not of the right form is not there. */
export type Members = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textIn(members: Members, name: string): string | undefined {
  const value = members[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Ids may be numbers (1.6) or texts (2.x). */
export function idIn(members: Members, name: string): string | undefined {
  const value = members[name];
  return typeof value === 'number' ? String(value) : textIn(members, name);
}

/** Numbers stand in texts too (1.6 sampled values). */
export function numberIn(members: Members, name: string): number | undefined {
  const value = members[name];
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

const NOTHING: Members = {};

export function objectIn(members: Members, name: string): Members {
  const value = members[name];
  return isObject(value) ? value : NOTHING;
}

export function objectsIn(members: Members, name: string): readonly Members[] {
  const value = members[name];
  return Array.isArray(value) ? value.filter(isObject) : [];
}
