import { Agent, request } from 'undici';
import { Random } from '../../src/core/random.ts';
import type { ApiOperation } from './api-operations.ts';
import { type Existing, type HttpCase, httpCase } from './http-cases.ts';
import { codeOf, type HttpOutcome, judged, namesIt } from './http-verdict.ts';
import { isObject } from './schema-node.ts';

export interface HttpFuzzOptions {
  readonly operations: readonly ApiOperation[];
  readonly seed: string;
  readonly casesPerOperation: number;
  /** Longer than this is a hang. */
  readonly limitMs: number;
  /** What a caller needs to be heard at all. */
  readonly headers: (operation: ApiOperation) => Readonly<Record<string, string>>;
  /** After a request that makes a service fail on purpose: back to normal. */
  readonly undo: (operation: ApiOperation) => Promise<void>;
}

export interface HttpFuzzReport {
  readonly operations: number;
  readonly requests: number;
  readonly oneFault: number;
  /** Of these, answered with words that name the one field; ours name nothing else. */
  readonly named: number;
  /** What the others of these were answered: what speaks, status and code. */
  readonly notNamed: Readonly<Record<string, number>>;
  readonly answers5xx: Readonly<Record<string, number>>;
  readonly slowestMs: number;
  readonly slowest: string;
  /** Each with all that repeats it. */
  readonly failures: string[];
}

/** Sends made-up requests to every operation that the documents declare, in an order by chance, and judges the answers. */
export async function httpFuzz(options: HttpFuzzOptions): Promise<HttpFuzzReport> {
  const random = new Random(options.seed);
  const { operations } = options;
  const agent = new Agent({ headersTimeout: options.limitMs, bodyTimeout: options.limitMs, connections: 4 });
  const failures: string[] = [];
  const recent: string[] = [];
  const answers5xx: Record<string, number> = {};
  const notNamed: Record<string, number> = {};
  let [requests, oneFault, named, slowestMs, slowest] = [0, 0, 0, 0, ''];
  const order = operations.flatMap((operation) => Array.from({ length: options.casesPerOperation }, () => operation));
  for (let at = order.length - 1; at > 0; at--) {
    const other = random.int(0, at);
    [order[at], order[other]] = [order[other] as ApiOperation, order[at] as ApiOperation];
  }
  const existing = new ExistingThings(agent, random, operations);
  for (const [at, operation] of order.entries()) {
    if (at % 400 === 0) await existing.look().catch((thrown: unknown) => failures.push(`the lists: ${String(thrown)}`));
    const asked = httpCase(random, operation, existing.find);
    const began = performance.now();
    const outcome = await sent(agent, asked, options);
    const tookMs = performance.now() - began;
    requests++;
    if (asked.kind === 'one fault') oneFault++;
    if (tookMs > slowestMs) [slowestMs, slowest] = [tookMs, `${operation.method} ${operation.path}`];
    const wrong = typeof outcome === 'string' ? outcome : judged(asked, outcome);
    if (typeof outcome !== 'string' && outcome.status >= 500) {
      const key = `${outcome.status} ${operation.service} ${operation.method} ${operation.path}`;
      answers5xx[key] = (answers5xx[key] ?? 0) + 1;
    }
    if (asked.kind === 'one fault' && typeof outcome !== 'string') {
      if (namesIt(asked, outcome)) named++;
      else {
        const key = `${operation.speaks} ${outcome.status} ${codeOf(outcome)}`;
        notNamed[key] = (notNamed[key] ?? 0) + 1;
      }
    }
    if (wrong !== undefined) failures.push(described(asked, outcome, wrong));
    recent.push(described(asked, outcome, ''));
    if (recent.length > 30) recent.shift();
    if (typeof outcome === 'string' && outcome.includes('ECONNREFUSED')) {
      failures.push('the service has ended; before that:', ...recent);
      break;
    }
    if (operation.method !== 'GET') await options.undo(operation).catch(() => {});
  }
  await agent.close();
  return {
    operations: operations.length,
    requests,
    oneFault,
    named,
    notNamed,
    answers5xx,
    slowestMs,
    slowest,
    failures,
  };
}

async function sent(
  agent: Agent,
  asked: HttpCase,
  { limitMs, headers }: HttpFuzzOptions,
): Promise<HttpOutcome | string> {
  const { operation, target, body, contentType } = asked;
  try {
    const response = await request(operation.baseUrl + target, {
      method: operation.method as 'GET',
      dispatcher: agent,
      signal: AbortSignal.timeout(limitMs),
      ...(body === undefined ? {} : { body }),
      headers: { ...headers(operation), ...(contentType === undefined ? {} : { 'content-type': contentType }) },
    });
    const type = String(response.headers['content-type'] ?? '');
    if (/event-stream/.test(type)) {
      response.body.on('error', () => {}).destroy();
      return { status: response.statusCode, contentType: type, text: '' };
    }
    return { status: response.statusCode, contentType: type, text: await response.body.text() };
  } catch (thrown) {
    return `no answer: ${thrown instanceof Error ? `${thrown.name} ${thrown.message}` : String(thrown)}`;
  }
}

function described(
  { operation, target, body, contentType, kind }: HttpCase,
  outcome: HttpOutcome | string,
  wrong: string,
): string {
  const answer = typeof outcome === 'string' ? '' : ` -> ${outcome.status} ${outcome.text.slice(0, 300)}`;
  const sentBody = body === undefined ? '' : ` ${contentType} ${String(body).slice(0, 600)}`;
  return `${operation.service} ${operation.method} ${operation.path}: ${wrong} [${kind}: ${target.slice(0, 300)}${sentBody}${answer}]`;
}

/** The parties of the demo world, who may call the hub. */
const PARTNERS: Readonly<Record<string, string>> = { operatorID: 'DE*ABC', providerID: 'DE-DCB' };

/** Ids of what exists, by the list that stands above a path parameter: requests should get past "no such thing". */
class ExistingThings {
  readonly #agent: Agent;
  readonly #random: Random;
  readonly #lists: ApiOperation[];
  readonly #items = new Map<string, Record<string, unknown>[]>();

  constructor(agent: Agent, random: Random, operations: readonly ApiOperation[]) {
    this.#agent = agent;
    this.#random = random;
    this.#lists = operations.filter(
      ({ method, path, speaks }) =>
        method === 'GET' && speaks === 'rest' && !path.includes('{') && !/events|live|feed|export/.test(path),
    );
  }

  async look(): Promise<void> {
    for (const { baseUrl, path } of this.#lists) {
      const response = await request(baseUrl + path, { dispatcher: this.#agent }).catch((cause: unknown) => {
        throw new Error(`GET ${baseUrl}${path} does not answer`, { cause });
      });
      const text = await response.body.text();
      if (response.statusCode !== 200 || !/^application\/json(;|$)/.test(String(response.headers['content-type'])))
        continue;
      const answer: unknown = JSON.parse(text);
      const items = isObject(answer) ? Object.values(answer).find(Array.isArray) : answer;
      if (Array.isArray(items)) this.#items.set(baseUrl + path, items.filter(isObject).slice(0, 50));
    }
  }

  readonly find: Existing = ({ baseUrl, path, speaks }, name) => {
    const above = path.slice(0, path.indexOf(`/{${name}}`));
    const partner = PARTNERS[name];
    if (speaks === 'oicp' && partner !== undefined) return partner;
    const items = this.#items.get(baseUrl + above);
    if (items === undefined || items.length === 0) return undefined;
    const item = this.#random.pick(items);
    const id = item[name] ?? item['id'] ?? item['seq'] ?? item['name'] ?? Object.values(item)[0];
    return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
  };
}
