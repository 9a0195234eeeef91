import { everestLines } from './everest-lines.ts';
import { jsonLine } from './json-lines.ts';
import type { LineReader, LogShape } from './log-message.ts';
import { timeIn, timeOf } from './log-time.ts';

/**
 * The forms of logs that are read, line by line. Each line is offered to all in this order until one takes it, so that a
 * file may hold several (a journald export, two programs in one file).
 */
export const LOG_SHAPES: readonly LogShape[] = [
  {
    name: 'JSON Lines (ours, Open OCPP Trace, message records)',
    documentedAt: 'docs/guides/inspect.md; github.com/open-ocpp-trace/specification, schema/trace-v1.schema.json',
    reader: () => jsonLine,
  },
  {
    name: 'SteVe',
    documentedAt: 'github.com/steve-community/steve: WebSocketLogger.java, the messages "Received:" and "Sending:"',
    reader: () => steveLine,
  },
  {
    name: 'evcc',
    documentedAt:
      'github.com/evcc-io/evcc, issue 32078: "[ocpp  ] TRACE … recv STATION: […]"; pull request 10109 for the older wording',
    reader: () => evccLine,
  },
  {
    name: 'mobilityhouse/ocpp and Home Assistant',
    documentedAt: 'github.com/mobilityhouse/ocpp: charge_point.py, "%s: receive message %s" and "%s: send %s"',
    reader: () => pythonLine,
  },
  {
    name: 'EVerest libocpp',
    documentedAt:
      'github.com/EVerest/libocpp: message logging to ocpp.log, "ChargePoint>CentralSystem Action" with the frame below',
    reader: everestLines,
  },
  {
    name: 'OCPP arrays',
    documentedAt: 'docs/guides/inspect.md: one frame a line, a time and a direction before it if they are known',
    reader: () => arrayLine,
  },
];

const STEVE = /\[chargeBoxId=([^,\]]+), sessionId=[^\]]*\] (Received|Sending)(?: message)?: (\[.*\])\s*$/;

function steveLine(line: string): ReturnType<LineReader> {
  const [, station, what, raw] = STEVE.exec(line) ?? [];
  if (station === undefined || raw === undefined) return undefined;
  return { type: 'frame', station, fromStation: what === 'Received', raw, ...timeIn(line) };
}

const EVCC =
  /\[ocpp\s*\] TRACE (\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d) (recv|received JSON message from|send|sent|sent JSON message to) ([^:\s]+): (\[.*\])\s*$/;

function evccLine(line: string): ReturnType<LineReader> {
  const [, time = '', what = '', station, raw] = EVCC.exec(line) ?? [];
  if (station === undefined || raw === undefined) return undefined;
  return { type: 'frame', station, fromStation: what.startsWith('rec'), raw, ...timeOf(time.replaceAll('/', '-')) };
}

const PYTHON = /(?:^|[\s\]:])([^\s:[\]]+): (receive message|send) (\[.*\])\s*$/;

/** The library stands at either end: who sends is known from the actions only. */
function pythonLine(line: string): ReturnType<LineReader> {
  const [, station, , raw] = PYTHON.exec(line) ?? [];
  return station === undefined || raw === undefined ? undefined : { type: 'frame', station, raw, ...timeIn(line) };
}

const ARRAY = /^(.*?)(\[\s*[2-6]\s*,\s*".*\])\s*,?\s*$/;
const FROM_STATION =
  /(^|[\s[(<>|])(cp|cs|station|from-station|chargepoint|s>|<-|<<|recv|received|in|rx)([\s:\])>|]|$)/i;
const TO_STATION = /(^|[\s[(<>|])(csms|central|to-station|c>|->|>>|send|sent|out|tx)([\s:\])>|]|$)/i;

function arrayLine(line: string): ReturnType<LineReader> {
  const [, before = '', raw] = ARRAY.exec(line.trim()) ?? [];
  if (raw === undefined || before.length > 200) return undefined;
  const fromStation = FROM_STATION.test(before) ? true : TO_STATION.test(before) ? false : undefined;
  return { type: 'frame', raw, ...timeIn(before), ...(fromStation === undefined ? {} : { fromStation }) };
}
