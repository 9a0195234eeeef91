import { type ChildProcess, fork } from 'node:child_process';
import type { FleetControl } from './fleet.ts';
import { type FleetReport, mergeReports } from './fleet-report.ts';
import type { StormName } from './fleet-storms.ts';

/** Stations that one process carries well: below the descriptor limit of most systems, on one core. */
export const STATIONS_PER_WORKER = 10_000;

/** One process's share of a fleet. */
export interface FleetPart {
  readonly count: number;
  readonly firstNumber: number;
  readonly digits: number;
  readonly rampPerSecond: number;
  readonly seed: string;
  /** Where its sockets come from: one address has too few ports for many processes. */
  readonly localAddress: string | undefined;
}

/** What the parent says to a worker, and what a worker says. */
export type ToWorker =
  | { readonly fleet: 'storm'; readonly name: StormName; readonly spreadS: number }
  | { readonly fleet: 'stop' };
export type FromWorker = { readonly fleet: 'report'; readonly report: FleetReport };

/** Cuts a fleet into parts of nearly the same size, each with an address of 127.0.0.0/8 of its own on loopback. */
export function fleetParts(
  whole: { readonly count: number; readonly rampPerSecond: number; readonly seed: string; readonly csms: string },
  workers: number,
): FleetPart[] {
  const digits = Math.max(5, String(whole.count).length);
  const loopback = /^wss?:\/\/(127\.|localhost[:/])/i.test(whole.csms);
  const parts: FleetPart[] = [];
  for (let i = 0, firstNumber = 1; i < workers; i++) {
    const count = Math.floor(whole.count / workers) + (i < whole.count % workers ? 1 : 0);
    parts.push({
      count,
      firstNumber,
      digits,
      rampPerSecond: whole.rampPerSecond / workers,
      seed: `${whole.seed}/${i}`,
      localAddress: loopback ? `127.0.0.${2 + i}` : undefined,
    });
    firstNumber += count;
  }
  return parts;
}

export interface FleetWorkersOptions {
  readonly parts: readonly FleetPart[];
  /** The program and its arguments that run one part. */
  readonly program: string;
  readonly argumentsOf: (part: FleetPart) => readonly string[];
  /** A worker ended although nobody asked it to. */
  readonly lost: (part: FleetPart, code: number | null) => void;
}

/** A fleet in several processes; each tells its counts, and they add up. */
export class FleetWorkers implements FleetControl {
  readonly #options: FleetWorkersOptions;
  readonly #children = new Map<FleetPart, ChildProcess>();
  readonly #reports = new Map<FleetPart, FleetReport>();
  #stopping = false;

  constructor(options: FleetWorkersOptions) {
    this.#options = options;
  }

  start(): void {
    const { parts, program, argumentsOf, lost } = this.#options;
    for (const part of parts) {
      const child = fork(program, [...argumentsOf(part)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
      this.#children.set(part, child);
      child.on('message', (message) => {
        const said = message as FromWorker;
        if (said.fleet === 'report') this.#reports.set(part, said.report);
      });
      child.on('exit', (code) => {
        this.#children.delete(part);
        if (!this.#stopping) lost(part, code);
      });
    }
  }

  stop(): void {
    this.#stopping = true;
    this.#tell({ fleet: 'stop' });
  }

  storm(name: StormName, spreadS: number): void {
    this.#tell({ fleet: 'storm', name, spreadS });
  }

  report(): FleetReport {
    const { parts } = this.#options;
    const merged = mergeReports([...this.#reports.values()]);
    // A part that has not reported yet counts with its stations.
    return {
      ...merged,
      stations: parts.reduce((sum, one) => sum + one.count, 0),
      allAcceptedMs: this.#reports.size === parts.length ? merged.allAcceptedMs : undefined,
    };
  }

  #tell(message: ToWorker): void {
    for (const child of this.#children.values()) if (child.connected) child.send(message);
  }
}
