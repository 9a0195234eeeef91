import Type, { type Static } from 'typebox';
import { CompoteError } from '../core/errors.ts';
import { maskSecrets, maskText } from '../core/secrets.ts';
import {
  isOperationName,
  JSON_CONTENT_TYPE,
  type OperationName,
  operationRow,
  operationsBetween,
  requestWithText,
} from '../protocols/oicp/index.ts';
import { bytesOf, textOf } from './http-port.ts';
import type { HubConnection } from './hub-connection.ts';
import type { OicpOutcome } from './oicp-client.ts';
import { type OicpServer, servedBy } from './oicp-server.ts';

/** Members of `POST /send` that OICP has beside `from`, `to`, `proto`, `ver`, `action` and `mode`. */
export const oicpSendMembers = {
  payload: Type.Optional(Type.Unknown({ description: 'The body; the worked example with our own id when absent.' })),
  raw: Type.Optional(Type.String({ description: 'The exact text instead; anything at all.' })),
  allowInvalid: Type.Optional(Type.Boolean({ description: 'Sends what breaks its schema.' })),
  pathId: Type.Optional(Type.String({ description: 'The id in the path; the sender’s own when absent.' })),
  page: Type.Optional(Type.Integer({ minimum: 0, description: 'Of the paged operations.' })),
  size: Type.Optional(Type.Integer({ minimum: 1, description: 'Of the paged operations.' })),
  timeoutMs: Type.Optional(Type.Integer({ minimum: 1, maximum: 600_000, description: 'How long to wait.' })),
};

/** `POST /send` of a service that speaks OICP alone. */
export const OicpSendRequest = Type.Object(
  {
    from: Type.String({
      minLength: 1,
      description: 'Who sends: this service, or for `inbound` who would have called.',
    }),
    to: Type.String({ minLength: 1, description: 'Who gets it.' }),
    proto: Type.Literal('oicp'),
    ver: Type.Optional(Type.Literal('2.3')),
    action: Type.String({ minLength: 1, description: 'OICP operation.' }),
    mode: Type.Union([Type.Literal('wire'), Type.Literal('inbound')], {
      description: '`wire`: over the network. `inbound`: nothing is sent, the call is handled as if it had arrived.',
    }),
    ...oicpSendMembers,
  },
  { additionalProperties: false },
);

/** What became of it. What cannot be sent is a problem instead. */
export const OicpSendResult = Type.Object({
  outcome: Type.String({
    description:
      '`ok`, `refused` (a functional no), `busy`, `invalid`, `timeout`, `unreachable`, `broken`; `answered` for `inbound`.',
  }),
  code: Type.Optional(Type.String({ description: 'OICP status code.' })),
  reason: Type.Optional(Type.String()),
  status: Type.Optional(Type.Integer({ description: 'HTTP status.' })),
  ms: Type.Optional(Type.Number()),
  trace: Type.Optional(Type.String({ description: 'Finds the whole chain: `trace:<id>` in the journal.' })),
  seq: Type.Optional(Type.Integer({ description: 'The message in the journal, where this side records it.' })),
  answerSeq: Type.Optional(Type.Integer()),
  answer: Type.Optional(Type.Unknown({ description: 'The body, when it is JSON.' })),
  text: Type.Optional(Type.String({ description: 'The exact body, when it is not.' })),
  findings: Type.Optional(
    Type.Array(
      Type.Object({ pointer: Type.String(), code: Type.String(), text: Type.String(), severity: Type.String() }),
    ),
  ),
});
export type OicpSendResult = Static<typeof OicpSendResult>;

/** What somebody wants to go out in a party's name. */
export interface OicpWish {
  readonly action: string;
  readonly mode: 'wire' | 'inbound';
  readonly payload?: unknown;
  readonly raw?: string | undefined;
  readonly allowInvalid?: boolean | undefined;
  readonly pathId?: string | undefined;
  readonly page?: number | undefined;
  readonly size?: number | undefined;
  readonly timeoutMs?: number | undefined;
}

/**
 * Sends an operation to the hub, or hands in what the hub would have called.
 * @throws UNKNOWN_ACTION, SCHEMA_VIOLATION with the place of everything that is wrong, INVALID_REQUEST for a wrong direction
 */
