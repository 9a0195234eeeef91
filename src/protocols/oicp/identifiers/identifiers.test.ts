import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCharacter } from '../../iso15118/identifiers/check-character.ts';
import { dinCheckDigit } from './din-check-digit.ts';
import {
  canonicalEvcoId,
  evcoIdCheckCharacter,
  isEvcoIdConsistent,
  isoEvcoIdText,
  parseEvcoId,
  providerOfEvcoId,
  sameEvcoId,
} from './evco-id.ts';
import { evseIdText, operatorOfEvseId, parseEvseId, sameEvseId } from './evse-id.ts';
import { parseOperatorId, sameOperatorId } from './operator-id.ts';
import { parseProviderId, sameProviderId } from './provider-id.ts';
import { isSessionId, sameSessionId } from './session-id.ts';
import { canonicalUid, uidOfTokenText } from './uid.ts';

const CHARACTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const letters = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'), minLength: length, maxLength: length });
const alphanumerics = (minLength: number, maxLength = minLength) =>
  fc.string({ unit: fc.constantFrom(...CHARACTERS), minLength, maxLength });
const digits = (minLength: number, maxLength = minLength) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength, maxLength });
const anyCase = (text: string) =>
  fc
    .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
    .map((lower) => [...text].map((char, i) => (lower[i] ? char.toLowerCase() : char)).join(''));

describe('operator ids', () => {
  it.each([
    ['DE*A36', 'ISO', 'DEA36'],
    ['DEA36', 'ISO', 'DEA36'],
    ['de*a36', 'ISO', 'DEA36'],
    ['+49*536', 'DIN', '+49*536'],
    ['49*536', 'DIN', '+49*536'],
  ])('%s is %s', (text, standard, canonical) => {
    expect(parseOperatorId(text)).toMatchObject({ standard, canonical, raw: text });
  });

  it.each(['DE-A36', 'DE*A3', 'DE*A367', '+49536', '+49*53', 'D*A36', '', '*'])('%s is none', (text) => {
    expect(parseOperatorId(text)).toBeUndefined();
  });

  it('all writings of one id are the same, and ids of other operators are not', () => {
    fc.assert(
      fc.property(letters(2), alphanumerics(3), alphanumerics(3), (country, one, other) => {
        expect(sameOperatorId(`${country}*${one}`, `${country}${one}`.toLowerCase())).toBe(true);
        expect(sameOperatorId(`${country}*${one}`, `${country}*${other}`)).toBe(one === other);
      }),
    );
  });
});

describe('provider ids', () => {
  it.each(['DE8EO', 'DE-8EO', 'DE*8EO', 'de-8eo'])('%s is DE8EO', (text) => {
    expect(parseProviderId(text)).toMatchObject({ canonical: 'DE8EO', country: 'DE', provider: '8EO', raw: text });
    expect(sameProviderId(text, 'DE-8EO')).toBe(true);
  });

  it.each(['DE|8EO', 'DE8EOxyz', '*', 'D-8EO', 'DE--8EO'])('%s is none', (text) => {
    expect(parseProviderId(text)).toBeUndefined();
  });
});

