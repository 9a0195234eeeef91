/** What writes one line; `fields` are searchable members, the text says what happened. */
export interface LogLine {
  (text: string): void;
  (fields: object, text: string): void;
}

/** A log as services see it. A `pino` logger is one. */
export interface Log {
  readonly debug: LogLine;
  readonly info: LogLine;
  readonly warn: LogLine;
  readonly error: LogLine;
  /** The same log with members that every line carries. */
  child(bindings: object): Log;
}

const nothing = (): void => {};

/** A log that writes nothing, for tests. */
export const SILENT: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => SILENT };
