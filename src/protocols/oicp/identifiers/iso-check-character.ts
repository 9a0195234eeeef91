/**
 * The check character of ISO contract ids (eMI3, ISO 15118-2 Annex H). A character's value 0..35 is split into two digits
 * modulo 2 and two modulo 3; place i weighs each pair with the i-th power of a matrix, and the sums with the check
 * character at place 15 are zero. It finds every wrong character and every swap of neighbours.
 */
const CHARACTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

type Pair = readonly [number, number];

/** Row vector times [[0,1],[1,k]], modulo m. */
const step = ([a, b]: Pair, k: number, m: number): Pair => [b % m, (a + k * b) % m];

/** The check character of the 14 characters A-Z and 0-9 of a contract id. */
export function checkCharacter(identifier: string): string {
  let binary: Pair = [0, 0];
  let ternary: Pair = [0, 0];
  // Horner's rule from the last place: each round multiplies all later places by the matrix once more.
  for (const char of [...identifier].reverse()) {
    const value = CHARACTERS.indexOf(char);
    if (value < 0) throw new RangeError(`"${identifier}" has characters other than A-Z and 0-9`);
    const [q1, q2] = [Math.floor(value / 18), Math.floor((value % 18) / 9)];
    const [r1, r2] = [Math.floor((value % 9) / 3), value % 3];
    binary = step([binary[0] + q1, binary[1] + q2], 1, 2);
    ternary = step([ternary[0] + r1, ternary[1] + r2], 2, 3);
  }
  // Place 15 weighs binary with the identity (order 3); the ternary matrix has order 8, so its inverse power is itself.
  const [q1, q2] = binary;
  const [t1, t2] = step(ternary, 2, 3);
  const [r1, r2] = [(3 - t1) % 3, (3 - t2) % 3];
  return CHARACTERS.charAt(q1 * 18 + q2 * 9 + r1 * 3 + r2);
}
