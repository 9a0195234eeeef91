import type { Clock } from '../../core/clock.ts';
import { CompoteError } from '../../core/errors.ts';

/** Services that a demo can need. */
export type DemoService = 'trust' | 'csms' | 'station' | 'everest' | 'hub' | 'emp';

/** What a demo acts on: the services of the running world by their REST, as any user could with `curl`. */
export interface DemoWorld {
  /** The machine's time: cars and meters may run faster. */
  readonly clock: Clock;
  /** Where a demo may keep files of its own. */
  readonly folder: string;
  /** Aborted when the run is to stop. */
  readonly signal: AbortSignal;
  /** Calls a service below `/api/v1`, or at `/pnc_api`; throws the service's own problem. */
  call(service: DemoService, method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<unknown>;
}

/** How a session of a demo is found in the journal: by its OCPP transaction, or by its OICP SessionID. */
export type SessionRef = { readonly station: string; readonly transactionId: string } | { readonly sessionId: string };

/** Where a demo plays. */
export interface Stage {
  /** One of the declared steps: shown as active, then done or failed. */
  step<T>(id: string, play: () => Promise<T>): Promise<T>;
  /** A sentence for the user; `party` groups what belongs together. */
  tell(party: string, text: string): void;
  /** A session that this run made. */
  session(ref: SessionRef): void;
}

export interface DemoStep {
  readonly id: string;
  readonly title: string;
  /** What happens in it, in one sentence. */
  readonly says: string;
}

/** A fault that a demo plants on purpose, and the rule that must find it. */
export interface PlantedFault {
  readonly rule: string;
  readonly party: string;
  readonly title: string;
  /** What was done, and how a real station comes to do it. */
  readonly says: string;
}

/** Why a demo cannot run in this world. */
export interface Missing {
  readonly kind: 'service' | 'setting' | 'state';
  /** The service, the key of the configuration, or the station. */
  readonly name: string;
  readonly text: string;
  readonly hint: string;
}

export interface Demo {
  readonly id: string;
  readonly title: string;
  /** One sentence: what it shows. */
  readonly summary: string;
  /** In the order of their start. */
  readonly services: readonly DemoService[];
  /** Settings of a world that is started for this demo alone, as `key=value`. */
  readonly settings?: readonly string[];
  /** The messages that tell the story (filter language). */
  readonly shows?: string;
  readonly steps: readonly DemoStep[];
  readonly planted?: readonly PlantedFault[];
  /** Asked when its services answer. */
  missing?(world: DemoWorld): Promise<readonly Missing[]>;
  run(world: DemoWorld, stage: Stage): Promise<void>;
  /** Puts the world back after a run that failed or was stopped; must not throw for what is already in order. */
  tidy(world: DemoWorld): Promise<void>;
}

const ASK_AGAIN_MS = 100;
/** Cars of a running world may charge in real time: 50 Wh take a quarter of a minute at 11 kW. */
const PATIENCE_MS = 60_000;

/** Looks until it is so. @throws PEER_TIMEOUT with what was waited for; CONFLICT when the run is stopped */
export async function waitFor<T>(
  world: DemoWorld,
  what: string,
  look: () => Promise<T>,
  holds: (seen: T) => boolean,
): Promise<T> {
  const end = world.clock.monotonic() + PATIENCE_MS;
  for (;;) {
    if (world.signal.aborted) throw new CompoteError('CONFLICT', { detail: 'the demo was stopped' });
    const seen = await look();
    if (holds(seen)) return seen;
    if (world.clock.monotonic() > end)
      throw new CompoteError('PEER_TIMEOUT', { detail: `waited ${PATIENCE_MS / 1000} s for: ${what}` });
    await world.clock.sleep(ASK_AGAIN_MS);
  }
}
