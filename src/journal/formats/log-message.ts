import type { EntryKind, Party, Protocol } from '../entry.ts';

/** One OCPP frame of a log: what the log does not say is found out from what it says elsewhere. */
export interface LogFrame {
  readonly type: 'frame';
  readonly raw: string;
  readonly station?: string;
  readonly csms?: string;
  readonly version?: string;
  /** Epoch milliseconds. */
  readonly time?: number;
  readonly fromStation?: boolean;
  /** W3C trace id, where the log has one: it joins what belongs to one chain of calls. */
  readonly trace?: string;
  /** What drives the station's clock, where that is not the time of day (`scaled:30`). */
  readonly clock?: string;
}

/** A message of another protocol, told whole. */
export interface LogWhole {
  readonly type: 'whole';
  readonly kind: EntryKind;
  readonly protocol: Protocol;
  readonly version?: string;
  readonly action: string;
  readonly from: Party;
  readonly to: Party;
  readonly time: number;
  readonly raw: string;
  /** Ties an answer to its request. */
  readonly exchange: string;
  readonly status?: number;
  readonly trace?: string;
  /** As of a frame: of the stations that it speaks of. */
  readonly clock?: string;
  /** HTTP method, path, status and headers, as JSON text, where the log has them. */
  readonly detail?: string;
  /** OICP status code, HTTP status or failure, where the log tells it beside the text. */
  readonly code?: string;
}

export type LogMessage = LogFrame | LogWhole;

/** A line of a log: a message, or nothing of ours. */
export type LineReader = (line: string) => LogMessage | undefined;

export interface LogShape {
  readonly name: string;
  /** Where its form is written down, or can be seen. */
  readonly documentedAt: string;
  /** A reader keeps what it must remember between lines. */
  readonly reader: () => LineReader;
}
