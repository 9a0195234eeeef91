/** Scenarios and their runs as `/sim` shows them. */
export interface ListedScenario {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly steps: number;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The steps of the first level in words. */
  readonly lines: readonly string[];
  readonly shipped: boolean;
}

export interface RunStep {
  /** Where it stands: `3`, `5.2`; 0 is the boot of the station. */
  readonly path: string;
  readonly label: string;
  readonly state: 'active' | 'done' | 'failed';
  /** Epoch milliseconds, as in the journal. */
  readonly at: number;
  readonly endedAt?: number;
  readonly waitingFor?: { readonly what: string; readonly seconds: number };
  readonly seconds?: number;
  readonly reason?: string;
}

export interface Run {
  readonly id: string;
  readonly scenario: string;
  readonly scenarioId: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly station: string;
  readonly version: string;
  readonly seed: string;
  readonly state: 'running' | 'passed' | 'failed' | 'stopped';
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly steps: readonly RunStep[];
  readonly sessions: readonly { readonly energyWh: number; readonly reason: string }[];
}

export interface FleetView {
  readonly id: string;
  readonly prefix: string;
  readonly count: number;
  readonly versions: readonly string[];
  readonly template: string;
  readonly behaviour: string;
  readonly rampPerSecond: number;
  readonly endpoint: string;
  readonly state: 'running' | 'stopped';
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly summary: {
    readonly stations: number;
    readonly started: number;
    readonly connected: number;
    readonly accepted: number;
    readonly charging: number;
    readonly sessionsStarted: number;
    readonly sessionsEnded: number;
    readonly refusedCards: number;
    readonly energyKWh: number;
    readonly messages: number;
    readonly disconnects: number;
    readonly connectFailures: number;
    readonly connectFailureReasons: Readonly<Record<string, number>>;
    readonly failedCalls: Readonly<Record<string, number>>;
    readonly latencyMs: Readonly<
      Record<string, { readonly count: number; readonly p50: number; readonly p95: number; readonly max: number }>
    >;
  };
}
