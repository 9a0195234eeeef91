import Type, { type TObject, type TSchema } from 'typebox';
import { CompoteError, messageOf } from '../core/errors.ts';
import { readSigningRequest, toPemChain } from '../protocols/iso15118/index.ts';
import type { CaName, PoolOperation } from '../protocols/opcp/index.ts';
import { demandPoolValue, type PoolClient } from './pool-client.ts';

/** An operation of the pools as one console offers it. */
export interface ConsoleEntry {
  readonly operation: PoolOperation;
  /** Where it stands below the console, with the operation's path parameters. */
  readonly path: string;
  /** The authority that enrolment of this role goes to. */
  readonly ca?: CaName;
}

/** A row of a console as data: the HTTP kit mounts and documents it. */
export interface ConsoleRow {
  readonly method: PoolOperation['method'];
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly body?: TSchema;
  readonly response: TSchema;
  readonly call: (request: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: unknown;
  }) => Promise<object>;
}

const Csr = Type.Object({
  csr: Type.String({ minLength: 1, maxLength: 20_000, description: 'PKCS#10 in DER, base64, or as PEM.' }),
});
const status = Type.Integer({ description: 'The HTTP status of the pool.' });

/**
 * A console of the pools for one caller, derived from the table of operations. Headers of an operation are query
 * parameters here; certificates come as PEM. Refusals of the pool come back as problems in the pool's words.
 */
export function poolConsole(entries: readonly ConsoleEntry[], demand: () => PoolClient): ConsoleRow[] {
  return entries.map(({ operation, path, ca }) => {
    const { method, summary, docs, service, request, response } = operation;
    const asks = queryOf(operation);
    return {
      method,
      path,
      summary,
      description: `${docs} Operation \`${operation.name}\`, \`${method} ${operation.paths[0]}\`.`,
      tags: [service],
      ...(operation.params === undefined || ca !== undefined ? {} : { params: operation.params }),
      ...(asks === undefined ? {} : { query: asks }),
      ...(request.kind === 'pkcs10' ? { body: Csr } : request.schema === undefined ? {} : { body: request.schema }),
      response: answerOf(response),
      call: async ({ params, query, body }) => {
        const asked = query as Record<string, unknown> | undefined;
        const answer = await demand().call(operation, {
          params: ca === undefined ? params : { ca },
          ...(asked === undefined ? {} : sorted(operation, asked)),
          ...(request.kind === 'none' ? {} : { body: request.kind === 'pkcs10' ? derOf(body) : body }),
        } as Parameters<PoolClient['call']>[1]);
        const value: unknown = demandPoolValue(answer);
        const said = { status: answer.status ?? 0 };
        if (response.kind === 'none') return said;
        return response.kind === 'pkcs7'
          ? { ...said, certificatesPem: toPemChain(value as readonly Uint8Array[]) }
          : { ...said, answer: value };
      },
    };
  });
}

/** Every console can fetch a token: what is wrong with the credentials shows there first. */
export function tokenRow(demand: () => PoolClient): ConsoleRow {
  return {
    method: 'POST',
    path: '/token',
    summary: 'Get an access token; it is kept for the other operations',
    description: 'From the token service of the configuration.',
    tags: ['Token'],
    response: Type.Object({ received: Type.Boolean() }),
    call: async () => {
      const token = await demand().token();
      if (typeof token === 'string') return { received: true };
      throw new CompoteError('PEER_UNREACHABLE', { detail: token.join(' ') });
    },
  };
}

function answerOf(response: PoolOperation['response']): TObject {
  if (response.kind === 'none') return Type.Object({ status });
  if (response.kind === 'pkcs7') {
    return Type.Object({ status, certificatesPem: Type.String({ description: 'Leaf or sub-CA first, PEM.' }) });
  }
  return Type.Object({ status, answer: response.schema ?? Type.Unknown() });
}

function namesOf(schema: TSchema | undefined): Readonly<Record<string, TSchema>> {
  return schema === undefined ? {} : ((schema as TObject).properties ?? {});
}

function queryOf({ query, headers }: PoolOperation): TObject | undefined {
  const all = { ...namesOf(query), ...namesOf(headers) };
  return Object.keys(all).length === 0 ? undefined : Type.Object(all);
}

function sorted({ headers }: PoolOperation, asked: Record<string, unknown>): { query: object; headers: object } {
  const inHeaders = (name: string): boolean => namesOf(headers)[name] !== undefined;
  const all = Object.entries(asked);
  return {
    query: Object.fromEntries(all.filter(([name]) => !inHeaders(name))),
    headers: Object.fromEntries(all.filter(([name]) => inHeaders(name))),
  };
}

function derOf(body: unknown): Uint8Array {
  try {
    return readSigningRequest((body as { csr: string }).csr).der;
  } catch (cause) {
    throw new CompoteError('INVALID_REQUEST', { fields: [{ pointer: '/csr', msg: messageOf(cause) }], cause });
  }
}
