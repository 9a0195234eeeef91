import { type Dispatcher, request } from 'undici';

/** What may be reached, and what goes there. */
export interface FollowOptions {
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Why an address may not be reached; `undefined`: it may. */
  readonly refusal: (url: URL) => string | undefined;
}

/** An address that a redirect names and that may not be reached. */
export class RedirectRefused extends Error {}

/** RFC 9110 §15.4 leaves the number to the client; older versions of HTTP advised five. */
const MOST_REDIRECTS = 5;
/** Those that name another place for the same request. A 303 to an upload means: taken, look there for what came of it. */
const ELSEWHERE: ReadonlySet<number> = new Set([301, 302, 307, 308]);

/**
 * One request over HTTP, and over what its answers redirect to: the same method and body, at most five times. Each address is
 * judged like the first; from https it never goes to http. Credentials of an address go to its own origin only.
 * @throws RedirectRefused when an answer leads where the station may not go, or nowhere
 */
export async function following(from: URL, options: FollowOptions): Promise<Dispatcher.ResponseData> {
  let url = from;
  let authorization = credentials(url);
  for (let followed = 0; ; followed++) {
    const answer = await request(bare(url), {
      method: options.method,
      headers: { ...options.headers, ...authorization },
      ...(options.body === undefined ? {} : { body: options.body }),
    });
    const isElsewhere = ELSEWHERE.has(answer.statusCode) || (answer.statusCode === 303 && options.method === 'GET');
    if (!isElsewhere) return answer;
    await answer.body.dump();
    if (followed === MOST_REDIRECTS) throw new RedirectRefused(`More than ${MOST_REDIRECTS} redirects`);
    const next = target(answer, url);
    const refusal = redirectRefusal(url, next, options.refusal);
    if (refusal !== undefined) throw new RedirectRefused(`Redirected to ${bare(next)}: ${refusal}`);
    authorization = next.username === '' && next.origin === url.origin ? authorization : credentials(next);
    url = next;
  }
}

/** Why an answer of `from` may not lead to `to`; `undefined`: it may. */
export function redirectRefusal(from: URL, to: URL, refusal: FollowOptions['refusal']): string | undefined {
  if (from.protocol === 'https:' && to.protocol !== 'https:') return 'from https to http';
  return refusal(to);
}

function target({ statusCode, headers }: Dispatcher.ResponseData, base: URL): URL {
  const { location } = headers;
  if (typeof location === 'string' && URL.canParse(location, base.href)) return new URL(location, base.href);
  throw new RedirectRefused(`The server answered ${statusCode} without a place to go to`);
}

/** The address without its credentials: they travel in a header. */
function bare(url: URL): URL {
  const plain = new URL(url);
  plain.username = '';
  plain.password = '';
  return plain;
}

function credentials(url: URL): Record<string, string> {
  if (url.username === '') return {};
  const text = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { authorization: `Basic ${Buffer.from(text, 'utf8').toString('base64')}` };
}
