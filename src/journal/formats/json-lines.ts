import { parseTime } from '../../core/time.ts';
import type { EntryKind, Party, Protocol } from '../entry.ts';
import { isObject, type Members, numberIn, objectIn, textIn } from '../sessions/members.ts';
import type { LineReader, LogMessage } from './log-message.ts';

/** A JSON object a line: our own export, Open OCPP Trace 1.0 and 1.1, and records `{timestamp, direction, message}`. */
export function jsonLine(line: string): ReturnType<LineReader> {
  const text = line.trim();
  if (!text.startsWith('{')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  if (isObject(value['transport']) && 'raw' in value && 'kind' in value) return ownLine(value);
  if (Array.isArray(value['message'])) return record(value, JSON.stringify(value['message']));
  const messageType = textIn(value, 'messageType');
  return messageType === undefined ? undefined : record(value, textIn(value, 'raw') ?? rebuilt(value, messageType));
}

function ownLine(value: Members): LogMessage | undefined {
  const [from, to] = [partyOf(value['from']), partyOf(value['to'])];
  const kind = textIn(value, 'kind') as EntryKind | undefined;
  const protocol = textIn(value, 'proto') as Protocol | undefined;
  const time = timeIn(objectIn(value, 'time'), 'received');
  if (from === undefined || to === undefined || kind === undefined || protocol === undefined) return undefined;
  const raw = typeof value['raw'] === 'string' ? value['raw'] : '';
  const version = textIn(value, 'version');
  const trace = textIn(value, 'trace');
  const clock = textIn(objectIn(value, 'transport'), 'clock');
  if (protocol === 'ocpp') {
    if (kind === 'event' || kind === 'mark') return undefined;
    const fromStation = from.role !== 'csms';
    return {
      type: 'frame',
      raw,
      fromStation,
      station: fromStation ? from.id : to.id,
      csms: fromStation ? to.id : from.id,
      ...(version === undefined ? {} : { version }),
      ...(time === undefined ? {} : { time }),
      ...(trace === undefined ? {} : { trace }),
      ...(clock === undefined ? {} : { clock }),
    };
  }
  const seq = numberIn(value, 'seq') ?? 0;
  const partner = numberIn(objectIn(value, 'partner'), 'seq');
  const code = textIn(value, 'code');
  return {
    type: 'whole',
    kind,
    protocol,
    ...(version === undefined ? {} : { version }),
    action: textIn(value, 'action') ?? '',
    from,
    to,
    time: time ?? 0,
    raw,
    // Both ends name each other: the smaller number is the request's. Each journal counts for itself.
    exchange: `${textIn(value, 'epoch') ?? ''} ${partner === undefined ? seq : Math.min(seq, partner)}`,
    ...detailOf(objectIn(value, 'transport')),
    ...(code === undefined ? {} : { code }),
    ...(trace === undefined ? {} : { trace }),
    ...(clock === undefined ? {} : { clock }),
  };
}

function record(value: Members, raw: string): LogMessage {
  const direction = textIn(value, 'direction')?.toLowerCase().replaceAll('_', '-');
  const fromStation =
    direction === 'cp-to-csms' || direction === 'cs-to-csms'
      ? true
      : direction?.startsWith('csms-to') === true
        ? false
        : undefined;
  const station = textIn(value, 'chargePointId') ?? textIn(value, 'stationId');
  const version = textIn(value, 'ocppVersion');
  const time = timeIn(value, 'timestamp');
  return {
    type: 'frame',
    raw,
    ...(station === undefined ? {} : { station }),
    ...(version === undefined ? {} : { version }),
    ...(time === undefined ? {} : { time }),
    ...(fromStation === undefined ? {} : { fromStation }),
  };
}

/** `raw` is optional in Open OCPP Trace: then the frame is put together from its parts. */
function rebuilt(value: Members, messageType: string): string {
  const id = value['messageId'] ?? '';
  const error = objectIn(value, 'error');
  switch (messageType) {
    case 'CALLRESULT':
      return JSON.stringify([3, id, value['payload'] ?? {}]);
    case 'CALLERROR':
      return JSON.stringify([
        4,
        id,
        error['code'] ?? 'GenericError',
        error['description'] ?? '',
        error['details'] ?? {},
      ]);
    default:
      return JSON.stringify([messageType === 'SEND' ? 6 : 2, id, value['action'] ?? '', value['payload'] ?? {}]);
  }
}

/** What a tap kept beside the text: HTTP method, path, status, headers. */
function detailOf(transport: Members): { readonly detail?: string } {
  const { type: _type, conn: _conn, tap: _tap, sender: _sender, clock: _clock, ...detail } = transport;
  return Object.keys(detail).length === 0 ? {} : { detail: JSON.stringify(detail) };
}

function timeIn(value: Members, name: string): number | undefined {
  const own = value[name];
  return typeof own === 'number' ? own : parseTime(typeof own === 'string' ? own : '');
}

function partyOf(value: unknown): Party | undefined {
  if (!isObject(value)) return undefined;
  const [id, role] = [textIn(value, 'id'), textIn(value, 'role')];
  return id === undefined || role === undefined ? undefined : ({ id, role } as Party);
}
