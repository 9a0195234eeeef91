import type { TSchema } from 'typebox';
import { Content } from './answers.ts';
import { type ApiRequest, type Route, rawRoute } from './route.ts';

/** A route of a protocol whose link reads and answers exact bytes itself. */
export interface ServedRow {
  readonly method: 'POST';
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly bodySchema: TSchema;
  readonly example: unknown;
  readonly response: TSchema;
  serve(request: {
    readonly method: string;
    readonly url: string;
    readonly headers: ApiRequest['headers'];
    readonly body: Uint8Array;
    readonly remoteAddress: string;
    readonly clientCertificate: ApiRequest['clientCertificate'];
  }): Promise<{
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Uint8Array;
  }>;
}

/**
 * Mounts routes whose protocol has its own answers to everything, unreadable bodies included. Who may call is the
 * protocol's matter (certificate, key), not that of our access tokens.
 */
export function servedRoutes(rows: readonly ServedRow[], bodyLimitBytes: number, hidden = false): Route[] {
  return rows.map(({ serve, ...row }) =>
    rawRoute({
      ...row,
      reads: 'bytes',
      access: 'public',
      consumes: 'application/json',
      checked: false,
      bodyLimitBytes,
      hidden,
      async handler({ method, url, headers, body, remoteAddress, clientCertificate }) {
        const bytes = body instanceof Uint8Array ? body : new Uint8Array();
        const answer = await serve({ method, url, headers, body: bytes, remoteAddress, clientCertificate });
        const { 'content-type': contentType = 'text/plain', ...others } = answer.headers;
        return new Content(contentType, Buffer.from(answer.body), { status: answer.status, headers: others });
      },
    }),
  );
}
