import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import type { FilePort } from './transfer.ts';

/** The smallest and the largest share of the usual time that a transfer takes. */
const FASTEST = 0.5;
const SLOWEST = 3;

/**
 * Transfers that only take their time: a fleet that is told to update does not pull a thousand files, and no two stations
 * are ready at the same moment. Signatures count as good, because there is nothing to compare.
 *
 * @param usualMs what a transfer takes on average conditions; each takes half to three times as long
 */
export function simulatedFiles(clock: Clock, random: Random, usualMs: number): FilePort {
  return {
    waitsOnClock: true,
    run: ({ verify, content }) =>
      new Promise((resolve) => {
        clock.after(usualMs * random.between(FASTEST, SLOWEST), () =>
          resolve({ ok: true, bytes: content?.length ?? 0, ...(verify === undefined ? {} : { signatureOk: true }) }),
        );
      }),
  };
}
