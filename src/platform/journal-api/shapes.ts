import Type from 'typebox';

/** The shapes of the journal's REST, as `journal/query.ts` types them. */

const count = Type.Integer({ minimum: 0 });

export const kind = Type.Union(
  (['request', 'response', 'error', 'send', 'event', 'mark'] as const).map((word) => Type.Literal(word)),
);

const cause = Type.Object(
  { span: Type.String(), follows: Type.Optional(Type.Literal(true, { description: 'It was not waited for.' })) },
  { description: 'The span that it was done for.' },
);

const hop = Type.Object(
  {
    id: Type.String({ description: '16 hex digits.' }),
    side: Type.Union([Type.Literal('client'), Type.Literal('server')]),
    cause: Type.Optional(cause),
    caller: Type.Optional(
      Type.Object(
        { cause: Type.Optional(cause) },
        { description: 'The client is one of ours: what its span, the cause of this one, was done for.' },
      ),
    ),
  },
  { description: 'The span of the side that recorded it.' },
);

export const row = Type.Object(
  {
    s: Type.Integer({ description: 'Sequence number.' }),
    t: Type.Number({ description: 'Epoch milliseconds.' }),
    k: kind,
    p: Type.String({ description: 'Protocol: ocpp, oicp, pnc, mqtt, api.' }),
    v: Type.Optional(Type.String({ description: 'Version of the protocol.' })),
    f: Type.String({ description: 'From: a party’s id.' }),
    to: Type.String({ description: 'To: a party’s id.' }),
    a: Type.String({ description: 'Action, operation or topic.' }),
    sum: Type.String({ description: 'What it says, in a few words.' }),
    ses: Type.Optional(Type.String({ description: 'Charging session.' })),
    tr: Type.Optional(Type.String({ description: 'Trace.' })),
    sp: Type.Optional(hop),
    b: Type.Integer({ description: 'Bytes of the raw text.' }),
    x: Type.Optional(
      Type.Object(
        {
          s: Type.Optional(Type.Integer()),
          k: Type.Union((['response', 'error', 'timeout', 'waiting'] as const).map((word) => Type.Literal(word))),
          st: Type.String(),
          ms: Type.Number(),
        },
        { description: 'The answer of a request: its number, kind, status and latency.' },
      ),
    ),
    fd: Type.Optional(Type.Array(count, { description: 'Findings: errors, warnings, infos.' })),
    fl: Type.Optional(Type.Array(Type.String(), { description: 'Flags.' })),
  },
  { description: 'One line of a list; short names because lists are long.' },
);

const party = Type.Object({ id: Type.String(), role: Type.String() });

export const finding = Type.Object({
  id: Type.String(),
  rule: Type.String({ description: 'GET /rules/{id} says why it happens and what to look at.' }),
  severity: Type.String({ description: 'The verdict by the specification: error, warning, info.' }),
  axis: Type.String(),
  peer: Type.Optional(
    Type.String({
      description:
        'Whether a tolerant peer would cope: rejects, tolerates, ignores, unknown. Never part of the verdict.',
    }),
  ),
  party: Type.String({ description: 'The party at fault.' }),
  seq: Type.Optional(Type.Integer({ description: 'The message that it stands on.' })),
  pointer: Type.Optional(Type.String({ description: 'JSON pointer into that message’s payload.' })),
  text: Type.String(),
  clause: Type.Optional(Type.String()),
  time: Type.Number(),
  evidence: Type.Optional(
    Type.Array(Type.Object({ seq: Type.Integer(), pointer: Type.Optional(Type.String()), label: Type.String() }), {
      description: 'Further messages that prove it.',
    }),
  ),
  expected: Type.Optional(Type.Unknown()),
  actual: Type.Optional(Type.Unknown()),
  status: Type.String({
    description: '`open`; `muted`: a person does not want to hear of it; `fixed`: its cause is gone, a person says.',
  }),
  mute: Type.Optional(Type.String({ description: 'The mute that holds.' })),
});

/** A finding in a list, with what its message says of it. */
export const placedFinding = Type.Object({
  ...finding.properties,
  protocol: Type.Optional(Type.String()),
  fault: Type.Optional(Type.String({ description: 'Role of the party at fault: cs, csms, hub, emp, …' })),
  station: Type.Optional(Type.String()),
  session: Type.Optional(Type.String()),
  action: Type.Optional(Type.String()),
});

