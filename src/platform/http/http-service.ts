import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, type InjectOptions } from 'fastify';
import type { Clock } from '../../core/clock.ts';
import { CompoteError, messageOf } from '../../core/errors.ts';
import type { Ids } from '../../core/ids.ts';
import { parseJson } from '../../core/json.ts';
import type { CommitGroup } from '../../storage/commit-group.ts';
import type { Log } from '../logging/log.ts';
import { lazyValidator } from '../schema/validator.ts';
import { AccessControl, type Actor } from './access.ts';
import { accessRoutes } from './access-routes.ts';
import { type AccessToken, AccessTokens } from './access-tokens.ts';
import { Answer, Content, Download, EventStream } from './answers.ts';
import { DocsPages } from './docs-pages.ts';
import { foreignPath, type Half, outOfScope } from './halves.ts';
import { listenError } from './listen-error.ts';
import { openapiOf } from './openapi.ts';
import { crossOriginHeaders, isLoopback, type OriginRules, preflightHeaders, refuseForeign } from './origin-check.ts';
import { pickFields } from './pick-fields.ts';
import { asCompoteError, PROBLEM_TYPE, problemOf } from './problem.ts';
import { RequestReader } from './request-reader.ts';
import { type ApiDocument, type ApiRequest, openapiPath, type Route, routerPath } from './route.ts';
import { sessionRoutes } from './session-routes.ts';
import { type TlsSettings, tlsOptions } from './tls.ts';
import { type UpgradeHandler, UpgradeRouter } from './upgrades.ts';

export interface HttpServiceOptions {
  /** The service's name, for messages, cookies and logs. */
  readonly name: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The version that the API documents tell. */
  readonly version: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Answers to anything but GET wait until this turn's commit is durable. */
  readonly commitGroup?: CommitGroup;
  readonly tls?: TlsSettings | undefined;
  readonly tokens?: readonly AccessToken[];
  /** Where tokens are kept that are made at run time; the services of a data folder share it. */
  readonly tokenFile?: string;
  /** The half of the world that the service belongs to; its other half is out of scope here. */
  readonly half?: Half | undefined;
  /** Further host names and origins that are ours. */
  readonly hosts?: readonly string[];
  readonly origins?: readonly string[];
  readonly bodyLimitBytes?: number;
  /** Checks every JSON answer against its declared schema and fails when it does not fit. For tests. */
  readonly checkResponses?: boolean;
}

export interface ListeningAddress {
  readonly host: string;
  readonly port: number;
  /** For people and clients, for example `http://127.0.0.1:8001`. */
  readonly url: string;
}

/** The HTTP server of one service: documents with routes, their docs pages, WebSocket upgrades, access control. */
export class HttpService {
  readonly #options: HttpServiceOptions;
  readonly #app: FastifyInstance;
  readonly #access: AccessControl;
  readonly #rules: OriginRules;
  readonly #upgrades: UpgradeRouter;
  readonly #docs: DocsPages[] = [];
  readonly #paths: { readonly pattern: RegExp; readonly method: string }[] = [];
  readonly #secure: boolean;
  #address: ListeningAddress | undefined;

