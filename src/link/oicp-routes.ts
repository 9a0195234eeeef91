import Type, { type TSchema } from 'typebox';
import { OICP_PREFIX, type OperationName, operationRow } from '../protocols/oicp/index.ts';
import type { HttpResponse, HttpServer, ServedRequest } from './http-port.ts';

/** A route that takes a request's exact bytes, as data: the HTTP kit mounts and documents it. */
export interface ServedRoute {
  readonly method: 'POST';
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly params?: TSchema;
  readonly query?: TSchema;
  /** For documentation: the body is read as it comes. */
  readonly bodySchema: TSchema;
  readonly example: unknown;
  readonly response: TSchema;
  readonly serve: (request: ServedRequest) => Promise<HttpResponse>;
}

/**
 * The routes of operations below a prefix: `/api/oicp` as the documents write them, or another one in its place.
 * Derived from the table of operations.
 */
export function oicpRoutes(
  names: readonly OperationName[],
  serve: HttpServer,
  prefix: string = OICP_PREFIX,
): ServedRoute[] {
  return names.map((name) => {
    const row = operationRow(name);
    return {
      method: row.method,
      path: prefix + row.path.slice(OICP_PREFIX.length),
      summary: `${name}: ${row.summary}`,
      description: `${row.description}\n\n${row.service}. The outcome stands in the body, whatever the HTTP status.`,
      tags: [row.block],
      ...(row.pathId === undefined
        ? {}
        : { params: Type.Object({ [row.pathId]: Type.String({ description: 'The caller’s own id.' }) }) }),
      ...(row.paged
        ? {
            query: Type.Object(
              {
                page: Type.Optional(Type.String({ description: 'From 0.' })),
                size: Type.Optional(Type.String({ description: '20 by default, at most 2000.' })),
                sort: Type.Optional(Type.String({ description: '`property,asc` or `property,desc`.' })),
              },
              { additionalProperties: true },
            ),
          }
        : {}),
      bodySchema: row.request,
      example: row.example.request,
      response: row.response,
      serve: (request) => serve({ ...request, url: OICP_PREFIX + request.url.slice(prefix.length) }),
    };
  });
}
