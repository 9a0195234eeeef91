import { expect, it } from 'vitest';
import { wordsOf } from './step-words.ts';

it.each([
  [{ do: 'plug', soCPercent: 30 }, 'plug, soCPercent 30'],
  [{ wait: { between: [60, 300] as const } }, 'wait 60 to 300 s'],
  [{ until: 'boot', data: { status: 'Accepted' }, within: 30 }, 'until boot, status Accepted, within 30 s'],
  [
    {
      expect: { 'evses/0/transaction/energyWh': { min: 5000 }, 'evses/0/transaction': { not: null } },
      within: '${limit}',
    },
    'expect evses/0/transaction/energyWh at least 5000, evses/0/transaction not null, within ${limit} s',
  ],
  [{ set: { token: '04A2' } }, 'set token 04A2'],
  [{ note: 'Now the night' }, 'Now the night'],
  [{ repeat: 3, steps: [{ wait: 1 }] }, 'repeat 3 times'],
])('%j reads as a sentence', (step, words) => {
  expect(wordsOf(step)).toBe(words);
});