  constructor(options: HttpServiceOptions) {
    this.#options = options;
    const tokens = new AccessTokens(options.tokens ?? [], options.clock, options.tokenFile);
    const exposed = !isLoopback(options.host);
    if (exposed && tokens.size === 0) {
      throw new CompoteError('CONFIG_INVALID', {
        detail: `${options.name} may not listen on ${options.host} without access tokens: other machines could use it`,
        hint: 'Make a token with `compote token` and put its line into `access.tokens`, or listen on 127.0.0.1.',
      });
    }
    this.#access = new AccessControl(options.name, tokens, options.clock, options.ids, { half: options.half, exposed });
    this.#rules = { boundTo: options.host, hosts: options.hosts ?? [], origins: options.origins ?? [] };
    this.#upgrades = new UpgradeRouter(this.#rules);
    this.#secure = options.tls !== undefined;
    this.#app = this.#createServer();
    this.#app.addHook('onRequest', (request, reply, done) => {
      refuseForeign(request.method, request.headers, this.#rules);
      const preflight = preflightHeaders(request.method, request.headers, this.#rules);
      if (preflight !== undefined) {
        reply.code(204).headers(preflight).send();
        return;
      }
      reply.headers(crossOriginHeaders(request.headers, this.#rules));
      done();
    });
    this.#app.setErrorHandler((thrown, request, reply) => this.#fail(thrown, request, reply));
    this.#app.setNotFoundHandler((request, reply) => this.#notFound(request, reply));
    this.#app.server.on('upgrade', (request, socket, head) => this.#upgrades.handle(request, socket, head));
    const own = [
      ...sessionRoutes(this.#access, this.#secure),
      ...accessRoutes(this.#access, options.ids, this.#secure),
    ];
    for (const route of own) this.#addRoute('/api/v1', route, this.#app);
    this.#readBodies(this.#app);
  }

  /** Adds a document's routes, its `openapi.json` and its Swagger UI. Before `listen` or the first `inject`. */
  mount(document: ApiDocument): void {
    for (const route of document.routes) this.#addRoute(document.prefix, route, this.#app);
    let openapi: object | undefined;
    const describe = (): object => {
      openapi ??= openapiOf(document, this.#options.version);
      return openapi;
    };
    const docs = new DocsPages(document.docsPath, describe);
    this.#docs.push(docs);
    this.#app.get(openapiPath(document), (request, reply) => {
      this.#permitted(request, 'viewer');
      return reply.send(describe());
    });
    const page = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      this.#permitted(request, 'viewer');
      const pages = await docs.open();
      reply.hijack();
      pages.routing(request.raw, reply.raw);
    };
    this.#app.get(document.docsPath, page);
    this.#app.get(`${document.docsPath}/*`, page);
  }

  /** Adds routes that no document describes. */
  mountRoutes(prefix: string, routes: readonly Route[]): void {
    for (const route of routes) this.#addRoute(prefix, route, this.#app);
  }

  /** Gives WebSocket (or other) upgrades under `path` (`/ocpp/`) to a handler. */
  onUpgrade(path: string, handler: UpgradeHandler): void {
    this.#upgrades.mount(path, handler);
  }

  /** Who asks, of a request that came another way (an upgrade). @throws UNAUTHORIZED */
  identify(headers: { authorization?: string | undefined; cookie?: string | undefined }): Actor {
    return this.#access.identify(headers.authorization, headers.cookie);
  }

  /** A request without a socket, for tests. The host name is ours unless the headers say otherwise. */
  inject(request: InjectOptions): Promise<Awaited<ReturnType<FastifyInstance['inject']>>> {
    return this.#app.inject({ authority: 'localhost', ...request });
  }

  /** @throws PORT_IN_USE and other reasons why the address cannot be had */
  async listen(): Promise<ListeningAddress> {
    const { name, host, port } = this.#options;
    try {
      await this.#app.listen({ host: host === '[::1]' ? '::1' : host, port });
    } catch (cause) {
      throw listenError(cause, name, host, port);
    }
    const bound = this.#app.server.address() as AddressInfo;
    const visibleHost =
      host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${bound.address}]` : host;
    this.#address = {
      host,
      port: bound.port,
      url: `${this.#secure ? 'https' : 'http'}://${visibleHost}:${bound.port}`,
    };
    return this.#address;
  }

  /** Where it listens, once it does. */
  get address(): ListeningAddress | undefined {
    return this.#address;
  }

  /** Stops listening and cuts what is still open. Upgraded connections should be closed by their owners before. */
  async close(): Promise<void> {
    const closing = this.#app.close();
    this.#upgrades.destroy();
    await closing;
    for (const docs of this.#docs) await docs.close();
  }

  #createServer(): FastifyInstance {
    const common = {
      bodyLimit: this.#options.bodyLimitBytes ?? 4 * 1024 * 1024,
      forceCloseConnections: true,
      routerOptions: { maxParamLength: 1_000, ignoreTrailingSlash: false },
      // Documents are declared as data: the server has no schemas to compile at start.
      frameworkErrors: (thrown: Error, request: FastifyRequest, reply: FastifyReply) => {
        this.#fail(thrown, request, reply);
      },
    };
    const { tls } = this.#options;
    if (tls === undefined) return Fastify(common);
    return Fastify({ ...common, https: tlsOptions(tls) }) as unknown as FastifyInstance;
  }

  /** JSON is the only body that most routes read; `text/plain` forms of foreign pages are refused with it. */
  #readBodies(app: FastifyInstance): void {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(/^application\/([\w.-]+\+)?json(;|$)/i, { parseAs: 'string' }, (_request, text, done) => {
      try {
        done(null, text === '' ? undefined : parseJson(text as string));
      } catch (cause) {
        done(new CompoteError('INVALID_REQUEST', { detail: `the body is not JSON: ${messageOf(cause)}`, cause }));
      }
    });
  }

  #addRoute(prefix: string, route: Route, app: FastifyInstance): void {
    const path = `${prefix}${route.path}`;
    this.#paths.push({ pattern: pathPattern(path), method: route.method });
    const raw = route.reads === 'bytes' || route.reads === 'stream';
    if (!raw) {
      const reader = new RequestReader(route);
      app.route({
        method: route.method,
        url: routerPath(path),
        handler: (request, reply) => this.#run(route, reader, request, reply),
      });
      return;
    }
    app.register((scope, _options, done) => {
      const reader = new RequestReader(route);
      scope.removeAllContentTypeParsers();
      if (route.reads === 'bytes')
        scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_r, bytes, ready) => ready(null, bytes));
      else scope.addContentTypeParser('*', (_request, stream, ready) => ready(null, stream));
      scope.route({
        method: route.method,
        url: routerPath(path),
        ...(route.bodyLimitBytes === undefined ? {} : { bodyLimit: route.bodyLimitBytes }),
        handler: (request, reply) => this.#run(route, reader, request, reply),
      });
      done();
    });
  }

  async #run(route: Route, reader: RequestReader, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const actor = this.#permitted(request, route.access ?? (route.method === 'GET' ? 'viewer' : 'operator'));
    const rawParams = request.params as Record<string, string>;
    const rawQuery = request.query as Record<string, string | string[]>;
    const { params, query, fields } = reader.read(rawParams, rawQuery, request.body);
    const result = await route.handler(this.#request(request, actor, params, query));
    if (route.method !== 'GET') await this.#durable();
    return this.#answer(route, result, fields, request, reply);
  }

  #request(request: FastifyRequest, actor: Actor, params: unknown, query: unknown): ApiRequest {
    const { socket } = request.raw;
    return {
      params,
      query,
      body: request.body,
      method: request.method,
      url: request.url,
      headers: request.headers,
      remoteAddress: request.ip,
      token: this.#access.tokenOf(request.headers.authorization, request.headers.cookie),
      actor,
      get clientCertificate() {
        if (!('getPeerCertificate' in socket)) return undefined;
        const tls = socket as unknown as TLSSocket;
        const der = tls.getPeerCertificate()?.raw;
        return der === undefined ? undefined : { der, trusted: tls.authorized };
      },
    };
  }

  /** Who asks, checked against what the route asks for. */
  #permitted(request: FastifyRequest, access: Route['access'] & string): Actor {
    if (access === 'public') return { name: 'anyone', role: 'viewer', scope: 'all' };
    const actor = this.#access.identify(request.headers.authorization, request.headers.cookie);
    this.#access.demand(actor, access);
    return actor;
  }

  #durable(): Promise<void> {
    const group = this.#options.commitGroup;
    return group === undefined ? Promise.resolve() : new Promise((resolve) => group.afterCommit(resolve));
  }

  #answer(
    route: Route,
    result: unknown,
    fields: string | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): FastifyReply {
    reply.header('x-content-type-options', 'nosniff');
    if (result instanceof EventStream) return this.#stream(result, request, reply);
    if (result instanceof Download) return download(result, reply);
    if (result instanceof Content) {
      return reply.code(result.status).headers(result.headers).type(result.contentType).send(result.body);
    }
    const answer = result instanceof Answer ? result : new Answer(result === undefined ? 204 : 200, result);
    reply.code(answer.status).headers({ 'cache-control': 'no-store', ...answer.headers });
    if (answer.body === undefined) return reply.send();
    if (this.#options.checkResponses === true) checkResponse(route, answer);
    const body = fields === undefined ? answer.body : pickFields(answer.body, fields);
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(body));
  }

  #stream({ feed, filter }: EventStream, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    if (!feed.open) {
      filter.closed?.();
      throw new CompoteError('TOO_MANY_REQUESTS', { detail: 'the event stream has all the readers it takes' });
    }
    const { raw } = reply;
    reply.hijack();
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...crossOriginHeaders(request.headers, this.#rules),
    });
    raw.flushHeaders();
    const last = request.headers['last-event-id'];
    const sink = {
      write: (text: string) => {
        raw.write(text);
      },
      get waitingBytes() {
        return raw.writableLength;
      },
      end: () => {
        raw.end();
        // A reader that takes nothing would hold the socket: it gets a second to take the farewell.
        this.#options.clock.after(1_000, () => raw.destroy());
      },
    };
    const reader = feed.connect(sink, typeof last === 'string' ? last : undefined, filter);
    raw.once('close', () => reader.close());
    return reply;
  }

  #notFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const path = request.url.split('?', 1)[0] ?? '';
    const allowed = new Set(this.#paths.filter((each) => each.pattern.test(path)).map((each) => each.method));
    if (allowed.size === 0) {
      const owner = foreignPath(path, this.#options.half);
      if (owner !== undefined) throw outOfScope(owner);
      throw new CompoteError('NOT_FOUND', {
        detail: `${request.method} ${path}`,
        hint: 'The docs page of this service lists all addresses.',
      });
    }
    reply.header('allow', [...allowed].join(', '));
    throw new CompoteError('METHOD_NOT_ALLOWED', {
      detail: `${path} takes ${[...allowed].join(', ')}, not ${request.method}`,
    });
  }

  #fail(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const error = asCompoteError(thrown);
    if (error.code === 'INTERNAL') {
      this.#options.log.error(
        { err: error.cause ?? error, method: request.method, path: request.url },
        'a request failed',
      );
    }
    if (error.code === 'UNAUTHORIZED') reply.header('www-authenticate', 'Bearer realm="OCPP Compote"');
    reply
      .code(error.status)
      .type(PROBLEM_TYPE)
      .header('x-content-type-options', 'nosniff')
      .send(JSON.stringify(problemOf(error)));
  }
}

