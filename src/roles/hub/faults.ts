import Type, { type Static } from 'typebox';
import type { Random } from '../../core/random.ts';
import type { HttpInterceptor, HttpPassing, HttpVerdict } from '../../link/http-interception.ts';
import { bytesOf, type HttpResponse, textOf } from '../../link/http-port.ts';
import { oneOf } from '../../platform/schema/words.ts';
import {
  isOperationName,
  isStatusCode,
  JSON_CONTENT_TYPE,
  refusal,
  STATUS_CODE_VALUES,
} from '../../protocols/oicp/index.ts';
import type { Collection } from '../../storage/collection.ts';

/** How the hub misbehaves on purpose, to see how partners take it. */
export const FAULT_KINDS = [
  'reject',
  'rate-limit',
  'slow',
  'hang',
  'error',
  'html',
  'partial-page',
  'malformed',
  'content-type',
  'duplicate',
  'wrong-energy',
] as const;

/** What the hub does to the messages that it sends itself; all others strike at calls that come in. */
const OUTWARDS: ReadonlySet<(typeof FAULT_KINDS)[number]> = new Set(['duplicate', 'wrong-energy']);
/** More energy than anybody measured, in kWh. */
const WRONG_KWH = 0.42;

export const FaultInput = Type.Object(
  {
    kind: oneOf(FAULT_KINDS, {
      description:
        '`reject`: the operation’s own refusal with `code`. `rate-limit`: 429. `slow`: answers after `delayMs`. `hang`: never answers. `error`: `status` 5xx. `html`: 403 with a web page. `partial-page`: a page lacks half of what it counts. `malformed`: the JSON ends in the middle. `content-type`: JSON that calls itself text. `duplicate`: what the hub sends to the partner arrives twice. `wrong-energy`: a charge detail record that the hub forwards bills `kWh` more than was sent.',
    }),
    partner: Type.Optional(Type.String({ description: 'Only calls of this partner.' })),
    operation: Type.Optional(Type.String({ description: 'Only this operation, for example `AuthorizeStart`.' })),
    code: Type.Optional(oneOf(STATUS_CODE_VALUES, { description: 'For `reject`; 001 when absent.' })),
    status: Type.Optional(Type.Integer({ minimum: 400, maximum: 599, description: 'For `error`; 500 when absent.' })),
    delayMs: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 600_000, description: 'For `slow`; 20 s when absent.' }),
    ),
    kWh: Type.Optional(
      Type.Number({ minimum: 0.001, maximum: 1_000, description: `For \`wrong-energy\`; ${WRONG_KWH} when absent.` }),
    ),
    probability: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'Of each call; 1 when absent.' })),
    times: Type.Optional(Type.Integer({ minimum: 1, description: 'How often; for good when absent.' })),
  },
  { additionalProperties: false },
);
export type FaultInput = Static<typeof FaultInput>;

export interface FaultRule extends FaultInput {
  readonly id: string;
  /** How often it has struck. */
  readonly hits: number;
}

/** Faults that strike before the hub has seen the call: nothing is processed. */
const BEFORE: ReadonlySet<FaultRule['kind']> = new Set(['reject', 'rate-limit', 'error', 'html', 'hang']);

/** The rules of misbehaviour. They stay over a restart until they are taken away or used up. */
export class Faults {
  readonly #rules: Collection<FaultRule>;
  readonly #random: Random;

  constructor(rules: Collection<FaultRule>, random: Random) {
    this.#rules = rules;
    this.#random = random;
  }

