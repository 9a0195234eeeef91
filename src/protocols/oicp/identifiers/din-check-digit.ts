/**
 * The check digit of contract ids by DIN SPEC 91286: letters become two digits (A is 10, Z is 35), the digits are weighed
 * with 1, 2, 4, 8 … from the left, and the sum modulo 11 is the digit, with X for 10.
 */
export function dinCheckDigit(identifier: string): string {
  let sum = 0;
  // Weights modulo 11: powers of two repeat every 10 places, and a long text must not leave the safe integers.
  let weight = 1;
  for (const char of identifier) {
    const value = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'.indexOf(char);
    if (value < 0) throw new RangeError(`"${identifier}" has characters other than A-Z and 0-9`);
    for (const digit of String(value)) {
      sum += Number(digit) * weight;
      weight = (weight * 2) % 11;
    }
  }
  const remainder = sum % 11;
  return remainder === 10 ? 'X' : String(remainder);
}
