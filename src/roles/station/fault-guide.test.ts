import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Command, runCommand } from './commands.ts';
import { HandCsms } from './testing/hand-csms.ts';

const guide = readFileSync(new URL('../../../docs/guides/station-simulator.md', import.meta.url), 'utf8');
const examples = [...guide.matchAll(/`(\{"type":.*?\})`/g)].map(([, text = '']) => text);

describe('the table of faults in the guide', () => {
  it('has examples of every layer', () => {
    expect(examples.length).toBeGreaterThan(35);
  });

  it.each(examples)('a station takes %s', async (text) => {
    const csms = new HandCsms({ version: '2.0.1' });
    await csms.boot();
    runCommand(csms.station, JSON.parse(text) as Command);
    await csms.clock.settle();
    csms.station.stop();
  });
});
