import { messageOf } from '../core/errors.ts';
import { isoTime } from '../core/time.ts';
import type { Log } from '../platform/logging/log.ts';
import type { ServiceName } from '../platform/service.ts';
import { readIfThere, writeWhole } from '../storage/whole-file.ts';
import type { Forwarder } from './forward.ts';
import { isUp, type Services, WATCHED } from './services.ts';

/** An OpenAPI document of a service, as it was when the service was last asked. */
export interface KnownDocument {
  readonly service: ServiceName;
  readonly title: string;
  readonly path: string;
  readonly seenAt: string;
  readonly document: unknown;
}

/** Where services keep their OpenAPI documents. */
const PATHS = [
  '/api/openapi.json',
  '/oicp_api/openapi.json',
  '/pnc_api/openapi.json',
  '/openapi.json',
  '/oicp/openapi.json',
];

/** The documents of all services; those of a service that is away stay as they were, also over a restart. */
export class ApiDocuments {
  readonly #forwarder: Forwarder;
  readonly #services: Services;
  readonly #file: string;
  readonly #now: () => number;
  readonly #known: Map<string, KnownDocument>;
  #written = '';

  constructor(options: {
    readonly forwarder: Forwarder;
    readonly services: Services;
    readonly file: string;
    readonly now: () => number;
    readonly log: Log;
  }) {
    this.#forwarder = options.forwarder;
    this.#services = options.services;
    this.#file = options.file;
    this.#now = options.now;
    this.#known = new Map(readKept(options.file, options.log).map((each) => [`${each.service} ${each.path}`, each]));
  }

  /** Asks the services that answer; `answers` tells them from those that are only remembered. */
  async look(token: string | undefined): Promise<(KnownDocument & { readonly answers: boolean })[]> {
    const up = WATCHED.filter(({ name }) => isUp(this.#services.healthOf(name)));
    const asked = up.flatMap(({ name, title }) => PATHS.map((path) => ({ service: name, title, path })));
    const fresh = new Set<string>();
    await Promise.all(
      asked.map(async (each) => {
        const document = await openapi(this.#forwarder, each.service, each.path, token);
        if (document === undefined) return;
        const key = `${each.service} ${each.path}`;
        fresh.add(key);
        this.#known.set(key, { ...each, seenAt: isoTime(this.#now()), document });
      }),
    );
    if (fresh.size > 0) this.#keep();
    return WATCHED.flatMap(({ name }) => PATHS.map((path) => `${name} ${path}`)).flatMap((key) => {
      const known = this.#known.get(key);
      return known === undefined ? [] : [{ ...known, answers: fresh.has(key) }];
    });
  }

  /** The documents change with a version, the times with every look: the file follows the documents. */
  #keep(): void {
    const stamp = [...this.#known.values()].map(({ document }) => JSON.stringify(document).length).join(' ');
    if (stamp === this.#written) return;
    writeWhole(this.#file, JSON.stringify([...this.#known.values()]));
    this.#written = stamp;
  }
}

function readKept(file: string, log: Log): KnownDocument[] {
  try {
    return JSON.parse(readIfThere(file) ?? '[]') as KnownDocument[];
  } catch (cause) {
    log.warn({ err: cause }, `remembered documents are not read: ${messageOf(cause)}`);
    return [];
  }
}

async function openapi(
  forwarder: Forwarder,
  service: ServiceName,
  path: string,
  token: string | undefined,
): Promise<unknown> {
  try {
    const { statusCode, headers, body } = await forwarder.open(service, path, token);
    if (statusCode === 200 && String(headers['content-type']).includes('json')) return await body.json();
    await body.dump();
  } catch {
    // It has no such document, or went away.
  }
  return undefined;
}
