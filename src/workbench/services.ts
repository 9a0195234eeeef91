import type { Clock, Timer } from '../core/clock.ts';
import type { Runtime, ServiceName } from '../platform/service.ts';

/** The services that the workbench looks at, as people call them. */
export const WATCHED: readonly { readonly name: ServiceName; readonly title: string }[] = [
  { name: 'csms', title: 'CSMS' },
  { name: 'station', title: 'Simulated stations' },
  { name: 'hub', title: 'E-roaming hub' },
  { name: 'emp', title: 'EMP' },
  { name: 'trust', title: 'Plug & Charge' },
  { name: 'everest', title: 'EVerest' },
];

/** `off`: never answered since the workbench runs. `degraded`: it answers and lacks something. `down`: it did, and does not now. */
export type Health = 'ok' | 'degraded' | 'down' | 'off';

export interface ServiceState {
  readonly name: ServiceName;
  readonly title: string;
  readonly health: Health;
  /** Why it is down or degraded. */
  readonly why?: string;
  readonly url?: string;
}

export interface ServicesOptions {
  readonly clock: Clock;
  readonly addressOf: Runtime['addressOf'];
  /** Health of a service; rejects when it does not answer, or is not of this world. */
  readonly health: (service: ServiceName) => Promise<unknown>;
  readonly changed: () => void;
}

const LOOK_MS = 1_000;

/** Which services answer, looked at once a second while somebody watches, and once on demand. */
export class Services {
  readonly #options: ServicesOptions;
  readonly #states = new Map<ServiceName, ServiceState>();
  #timer: Timer | undefined;

  constructor(options: ServicesOptions) {
    this.#options = options;
    for (const each of WATCHED) this.#states.set(each.name, { ...each, health: 'off' });
  }

  get states(): ServiceState[] {
    return [...this.#states.values()];
  }

  healthOf(service: ServiceName): Health {
    return this.#states.get(service)?.health ?? 'off';
  }

  watch(watched: boolean): void {
    this.#timer?.cancel();
    this.#timer = watched ? this.#options.clock.every(LOOK_MS, () => void this.look()) : undefined;
  }

  /** Those of the named services that do not answer, and what to do about it. */
  absent(needed: readonly ServiceName[]): { kind: 'service'; name: string; text: string; hint: string }[] {
    return needed.flatMap((name) => {
      const state = this.#states.get(name);
      if (state !== undefined && isUp(state.health)) return [];
      const address = this.#options.addressOf(name);
      const at = address === undefined ? 'has no known address' : `does not answer at ${address}`;
      const hint = `Start it with \`compote ${name}\`, or everything with \`compote up\`.`;
      return [{ kind: 'service' as const, name, text: `${state?.title ?? name} ${at}.`, hint }];
    });
  }

  async look(): Promise<void> {
    const before = JSON.stringify(this.states);
    await Promise.all(WATCHED.map((each) => this.#lookAt(each)));
    if (JSON.stringify(this.states) !== before) this.#options.changed();
  }

  async #lookAt({ name, title }: (typeof WATCHED)[number]): Promise<void> {
    const address = this.#options.addressOf(name);
    const known = this.#states.get(name);
    if (address === undefined) return;
    try {
      const why = problemsOf(await this.#options.health(name));
      const health = why === '' ? 'ok' : 'degraded';
      this.#states.set(name, { name, title, health, url: address, ...(why === '' ? {} : { why }) });
    } catch (cause) {
      // A service that never ran is not missed: perhaps a real system stands in its place, or nothing.
      if (known === undefined || known.health === 'off') return;
      const why = cause instanceof Error ? cause.message : String(cause);
      this.#states.set(name, { name, title, health: 'down', why, url: address });
    }
  }
}

function problemsOf(health: unknown): string {
  const problems = typeof health === 'object' && health !== null && 'problems' in health ? health.problems : [];
  return Array.isArray(problems) ? problems.map(String).join('. ') : '';
}

/** Whether its API answers. */
export function isUp(health: Health): boolean {
  return health === 'ok' || health === 'degraded';
}