describe('EVSE ids', () => {
  it.each([
    ['DE*ABC*E1*1', 'DEABCE11', 'DEABC'],
    ['DEABCE11', 'DEABCE11', 'DEABC'],
    ['de*abc*e1*1', 'DEABCE11', 'DEABC'],
    ['+49*536*1*1', '+49*536*1*1', '+49*536'],
    ['49*536*1*1', '+49*536*1*1', '+49*536'],
  ])('%s is %s of %s', (text, canonical, operator) => {
    expect(parseEvseId(text)).toMatchObject({ canonical, raw: text });
    expect(operatorOfEvseId(text)).toBe(operator);
  });

  it.each(['DE*ABC*1*1', 'DE*ABC*E', 'DE-DCB-C12345678-X', '+49*536', '+49*536*E1', `DE*ABC*E${'1'.repeat(31)}`])(
    '%s is none',
    (text) => {
      expect(parseEvseId(text)).toBeUndefined();
      expect(operatorOfEvseId(text)).toBeUndefined();
    },
  );

  it('an id written from its parts reads back as them, in any case', () => {
    const outlet = fc.string({ unit: fc.constantFrom(...CHARACTERS, '*'), minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(
        letters(2),
        alphanumerics(3),
        outlet,
        fc.infiniteStream(fc.boolean()),
        (country, operator, rest, lower) => {
          const text = evseIdText(`${country}*${operator}`, rest);
          const read = parseEvseId(text);
          expect(read?.operator.canonical).toBe(country + operator);
          expect(read?.outlet).toBe(rest);
          const mixed = [...text].map((char) => (lower.next().value ? char.toLowerCase() : char)).join('');
          expect(sameEvseId(mixed, text)).toBe(true);
        },
      ),
    );
  });

  it('an id written from DIN parts reads back as them', () => {
    const outlet = fc.string({ unit: fc.constantFrom(...'0123456789*'), minLength: 1, maxLength: 32 });
    fc.assert(
      fc.property(digits(1, 3), digits(3), outlet, (country, operator, rest) => {
        const read = parseEvseId(evseIdText(`+${country}*${operator}`, rest));
        expect(read).toMatchObject({ standard: 'DIN', outlet: rest });
        expect(read?.operator.canonical).toBe(`+${country}*${operator}`);
      }),
    );
  });
});

describe('contract ids', () => {
  it('ISO and DIN forms are told apart, and name their provider', () => {
    expect(parseEvcoId('DE-DCB-C12345678-X')).toMatchObject({
      standard: 'ISO',
      canonical: 'DEDCBC12345678X',
      instance: 'C12345678',
      checkCharacter: 'X',
    });
    expect(parseEvcoId('DE*DCB*123456*X')).toMatchObject({ standard: 'DIN', instance: '123456', checkCharacter: 'X' });
    expect(providerOfEvcoId('de-dcb-c12345678-x')).toBe('DEDCB');
    expect(providerOfEvcoId('DE*DCB*123456*X')).toBe('DEDCB');
    expect(sameEvcoId('dedcbc12345678x', 'DE-DCB-C12345678-X')).toBe(true);
  });

  it.each(['DE-DCB-X12345678-X', 'DE*DCB*C12345678*X', 'DE|DCB|123456|X', 'DE-DCB-123456-A', 'DE*ABC*E1*1', ''])(
    '%s is none',
    (text) => {
      expect(parseEvcoId(text)).toBeUndefined();
    },
  );

  it('a contract of a certificate without check character is the same as the id with it', () => {
    fc.assert(
      fc.property(letters(2), alphanumerics(3), alphanumerics(8), (country, provider, rest) => {
        const bare = `${country}${provider}C${rest}`;
        expect(sameEvcoId(bare, `${bare}${checkCharacter(bare)}`)).toBe(true);
      }),
    );
  });

  it.each([
    ['DE83DUIEN83QGZ', 'D'],
    ['NLTNM000122045', 'U'],
    ['NLTNMC00122045', 'K'],
  ])('the published check character of %s is %s', (id, check) => {
    expect(checkCharacter(id)).toBe(check);
  });

  it('the ISO check character finds every wrong character and every swap of neighbours', () => {
    fc.assert(
      fc.property(alphanumerics(14), fc.nat(13), fc.constantFrom(...CHARACTERS), (id, place, other) => {
        const changed = id.slice(0, place) + other + id.slice(place + 1);
        expect(checkCharacter(changed) === checkCharacter(id)).toBe(changed === id);
        const [a = '', b = ''] = [id[place], id[place + 1]];
        const swapped = id.slice(0, place) + b + a + id.slice(place + 2);
        expect(checkCharacter(swapped) === checkCharacter(id)).toBe(swapped === id);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['INTNM000071', '9'],
    ['INTNM000110', 'X'],
    ['INTNM000124', '0'],
    ['INTNM000114', '6'],
    ['INTNM000191', '5'],
    ['NLTNM012204', '5'],
  ])('the published DIN check digit of %s is %s', (id, digit) => {
    expect(dinCheckDigit(id)).toBe(digit);
  });

  it('a right and a wrong check character are told apart in both forms', () => {
    for (const [right, wrong] of [
      ['NL-TNM-C00122045-K', 'NL-TNM-C00122045-L'],
      ['NL-TNM-012204-5', 'NL-TNM-012204-6'],
    ] as const) {
      const id = parseEvcoId(right);
      const other = parseEvcoId(wrong);
      if (id === undefined || other === undefined) throw new Error('both are contract ids');
      expect(isEvcoIdConsistent(id)).toBe(true);
      expect(isEvcoIdConsistent(other)).toBe(false);
      expect(evcoIdCheckCharacter(other)).toBe(id.checkCharacter);
    }
  });

  it('a DIN contract has an ISO name (published example)', () => {
    const id = parseEvcoId('NL-TNM-012204-5');
    expect(id && isoEvcoIdText(id)).toBe('NL-TNM-C00122045-K');
  });

  it('the form with separators reads back as the same contract', () => {
    fc.assert(
      fc.property(letters(2), alphanumerics(3), alphanumerics(8), (country, provider, rest) => {
        const id = parseEvcoId(`${country}${provider}C${rest}`);
        if (id === undefined) throw new Error('it is a contract id');
        expect(canonicalEvcoId(isoEvcoIdText(id))).toBe(id.canonical);
      }),
    );
  });
});

describe('session ids and card ids', () => {
  it('a session id has a GUID’s shape, in any case', () => {
    expect(isSessionId('3b129fb6-c4af-476e-8bec-6e307c8e5d25')).toBe(true);
    expect(isSessionId('3b129fb6c4af476e8bec6e307c8e5d25')).toBe(false);
    expect(isSessionId('string')).toBe(false);
    expect(sameSessionId('3B129FB6-c4af-476e-8bec-6e307c8e5d25', '3b129fb6-C4AF-476e-8bec-6e307c8e5d25')).toBe(true);
  });

  it.each(['044a2daa', '044A2DAA856280', '044A2DAA85628000FFEE'])('%s is a UID', (text) => {
    expect(canonicalUid(text)).toBe(text.toUpperCase());
  });

  it.each(['AFFH1768', '12345ABCD', '', '044A2DAA8562'])('%s is none (two of them are published examples)', (text) => {
    expect(canonicalUid(text)).toBeUndefined();
  });

  it('a token text with separators is the UID without them', () => {
    expect(uidOfTokenText('04:4a:2d:aa:85:62:80')).toBe('044A2DAA856280');
    expect(uidOfTokenText('VID:001122')).toBeUndefined();
  });

  it('a UID in any case is the same card', () => {
    const hex = fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF'), minLength: 14, maxLength: 14 });
    fc.assert(
      fc.property(
        hex.chain((text) => anyCase(text)),
        (text) => canonicalUid(text) === text.toUpperCase(),
      ),
    );
  });
});
