/** The version that a firmware file brings: the one in its name, else the present one with its last number raised. */
export function nextVersion(url: string, present: string): string {
  const name = url.split(/[?#]/)[0]?.split('/').at(-1) ?? '';
  const named = name.match(/\d+\.\d+(?:\.\d+)*/)?.[0];
  if (named !== undefined) return named;
  const parts = present.split('.');
  const last = Number(parts.at(-1));
  return Number.isInteger(last) ? [...parts.slice(0, -1), String(last + 1)].join('.') : `${present}-next`;
}
