import { CompoteError } from '../../core/errors.ts';

/**
 * `?fields=id,evses.status`: keeps only the named members, of every item where the answer is a list or a page. Names
 * apply inside lists (`evses.status` is the status of each EVSE).
 *
 * @throws INVALID_REQUEST naming the fields that nothing has, when there was something to look at.
 */
export function pickFields(value: unknown, fields: string): unknown {
  const paths = fields
    .split(',')
    .map((field) => field.trim())
    .filter((field) => field !== '')
    .map((field) => field.split('.'));
  if (paths.length === 0) return value;
  const unseen = new Set(paths.map((path) => path.join('.')));
  const items = isPage(value) ? value.items : value;
  const picked = pick(items, paths, '', unseen);
  const isEmpty = Array.isArray(items) && items.length === 0;
  if (!isEmpty && unseen.size === paths.length) {
    const known = Object.keys(first(items) ?? {});
    throw new CompoteError('INVALID_REQUEST', {
      fields: [
        {
          pointer: '/query/fields',
          msg: `${[...unseen].join(', ')}: no such field${known.length > 0 ? `; there are ${known.join(', ')}` : ''}`,
        },
      ],
    });
  }
  return isPage(value) ? { ...value, items: picked } : picked;
}

function isPage(value: unknown): value is { items: unknown[] } {
  return isObject(value) && Array.isArray(value['items']);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function first(value: unknown): Record<string, unknown> | undefined {
  const item = Array.isArray(value) ? value[0] : value;
  return isObject(item) ? item : undefined;
}

function pick(value: unknown, paths: readonly string[][], at: string, unseen: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => pick(item, paths, at, unseen));
  if (!isObject(value)) return value;
  const result: Record<string, unknown> = {};
  for (const name of new Set(paths.map((path) => path[0] ?? ''))) {
    if (!Object.hasOwn(value, name)) continue;
    const deeper = paths.filter((path) => path[0] === name);
    if (deeper.some((path) => path.length === 1)) {
      unseen.delete(`${at}${name}`);
      result[name] = value[name];
    } else {
      const inner = deeper.map((path) => path.slice(1));
      result[name] = pick(value[name], inner, `${at}${name}.`, unseen);
    }
  }
  return result;
}
