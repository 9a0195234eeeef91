import type { Writable } from 'node:stream';
import { localClockTime } from '../../core/time.ts';
import type { Terminal } from './service-log.ts';

const COLOURS: Readonly<Record<string, string>> = {
  debug: '\u001b[2m',
  info: '\u001b[32m',
  warn: '\u001b[33m',
  error: '\u001b[31m',
};
const DIM = '\u001b[2m';
const RESET = '\u001b[0m';

/** Log lines for a person: time, level, service, text, and the members that the line carries. */
export function prettyTerminal(out: Writable, colours: boolean): Terminal {
  return { write: (lines) => void out.write(lines.map((line) => readable(line, colours)).join('')) };
}

function readable(line: string, colours: boolean): string {
  const paint = (code: string, text: string): string => (colours ? `${code}${text}${RESET}` : text);
  const { time, level, msg, service, err, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const name = String(level);
  const members = Object.entries(fields).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const head = `${paint(DIM, localClockTime(Number(time)))} ${paint(COLOURS[name] ?? '', name.toUpperCase().padEnd(5))} ${String(service).padEnd(9)} ${String(msg)}`;
  const stack = (err as { stack?: string } | undefined)?.stack;
  return `${head}${members.length > 0 ? ` ${paint(DIM, members.join(' '))}` : ''}\n${stack === undefined ? '' : `${stack}\n`}`;
}

/** The lines as they are, for pipes and collectors. */
export function jsonTerminal(out: Writable): Terminal {
  return { write: (lines) => void out.write(lines.join('')) };
}