/** Makes the HTTP server of a service; it listens after `listen()`. */
export function createHttpService(options: HttpServiceOptions): HttpService {
  return new HttpService(options);
}

function download(file: Download, reply: FastifyReply): FastifyReply {
  if (file.fileName !== undefined) {
    const plain = file.fileName.replace(/[^\w .@+-]/g, '_');
    reply.header(
      'content-disposition',
      `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(file.fileName)}`,
    );
  }
  if (file.lengthBytes !== undefined) reply.header('content-length', file.lengthBytes);
  const stream = file.chunks instanceof Readable ? file.chunks : Readable.from(file.chunks, { objectMode: false });
  return reply.type(file.contentType).header('cache-control', 'no-store').send(stream);
}

function checkResponse(route: Route, answer: Answer): void {
  if (route.response === undefined || answer.status >= 300) return;
  const wrong = lazyValidator(route.response).errors(JSON.parse(JSON.stringify(answer.body)));
  if (wrong.length === 0) return;
  throw new Error(
    `${route.method} ${route.path} answers what it does not declare: ${wrong.map((f) => `${f.pointer} ${f.msg}`).join('; ')}`,
  );
}

function pathPattern(path: string): RegExp {
  const source = path
    .replace(/[.+?^$()|[\]\\]/g, '\\$&')
    .replace(/\{\w+\*\}/g, '.*')
    .replace(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${source}$`);
}
