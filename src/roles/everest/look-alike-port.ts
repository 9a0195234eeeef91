import type { Clock } from '../../core/clock.ts';
import type { Recorder } from '../../journal/entry.ts';
import type { Log } from '../../platform/logging/log.ts';

/** What the EVerest look-alike gets. It is a program of its own that meets the adapter only over the broker. */
export interface LookAlikeOptions {
  readonly brokerUrl: string;
  /** The world's time: its car and its meter may run faster. */
  readonly clock: Clock;
  /** The machine's time, for sockets. */
  readonly socketClock: Clock;
  readonly log: Log;
  readonly release: string;
  readonly connectors: number;
  readonly externalPrefix: string;
  /** Absent: no OCPP. */
  readonly ocpp?: {
    readonly identity: string;
    readonly version: '1.6' | '2.0.1' | '2.1';
    /** Its CSMS without the identity. */
    readonly endpoint: string;
    /** Only where the CSMS is not ours: ours records the hop itself. */
    readonly recorder: Recorder | null;
  };
}

/** Starts a look-alike. Whoever composes the services gives it: it needs the station engine, which a role may not import. */
export type StartLookAlike = (options: LookAlikeOptions) => Promise<{ stop(): Promise<void> }>;
