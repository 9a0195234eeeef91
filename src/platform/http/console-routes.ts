import type { TSchema } from 'typebox';
import { type ApiRequest, type Method, type Route, route } from './route.ts';

/** A route of a console that calls an operation of a peer. */
interface CalledRow {
  readonly method: Method;
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly body?: TSchema;
  readonly response: TSchema;
  readonly call: (request: Pick<ApiRequest, 'params' | 'query' | 'body'>) => Promise<object>;
}

/** Mounts the rows of a console. The peer's refusals are problems; whoever only looks may not call a peer that changes. */
export function consoleRoutes(rows: readonly CalledRow[]): Route[] {
  return rows.map(({ call, params, query, body, ...row }) =>
    route({
      ...row,
      ...(params === undefined ? {} : { params }),
      ...(query === undefined ? {} : { query }),
      ...(body === undefined ? {} : { body }),
      problems: ['NOT_AVAILABLE', 'PEER_UNREACHABLE', 'CONFLICT', 'NOT_FOUND'],
      handler: ({ params: p, query: q, body: b }) => call({ params: p, query: q, body: b }),
    }),
  );
}
