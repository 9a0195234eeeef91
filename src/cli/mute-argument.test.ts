import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { muteArgument } from './mute-argument.ts';

const folder = mkdtempSync(join(tmpdir(), 'compote-mutes-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (text: string): string => {
  const path = join(folder, 'mutes.json');
  writeFileSync(path, text);
  return `@${path}`;
};

describe('--mute', () => {
  it('takes a rule, a rule of a party, and adds up', () => {
    const both = muteArgument('B@CS-1', muteArgument('A', []));
    expect(both).toMatchObject([{ rule: 'A' }, { rule: 'B', party: 'CS-1' }]);
    expect(() => muteArgument('A@', [])).toThrow('RULE@PARTY');
  });

  it('takes what a service has muted, without the mutes of single messages', () => {
    const items = [
      { id: '1', rule: 'A', reason: 'known', createdAt: 1, expiresAt: 5 },
      { id: '2', rule: 'A', seq: 7, reason: 'this one' },
    ];
    expect(muteArgument(file(JSON.stringify({ items })), [])).toEqual([
      { id: '1', rule: 'A', reason: 'known', createdAt: 1, expiresAt: 5 },
    ]);
    expect(muteArgument(file(JSON.stringify(items)), [])).toHaveLength(1);
    expect(() => muteArgument(file('{}'), [])).toThrow('GET /api/v1/findings/mutes');
    expect(() => muteArgument('@/none', [])).toThrow('cannot be read');
  });
});
