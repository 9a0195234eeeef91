import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Type from 'typebox';
import { CompoteError, systemCodeOf } from '../core/errors.ts';
import { Content } from './http/answers.ts';
import type { HttpService } from './http/http-service.ts';
import { type ApiRequest, type Route, route } from './http/route.ts';

/** Which half of the world an entry shows. */
export type WebScope = 'all' | 'cpo' | 'emp';

export interface WebAppEntry {
  /** Where the app stands on this service: `/`, `/ui`, `/gui`. */
  readonly base: string;
  readonly scope: WebScope;
  /** The page that the entry opens, when it is not Home: `/everest`. */
  readonly home?: string;
  /** The service that serves the entry, for titles and log-in. */
  readonly service: string;
  readonly version: string;
  /** Where the built app is; the build's own folder when absent. */
  readonly folder?: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Scripts, styles, images and connections of the page's own origin only. Mantine and CodeMirror write inline styles. */
const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "worker-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

/** The folder of the built app: beside the built server, or in dist/ when the server runs from its sources. */
export function webAppFolder(): string {
  const beside = fileURLToPath(new URL('../web/', import.meta.url));
  return existsSync(join(beside, 'index.html')) ? beside : fileURLToPath(new URL('../../dist/web/', import.meta.url));
}

/**
 * Serves the web app on a service under `entry.base`. Files with a hash in their name are kept by browsers for ever;
 * every other address below the base is a page of the app and gets index.html, with the entry's settings in a `<meta>`
 * and the base in a `<base>` (no inline script, so that the policy can forbid them).
 */
export function mountWebApp(http: HttpService, entry: WebAppEntry): void {
  const base = entry.base === '/' ? '' : entry.base.replace(/\/$/, '');
  const files = new WebFiles(entry.folder ?? webAppFolder());
  const answer = (path: string, request: ApiRequest): Promise<Content> => {
    // The app's addresses end where the API begins; a mistyped one must not get a page.
    if (base === '' && /^(api|ocpp)(\/|$)/.test(path)) {
      throw new CompoteError('NOT_FOUND', { detail: `${request.method} /${path}` });
    }
    return path !== '' && extname(path) !== '' && files.looksLikeFile(path)
      ? files.file(path, String(request.headers['accept-encoding'] ?? ''))
      : files.page(`${base}/`, entry);
  };
  const page = (path: string, handler: Route['handler']): Route =>
    route({
      method: 'GET',
      path,
      access: 'public',
      hidden: true,
      summary: 'The web app',
      // The app's own search parameters: they are its business.
      query: Type.Object({}, { additionalProperties: true }),
      params: path.endsWith('{rest*}') ? Type.Object({ rest: Type.String() }) : undefined,
      handler: handler as never,
    });
  const rest = (request: ApiRequest): string => (request.params as { rest?: string }).rest ?? '';
  const routes = [page('/{rest*}', (request) => answer(rest(request), request))];
  http.mountRoutes(base, base === '' ? routes : [...routes, page('', (request) => answer('', request))]);
}

/** The built files; those that never change are read once each. */
class WebFiles {
  readonly #folder: string;
  readonly #read = new Map<string, Promise<Buffer>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Built files lie at the top or in `assets/`; anything else with a dot is an identity in a page's address. */
  looksLikeFile(path: string): boolean {
    return /^(assets\/)?[\w.-]+$/.test(path) && (path.startsWith('assets/') || TYPES[extname(path)] !== undefined);
  }

  async file(path: string, accepted: string): Promise<Content> {
    const headers: Record<string, string> = {
      'cache-control': path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      vary: 'accept-encoding',
    };
    const contentType = TYPES[extname(path)] ?? 'application/octet-stream';
    for (const [coding, ending] of [
      ['br', '.br'],
      ['gzip', '.gz'],
    ] as const) {
      if (!new RegExp(`\\b${coding}\\b`).test(accepted)) continue;
      const packed = await this.#bytes(`${path}${ending}`).catch(() => undefined);
      if (packed !== undefined) {
        return new Content(contentType, packed, { headers: { ...headers, 'content-encoding': coding } });
      }
    }
    try {
      return new Content(contentType, await this.#bytes(path), { headers });
    } catch (cause) {
      if (systemCodeOf(cause) === undefined) throw cause;
      throw new CompoteError('NOT_FOUND', { detail: path, hint: 'Reload the page: the app was built anew.', cause });
    }
  }

  async page(base: string, entry: WebAppEntry): Promise<Content> {
    const { scope, home, service, version } = entry;
    const settings = JSON.stringify({ base, scope, home, service, version });
    let html: string;
    try {
      html = (await this.#bytes('index.html')).toString('utf8');
    } catch (cause) {
      throw new CompoteError('NOT_AVAILABLE', {
        detail: 'the web app is not built',
        hint: 'Run `npm run build:web`. The REST API works without it.',
        cause,
      });
    }
    const head = `<base href="${escapeAttribute(base)}" /><meta name="compote" content="${escapeAttribute(settings)}" />`;
    return new Content('text/html; charset=utf-8', html.replace('<head>', `<head>${head}`), { headers: PAGE_HEADERS });
  }

  #bytes(path: string): Promise<Buffer> {
    // Only what has a hash in its name can be kept: after a build, index.html names other files.
    if (!path.startsWith('assets/')) return readFile(join(this.#folder, path));
    let bytes = this.#read.get(path);
    if (bytes === undefined) {
      bytes = readFile(join(this.#folder, path));
      this.#read.set(path, bytes);
      // Not there now may be there after a build.
      bytes.catch(() => this.#read.delete(path));
    }
    return bytes;
  }
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
