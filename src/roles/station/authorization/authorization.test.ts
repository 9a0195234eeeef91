import { describe, expect, it } from 'vitest';
import { AuthorizationCache } from './cache.ts';
import { type AuthorizationRules, decideStart } from './decide.ts';
import { LocalList } from './local-list.ts';
import { sameGroup, sameToken, type Token, type TokenInfo } from './token.ts';

const NOW = 1_000_000;
const RULES: AuthorizationRules = {
  localListEnabled: true,
  cacheEnabled: true,
  localPreAuthorize: true,
  localAuthorizeOffline: true,
  offlineUnknown: false,
  listDisablePostAuthorize: false,
  cacheDisablePostAuthorize: false,
  disableRemoteAuthorization: false,
};
const good: TokenInfo = { status: 'Accepted' };
const bad: TokenInfo = { status: 'Blocked' };
const old: TokenInfo = { status: 'Accepted', expiryMs: NOW };
const tag = (value: string): Token => ({ value, type: 'idTag' });
const LIMITS = { maxEntries: 3, maxEntriesPerUpdate: 2 };

describe('the decision about a presented token', () => {
  const row = (
    listed: TokenInfo | undefined,
    cached: TokenInfo | undefined,
    online: boolean,
    over: Partial<AuthorizationRules> = {},
  ) => decideStart({ listed, cached }, online, { ...RULES, ...over }, NOW).do;

  it('online: a valid entry starts only with LocalPreAuthorize, everything else is asked', () => {
    expect(row(good, undefined, true)).toBe('start');
    expect(row(undefined, good, true)).toBe('start');
    expect(row(good, undefined, true, { localPreAuthorize: false })).toBe('ask');
    expect(row(bad, undefined, true)).toBe('ask');
    expect(row(old, undefined, true)).toBe('ask');
    expect(row(undefined, undefined, true)).toBe('ask');
  });

  it('online: DisablePostAuthorize refuses an invalid entry without asking, DisableRemoteAuthorization refuses the unknown', () => {
    expect(row(bad, undefined, true, { listDisablePostAuthorize: true })).toBe('refuse');
    expect(row(undefined, bad, true, { cacheDisablePostAuthorize: true })).toBe('refuse');
    expect(row(undefined, undefined, true, { disableRemoteAuthorization: true })).toBe('refuse');
  });

  it('offline: valid entries start with LocalAuthorizeOffline, unknown ones only when allowed', () => {
    expect(row(good, undefined, false)).toBe('start');
    expect(row(good, undefined, false, { localAuthorizeOffline: false })).toBe('refuse');
    expect(row(bad, undefined, false, { offlineUnknown: true })).toBe('refuse');
    expect(row(undefined, undefined, false)).toBe('refuse');
    expect(row(undefined, undefined, false, { offlineUnknown: true })).toBe('start');
  });

  it('the list has priority over the cache', () => {
    expect(row(bad, good, false)).toBe('refuse');
    expect(row(bad, good, false, { localListEnabled: false })).toBe('start');
    expect(row(undefined, good, false, { cacheEnabled: false })).toBe('refuse');
  });

  it('a listed ConcurrentTx counts as valid while offline, a cached one does not', () => {
    expect(row({ status: 'ConcurrentTx' }, undefined, false)).toBe('start');
    expect(row(undefined, { status: 'ConcurrentTx' }, false)).toBe('refuse');
  });
});

describe('tokens', () => {
  it('are equal by value without case, and by type', () => {
    expect(sameToken(tag('abC1'), tag('ABc1'))).toBe(true);
    expect(sameToken(tag('1'), { value: '1', type: 'ISO14443' })).toBe(false);
  });

  it('are one group only by their groups', () => {
    expect(sameGroup(tag('P'), tag('p'))).toBe(true);
    expect(sameGroup(undefined, undefined)).toBe(false);
  });
});

describe('local list', () => {
  it('full replaces, differential adds, changes and deletes', () => {
    const list = new LocalList();
    expect(
      list.update(
        'Full',
        1,
        [
          { token: tag('A'), info: good },
          { token: tag('B'), info: bad },
        ],
        LIMITS,
      ),
    ).toBe('Accepted');
    expect(list.update('Differential', 2, [{ token: tag('a') }, { token: tag('C'), info: good }], LIMITS)).toBe(
      'Accepted',
    );
    expect([list.find(tag('A')), list.find(tag('B')), list.find(tag('c')), list.version]).toEqual([
      undefined,
      bad,
      good,
      2,
    ]);
    expect(list.update('Full', 1, [], LIMITS)).toBe('Accepted');
    expect([list.size, list.version]).toEqual([0, 1]);
  });

  it('refuses old versions, duplicates, too many and incomplete entries, and stays as it was', () => {
    const list = new LocalList();
    list.update('Full', 5, [{ token: tag('A'), info: good }], LIMITS);
    expect(list.update('Differential', 5, [], LIMITS)).toBe('VersionMismatch');
    expect(list.update('Full', 0, [], LIMITS)).toBe('Failed');
    expect(list.update('Full', 6, [{ token: tag('A') }], LIMITS)).toBe('Failed');
    expect(
      list.update(
        'Full',
        6,
        [
          { token: tag('a'), info: good },
          { token: tag('A'), info: good },
        ],
        LIMITS,
      ),
    ).toBe('Failed');
    const three = ['1', '2', '3'].map((v) => ({ token: tag(v), info: good }));
    expect(list.update('Full', 6, three, LIMITS)).toBe('Failed');
    expect(list.update('Differential', 6, three.slice(0, 2), LIMITS)).toBe('Accepted');
    expect(list.update('Differential', 7, [{ token: tag('4'), info: good }], LIMITS)).toBe('Failed');
    expect([list.version, list.size]).toEqual([6, 3]);
  });

  it('survives a restart', () => {
    const list = new LocalList();
    list.update('Full', 5, [{ token: tag('A'), info: good }], LIMITS);
    const again = new LocalList();
    again.restore(JSON.parse(JSON.stringify(list)));
    expect([again.version, again.find(tag('a'))]).toEqual([5, good]);
  });
});

describe('authorization cache', () => {
  it('drops invalid entries first, then the oldest', () => {
    const cache = new AuthorizationCache(2);
    cache.put(tag('A'), good, NOW);
    cache.put(tag('B'), bad, NOW);
    cache.put(tag('C'), good, NOW);
    expect(cache.find(tag('B'), NOW)).toBeUndefined();
    cache.put(tag('D'), good, NOW);
    expect([cache.find(tag('A'), NOW), cache.find(tag('C'), NOW)?.status, cache.size]).toEqual([
      undefined,
      'Accepted',
      2,
    ]);
  });

  it('tells an entry past its expiry date as Expired', () => {
    const cache = new AuthorizationCache(2);
    cache.put(tag('A'), { status: 'Accepted', expiryMs: NOW + 1 }, NOW);
    expect(cache.find(tag('A'), NOW)?.status).toBe('Accepted');
    expect(cache.find(tag('A'), NOW + 1)?.status).toBe('Expired');
  });
});