export async function sendOverHub(
  connection: HubConnection,
  { from, to, ...wish }: OicpWish & { readonly from: string; readonly to: string },
): Promise<OicpSendResult> {
  const { us, role, ownId } = connection;
  const inbound = wish.mode === 'inbound';
  const [sender, receiver] = inbound ? ['hub', us.id] : [us.id, 'hub'];
  if (from !== sender) throw wrongWay('/from', `is \`${sender}\` for \`${wish.mode}\``);
  if (to !== receiver) throw wrongWay('/to', `is \`${receiver}\` for \`${wish.mode}\``);
  const kind = role === 'CPO' ? 'a CPO' : 'an EMP';
  const known = inbound ? servedBy(role) : operationsBetween(role, 'HUB');
  const operation = operationOf(wish.action, known, inbound ? `${kind} serves` : `${kind} sends`);
  const payload = wish.payload ?? exampleOf(connection, operation);
  const text = wish.raw ?? JSON.stringify(payload);
  // A raw text says by itself that it may be anything, unless it is said that it must fit.
  const free = wish.allowInvalid ?? wish.raw !== undefined;
  if (!free) demandBody(connection, operation, text, inbound);
  if (inbound) return handIn(connection.server, operation, wish.pathId ?? callerIn(payload), text);
  const { pathId: id = ownId, page, size, timeoutMs } = wish;
  return shownOutcome(
    await connection.callText(operation, { operatorID: id, providerID: id, page, size }, text, {
      origin: 'user',
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    }),
  );
}

/** Hands a server a call as if it had come over the wire; the journal marks it as synthetic. */
export async function handIn(
  server: OicpServer,
  operation: OperationName,
  pathId: string,
  text: string,
): Promise<OicpSendResult> {
  const { method, path } = requestWithText(operation, { operatorID: pathId, providerID: pathId }, text);
  const headers = { 'content-type': JSON_CONTENT_TYPE };
  const response = await server.serve(
    { method, url: path, headers, body: bytesOf(text), remoteAddress: '127.0.0.1' },
    true,
  );
  return { outcome: 'answered', status: response.status, ...shownText(textOf(response.body) ?? '') };
}

/** @throws UNKNOWN_ACTION, naming what there is */
export function operationOf(action: string, known: readonly OperationName[], who: string): OperationName {
  if (isOperationName(action) && known.includes(action)) return action;
  throw new CompoteError('UNKNOWN_ACTION', {
    detail: `${action} is not an operation of OICP 2.3 that ${who}`,
    hint: `There are ${known.join(', ')}.`,
  });
}

/** The worked example of an operation, with our own id in it where the example has the caller's. */
export function exampleOf({ role, ownId }: Pick<HubConnection, 'role' | 'ownId'>, operation: OperationName): unknown {
  const [member, sample] = role === 'CPO' ? ['OperatorID', 'DE*ABC'] : ['ProviderID', 'DE-DCB'];
  const text = JSON.stringify(operationRow(operation).example.request);
  return JSON.parse(text.replaceAll(`"${member}":"${sample}"`, `"${member}":${JSON.stringify(ownId)}`));
}

export function shownOutcome(outcome: OicpOutcome): OicpSendResult {
  const { kind, ms, trace, status, text, findings, seq, answerSeq } = outcome;
  return {
    outcome: kind,
    ms,
    trace: trace.trace,
    findings: findings.map(({ pointer, code, text: said, severity }) => ({ pointer, code, text: said, severity })),
    ...(seq === undefined ? {} : { seq }),
    ...(answerSeq === undefined ? {} : { answerSeq }),
    ...(kind === 'refused' ? { code: outcome.code } : kind === 'ok' ? { code: '000' } : {}),
    ...('reason' in outcome ? { reason: outcome.reason } : {}),
    ...(status === undefined ? {} : { status }),
    ...(text === undefined ? {} : shownText(text)),
  };
}

/** The JSON value without secrets, or the text where it is none. */
export function shownText(text: string): { answer: unknown } | { text: string } {
  try {
    return { answer: maskSecrets(JSON.parse(text)) };
  } catch {
    return { text: maskText(text) };
  }
}

export function wrongWay(pointer: string, msg: string): CompoteError {
  return new CompoteError('INVALID_REQUEST', { fields: [{ pointer, msg }] });
}

function demandBody({ bodies, role }: HubConnection, operation: OperationName, text: string, inbound: boolean): void {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new CompoteError('SCHEMA_VIOLATION', { fields: [{ pointer: '', msg: 'the body is not JSON' }] });
  }
  const ends = inbound ? ({ from: 'HUB', to: role } as const) : ({ from: role, to: 'HUB' } as const);
  const reading = bodies.request(operation, json, 'strict', ends);
  const errors = reading.findings.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  throw new CompoteError('SCHEMA_VIOLATION', {
    detail: `${operation} does not fit its schema`,
    fields: errors.map(({ pointer, text: msg }) => ({ pointer, msg })),
  });
}

/** The id of the party that calls through the hub, as its body names it. */
function callerIn(payload: unknown): string {
  const { OperatorID, ProviderID } = (typeof payload === 'object' && payload !== null ? payload : {}) as {
    OperatorID?: unknown;
    ProviderID?: unknown;
  };
  const id = OperatorID ?? ProviderID;
  return typeof id === 'string' ? id : 'DE*ABC';
}
