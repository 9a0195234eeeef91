import type { LineReader, LogFrame } from './log-message.ts';
import { timeOf } from './log-time.ts';

const HEAD =
  /^(\S+Z): (ChargePoint>CentralSystem|CentralSystem>ChargePoint|ChargingStation>CSMS|CSMS>ChargingStation)\b/;
/** A frame of more lines is none. */
const MAX_LINES = 20_000;

/** A head line, and below it the frame, written out over several lines. */
export function everestLines(): LineReader {
  let head: Omit<LogFrame, 'raw'> | undefined;
  let lines: string[] = [];
  return (line) => {
    const [, time, who] = HEAD.exec(line) ?? [];
    if (time !== undefined && who !== undefined) {
      head = { type: 'frame', fromStation: who.startsWith('Charg'), ...timeOf(time) };
      lines = [];
      return undefined;
    }
    if (head === undefined) return undefined;
    if (lines.length === 0 && !line.startsWith('[')) return undefined;
    lines.push(line);
    if (!line.startsWith(']') && !(lines.length === 1 && line.trimEnd().endsWith(']'))) {
      if (lines.length > MAX_LINES) head = undefined;
      return undefined;
    }
    const frame = { ...head, raw: oneLine(lines.join('\n')) };
    head = undefined;
    lines = [];
    return frame;
  };
}

/** White space between JSON tokens is the log's, not the wire's. */
function oneLine(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
