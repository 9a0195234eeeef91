import { join } from 'node:path';
import { type Bindings, type Logger, pino, stdTimeFunctions } from 'pino';
import type { Clock } from '../../core/clock.ts';
import { maskSecrets, maskText } from '../../core/secrets.ts';
import { maskSecrets as maskJsonIn } from '../../journal/mask.ts';
import { GatheredLines } from './gathered-lines.ts';
import type { Log } from './log.ts';
import { type LogLevel, LogReader } from './log-reader.ts';
import { RotatingFile } from './rotating-file.ts';

/** Takes finished lines for the terminal, those of one turn of the event loop together. */
export interface Terminal {
  write(lines: readonly string[]): void;
}

export interface ServiceLogOptions {
  readonly service: string;
  /** The folder of the service. */
  readonly folder: string;
  readonly level: LogLevel;
  readonly maxFileBytes: number;
  readonly maxFiles: number;
  readonly clock: Clock;
  /** Absent: only the file is written. */
  readonly terminal?: Terminal | undefined;
}

export interface ServiceLog {
  readonly log: Log;
  readonly reader: LogReader;
  /** From now on. */
  setLevel(level: LogLevel): void;
  /** Writes what waits and closes the file. */
  close(): void;
}

/** The log of one service: JSON lines in a rotating file, secrets masked, and on the terminal as the person has it. */
export function openServiceLog(options: ServiceLogOptions): ServiceLog {
  const path = join(options.folder, `${options.service}.log`);
  const file = new RotatingFile(path, { maxBytes: options.maxFileBytes, maxFiles: options.maxFiles });
  const gathered = new GatheredLines(
    (task) => options.clock.soon(task),
    (lines) => {
      file.write(lines.join(''));
      options.terminal?.write(lines);
    },
  );
  const logger = pino(
    {
      level: options.level,
      base: { service: options.service },
      timestamp: stdTimeFunctions.epochTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => maskSecrets(withPlainErrors(fields)) as Record<string, unknown>,
      },
      hooks: {
        logMethod(values, method) {
          const masked = values.map((value) => (typeof value === 'string' ? maskText(maskJsonIn(value)) : value));
          method.apply(this, masked as Parameters<typeof method>);
        },
      },
    },
    { write: (line: string) => gathered.write(line) },
  );
  return {
    log: withMaskedBindings(logger),
    reader: new LogReader(path, options.maxFiles, () => gathered.flush()),
    setLevel: (level) => {
      logger.level = level;
    },
    close: () => {
      gathered.flush();
      file.close();
    },
  };
}

/** Members that all lines of a child carry: pino makes their text once, past the formatters of a line. */
function withMaskedBindings(logger: Logger): Log {
  const { child } = logger;
  return Object.assign(logger, {
    // Children inherit it.
    child(this: Logger, bindings: Bindings) {
      return child.call(this, maskSecrets(bindings) as Bindings);
    },
  });
}

/** Errors have no enumerable members: name, message and stack are taken out before masking. */
function withPlainErrors(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      value instanceof Error ? { type: value.name, message: value.message, stack: value.stack } : (value as unknown),
    ]),
  );
}
