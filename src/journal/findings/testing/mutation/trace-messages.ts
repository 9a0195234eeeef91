import type { LogMessage } from '../../../formats/log-message.ts';
import { type ReadCounts, readLog } from '../../../formats/log-reader.ts';
import { textAt } from '../../payload-reader.ts';
import type { TraceMessage } from './mutation.ts';

/** Protocols that rules look at; what else stands in a log is passed over. */
const RULED = /^(ocpp|oicp)$/;

/** Reads a clean trace: JSON Lines as `compote demo --record` writes them. */
export async function readTrace(text: string): Promise<readonly TraceMessage[]> {
  const counts: ReadCounts = { lines: 0, messages: 0, shapes: new Map() };
  const trace: { -readonly [K in keyof TraceMessage]: TraceMessage[K] }[] = [];
  const waiting = new Map<string, number>();
  for await (const message of readLog([text], counts)) {
    if (message.type === 'whole' && !RULED.test(message.protocol)) continue;
    const parts = message.type === 'frame' ? frameParts(message.raw) : wholeParts(message);
    if (parts === undefined) continue;
    const index = trace.length;
    const key = `${hopOf(message)} ${parts.id}`;
    const partner = parts.isAnswer ? waiting.get(key) : undefined;
    const request = partner === undefined ? undefined : trace[partner];
    if (!parts.isAnswer) waiting.set(key, index);
    else if (request !== undefined) request.partner = index;
    trace.push({
      index,
      message,
      conversation: '',
      time: message.time ?? 0,
      isAnswer: parts.isAnswer,
      action: parts.isAnswer ? (request?.action ?? '') : parts.action,
      payload: parts.payload,
      partner,
      fromClient: message.type === 'frame' ? message.fromStation === true : !parts.isAnswer,
    });
  }
  for (const each of trace)
    each.conversation = conversationOf(each, each.partner === undefined ? undefined : trace[each.partner]);
  return trace;
}

interface Parts {
  readonly id: string;
  readonly isAnswer: boolean;
  readonly action: string;
  readonly payload: unknown;
}

function frameParts(raw: string): Parts | undefined {
  const frame = JSON.parse(raw) as unknown[];
  const [type, id, third, fourth, fifth] = frame;
  if (type === 2 || type === 6) return { id: String(id), isAnswer: false, action: String(third), payload: fourth };
  if (type === 3) return { id: String(id), isAnswer: true, action: '', payload: third };
  return type === 4 || type === 5 ? { id: String(id), isAnswer: true, action: '', payload: fifth } : undefined;
}

function wholeParts({ kind, action, raw, exchange }: Extract<LogMessage, { type: 'whole' }>): Parts | undefined {
  if (kind === 'event' || kind === 'mark') return undefined;
  const isAnswer = kind === 'response' || kind === 'error';
  let payload: unknown = {};
  try {
    payload = JSON.parse(raw);
  } catch {
    // An answer without a body, or none that is JSON: nothing to change in it.
  }
  return { id: exchange, isAnswer, action, payload };
}

/** Station, or the parties of an HTTP hop. */
function hopOf(message: LogMessage): string {
  if (message.type === 'frame') return `ocpp ${message.station ?? ''}`;
  return `${message.protocol} ${[message.from.id, message.to.id].sort().join(' ')}`;
}

/** Frames of a station have an order; exchanges over HTTP have one where they speak of the same session. */
function conversationOf({ message, payload, action }: TraceMessage, partner: TraceMessage | undefined): string {
  if (message.type === 'frame') return hopOf(message);
  const session = textAt(payload, 'SessionID') ?? textAt(partner?.payload, 'SessionID');
  return `${hopOf(message)} ${session?.toLowerCase() ?? action}`;
}
