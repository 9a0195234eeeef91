import Type, { type TSchema } from 'typebox';
import { isoTime } from '../core/time.ts';
import { OPERATION_NAMES, type OperationName, operationRow, operationsBetween } from '../protocols/oicp/index.ts';
import type { HubConnection } from './hub-connection.ts';
import type { LastExchange } from './oicp-last-exchanges.ts';
import { exampleOf, OicpSendResult, sendOverHub, shownText } from './oicp-send.ts';
import { servedBy } from './oicp-server.ts';

/** A route of a console as data: the HTTP kit mounts and documents it. */
export interface ConsoleRow {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly query?: TSchema;
  /** Of the body, for documentation. */
  readonly bodySchema?: TSchema;
  readonly example?: unknown;
  readonly response: TSchema;
  /** `text`: the body as it came; empty for none. */
  run(query: ConsoleQuery, text: string): unknown;
}

export interface ConsoleQuery {
  readonly allowInvalid?: boolean;
  readonly pathId?: string;
  readonly page?: number;
  readonly size?: number;
}

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
  direction: Type.Union([Type.Literal('sent'), Type.Literal('received')], {
    description: 'Whether we call the hub, or it calls us.',
  }),
  path: Type.String(),
  summary: Type.String(),
  example: Type.Unknown({ description: 'A request, with our own ids.' }),
  last: Type.Optional(Exchange),
});

const query = Type.Object({
  allowInvalid: Type.Optional(Type.Boolean({ description: 'Sends what breaks its schema, or is no JSON.' })),
  pathId: Type.Optional(Type.String({ description: 'The id in the path; our own when absent.' })),
  page: Type.Optional(Type.Integer({ minimum: 0, description: 'Of the paged operations.' })),
  size: Type.Optional(Type.Integer({ minimum: 1, description: 'Of the paged operations.' })),
});

/**
 * The console of a partner of the hub, thin over {@link sendOverHub}: every operation that it sends, with a valid or an
 * edited body, and the last exchange of each that it sends and serves.
 */
export function consoleRows(connection: HubConnection): ConsoleRow[] {
  const sends = operationsBetween(connection.role, 'HUB');
  const serves = servedBy(connection.role);
  return [
    {
      method: 'GET',
      path: '/oicp_api/operations',
      summary: 'All operations that are sent and served here, with the last exchange of each',
      tags: ['Console'],
      response: Type.Object({ items: Type.Array(Listed) }),
      run: () => ({
        items: OPERATION_NAMES.flatMap((name) => [
          ...(sends.includes(name) ? [listed(connection, 'sent', name)] : []),
          ...(serves.includes(name) ? [listed(connection, 'received', name)] : []),
        ]),
      }),
    },
    ...sends.map(
      (name): ConsoleRow => ({
        method: 'POST',
        path: `/oicp_api/${name}`,
        summary: `Send ${name} to the hub: ${operationRow(name).summary}`,
        description: `${operationRow(name).description} An empty body sends the example.`,
        tags: [operationRow(name).block],
        query,
        bodySchema: operationRow(name).request,
        example: exampleOf(connection, name),
        response: OicpSendResult,
        run: ({ allowInvalid, ...more }, text) =>
          sendOverHub(connection, {
            from: connection.us.id,
            to: 'hub',
            action: name,
            mode: 'wire',
            ...more,
            ...(text === '' ? {} : { raw: text }),
            allowInvalid: allowInvalid === true,
          }),
      }),
    ),
  ];
}

/** The blocks of the protocol, as tags of a document. */
export function oicpTags(): { readonly name: string; readonly description: string }[] {
  const blocks = [...new Set(OPERATION_NAMES.map((name) => operationRow(name).block))];
  return blocks.map((name) => ({ name, description: `OICP 2.3: ${name.toLowerCase()}.` }));
}

function listed(connection: HubConnection, direction: LastExchange['direction'], operation: OperationName): unknown {
  const { path, summary } = operationRow(operation);
  const last = connection.last.of(direction, operation);
  return {
    operation,
    direction,
    path,
    summary,
    example: exampleOf(connection, operation),
    ...(last === undefined ? {} : { last: shownExchange(last) }),
  };
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

function shownBody(text: string): unknown {
  const shown = shownText(text);
  return 'answer' in shown ? shown.answer : shown.text;
}
