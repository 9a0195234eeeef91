/**
 * The check character of EMAID (eMI3 / ISO 15118-2 Annex H, IDDRR Annex 1). Every character stands for a pair over
 * GF(2) and a pair over GF(3); position i weighs them with the i-th power of a matrix, and the weighted sums of the whole
 * identifier with its check character are zero. It finds every single wrong character and every swap of neighbours.
 */
const CHARACTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

type Pair = readonly [number, number];
type Matrix = readonly [Pair, Pair];

const BINARY: Matrix = [
  [0, 1],
  [1, 1],
];
const TERNARY: Matrix = [
  [0, 1],
  [1, 2],
];

function times([a, b]: Pair, [[c, d], [e, f]]: Matrix, modulus: number): Pair {
  return [(a * c + b * e) % modulus, (a * d + b * f) % modulus];
}

/** The weighted sum, by Horner's rule from the last character to the first. */
function weightedSum(pairs: readonly Pair[], matrix: Matrix, modulus: number): Pair {
  let sum: Pair = [0, 0];
  for (const [a, b] of pairs.toReversed()) {
    sum = times([(sum[0] + a) % modulus, (sum[1] + b) % modulus], matrix, modulus);
  }
  return sum;
}

function isBalanced(text: string): boolean {
  const numbers = Array.from(text, (char) => CHARACTERS.indexOf(char));
  const binary = numbers.map((n): Pair => [Math.floor(n / 18), Math.floor((n % 18) / 9)]);
  const ternary = numbers.map((n): Pair => [Math.floor((n % 9) / 3), n % 3]);
  const [a, b] = weightedSum(binary, BINARY, 2);
  const [c, d] = weightedSum(ternary, TERNARY, 3);
  return a === 0 && b === 0 && c === 0 && d === 0;
}

/** The check character of an identifier of A-Z and 0-9. There is always exactly one. */
export function checkCharacter(identifier: string): string {
  for (const candidate of CHARACTERS) if (isBalanced(identifier + candidate)) return candidate;
  throw new RangeError(`"${identifier}" has characters other than A-Z and 0-9`);
}