export const message = Type.Object(
  {
    seq: Type.Integer(),
    epoch: Type.String(),
    kind,
    proto: Type.String(),
    version: Type.Optional(Type.String()),
    action: Type.String(),
    messageId: Type.Optional(Type.String({ description: 'The wire’s own correlation id.' })),
    from: party,
    to: party,
    time: Type.Object({ received: Type.String(), mono: Type.Number() }),
    payload: Type.Optional(Type.Unknown()),
    raw: Type.String({ description: 'The exact text; base64 where `rawEncoding` says so.' }),
    rawEncoding: Type.Optional(Type.Literal('base64')),
    rawTruncated: Type.Optional(Type.Integer({ description: 'How many bytes there were, when fewer are kept.' })),
    malformed: Type.Optional(Type.Object({ msg: Type.String(), at: Type.Number() })),
    code: Type.Optional(Type.String()),
    partner: Type.Optional(Type.Object({ seq: Type.Integer(), latencyMs: Type.Number() })),
    transport: Type.Record(Type.String(), Type.Unknown()),
    findings: Type.Array(finding),
    session: Type.Optional(Type.String()),
    trace: Type.Optional(Type.String()),
    hop: Type.Optional(hop),
    origin: Type.Object({ by: Type.String() }),
    flags: Type.Array(Type.String()),
    marked: Type.Optional(Type.Boolean()),
    note: Type.Optional(Type.String()),
    basedOn: Type.Optional(Type.Integer({ description: 'The message that it was made from by a change.' })),
    masked: Type.Optional(Type.Literal(true)),
  },
  { description: 'A whole message. Secrets are masked.' },
);

export const related = Type.Object({
  partner: Type.Optional(row),
  trace: Type.Array(row),
  previous: Type.Optional(row),
  next: Type.Optional(row),
  neighbours: Type.Array(row),
});

export const view = Type.Object(
  {
    id: Type.String(),
    entity: Type.String(),
    count,
    total: count,
    scanned: count,
    complete: Type.Boolean(),
    stopped: Type.Optional(Type.Literal(true, { description: 'The scan was ended: there may be more.' })),
    asOf: Type.Integer(),
    head: Type.Integer(),
    errors: Type.Array(Type.Object({ from: Type.Integer(), to: Type.Integer(), msg: Type.String() })),
  },
  { description: 'A filter with a stable row index; it ends after 5 minutes without use.' },
);

export const journalInfo = Type.Object({
  epoch: Type.String({ description: 'Names this journal; another one after it was cleared.' }),
  first: Type.Integer(),
  head: Type.Integer(),
  count,
  bytes: count,
  retention: Type.Object({ messages: Type.Number(), bytes: Type.Number(), ageMs: Type.Number() }),
  complete: Type.Boolean({ description: 'Whether everything that an earlier run left can be found yet.' }),
  reports: Type.Array(Type.Object({ time: Type.Number(), kind: Type.String(), text: Type.String() })),
  undo: Type.Optional(
    Type.Object(
      { messages: count, until: Type.Number() },
      { description: 'What was cleared a moment ago and can be taken back until then (epoch milliseconds).' },
    ),
  ),
});

const latency = Type.Object({
  count,
  meanMs: Type.Number(),
  minMs: Type.Number(),
  maxMs: Type.Number(),
  p50Ms: Type.Number(),
  p90Ms: Type.Number(),
  p95Ms: Type.Number(),
  p99Ms: Type.Number(),
  histogram: Type.Array(Type.Object({ belowMs: Type.Number(), count })),
});

const traffic = {
  messages: count,
  bytes: count,
  requests: count,
  responses: count,
  errors: count,
  lastAt: Type.Optional(Type.Number({ description: 'Epoch milliseconds of the newest message.' })),
  latency: Type.Optional(latency),
};

export const statistics = Type.Object({
  total: Type.Object(traffic),
  byAction: Type.Array(
    Type.Object({ ...traffic, proto: Type.String(), version: Type.String(), action: Type.String() }),
  ),
  byParty: Type.Array(Type.Object({ ...traffic, party: Type.String(), role: Type.String() })),
  byRoute: Type.Array(
    Type.Object({ ...traffic, a: Type.String(), b: Type.String(), proto: Type.String(), version: Type.String() }),
  ),
  connections: Type.Array(
    Type.Object({ proto: Type.String(), version: Type.String(), transport: Type.String(), open: count }),
    { description: 'Open now. Over HTTP: parties that were called or called.' },
  ),
});
