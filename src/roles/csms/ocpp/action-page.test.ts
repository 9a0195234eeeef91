import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { testCsms } from '../../../../test/support/csms.ts';
import { actionPage, type HandlerRow, handlerRows } from './action-page.ts';
import { inboundHandler, outboundHandler, sendHandler } from './tables.ts';

describe('every action of every version', () => {
  let rows: HandlerRow[];
  let paths: string[];
  const root = new URL('../../../../', import.meta.url);
  beforeAll(async () => {
    rows = await handlerRows(new URL('./', import.meta.url));
    const csms = await testCsms();
    const document = (await (await fetch(`${csms.base}/api/openapi.json`)).json()) as { paths: Record<string, object> };
    paths = Object.keys(document.paths);
    await csms.end();
  });

  it('has a handler in a file of its own kind, and says what it changes and where that shows', () => {
    const gaps = rows.filter(
      ({ file, changes, shows }) => file === undefined || changes.trim() === '' || shows.trim() === '',
    );
    expect(gaps.map(({ version, direction, action }) => `${version} ${direction} ${action}`)).toEqual([]);
    for (const { file = '' } of rows) expect(existsSync(new URL(file, root)), file).toBe(true);
  });

  it('has a handler that no other action shares', () => {
    const owners = new Map<object, Set<string>>();
    for (const { version, direction, action } of rows) {
      const handler =
        direction === 'to station'
          ? outboundHandler(version, action)
          : (inboundHandler(version, action) ?? sendHandler(version, action));
      if (handler === undefined) continue;
      owners.set(handler, (owners.get(handler) ?? new Set()).add(action));
    }
    expect([...owners.values()].filter((actions) => actions.size > 1)).toEqual([]);
  });

  it('shows at an address that exists', () => {
    const known = new Set(paths.map((path) => path.replace('/api/v1', '').replace(/\{[^}]+\}/g, '{}')));
    const missing = rows
      .flatMap(({ version, action, shows }) =>
        [...shows.matchAll(/\/[a-z][\w\-/{}]*/g)].map(([path]) => ({ at: `${version} ${action}`, path })),
      )
      .filter(({ path }) => !known.has(path.replace(/\{[^}]*\}/g, '{}')));
    expect(missing).toEqual([]);
    expect(rows.filter(({ shows }) => !shows.includes('/'))).toEqual([]);
  });

  it('stands in docs/reference/csms-actions.md (npm run docs:reference writes it)', () => {
    expect(readFileSync(new URL('docs/reference/csms-actions.md', root), 'utf8')).toBe(actionPage(rows));
  });
});
