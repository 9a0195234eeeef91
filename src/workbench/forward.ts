import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import Type from 'typebox';
import { Agent, request } from 'undici';
import { CompoteError, ERRORS, type ErrorCode, messageOf } from '../core/errors.ts';
import { Content, Download } from '../platform/http/answers.ts';
import type { AccessScope } from '../platform/http/halves.ts';
import { type ApiRequest, type Method, type Route, rawRoute } from '../platform/http/route.ts';
import type { Runtime, ServiceName } from '../platform/service.ts';
import { namesMessages, withMergedNumbers } from './own-numbers.ts';
import { ownerOf } from './owners.ts';
import { demandScope, JOURNAL_OF } from './scoped.ts';
import { WATCHED } from './services.ts';

const METHODS: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
/** What a request carries on to the owner; cookies are each service's own. */
const CARRIED = ['authorization', 'content-type', 'accept', 'last-event-id', 'if-none-match'] as const;
/** Answers up to this size are passed on whole; streams and downloads piece by piece. */
const STREAMED = /^(text\/event-stream|application\/(jsonl|x-ndjson|octet-stream|zip))/;

const JUST_SENT_MS = 2_000;

/** Hands requests to the service that owns them: reads and commands over all services at one address. */
export class Forwarder {
  readonly #addressOf: Runtime['addressOf'];
  readonly #localSeq: (service: ServiceName, seq: number, waitMs: number) => Promise<number | undefined>;
  readonly #agent = new Agent({ connect: { rejectUnauthorized: false }, bodyTimeout: 0, pipelining: 1 });

  /** @param localSeq the number of a service's message in the merged journal */
  constructor(
    addressOf: Runtime['addressOf'],
    localSeq: (service: ServiceName, seq: number, waitMs: number) => Promise<number | undefined>,
  ) {
    this.#addressOf = addressOf;
    this.#localSeq = localSeq;
  }

  /** The routes that take whatever the workbench does not serve itself. */
  routes(): Route[] {
    return METHODS.map((method) =>
      rawRoute({
        method,
        path: '/{rest*}',
        hidden: true,
        summary: 'Handed to the service that owns it',
        params: Type.Object({ rest: Type.String() }),
        query: Type.Object({}, { additionalProperties: true }),
        produces: '*/*',
        reads: 'stream',
        handler: (asked) => this.#forward(asked),
      }),
    );
  }

