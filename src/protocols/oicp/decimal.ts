/**
 * An exact decimal number: an integer and how many of its digits are decimals. Energy and money are added and compared
 * in it, so that 0.1 + 0.2 is 0.3. The scale is kept: `12.50` stays `12.50` when written again.
 */
export class Decimal {
  readonly unscaled: bigint;
  readonly scale: number;

  private constructor(unscaled: bigint, scale: number) {
    this.unscaled = unscaled;
    this.scale = scale;
  }

  static readonly ZERO = new Decimal(0n, 0);

  /** `unscaled` × 10^-`scale`: `Decimal.of(12250n, 3)` is 12.250. */
  static of(unscaled: bigint, scale = 0): Decimal {
    if (!Number.isInteger(scale) || scale < 0 || scale > MAX_SCALE) {
      throw new RangeError(`A scale is a whole number from 0 to ${MAX_SCALE}, not ${scale}`);
    }
    return new Decimal(unscaled, scale);
  }

  /**
   * Reads a decimal or JSON number text (`12.5`, `-0.001`, `1.5e3`); `undefined` when it is none, or has more than
   * 30 decimals or digits before the point.
   */
  static parse(text: string): Decimal | undefined {
    const match = FORM.exec(text);
    if (match === null) return undefined;
    const [, sign = '', whole = '', fraction = '', exponentText = '0'] = match;
    const exponent = Number(exponentText);
    if (Math.abs(exponent) > MAX_SCALE || whole.length > MAX_SCALE || fraction.length > MAX_SCALE) return undefined;
    const digits = BigInt(`${sign}${whole}${fraction}`);
    const scale = fraction.length - exponent;
    if (scale > MAX_SCALE) return undefined;
    return scale >= 0 ? new Decimal(digits, scale) : new Decimal(digits * 10n ** BigInt(-scale), 0);
  }

  /**
   * The decimal that a JSON number means: the shortest text that reads back as this number, which is what the sender
   * wrote as long as it has no more than 15 digits.
   */
  static ofNumber(value: number): Decimal {
    const decimal = Number.isFinite(value) ? Decimal.parse(String(value)) : undefined;
    if (decimal === undefined) throw new RangeError(`${value} is not a decimal number of at most 30 digits`);
    return decimal;
  }

  /** kWh of a whole number of Wh. */
  static kWhOfWh(energyWh: number | bigint): Decimal {
    return new Decimal(BigInt(energyWh), 3);
  }

  plus(other: Decimal): Decimal {
    const scale = Math.max(this.scale, other.scale);
    return new Decimal(this.#at(scale) + other.#at(scale), scale);
  }

  minus(other: Decimal): Decimal {
    return this.plus(other.negated());
  }

  times(other: Decimal): Decimal {
    return new Decimal(this.unscaled * other.unscaled, this.scale + other.scale);
  }

  negated(): Decimal {
    return new Decimal(-this.unscaled, this.scale);
  }

  abs(): Decimal {
    return this.unscaled < 0n ? this.negated() : this;
  }

  /** Negative, zero or positive as this is less than, equal to or greater than `other`. `1.0` equals `1.00`. */
  compare(other: Decimal): number {
    const scale = Math.max(this.scale, other.scale);
    const difference = this.#at(scale) - other.#at(scale);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  equals(other: Decimal): boolean {
    return this.compare(other) === 0;
  }

  isNegative(): boolean {
    return this.unscaled < 0n;
  }

  /** With at most `decimals` decimals, halves away from zero. */
  rounded(decimals: number): Decimal {
    if (decimals >= this.scale) return this;
    const divisor = 10n ** BigInt(this.scale - decimals);
    const half = divisor / 2n;
    const shifted = this.unscaled < 0n ? this.unscaled - half : this.unscaled + half;
    return new Decimal(shifted / divisor, decimals);
  }

  /** Whole Wh of a number of kWh, rounded. */
  toWh(): number {
    return Number(this.rounded(3).#at(3));
  }

  /** For a JSON body; exact up to 15 digits. */
  toNumber(): number {
    return Number(this.toString());
  }

  /** Plain notation with all decimals of the scale. */
  toString(): string {
    const negative = this.unscaled < 0n;
    const digits = (negative ? -this.unscaled : this.unscaled).toString().padStart(this.scale + 1, '0');
    const point = digits.length - this.scale;
    const text = this.scale === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
    return negative ? `-${text}` : text;
  }

  #at(scale: number): bigint {
    return this.unscaled * 10n ** BigInt(scale - this.scale);
  }
}

/** Bounds the work that a hostile number text can cause. */
const MAX_SCALE = 30;
const FORM = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,3}))?$/;
