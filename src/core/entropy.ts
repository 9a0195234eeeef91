import { randomBytes } from 'node:crypto';
import type { Random } from './random.ts';

/** Where the bytes of keys, serial numbers, IVs and nonces come from; injected like the clock. */
export type Entropy = (length: number) => Uint8Array;

/** The machine's cryptographic source. The only one for keys that protect anything. */
export const systemEntropy: Entropy = (length) => new Uint8Array(randomBytes(length));

/** Bytes that a seed repeats: for virtual time and tests only, whoever knows the seed knows the keys. */
export function seededEntropy(random: Random): Entropy {
  return (length) => random.bytes(length);
}
