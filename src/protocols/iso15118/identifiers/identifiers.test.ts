import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FOREIGN_VECTORS, foreignJson } from '../testing/foreign-vectors.ts';
import { EMAID } from '../testing/sample-dialogue.ts';
import { checkCharacter } from './check-character.ts';
import {
  compactEmaid,
  emaidCheckCharacter,
  emaidOwner,
  evcoIdOf,
  isEmaidConsistent,
  parseEmaid,
  requireEmaid,
  sameEmaid,
} from './emaid.ts';
import { compactPcid, isPcidConsistent, parsePcid, pcidCheckCharacter, requirePcid } from './pcid.ts';

const CHARACTERS = Array.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ');
const LETTERS = CHARACTERS.slice(10);
const chars = (from: string[], length: number) =>
  fc.array(fc.constantFrom(...from), { minLength: length, maxLength: length }).map((list) => list.join(''));
const emaid14 = fc.tuple(chars(LETTERS, 2), chars(CHARACTERS, 12)).map(([a, b]) => a + b);

describe('EMAID', () => {
  it.each([
    ['DE83DUIEN83QGZ', 'D'],
    ['NLTNM000122045', 'U'],
    ['NLTNMC00122045', 'K'],
  ])('%s has the published check character %s', (core, check) => {
    expect(emaidCheckCharacter(requireEmaid(core))).toBe(check);
  });

  it('is read in any case and with hyphens, and written without', () => {
    expect(parseEmaid('de-8aa-c12345678-v')).toEqual({
      country: 'DE',
      provider: '8AA',
      instance: 'C12345678',
      checkCharacter: 'V',
    });
    expect(compactEmaid(requireEmaid(' de-8aa-c12345678 '))).toBe('DE8AAC12345678');
    expect(emaidOwner(requireEmaid('DE8AAC12345678'))).toBe('DE8AA');
  });

  it('of our samples ends in the check character that belongs to it', () => {
    expect(isEmaidConsistent(requireEmaid(EMAID))).toBe(true);
  });

  it.each(['', 'DE8AAC1234567', 'DE8AAC1234567890', 'D18AAC12345678', 'DE8AAC1234_678', 'DE*8AA*C12345678'])(
    '"%s" is none',
    (text) => {
      expect(parseEmaid(text)).toBeUndefined();
      expect(() => requireEmaid(text)).toThrow(expect.objectContaining({ code: 'EMAID_INVALID' }));
    },
  );

  it('names the same account with and without check character, not with different ones', () => {
    expect(sameEmaid('NL-TNM-C00122045', 'nltnmc00122045k')).toBe(true);
    expect(sameEmaid('NLTNMC00122045K', 'NLTNMC00122045L')).toBe(false);
    expect(sameEmaid('NLTNMC00122045K', 'NLTNMC00122046')).toBe(false);
    expect(sameEmaid('no', 'no')).toBe(false);
  });

  it('gets its check character for OICP and tells when the instance does not start with C', () => {
    expect(evcoIdOf(requireEmaid('NL-TNM-C00122045'))).toEqual({ evcoId: 'NLTNMC00122045K', startsWithC: true });
    expect(evcoIdOf(requireEmaid('NLTNM000122045'))).toEqual({ evcoId: 'NLTNM000122045U', startsWithC: false });
  });

  it('reveals every single wrong character and every swap of neighbours', () => {
    fc.assert(
      fc.property(emaid14, fc.nat(14), fc.constantFrom(...CHARACTERS), (core, at, other) => {
        const whole = Array.from(core + checkCharacter(core));
        const holds = (text: string[]) => checkCharacter(text.slice(0, 14).join('')) === text[14];
        const changed = whole.with(at, other);
        expect(holds(changed)).toBe(other === whole[at]);
        const left = whole[at];
        const right = whole[at + 1];
        if (left === undefined || right === undefined) return;
        expect(holds(whole.with(at, right).with(at + 1, left))).toBe(left === right);
      }),
      { numRuns: 3_000, seed: 15118 },
    );
  });

  it('is consistent exactly with its own check character or none', () => {
    fc.assert(
      fc.property(emaid14, fc.constantFrom(...CHARACTERS), (core, check) => {
        expect(isEmaidConsistent(requireEmaid(core))).toBe(true);
        expect(isEmaidConsistent(requireEmaid(core + check))).toBe(check === checkCharacter(core));
      }),
      { numRuns: 500, seed: 15118 },
    );
  });
});

describe('PCID', () => {
  it('is 17 or 18 letters and digits that start with the manufacturer', () => {
    expect(parsePcid('wmi12345671234567x')).toEqual({ wmi: 'WMI', serial: '12345671234567', checkCharacter: 'X' });
    expect(compactPcid(requirePcid('WMI-12345671234567'))).toBe('WMI12345671234567');
    expect(parsePcid('WMI1234567123456')).toBeUndefined();
    expect(parsePcid('WMI1234567123456789')).toBeUndefined();
    expect(() => requirePcid('WMI')).toThrow(expect.objectContaining({ code: 'PCID_INVALID' }));
  });

  it('is consistent with the check character computed for it', () => {
    const pcid = requirePcid('WMI12345671234567');
    expect(isPcidConsistent(pcid)).toBe(true);
    const check = pcidCheckCharacter(pcid);
    expect(isPcidConsistent(requirePcid(compactPcid(pcid) + check))).toBe(true);
    expect(isPcidConsistent(requirePcid(compactPcid(pcid) + (check === 'A' ? 'B' : 'A')))).toBe(false);
  });
});

describe.skipIf(!FOREIGN_VECTORS)('check characters published by others (set COMPOTE_VECTORS)', () => {
  it('are all computed the same here', () => {
    const vectors = foreignJson('emaid-check-digit.json') as { emaid14: string; checkDigit: string }[];
    expect(vectors.length).toBeGreaterThan(3);
    for (const { emaid14: core, checkDigit } of vectors) expect(checkCharacter(core), core).toBe(checkDigit);
  });
});
