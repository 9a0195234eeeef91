import { createReadStream, existsSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { rotatedPath } from './rotating-file.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One line of a log. Members that the line carried stand in `fields`. */
export interface LogRecord {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly level: LogLevel;
  readonly text: string;
  /** The OCPP message that the line is about. */
  readonly messageId?: string;
  /** The trace that the line belongs to (32 hex digits). */
  readonly traceId?: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface LogFilter {
  /** The least level. */
  readonly level?: LogLevel | undefined;
  /** Part of the line, in any case. */
  readonly text?: string | undefined;
  readonly messageId?: string | undefined;
  readonly traceId?: string | undefined;
}

/** All lines about one OCPP message, oldest first. */
export interface LogGroup {
  readonly messageId: string;
  readonly lines: readonly LogRecord[];
}

const TAIL_STEP_BYTES = 65_536;
const MAX_SCANNED_BYTES = 32 * 1024 * 1024;

/** Reads the log files of one service: its end, its whole, its lines by OCPP message. */
export class LogReader {
  readonly #path: string;
  readonly #maxFiles: number;
  readonly #flush: () => void;

  constructor(path: string, maxFiles: number, flush: () => void = () => {}) {
    this.#path = path;
    this.#maxFiles = maxFiles;
    this.#flush = flush;
  }

  /** The newest `count` lines that fit, oldest first. Looks back at most 32 MB. */
  async tail(count: number, filter: LogFilter = {}): Promise<LogRecord[]> {
    const found: LogRecord[] = [];
    for await (const line of this.#backwards()) {
      const record = readLine(line);
      if (record === undefined || !fits(record, line, filter)) continue;
      found.push(record);
      if (found.length >= count) break;
    }
    return found.reverse();
  }

  /** The lines about the newest `count` OCPP messages, the newest message first. */
  async groups(count: number, filter: LogFilter = {}): Promise<LogGroup[]> {
    const groups = new Map<string, LogRecord[]>();
    for await (const line of this.#backwards()) {
      const record = readLine(line);
      if (record?.messageId === undefined || !fits(record, line, filter)) continue;
      const lines = groups.get(record.messageId);
      if (lines !== undefined) lines.push(record);
      else if (groups.size < count) groups.set(record.messageId, [record]);
    }
    return [...groups].map(([messageId, lines]) => ({ messageId, lines: lines.reverse() }));
  }

  /** Every line that fits, oldest first, as JSON Lines; for downloads. */
  async *whole(filter: LogFilter = {}): AsyncGenerator<string> {
    this.#flush();
    for (let number = this.#maxFiles - 1; number >= 0; number--) {
      const path = rotatedPath(this.#path, number);
      if (!existsSync(path)) continue;
      for await (const line of createInterface({
        input: createReadStream(path),
        crlfDelay: Number.POSITIVE_INFINITY,
      })) {
        const record = readLine(line);
        if (record !== undefined && fits(record, line, filter)) yield `${line}\n`;
      }
    }
  }

  /** Lines from the end backwards, over all files. */
  async *#backwards(): AsyncGenerator<string> {
    this.#flush();
    let budget = MAX_SCANNED_BYTES;
    for (let number = 0; number < this.#maxFiles && budget > 0; number++) {
      const path = rotatedPath(this.#path, number);
      if (!existsSync(path)) return;
      const file = await open(path);
      try {
        let end = (await stat(path)).size;
        let rest = Buffer.alloc(0);
        while (end > 0 && budget > 0) {
          const start = Math.max(0, end - TAIL_STEP_BYTES);
          const { buffer } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
          budget -= end - start;
          end = start;
          const block = Buffer.concat([buffer, rest]);
          // What stands before the first line break may have begun in the block before.
          const firstBreak = start === 0 ? -1 : block.indexOf(10);
          rest = firstBreak < 0 && start > 0 ? block : block.subarray(0, Math.max(0, firstBreak));
          if (firstBreak < 0 && start > 0) continue;
          const lines = block
            .subarray(firstBreak + 1)
            .toString('utf8')
            .split('\n');
          for (let i = lines.length - 1; i >= 0; i--) {
            const line = lines[i];
            if (line !== undefined && line !== '') yield line;
          }
        }
      } finally {
        await file.close();
      }
    }
  }
}

function readLine(line: string): LogRecord | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    // A line that was cut by a crash.
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { time, level, msg, messageId, traceId, ...fields } = parsed as Record<string, unknown>;
  return {
    time: typeof time === 'number' ? time : 0,
    level: LOG_LEVELS.find((each) => each === level) ?? 'info',
    text: typeof msg === 'string' ? msg : '',
    ...(typeof messageId === 'string' ? { messageId } : {}),
    ...(typeof traceId === 'string' ? { traceId } : {}),
    fields,
  };
}

function fits(record: LogRecord, line: string, filter: LogFilter): boolean {
  if (filter.level !== undefined && LOG_LEVELS.indexOf(record.level) < LOG_LEVELS.indexOf(filter.level)) return false;
  if (filter.messageId !== undefined && record.messageId !== filter.messageId) return false;
  if (filter.traceId !== undefined && record.traceId !== filter.traceId) return false;
  return filter.text === undefined || line.toLowerCase().includes(filter.text.toLowerCase());
}
