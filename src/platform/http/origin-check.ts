import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { CompoteError } from '../../core/errors.ts';

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** True when only this machine can reach a service that is bound to `host`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

export interface OriginRules {
  /** Where the service is bound. */
  readonly boundTo: string;
  /** Further host names (without port) under which we are known. */
  readonly hosts: readonly string[];
  /** Further origins whose pages may use us, for example `https://bench.example`. */
  readonly origins: readonly string[];
}

/**
 * Keeps foreign web pages out: a page of another site can make a browser send requests here (by name rebinding or across
 * origins), and the browser gives itself away by `Host`, `Origin` and `Sec-Fetch-Site`. Programs such as curl send no
 * `Origin` and pass.
 *
 * @throws FOREIGN_ORIGIN
 */
export function refuseForeign(method: string, headers: IncomingHttpHeaders, rules: OriginRules): void {
  const host = headers.host ?? '';
  if (!isOurHost(host, rules)) throw new CompoteError('FOREIGN_ORIGIN', { detail: `the host name is "${host}"` });
  const origin = headers.origin;
  if (origin !== undefined) {
    if (!isOurOrigin(origin, host, rules)) {
      throw new CompoteError('FOREIGN_ORIGIN', { detail: `the page is from "${origin}"` });
    }
    return;
  }
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  // Following a link from another page (a ticket, a mail) only shows something.
  const followsLink = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  if (followsLink && (method === 'GET' || method === 'HEAD')) return;
  throw new CompoteError('FOREIGN_ORIGIN', { detail: `the browser says that the request is ${site}` });
}

/**
 * What lets a page of a configured origin read the answers (Fetch §3.2): nobody else is named, and cookies stay at home, so
 * such a page shows a token.
 */
export function crossOriginHeaders({ origin }: IncomingHttpHeaders, rules: OriginRules): Record<string, string> {
  if (origin === undefined || !rules.origins.includes(origin)) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'location, www-authenticate, allow',
    vary: 'Origin',
  };
}

/** The answer to a browser that asks before such a page sends JSON (a preflight); `undefined`: it is none. */
export function preflightHeaders(
  method: string,
  headers: IncomingHttpHeaders,
  rules: OriginRules,
): Record<string, string> | undefined {
  const cross = crossOriginHeaders(headers, rules);
  const asks = method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
  if (!asks || cross['access-control-allow-origin'] === undefined) return undefined;
  return {
    ...cross,
    'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
    'access-control-allow-headers': 'authorization, content-type, last-event-id',
    'access-control-max-age': '600',
  };
}

/** The same for a WebSocket upgrade: browsers always send `Origin` with it; stations do not. */
export function refuseForeignUpgrade(headers: IncomingHttpHeaders, rules: OriginRules): void {
  if (headers.origin !== undefined) refuseForeign('GET', headers, rules);
}

function isOurHost(hostHeader: string, rules: OriginRules): boolean {
  const name = hostHeader.replace(/:\d*$/, '').toLowerCase();
  if (LOOPBACK_NAMES.has(name) || rules.hosts.some((host) => host.toLowerCase() === name)) return true;
  // Name rebinding needs a name: where other machines may come, a plain address is ours.
  return !isLoopback(rules.boundTo) && isIP(name.replace(/^\[|\]$/g, '')) !== 0;
}

function isOurOrigin(origin: string, hostHeader: string, rules: OriginRules): boolean {
  if (rules.origins.includes(origin)) return true;
  const match = /^https?:\/\/(.+)$/.exec(origin);
  return match?.[1]?.toLowerCase() === hostHeader.toLowerCase();
}
