import { isoTime } from '../core/time.ts';
import { describeMessage } from './describe.ts';
import { hopIn, traceIn } from './hop-text.ts';
import { maskSecrets } from './mask.ts';
import { BITS, flagsOfBits, originOfBits } from './packed-entry.ts';
import { type Payload, payloadOf, statusesOf } from './payload.ts';
import type { Message, ReadOptions, Row } from './query.ts';
import { receiver, sender } from './routes.ts';
import type { MessageView } from './stored-message.ts';

/** How a stored message is told to others: a list's line, the whole message, a line of an export. */

/** The line of a list; secrets are masked. */
export function toRow(view: MessageView): Row {
  const { reader, link, kind, source } = view;
  const bits = reader.bits;
  const toClient = (bits & BITS.toClient) !== 0;
  const flags = flagsOf(view);
  const answer = kind === 'request' ? answerOfRow(view) : undefined;
  const findings = findingCounts(view);
  const traced = reader.trace;
  const hop = kind === 'request' || kind === 'send' ? hopIn(traced) : undefined;
  const session = source.index.sessionOf(view.seq);
  return {
    s: view.seq,
    t: reader.time,
    k: kind,
    p: link.protocol,
    ...(link.version === undefined ? {} : { v: link.version }),
    f: sender(link, toClient).id,
    to: receiver(link, toClient).id,
    a: reader.action,
    sum: summaryOf(view),
    ...(session === undefined ? {} : { ses: session }),
    ...(traced === '' ? {} : { tr: traceIn(traced) }),
    ...(hop === undefined ? {} : { sp: hop }),
    b: reader.rawLength,
    ...(answer === undefined ? {} : { x: answer }),
    ...(findings === undefined ? {} : { fd: findings }),
    ...(flags.length === 0 ? {} : { fl: flags }),
  };
}

function summaryOf(view: MessageView): string {
  const { kind, reader, link, rawText } = view;
  if (kind === 'error' && reader.code !== '') return reader.code;
  const masked = maskSecrets(rawText);
  const payload = masked === rawText ? view.payload : payloadOf(link.protocol, kind, masked).payload;
  // Half of MQTT is plain words and numbers: they are their own summary.
  if (link.protocol === 'mqtt' && (payload === undefined || typeof payload !== 'object')) return masked.slice(0, 80);
  return describeMessage(link.protocol, kind, reader.action, payload);
}

export function toMessage(view: MessageView, options: ReadOptions = {}): Message {
  const { raw, rawEncoding, ...line } = lineOf(view, options);
  const isText = rawEncoding === undefined;
  const { payload, malformed } = isText ? payloadOf(view.link.protocol, view.kind, raw) : ({} as Payload);
  return {
    ...line,
    ...(payload === undefined ? {} : { payload }),
    raw,
    ...(isText ? {} : { rawEncoding }),
    ...(malformed === undefined || line.rawTruncated !== undefined ? {} : { malformed }),
  };
}

/** The message without what its raw text says anyway: nothing is parsed for it. */
export function lineOf(view: MessageView, options: ReadOptions = {}): Omit<Message, 'payload' | 'malformed'> {
  const { reader, link, source } = view;
  const bits = reader.bits;
  const toClient = (bits & BITS.toClient) !== 0;
  const mask = options.unmasked === true ? (text: string): string => text : maskSecrets;
  const isText = (bits & BITS.rawIsBytes) === 0;
  // Latin-1 gives every byte back: secrets are masked in bytes that are no text too.
  const whole = isText ? view.rawText : view.raw.toString('latin1');
  const shown = mask(whole);
  const detail = parseDetail(mask(reader.detail));
  const annotation = source.index.annotationOn(view.seq);
  const trace = reader.trace;
  const hop = hopIn(trace);
  const cut = reader.rawLengthBeforeCut > reader.rawLength;
  const partner = partnerOf(view);
  const session = source.index.sessionOf(view.seq);
  return {
    seq: view.seq,
    epoch: source.epoch,
    kind: view.kind,
    proto: link.protocol,
    ...(link.version === undefined ? {} : { version: link.version }),
    action: reader.action,
    ...(reader.messageId === '' ? {} : { messageId: reader.messageId }),
    from: sender(link, toClient),
    to: receiver(link, toClient),
    time: { received: isoTime(reader.time), mono: reader.time },
    raw: isText ? shown : Buffer.from(shown, 'latin1').toString('base64'),
    ...(isText ? {} : { rawEncoding: 'base64' as const }),
    ...(cut ? { rawTruncated: reader.rawLengthBeforeCut } : {}),
    ...(reader.code === '' ? {} : { code: reader.code }),
    ...(partner === undefined ? {} : { partner }),
    transport: {
      ...link.facts,
      ...detail,
      type: link.transport,
      conn: link.conn,
      tap: link.tap,
      sender: toClient ? 'server' : 'client',
    },
    findings: source.index.findingsOn(view.seq).map((finding) => source.index.told(finding)),
    ...(session === undefined ? {} : { session }),
    ...(trace === '' ? {} : { trace: traceIn(trace) }),
    ...(hop === undefined ? {} : { hop }),
    origin: { by: originOfBits(bits) },
    flags: flagsOfBits(bits),
    ...(annotation?.marked === undefined ? {} : { marked: annotation.marked }),
    ...(annotation?.note === undefined ? {} : { note: annotation.note }),
    ...(annotation?.basedOn === undefined ? {} : { basedOn: annotation.basedOn }),
    ...(shown === whole ? {} : { masked: true as const }),
  };
}

function flagsOf({ reader, source, seq }: MessageView): string[] {
  const flags: string[] = flagsOfBits(reader.bits);
  const annotation = source.index.annotationOn(seq);
  if (annotation?.marked === true) flags.push('marked');
  if ((annotation?.note ?? '') !== '') flags.push('note');
  const origin = originOfBits(reader.bits);
  if (origin === 'rule' || origin === 'user') flags.push(origin);
  return flags;
}

function answerOfRow({ answer }: MessageView): NonNullable<Row['x']> {
  if (answer === undefined) return { k: 'waiting', st: '', ms: 0 };
  const { reader } = answer;
  const kind = answer.kind === 'error' ? 'error' : 'response';
  const st = reader.code === '' ? (statusesOf(answer.payload)[0] ?? '') : reader.code;
  return { s: answer.seq, k: kind, st, ms: Number.isNaN(reader.latencyMs) ? 0 : reader.latencyMs };
}

function findingCounts({ source, seq }: MessageView): readonly [number, number, number] | undefined {
  const findings = source.index.openFindingsOn(seq);
  if (findings.length === 0) return undefined;
  const count = (severity: string): number => findings.filter((finding) => finding.severity === severity).length;
  return [count('error'), count('warning'), count('info')];
}

function partnerOf({ reader, answer }: MessageView): Message['partner'] {
  if (reader.partner > 0)
    return { seq: reader.partner, latencyMs: Number.isNaN(reader.latencyMs) ? 0 : reader.latencyMs };
  if (answer === undefined) return undefined;
  const latency = answer.reader.latencyMs;
  return { seq: answer.seq, latencyMs: Number.isNaN(latency) ? 0 : latency };
}

function parseDetail(detail: string): Record<string, unknown> {
  if (detail === '') return {};
  try {
    const parsed: unknown = JSON.parse(detail);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : {};
  } catch {
    // Cut detail: show what there is.
    return { detail };
  }
}