  all(): FaultRule[] {
    return [...this.#rules.pinned()];
  }

  get(id: string): FaultRule | undefined {
    return this.#rules.get(id);
  }

  save(id: string, input: FaultInput): FaultRule {
    const rule = { ...input, id, hits: 0 };
    this.#rules.put(rule);
    return rule;
  }

  remove(id: string): boolean {
    return this.#rules.delete(id);
  }

  readonly interceptor: HttpInterceptor = (passing) => {
    for (const rule of this.#rules.pinned()) {
      if (!this.#strikes(rule, passing)) continue;
      this.#rules.put({ ...rule, hits: rule.hits + 1 });
      return verdictOf(rule, passing);
    }
    return 'pass';
  };

  /** Whether a call of the hub to this partner is to arrive twice. */
  duplicates(partner: string, operation: string): boolean {
    for (const rule of this.#rules.pinned()) {
      if (rule.kind !== 'duplicate') continue;
      if (!this.#fits(rule, partner, operation)) continue;
      this.#rules.put({ ...rule, hits: rule.hits + 1 });
      return true;
    }
    return false;
  }

  /** A message of the hub to this partner as it is sent: a charge detail record may bill more than it was given. */
  onTheWay(partner: string, operation: string, text: string): string {
    if (operation !== 'ChargeDetailRecord') return text;
    for (const rule of this.#rules.pinned()) {
      if (rule.kind !== 'wrong-energy' || !this.#fits(rule, partner, operation)) continue;
      this.#rules.put({ ...rule, hits: rule.hits + 1 });
      return withMoreEnergy(text, rule.kWh ?? WRONG_KWH);
    }
    return text;
  }

  #strikes(rule: FaultRule, { direction, peer, action, response }: HttpPassing): boolean {
    if (OUTWARDS.has(rule.kind) || BEFORE.has(rule.kind) !== (direction === 'request')) return false;
    if (rule.kind === 'partial-page' && pageIn(response) === undefined) return false;
    return this.#fits(rule, peer, action);
  }

  #fits(rule: FaultRule, partner: string, operation: string): boolean {
    if (rule.partner !== undefined && rule.partner !== partner) return false;
    if (rule.operation !== undefined && rule.operation !== operation) return false;
    if (rule.times !== undefined && rule.hits >= rule.times) return false;
    return rule.probability === undefined || this.#random.chance(rule.probability);
  }
}

function verdictOf(rule: FaultRule, { action, response }: HttpPassing): HttpVerdict {
  switch (rule.kind) {
    case 'reject': {
      const code = rule.code !== undefined && isStatusCode(rule.code) && rule.code !== '000' ? rule.code : '001';
      const body = isOperationName(action) ? refusal(action, code, 'a fault of the hub, on purpose') : {};
      return { answer: json(200, JSON.stringify(body)) };
    }
    case 'rate-limit':
      return { answer: { status: 429, headers: { 'retry-after': '1' }, body: bytesOf('') } };
    case 'error':
      return { answer: { status: rule.status ?? 500, headers: {}, body: bytesOf('') } };
    case 'html':
      return { answer: { status: 403, headers: { 'content-type': 'text/html' }, body: bytesOf(FORBIDDEN_PAGE) } };
    case 'slow':
      return { delayMs: rule.delayMs ?? 20_000 };
    case 'hang':
      return 'drop';
    case 'partial-page': {
      const page = pageIn(response) ?? { content: [] };
      const content = page.content.slice(0, Math.floor(page.content.length / 2));
      return { answer: json(200, JSON.stringify({ ...page, content })) };
    }
    case 'malformed': {
      const text = textOf(response?.body ?? bytesOf('')) ?? '';
      return { answer: json(response?.status ?? 200, text.slice(0, Math.ceil(text.length / 2))) };
    }
    case 'content-type':
      return response === undefined
        ? 'pass'
        : { answer: { ...response, headers: { ...response.headers, 'content-type': 'text/plain' } } };
    case 'duplicate':
    case 'wrong-energy':
      return 'pass';
  }
}

/** OICP counts energy in kWh with three decimals. */
function withMoreEnergy(text: string, kWh: number): string {
  const record = JSON.parse(text) as { readonly ConsumedEnergy?: unknown };
  if (typeof record.ConsumedEnergy !== 'number') return text;
  return JSON.stringify({ ...record, ConsumedEnergy: Math.round((record.ConsumedEnergy + kWh) * 1_000) / 1_000 });
}

const FORBIDDEN_PAGE = '<html><head><title>403 Forbidden</title></head><body><h1>403 Forbidden</h1></body></html>';

function json(status: number, text: string): HttpResponse {
  return { status, headers: { 'content-type': JSON_CONTENT_TYPE }, body: bytesOf(text) };
}

function pageIn(response: HttpResponse | undefined): { content: unknown[] } | undefined {
  if (response === undefined) return undefined;
  try {
    const body: unknown = JSON.parse(textOf(response.body) ?? '');
    if (typeof body === 'object' && body !== null && 'content' in body && Array.isArray(body.content)) {
      return body as { content: unknown[] };
    }
  } catch {
    // Not JSON: not a page.
  }
  return undefined;
}