  /** Hands a JSON body to a service; its answer comes back with the numbers of the merged journal, problems as they are. */
  async post(
    service: ServiceName,
    path: string,
    body: unknown,
    { token, actor }: Pick<ApiRequest, 'token' | 'actor'>,
  ): Promise<Content> {
    const answer = await request(`${this.#address(service)}/api/v1/${path}`, {
      method: 'POST',
      dispatcher: this.#agent,
      headers: withToken({ 'content-type': 'application/json' }, token),
      headersTimeout: 0,
      body: JSON.stringify(body),
    }).catch((cause: unknown) => {
      throw unreachable(service, cause);
    });
    const type = String(answer.headers['content-type'] ?? 'application/json; charset=utf-8');
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    return new Content(type, await this.#renumbered(service, path, 'POST', type, bytes, actor.scope), {
      status: answer.statusCode,
      headers: { 'cache-control': 'no-store' },
    });
  }

  /** JSON of a service. @throws when it does not answer or answers a problem */
  async get(service: ServiceName, path: string, token?: string): Promise<unknown> {
    const { statusCode, body } = await this.open(service, `/api/v1/${path}`, token);
    if (statusCode >= 400) {
      await body.dump();
      throw new CompoteError('PEER_UNREACHABLE', { detail: `${service} answered ${path} with ${statusCode}` });
    }
    return body.json();
  }

  /** JSON of any call, at any path of a service. @throws the problem that the service answers */
  async call(
    service: ServiceName,
    method: Method,
    path: string,
    body: object | undefined,
    token: string | undefined,
  ): Promise<unknown> {
    const answer = await request(`${this.#address(service)}${path}`, {
      method,
      dispatcher: this.#agent,
      headers: withToken(body === undefined ? {} : { 'content-type': 'application/json' }, token),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw unreachable(service, cause);
    });
    const text = await answer.body.text();
    const json: unknown = text === '' ? undefined : JSON.parse(text);
    if (answer.statusCode >= 400) throw problemOf(service, answer.statusCode, json);
    return json;
  }

  /** A GET whose answer is read piece by piece. */
  async open(service: ServiceName, path: string, token?: string, signal?: AbortSignal) {
    return request(`${this.#address(service)}${path}`, {
      dispatcher: this.#agent,
      headers: withToken({}, token),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  #forward(asked: ApiRequest<{ rest: string }, unknown, Readable>): Promise<Content | Download> {
    const raw = pathOf(asked);
    const { service, path } = ownerOf(raw);
    demandScope(asked, service, `/${raw}`);
    return this.#hand(asked, service, path, raw);
  }

  /** Hands a request that a route here has read to a service as it is, numbers and all. */
  handOn(service: ServiceName, asked: ApiRequest): Promise<Content | Download> {
    const path = pathOf(asked);
    return this.#hand(asked, service, path, `services/${service}/${path}`);
  }

  /** @param raw the path as it was asked for here */
  async #hand(asked: ApiRequest, service: ServiceName, path: string, raw: string): Promise<Content | Download> {
    const query = asked.url.includes('?') ? asked.url.slice(asked.url.indexOf('?')) : '';
    const { body: given } = asked;
    const hasBody = asked.method !== 'GET' && asked.headers['content-type'] !== undefined && given !== undefined;
    const answer = await request(`${this.#address(service)}/api/v1/${path}${query}`, {
      method: asked.method as Method,
      dispatcher: this.#agent,
      headers: withToken(carried(asked.headers), asked.token),
      headersTimeout: 0,
      ...(hasBody ? { body: given instanceof Readable ? given : JSON.stringify(given) } : {}),
    }).catch((cause: unknown) => {
      throw unreachable(service, cause);
    });
    const type = String(answer.headers['content-type'] ?? 'application/json; charset=utf-8');
    if (answer.statusCode < 400 && STREAMED.test(type)) {
      const fileName = /filename="?([^";]+)/.exec(String(answer.headers['content-disposition'] ?? ''))?.[1];
      return new Download({
        contentType: type,
        chunks: answer.body,
        ...(fileName === undefined ? {} : { fileName }),
      });
    }
    const headers: Record<string, string> = { 'cache-control': 'no-store' };
    for (const name of ['location', 'allow'] as const) {
      const value = answer.headers[name];
      if (typeof value === 'string') headers[name] = value;
    }
    const body = Buffer.from(await answer.body.arrayBuffer());
    return new Content(type, await this.#renumbered(service, raw, asked.method, type, body, asked.actor.scope), {
      status: answer.statusCode,
      headers,
    });
  }

  /** What was asked of a service by its name keeps that service's numbers. */
  async #renumbered(
    service: ServiceName,
    path: string,
    method: string,
    type: string,
    body: Buffer,
    scope: AccessScope = 'all',
  ): Promise<Buffer> {
    // Whoever sees one half reads that half's journal, not the merged one.
    const keeps = path.startsWith('services/') || (scope !== 'all' && JOURNAL_OF[scope] === service);
    if (keeps || !type.includes('json')) return body;
    const text = body.toString('utf8');
    if (!namesMessages(text)) return body;
    // What was sent just now is in the merged journal in a moment.
    const waitMs = method === 'GET' ? 0 : JUST_SENT_MS;
    const here = async (seq: number) => (scope === 'all' ? this.#localSeq(service, seq, waitMs) : undefined);
    return Buffer.from(JSON.stringify(await withMergedNumbers(JSON.parse(text), here)));
  }

  #address(service: ServiceName): string {
    const address = this.#addressOf(service);
    if (address !== undefined) return address;
    throw notRunning(service);
  }
}

/** Below `/api/v1/`, as it came: decoding and encoding it again could make another one of it. */
function pathOf({ url }: ApiRequest): string {
  const end = url.indexOf('?');
  return url.slice('/api/v1/'.length, end < 0 ? url.length : end);
}

function carried(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of CARRIED) {
    const value = headers[name];
    if (typeof value === 'string') kept[name] = value;
  }
  return kept;
}

/** Who is logged in here by a cookie asks the other service with the token that the cookie was given for. */
function withToken(headers: Record<string, string>, token: string | undefined): Record<string, string> {
  return token === undefined ? headers : { ...headers, authorization: `Bearer ${token}` };
}

function unreachable(service: ServiceName, cause: unknown): CompoteError {
  if (cause instanceof CompoteError) return cause;
  const code = (cause as { code?: unknown } | undefined)?.code;
  if (code === 'ECONNREFUSED') return notRunning(service);
  return new CompoteError('PEER_UNREACHABLE', { detail: `${titleOf(service)}: ${messageOf(cause)}`, cause });
}

function problemOf(service: ServiceName, status: number, document: unknown): CompoteError {
  const { code, detail, hint } = (document ?? {}) as { code?: string; detail?: string; hint?: string };
  const known = code !== undefined && Object.hasOwn(ERRORS, code);
  return new CompoteError(known ? (code as ErrorCode) : 'PEER_UNREACHABLE', {
    detail: `${titleOf(service)}: ${detail ?? `answered ${status}`}`,
    ...(hint === undefined ? {} : { hint }),
  });
}

function notRunning(service: ServiceName): CompoteError {
  return new CompoteError('NOT_AVAILABLE', {
    detail: `${titleOf(service)} does not run`,
    hint: `Start it with \`compote ${service}\`, or everything with \`compote up\`.`,
  });
}

function titleOf(service: ServiceName): string {
  return WATCHED.find((each) => each.name === service)?.title ?? service;
}
