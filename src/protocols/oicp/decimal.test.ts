import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from './decimal.ts';

const decimal = (text: string): Decimal => {
  const value = Decimal.parse(text);
  if (value === undefined) throw new Error(`${text} is a decimal`);
  return value;
};

describe('decimals', () => {
  it('tenths add up exactly', () => {
    expect(decimal('0.1').plus(decimal('0.2')).toString()).toBe('0.3');
    expect(decimal('1012.750').minus(decimal('1000.5')).toString()).toBe('12.250');
    expect(decimal('0.39').times(decimal('12.25')).toString()).toBe('4.7775');
  });

  it.each([
    ['12.50', '12.50'],
    ['-0.001', '-0.001'],
    ['1.5e3', '1500'],
    ['1.5E-3', '0.0015'],
    ['007', '7'],
  ])('%s is written %s', (text, written) => {
    expect(decimal(text).toString()).toBe(written);
  });

  it.each(['', '.', '1.', '.5', '+1', '1,5', 'NaN', '1e99', ' 1', `0.${'1'.repeat(31)}`])('%s is none', (text) => {
    expect(Decimal.parse(text)).toBeUndefined();
  });

  it('halves are rounded away from zero', () => {
    expect(decimal('1.0005').rounded(3).toString()).toBe('1.001');
    expect(decimal('-1.0005').rounded(3).toString()).toBe('-1.001');
    expect(decimal('1.0004').rounded(3).toString()).toBe('1.000');
    expect(decimal('12.2505').toWh()).toBe(12_251);
    expect(Decimal.kWhOfWh(12_250).toString()).toBe('12.250');
  });

  it('1.0 equals 1.00, and order is that of the numbers', () => {
    expect(decimal('1.0').equals(decimal('1.00'))).toBe(true);
    expect(decimal('-2').compare(decimal('-1.999'))).toBe(-1);
  });

  const thousandths = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });

  it('a sum in any order is the sum of the thousandths', () => {
    fc.assert(
      fc.property(fc.array(thousandths, { maxLength: 20 }), (values) => {
        const sum = values.reduce((total, value) => total.plus(Decimal.of(value, 3)), Decimal.ZERO);
        expect(
          sum.equals(
            Decimal.of(
              values.reduce((total, value) => total + value, 0n),
              3,
            ),
          ),
        ).toBe(true);
      }),
    );
  });

  it('text and JSON number of up to 15 digits lead back to the same decimal', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 15n) + 1n, max: 10n ** 15n - 1n }), fc.nat(6), (unscaled, scale) => {
        const value = Decimal.of(unscaled, scale);
        expect(decimal(value.toString())).toEqual(value);
        expect(Decimal.ofNumber(JSON.parse(value.toString())).equals(value)).toBe(true);
      }),
    );
  });

  it('what is not a number is refused', () => {
    expect(() => Decimal.ofNumber(Number.NaN)).toThrow(RangeError);
    expect(() => Decimal.ofNumber(1e300)).toThrow(RangeError);
  });
});
