import Type from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { maskSecrets, maskText } from '../../../core/secrets.ts';
import { isoTime } from '../../../core/time.ts';
import type { OicpOutcome } from '../../../link/oicp-client.ts';
import type { LastExchange } from '../../../link/oicp-last-exchanges.ts';
import { servedBy } from '../../../link/oicp-server.ts';
import { type ApiDocument, type Route, rawRoute, route } from '../../../platform/http/route.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import { OPERATION_NAMES, type OperationName, operationRow, operationsBetween } from '../../../protocols/oicp/index.ts';
import type { Cpo } from '../oicp/cpo.ts';
import type { CsmsApi } from './csms-api.ts';

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

/** The console: every operation that an operator sends, with a valid or an edited body, and what it serves. */
function consoleRoutes({ cpo }: CsmsApi): Route[] {
  const list = (direction: LastExchange['direction'], operation: OperationName): unknown => {
    const { path, summary } = operationRow(operation);
    const last = cpo.last.of(direction, operation);
    return {
      operation,
      direction,
      path,
      summary,
      example: exampleFor(operation, cpo.config.operatorId),
      ...(last === undefined ? {} : { last: shownExchange(last) }),
    };
  };
  const sends = operationsBetween('CPO', 'HUB');
  return [
    route({
      method: 'GET',
      path: '/oicp_api/operations',
      summary: 'All operations of an operator, with the last exchange of each',
      tags: ['Console'],
      response: Type.Object({ items: Type.Array(Listed) }),
      handler: () => ({
        items: OPERATION_NAMES.flatMap((name) => [
          ...(sends.includes(name) ? [list('sent', name)] : []),
          ...(servedBy('CPO').includes(name) ? [list('received', name)] : []),
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
        example: exampleFor(name, cpo.config.operatorId),
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
          const text = given === '' ? JSON.stringify(exampleFor(name, cpo.config.operatorId)) : given;
          if (query.allowInvalid !== true) checked(cpo, name, text);
          const { pathId = cpo.config.operatorId, page, size } = query;
          return shownOutcome(await cpo.callText(name, { operatorID: pathId, page, size }, text, { origin: 'user' }));
        },
      }),
    ),
  ];
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

/** The worked example of an operation, with our own operator id in it. */
function exampleFor(operation: OperationName, operatorId: string): unknown {
  const ours = JSON.stringify(operationRow(operation).example.request).replaceAll(
    '"OperatorID":"DE*ABC"',
    `"OperatorID":${JSON.stringify(operatorId)}`,
  );
  return JSON.parse(ours);
}

/** @throws SCHEMA_VIOLATION with the place of everything that is wrong with a body */
function checked(cpo: Cpo, operation: OperationName, text: string): void {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new CompoteError('SCHEMA_VIOLATION', { fields: [{ pointer: '', msg: 'the body is not JSON' }] });
  }
  const reading = cpo.bodies.request(operation, json, 'strict', { from: 'CPO', to: 'HUB' });
  const errors = reading.findings.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  throw new CompoteError('SCHEMA_VIOLATION', {
    detail: `${operation} does not fit its schema`,
    fields: errors.map(({ pointer, text: msg }) => ({ pointer, msg })),
  });
}

/** The console and the operations that the hub calls, documented at `/oicp_api/docs`. */
export function oicpDocument(api: CsmsApi, served: readonly Route[]): ApiDocument {
  const blocks = [...new Set(OPERATION_NAMES.map((name) => operationRow(name).block))];
  return {
    title: 'OICP 2.3 of the CSMS',
    description:
      'Send any operation of an operator to the hub, valid or edited, and see what the hub may call here (`/api/oicp/...`).',
    prefix: '',
    docsPath: '/oicp_api/docs',
    tags: [
      { name: 'Console', description: 'What there is, and what went over the wire last.' },
      ...blocks.map((name) => ({ name, description: `OICP 2.3: ${name.toLowerCase()}.` })),
    ],
    routes: [...consoleRoutes(api), ...served],
  };
}
