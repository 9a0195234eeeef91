import { localClockTime } from '../core/time.ts';
import type { Row } from '../journal/index.ts';

const PROTOCOL_NAMES: Readonly<Record<string, string>> = {
  ocpp: 'OCPP',
  oicp: 'OICP',
  pnc: 'PnC',
  mqtt: 'MQTT',
  api: 'API',
};

/** One message, or a request with its answer, on one line of a terminal. */
export function messageLine(row: Row): string {
  const protocol = `${PROTOCOL_NAMES[row.p] ?? row.p} ${row.v ?? ''}`.trim();
  return [
    `#${row.s}`.padEnd(7),
    localClockTime(row.t),
    protocol.padEnd(10),
    `${row.f} → ${row.to}`.padEnd(22),
    action(row).padEnd(26),
    answer(row).padEnd(22),
    marks(row),
    // PEM texts have lines of their own.
    row.sum.replace(/\s+/g, ' '),
  ]
    .join(' ')
    .trimEnd();
}

function action(row: Row): string {
  if (row.k === 'response') return `↳ ${row.a}`;
  return row.k === 'error' ? `↳ ${row.a} (error)` : row.a;
}

function answer({ x }: Row): string {
  if (x === undefined) return '';
  if (x.k === 'waiting') return '… waiting';
  const sign = x.k === 'response' ? '✓' : '✗';
  return `${sign} ${x.st} ${Math.round(x.ms)} ms`;
}

function marks({ fd, fl }: Row): string {
  const [errors = 0, warnings = 0] = fd ?? [];
  const found = [errors > 0 ? `✗${errors}` : '', warnings > 0 ? `⚠${warnings}` : ''];
  return [...found, ...(fl ?? []).map((flag) => `[${flag}]`)].filter((mark) => mark !== '').join(' ');
}
