import Fastify, { type FastifyInstance } from 'fastify';

/**
 * The Swagger UI of one document, from this package alone: no page asks another host for anything. It lives in a server
 * instance of its own that is made when somebody first opens it, so that it costs the start nothing.
 */
export class DocsPages {
  readonly #docsPath: string;
  readonly #openapi: () => object;
  #pages: Promise<FastifyInstance> | undefined;

  constructor(docsPath: string, openapi: () => object) {
    this.#docsPath = docsPath;
    this.#openapi = openapi;
  }

  /** The pages' server, which takes requests by `routing(request, response)`. */
  open(): Promise<FastifyInstance> {
    this.#pages ??= this.#build();
    return this.#pages;
  }

  async close(): Promise<void> {
    await (await this.#pages)?.close();
  }

  async #build(): Promise<FastifyInstance> {
    const [{ default: swagger }, { default: swaggerUi }] = await Promise.all([
      import('@fastify/swagger'),
      import('@fastify/swagger-ui'),
    ]);
    const pages = Fastify({ routerOptions: { ignoreTrailingSlash: true } });
    await pages.register(swagger, { mode: 'static', specification: { document: this.#openapi() } } as Parameters<
      typeof swagger
    >[1] & { mode: 'static' });
    await pages.register(swaggerUi, {
      routePrefix: this.#docsPath,
      uiConfig: { validatorUrl: null, deepLinking: true, docExpansion: 'list', tryItOutEnabled: true },
      staticCSP: CONTENT_SECURITY_POLICY,
    });
    await pages.ready();
    return pages;
  }
}

/** Swagger UI sets styles by script and draws icons from data addresses; everything else comes from us. */
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; base-uri 'self'; connect-src 'self'; font-src 'self' data:; frame-ancestors 'self'; " +
  "img-src 'self' data:; object-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'";
