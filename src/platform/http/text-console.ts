import type { TSchema } from 'typebox';
import { type Route, rawRoute, route } from './route.ts';

/** A route of a console whose link does the work. */
export interface ConsoleRowShape {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly query?: TSchema;
  readonly bodySchema?: TSchema;
  readonly example?: unknown;
  readonly response: TSchema;
  run(query: object, text: string): unknown;
}

/** Mounts a console: bodies go to the link as the text that somebody typed. */
export function textConsoleRoutes(rows: readonly ConsoleRowShape[]): Route[] {
  return rows.map(({ run, bodySchema, example, ...row }) => {
    if (row.method === 'GET') return route({ ...row, handler: ({ query }) => run(query ?? {}, '') });
    return rawRoute({
      ...row,
      ...(bodySchema === undefined ? {} : { bodySchema, example }),
      reads: 'bytes',
      consumes: 'application/json',
      problems: ['SCHEMA_VIOLATION'],
      handler: ({ query, body }) =>
        run(query ?? {}, body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : ''),
    });
  });
}
