import Type from 'typebox';
import { maskSecrets, maskText } from '../../../core/secrets.ts';
import { isoTime } from '../../../core/time.ts';
import type { OicpOutcome } from '../../../link/oicp-client.ts';
import type { LastExchange } from '../../../link/oicp-last-exchanges.ts';
import { servedBy } from '../../../link/oicp-server.ts';
import { type Route, rawRoute, route } from '../../../platform/http/route.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import { OPERATION_NAMES, type OperationName, operationRow, operationsBetween } from '../../../protocols/oicp/index.ts';
import type { EmpApi } from './emp-api.ts';
import { checked, exampleFor, sentOf } from './sending.ts';

const Exchange = Type.Object({
  at: Type.String(),
  ms: Type.Number(),
  outcome: Type.String(),
  code: Type.Optional(Type.String({ description: 'OICP status code.' })),
  status: Type.Optional(Type.Integer({ description: 'HTTP status.' })),
  request: Type.Unknown(),
  response: Type.Optional(Type.Unknown()),
  journal: Type.String({ description: 'Filter of the journal that finds the whole chain.' }),
});
const Listed = Type.Object({
  operation: Type.String(),
  direction: oneOf(['sent', 'received'], { description: 'Whether we call the hub, or it calls us.' }),
  path: Type.String(),
  summary: Type.String(),
  example: Type.Unknown({ description: 'A request, with our own ids.' }),
  last: Type.Optional(Exchange),
});

const Outcome = Type.Object({
  outcome: oneOf(['ok', 'refused', 'busy', 'invalid', 'timeout', 'unreachable', 'broken']),
  code: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
  status: Type.Optional(Type.Integer()),
  ms: Type.Number(),
  trace: Type.String(),
  answer: Type.Optional(Type.Unknown({ description: 'The body, when it is JSON.' })),
  text: Type.Optional(Type.String({ description: 'The exact body, when it is not.' })),
  findings: Type.Array(
    Type.Object({ pointer: Type.String(), code: Type.String(), text: Type.String(), severity: Type.String() }),
  ),
});

/** The console: every operation that an EMP sends, with a valid or an edited body, and what it serves. */
export function consoleRoutes(api: EmpApi): Route[] {
  const { emp } = api;
  const list = (direction: LastExchange['direction'], operation: OperationName): unknown => {
    const { path, summary } = operationRow(operation);
    const last = emp.last.of(direction, operation);
    return {
      operation,
      direction,
      path,
      summary,
      example: exampleFor(operation, emp.config.providerId),
      ...(last === undefined ? {} : { last: shownExchange(last) }),
    };
  };
  const sends = operationsBetween('EMP', 'HUB');
  return [
    route({
      method: 'GET',
      path: '/oicp_api/operations',
      summary: 'All operations of an EMP, with the last exchange of each',
      tags: ['Console'],
      response: Type.Object({ items: Type.Array(Listed) }),
      handler: () => ({
        items: OPERATION_NAMES.flatMap((name) => [
          ...(sends.includes(name) ? [list('sent', name)] : []),
          ...(servedBy('EMP').includes(name) ? [list('received', name)] : []),
        ]),
      }),
    }),
    ...sends.map((name) =>
      rawRoute({
        method: 'POST',
        path: `/oicp_api/${name}`,
        summary: `Send ${name} to the hub: ${operationRow(name).summary}`,
        description: `${operationRow(name).description} An empty body sends the example.`,
        tags: [operationRow(name).block],
        reads: 'bytes',
        consumes: 'application/json',
        bodySchema: operationRow(name).request,
        example: exampleFor(name, emp.config.providerId),
        query: Type.Object({
          allowInvalid: Type.Optional(Type.Boolean({ description: 'Sends what breaks its schema, or is no JSON.' })),
          pathId: Type.Optional(Type.String({ description: 'The id in the path; our own when absent.' })),
          page: Type.Optional(Type.Integer({ minimum: 0, description: 'Of the paged operations.' })),
          size: Type.Optional(Type.Integer({ minimum: 1, description: 'Of the paged operations.' })),
        }),
        response: Outcome,
        problems: ['SCHEMA_VIOLATION'],
        async handler({ query, body }) {
          const given = body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : '';
          const text = given === '' ? JSON.stringify(exampleFor(name, emp.config.providerId)) : given;
          if (query.allowInvalid !== true) checked(emp, name, text);
          const { pathId = emp.config.providerId, page, size } = query;
          return shownOutcome(await emp.callText(name, { providerID: pathId, page, size }, text, { origin: 'user' }));
        },
      }),
    ),
  ];
}

/** `POST /send` with the outcome as every service answers it. */
export function sendRoute(api: EmpApi): Route {
  return route({
    method: 'POST',
    path: '/send',
    summary: 'Send a message as a party',
    description:
      'From `emp` to `hub` on the wire, or from `hub` to `emp` with `inbound`: nothing is sent, the EMP handles it as if the hub had called.',
    tags: ['Actions'],
    body: Type.Object(
      {
        from: oneOf(['emp', 'hub']),
        to: oneOf(['emp', 'hub']),
        proto: oneOf(['oicp']),
        ver: Type.Optional(oneOf(['2.3'])),
        action: Type.String({ description: 'OICP operation.' }),
        mode: oneOf(['wire', 'inbound']),
        payload: Type.Optional(Type.Unknown({ description: 'The body; the example when absent.' })),
        raw: Type.Optional(Type.String({ description: 'The exact text instead; anything at all.' })),
        allowInvalid: Type.Optional(Type.Boolean()),
        pathId: Type.Optional(Type.String({ description: 'The id in the path.' })),
        timeoutMs: Type.Optional(Type.Integer({ minimum: 1, maximum: 600_000 })),
      },
      { additionalProperties: false },
    ),
    response: Type.Object({
      outcome: Type.String(),
      answer: Type.Optional(Type.Unknown()),
      ms: Type.Optional(Type.Number()),
    }),
    problems: ['UNKNOWN_ACTION', 'SCHEMA_VIOLATION'],
    handler: async ({ body }) => {
      const sent = await sentOf(api.emp, body);
      if ('findings' in sent) return shownOutcome(sent);
      return sent;
    },
  });
}

function shownExchange({ atMs, ms, request, response, outcome, code, status, trace }: LastExchange): unknown {
  return {
    at: isoTime(atMs),
    ms,
    outcome,
    request: shownBody(request),
    journal: `trace:${trace}`,
    ...(code === undefined ? {} : { code }),
    ...(status === undefined ? {} : { status }),
    ...(response === undefined ? {} : { response: shownBody(response) }),
  };
}

function shownOutcome(outcome: OicpOutcome): unknown {
  const { kind, ms, trace, status, text, findings } = outcome;
  const body = text === undefined ? undefined : shownBody(text);
  return {
    outcome: kind,
    ms,
    trace: trace.trace,
    findings,
    ...(kind === 'refused' ? { code: outcome.code } : kind === 'ok' ? { code: '000' } : {}),
    ...('reason' in outcome ? { reason: outcome.reason } : {}),
    ...(status === undefined ? {} : { status }),
    ...(body === undefined ? {} : typeof body === 'string' ? { text: body } : { answer: body }),
  };
}

/** The JSON value without secrets; the text where it is none. */
function shownBody(text: string): unknown {
  try {
    return maskSecrets(JSON.parse(text));
  } catch {
    return maskText(text);
  }
}
