import { request } from 'undici';
import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { CsmsReader } from './adapter.ts';

const DEADLINE_MS = 5_000;

/** Reads the REST of the CSMS for reports; a report without it is a report with a gap, not an error. */
export class CsmsRest implements CsmsReader {
  readonly #address: () => string | undefined;
  readonly #clock: Clock;

  constructor(address: () => string | undefined, clock: Clock) {
    this.#address = address;
    this.#clock = clock;
  }

  async get(path: string): ReturnType<CsmsReader['get']> {
    const address = this.#address();
    if (address === undefined) return { problem: 'no CSMS is known: set `everest.csms`' };
    const abort = new AbortController();
    const timer = this.#clock.after(DEADLINE_MS, () => abort.abort(new Error('no answer within 5 s')));
    try {
      const { statusCode, body } = await request(`${address}/api/v1${path}`, { signal: abort.signal });
      const text = await body.text();
      if (statusCode === 404) return { problem: 'the CSMS does not know this station' };
      if (statusCode !== 200) return { problem: `the CSMS answered ${statusCode}` };
      return { body: JSON.parse(text) as unknown };
    } catch (cause) {
      return { problem: `the CSMS at ${address} cannot be read: ${messageOf(cause)}` };
    } finally {
      timer.cancel();
    }
  }
}
