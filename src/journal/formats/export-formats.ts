import { isoTime, parseTime } from '../../core/time.ts';
import { idIn, isObject, type Members, numberIn, objectIn, textIn } from '../sessions/members.ts';

/** Other forms of the journal's export, made from its JSON Lines page by page; nothing is held but open HTTP requests. */
export const EXPORT_FORMATS = ['jsonl', 'oot', 'har', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Open OCPP Trace 1.1: the OCPP frames, one a line. SEND (2.1) has no word there and is told as CALL. */
export async function* openOcppTrace(pages: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const page of pages) {
    const lines = linesOf(page).flatMap((message) => {
      const record = traceRecord(message);
      return record === undefined ? [] : [`${JSON.stringify(record)}\n`];
    });
    if (lines.length > 0) yield lines.join('');
  }
}

const TYPES: Readonly<Record<string, string>> = {
  request: 'CALL',
  send: 'CALL',
  response: 'CALLRESULT',
  error: 'CALLERROR',
};

function traceRecord(message: Members): Members | undefined {
  const messageType = TYPES[textIn(message, 'kind') ?? ''];
  const raw = textIn(message, 'raw');
  if (message['proto'] !== 'ocpp' || messageType === undefined || raw === undefined) return undefined;
  const [from, to] = [objectIn(message, 'from'), objectIn(message, 'to')];
  const toStation = textIn(from, 'role') === 'csms';
  const frame = arrayOf(raw);
  const isError = messageType === 'CALLERROR';
  const payload = frame === undefined ? undefined : messageType === 'CALL' ? frame[3] : isError ? undefined : frame[2];
  return {
    schemaVersion: '1.1',
    timestamp: textIn(objectIn(message, 'time'), 'received'),
    ocppVersion: message['version'],
    transport: 'json',
    chargePointId: textIn(toStation ? to : from, 'id'),
    direction: toStation ? 'csms-to-cp' : 'cp-to-csms',
    messageType,
    messageId: textIn(message, 'messageId'),
    action: textIn(message, 'action') ?? '',
    ...(payload === undefined ? {} : { payload }),
    ...(isError
      ? {
          error: {
            code: String(frame?.[2] ?? message['code'] ?? ''),
            description: String(frame?.[3] ?? ''),
            details: frame?.[4] ?? {},
          },
        }
      : {}),
    raw,
  };
}

/** Requests without an answer that are remembered; older ones are written without one. */
const OPEN = 10_000;

/** HTTP archive 1.2: what crossed by HTTP, each request with its answer. */
export async function* httpArchive(pages: AsyncIterable<string>, version: string): AsyncGenerator<string> {
  const creator = { name: 'OCPP Compote', version };
  yield `{"log":{"version":"1.2","creator":${JSON.stringify(creator)},"entries":[\n`;
  const open = new Map<string, Members>();
  let first = true;
  const entry = (request: Members, answer: Members | undefined): string => {
    const text = `${first ? '' : ',\n'}${JSON.stringify(archiveEntry(request, answer))}`;
    first = false;
    return text;
  };
  for await (const page of pages) {
    for (const message of linesOf(page)) {
      if (objectIn(message, 'transport')['type'] !== 'http') continue;
      const seq = idIn(message, 'seq') ?? '';
      if (message['kind'] === 'request') {
        open.set(seq, message);
        const oldest = open.size > OPEN ? [...open.keys()][0] : undefined;
        const late = oldest === undefined ? undefined : open.get(oldest);
        if (oldest !== undefined && late !== undefined) {
          open.delete(oldest);
          yield entry(late, undefined);
        }
        continue;
      }
      const partner = idIn(objectIn(message, 'partner'), 'seq') ?? '';
      const request = open.get(partner);
      open.delete(partner);
      if (request !== undefined) yield entry(request, message);
    }
  }
  for (const request of open.values()) yield entry(request, undefined);
  yield '\n]}}\n';
}

function archiveEntry(request: Members, answer: Members | undefined): unknown {
  const sent = objectIn(request, 'transport');
  const got = objectIn(answer ?? {}, 'transport');
  const beganAt = parseTime(textIn(objectIn(request, 'time'), 'received') ?? '') ?? 0;
  const path = textIn(sent, 'path') ?? '/';
  const host = textIn(objectIn(request, 'to'), 'id') ?? 'server';
  const url = /^[a-z]+:\/\//i.test(path) ? path : `http://${host}${path.startsWith('/') ? path : `/${path}`}`;
  const ms = answer === undefined ? 0 : (numberIn(objectIn(answer, 'partner'), 'latencyMs') ?? 0);
  const body = textIn(request, 'raw') ?? '';
  const content = textIn(answer ?? {}, 'raw') ?? '';
  const common = { httpVersion: 'HTTP/1.1', cookies: [], headersSize: -1 };
  return {
    // Members of one's own begin with an underscore (HAR 1.2): who asked whom, which addresses do not tell.
    _from: objectIn(request, 'from'),
    _to: objectIn(request, 'to'),
    startedDateTime: isoTime(beganAt),
    time: ms,
    request: {
      ...common,
      method: textIn(sent, 'method') ?? 'POST',
      url,
      headers: headersOf(sent),
      queryString: [],
      bodySize: Buffer.byteLength(body),
      ...(body === '' ? {} : { postData: { mimeType: 'application/json', text: body } }),
    },
    response: {
      ...common,
      // 0 is what archives hold when no answer came.
      status: numberIn(got, 'status') ?? 0,
      statusText: '',
      headers: headersOf(got),
      content: { size: Buffer.byteLength(content), mimeType: 'application/json', text: content },
      redirectURL: '',
      bodySize: Buffer.byteLength(content),
    },
    cache: {},
    timings: { send: 0, wait: ms, receive: 0 },
    comment: `${textIn(request, 'action') ?? ''} ${textIn(objectIn(request, 'from'), 'id') ?? ''} to ${host}`,
  };
}

function headersOf(transport: Members): { name: string; value: string }[] {
  return Object.entries(objectIn(transport, 'headers')).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((each: unknown) => ({ name, value: String(each) })),
  );
}

function linesOf(page: string): Members[] {
  return page
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line))
    .filter(isObject);
}

function arrayOf(raw: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(raw);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
