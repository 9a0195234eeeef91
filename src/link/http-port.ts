/**
 * The seam for HTTP between two parties. A request goes in as bytes and its outcome comes back as a value: over real
 * sockets (`undici-port.ts`), or inside the process without any (`in-process-port.ts`), with the same bytes.
 */

/** Names in lower case. */
export type HttpHeaders = Readonly<Record<string, string>>;

export interface HttpRequest {
  readonly method: string;
  /** Absolute: `http://127.0.0.1:8002/api/oicp/...`. */
  readonly url: string;
  readonly headers: HttpHeaders;
  readonly body: Uint8Array;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: Uint8Array;
}

/** What a server knows of a request beside the request itself. */
export interface ServedRequest {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
  readonly remoteAddress: string;
  readonly clientCertificate?: { readonly der: Uint8Array; readonly trusted: boolean } | undefined;
}

/** A party's server, however its requests arrive. */
export type HttpServer = (request: ServedRequest) => Promise<HttpResponse>;

/**
 * How an exchange ended. `unreachable`: nobody has read the request, it may be sent again. `broken`: the connection ended
 * before the answer, the other side may have done what was asked. `timeout`: no answer within the deadline.
 */
export type HttpOutcome =
  | { readonly kind: 'answered'; readonly response: HttpResponse }
  | { readonly kind: 'unreachable' | 'broken' | 'timeout'; readonly text: string };

export interface ExchangeOptions {
  readonly timeoutMs: number;
  /** A longer answer is `broken`. 64 MB when absent. */
  readonly maxResponseBytes?: number;
}

export interface HttpPort {
  /** What it is, for the journal. */
  readonly transport: 'http' | 'inproc';
  /** Never rejects for what the other side does. */
  exchange(request: HttpRequest, options: ExchangeOptions): Promise<HttpOutcome>;
  /** Ends open connections; what is under way is `broken`. */
  close(): Promise<void>;
}

export const MAX_RESPONSE_BYTES = 64 * 1024 * 1024;

const utf8 = new TextEncoder();

export function bytesOf(text: string): Uint8Array {
  return utf8.encode(text);
}

/** The text of UTF-8 bytes; `undefined` when they are none. A byte order mark stays: it is not JSON. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

export function headerOf(headers: ServedRequest['headers'], name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
