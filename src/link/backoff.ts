import type { Random } from '../core/random.ts';

export interface BackoffPolicy {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** Waiting time before the next try, `attempts` tries having failed: doubling, with jitter between half and the whole. */
export function backoffMs(attempts: number, { firstMs, maxMs }: BackoffPolicy, random: Random): number {
  const whole = Math.min(maxMs, firstMs * 2 ** Math.min(30, Math.max(0, attempts - 1)));
  return Math.round(random.between(whole / 2, whole));
}
