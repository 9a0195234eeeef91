import type { Clock } from '../../core/clock.ts';
import { CompoteError } from '../../core/errors.ts';

/** Services that a demo can have. */
export type DemoService = 'trust' | 'csms' | 'station' | 'everest' | 'hub' | 'emp';

/** What a demo acts on: services by their REST, as any user could with `curl`. */
export interface DemoWorld {
  readonly clock: Clock;
  /** Where a demo may keep files of its own. */
  readonly folder: string;
  /** Calls a service below `/api/v1`, or at `/pnc_api`; throws the service's own problem. */
  call(service: DemoService, method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<unknown>;
}

/** Tells the user what happens; `station` groups what belongs together. */
export type Narrator = (station: string, text: string) => void;

export interface Demo {
  readonly name: string;
  /** One sentence for `compote demo --help`. */
  readonly summary: string;
  /** In the order of their start. */
  readonly services: readonly DemoService[];
  /** Keys of the configuration as `key=value`. */
  readonly settings?: readonly string[];
  /** Whose messages are shown, and which (filter language; empty: all). */
  readonly shows: Readonly<Partial<Record<DemoService, string>>>;
  run(world: DemoWorld, tell: Narrator): Promise<void>;
}

const ASK_AGAIN_MS = 100;

/** Looks until it is so. @throws PEER_TIMEOUT with what was waited for */
export async function waitFor<T>(
  world: DemoWorld,
  what: string,
  limitMs: number,
  look: () => Promise<T>,
  holds: (seen: T) => boolean,
): Promise<T> {
  const end = world.clock.monotonic() + limitMs;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (world.clock.monotonic() > end)
      throw new CompoteError('PEER_TIMEOUT', { detail: `waited ${limitMs / 1000} s for: ${what}` });
    await world.clock.sleep(ASK_AGAIN_MS);
  }
}
