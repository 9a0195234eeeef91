import type { Journal, Message } from '../../journal/index.ts';
import type { Span, Trace } from './trace.ts';

/** A span as collectors take it, whatever their format. */
export interface ToldSpan {
  readonly id: string;
  readonly parent?: string;
  /** What it follows: a link, no parent. */
  readonly follows?: string;
  readonly kind: 'client' | 'server';
  /** `service.name` of the resource. */
  readonly service: string;
  readonly name: string;
  readonly start: number;
  readonly ms: number;
  readonly outcome: string;
  readonly error: boolean;
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** What the messages of a span say beyond the rows of a list. */
export interface SpanFacts {
  readonly request?: Message | undefined;
  readonly answer?: Message | undefined;
}

/** Traces are longer only where something runs wild. */
const MAX_FACTS = 200;

/** Reads the messages of the spans, by the request's number. */
export async function factsOf(journal: Journal, spans: readonly Span[]): Promise<ReadonlyMap<number, SpanFacts>> {
  const message = (seq: number | undefined): Promise<Message | undefined> =>
    // What the journal has let go meanwhile is told without it.
    seq === undefined ? Promise.resolve(undefined) : journal.query.message(seq).catch(() => undefined);
  const facts = await Promise.all(
    spans.slice(0, MAX_FACTS).map(async ({ seq, answer }) => {
      const [request, answered] = await Promise.all([message(seq), message(answer)]);
      return [seq, { request, answer: answered }] as const;
    }),
  );
  return new Map(facts);
}

/**
 * The spans of a hop: the server's, and above it the client's where the client is one of ours. One tap sees a hop, so both
 * have its times.
 */
export function toldSpans(
  spans: readonly Span[],
  trace: Pick<Trace, 'session'>,
  facts: ReadonlyMap<number, SpanFacts>,
): ToldSpan[] {
  return spans.flatMap((span) => {
    const { id, side, client, parent, follows, name, start, ms, outcome, error = false } = span;
    const above = {
      ...(parent === undefined ? {} : { parent }),
      ...(follows === undefined ? {} : { follows }),
    };
    const same = { name, start, ms, outcome, error };
    const attributes = (kind: 'client' | 'server'): ToldSpan['attributes'] =>
      attributesOf(span, kind, trace, facts.get(span.seq) ?? {});
    if (client === undefined) {
      const service = side === 'server' ? span.party : span.from;
      return [{ ...same, ...above, id, kind: side, service, attributes: attributes(side) }];
    }
    return [
      { ...same, ...above, id: client, kind: 'client', service: span.from, attributes: attributes('client') },
      { ...same, id, parent: client, kind: 'server', service: span.party, attributes: attributes('server') },
    ];
  });
}

const TRANSPORTS: Readonly<Record<string, string>> = { ws: 'websocket', http: 'http', mqtt: 'mqtt', inproc: 'inproc' };

/** OpenTelemetry's names where its conventions have one (rpc, http, messaging, network, error), else `ocpp.` and `compote.`. */
function attributesOf(
  span: Span,
  kind: 'client' | 'server',
  { session }: Pick<Trace, 'session'>,
  { request, answer }: SpanFacts,
): Record<string, string | number> {
  const { protocol, version, name, from, party, seq, outcome, error } = span;
  const station = protocol === 'ocpp' ? stationOf(span, request) : undefined;
  const transport = request?.transport;
  const known = {
    ...(protocol === 'mqtt'
      ? { 'messaging.system': 'mqtt', 'messaging.destination.name': name }
      : { 'rpc.system': protocol, 'rpc.service': version === undefined ? protocol : `${protocol} ${version}` }),
    'rpc.method': protocol === 'mqtt' ? undefined : name,
    'network.protocol.name': transport === undefined ? undefined : TRANSPORTS[transport.type],
    'http.request.method': textIn(transport, 'method'),
    'url.path': pathOf(textIn(transport, 'path')),
    'http.response.status_code': numberIn(answer?.transport, 'status'),
    'peer.service': kind === 'client' ? party : from,
    'error.type': error === true ? outcome : undefined,
    'session.id': session,
    'ocpp.station': station,
    'ocpp.message.id': protocol === 'ocpp' ? request?.messageId : undefined,
    'oicp.process.id': protocol === 'oicp' && kind === 'server' ? request?.messageId : undefined,
    'oicp.status_code': protocol === 'oicp' ? answer?.code : undefined,
    'compote.from': from,
    'compote.to': party,
    'compote.message.seq': seq,
    'compote.outcome': outcome,
  };
  return Object.fromEntries(
    Object.entries(known).filter((entry): entry is [string, string | number] => entry[1] !== undefined),
  );
}

function stationOf({ from, party }: Span, request: Message | undefined): string {
  const { from: sender, to } = request ?? {};
  if (sender?.role === 'cs') return sender.id;
  if (to?.role === 'cs') return to.id;
  // One of the two is the CSMS; the other one is the station.
  return from === 'csms' ? party : from;
}

/** The path of a target, which a client's tap keeps as a whole address. */
function pathOf(target: string | undefined): string | undefined {
  if (target === undefined) return undefined;
  return URL.canParse(target) ? new URL(target).pathname : target.replace(/\?.*$/, '');
}

function textIn(members: Readonly<Record<string, unknown>> | undefined, name: string): string | undefined {
  const value = members?.[name];
  return typeof value === 'string' ? value : undefined;
}

function numberIn(members: Readonly<Record<string, unknown>> | undefined, name: string): number | undefined {
  const value = members?.[name];
  return typeof value === 'number' ? value : undefined;
}
