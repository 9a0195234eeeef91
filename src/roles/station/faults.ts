import type { Random } from '../../core/random.ts';
import type { Passing, Verdict } from '../../link/interception.ts';

/** What happens to a message of the station. */
export type FaultHow =
  | { readonly kind: 'silence' }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'delay'; readonly delayMs: number }
  | { readonly kind: 'error'; readonly code: string }
  | { readonly kind: 'payload'; readonly payload: unknown }
  /** Any text in its place; `{id}` stands for the message id. */
  | { readonly kind: 'text'; readonly text: string }
  /** JSON pointers of the whole frame: `/0` is its type, `/1` its id; null removes the element. */
  | { readonly kind: 'frame'; readonly frame: Readonly<Record<string, unknown>> }
  /** JSON pointers of the payload with new values; null removes the member. */
  | { readonly kind: 'set'; readonly set: Readonly<Record<string, unknown>> };

export interface FaultRule {
  /** `answer`: our answers to CALLs of the CSMS; `call`: our own CALLs; `command`: CALLs of the CSMS, which we only answer. */
  readonly on: 'answer' | 'call' | 'command';
  /** `*` = any. */
  readonly action: string;
  readonly times: number;
  /** So many that fit pass before the first one is spoilt. */
  readonly after?: number | undefined;
  /** The chance of each that fits, 0 to 1; always when absent. */
  readonly chance?: number | undefined;
  /** JSON pointers of the payload (of an answer: of what was asked) with the values that it must have; any when absent. */
  readonly where?: Readonly<Record<string, unknown>> | undefined;
  readonly how: FaultHow;
}

/** The parameters of the commands as a rule says them; nothing named = silence. */
export function howOf(params: {
  readonly status?: string;
  readonly payload?: object;
  readonly error?: string;
  readonly delayMs?: number;
  readonly silence?: boolean;
  readonly duplicate?: boolean;
  readonly set?: object;
  readonly frame?: object;
  readonly text?: string;
}): FaultHow {
  if (params.silence === true) return { kind: 'silence' };
  if (params.error !== undefined) return { kind: 'error', code: params.error };
  if (params.text !== undefined) return { kind: 'text', text: params.text };
  if (params.frame !== undefined) return { kind: 'frame', frame: params.frame as Readonly<Record<string, unknown>> };
  if (params.payload !== undefined) return { kind: 'payload', payload: params.payload };
  if (params.status !== undefined) return { kind: 'set', set: { '/status': params.status } };
  if (params.set !== undefined) return { kind: 'set', set: params.set as Readonly<Record<string, unknown>> };
  if (params.duplicate === true) return { kind: 'duplicate' };
  if (params.delayMs !== undefined) return { kind: 'delay', delayMs: params.delayMs };
  return { kind: 'silence' };
}

export interface FaultHost {
  readonly random: Random;
  /** A rule was used. */
  used(rule: FaultRule): void;
  /** Sends a text as it stands. */
  send(text: string): void;
}

/** CALLs of the CSMS whose answers may still come. */
const REMEMBERED = 32;

/**
 * Faults on the link of one station: what the station says is right, and is spoilt on its way out. The station itself does
 * not know. Every use is told, so that a checker can explain its finding.
 */
export class FaultRules {
  readonly #host: FaultHost;
  #rules: { readonly rule: FaultRule; left: number; passing: number }[] = [];
  readonly #asked = new Map<string, { readonly action: string; readonly payload: unknown }>();

  constructor(host: FaultHost) {
    this.#host = host;
  }

  get active(): readonly FaultRule[] {
    return this.#rules.map((one) => ({ ...one.rule, times: one.left }));
  }

  add(rule: FaultRule): void {
    this.#rules.push({ rule, left: rule.times, passing: rule.after ?? 0 });
  }

  clear(): void {
    this.#rules = [];
  }

  judge({ direction, text }: Passing): Verdict {
    if (this.#rules.length === 0 && direction === 'out') return 'pass';
    const frame = parse(text);
    if (frame === undefined) return 'pass';
    if (direction === 'in') {
      if (frame[0] !== 2) return 'pass';
      this.#remember(String(frame[1]), { action: String(frame[2]), payload: frame[3] });
      return this.#pretend(frame);
    }
    const on = frame[0] === 2 ? 'call' : frame[0] === 3 || frame[0] === 4 ? 'answer' : undefined;
    if (on === undefined) return 'pass';
    const call = on === 'call' ? { action: String(frame[2]), payload: frame[3] } : this.#asked.get(String(frame[1]));
    const rule = this.#take(on, call?.action ?? '', call?.payload);
    return rule === undefined ? 'pass' : verdictOf(rule.how, frame);
  }

  /** A CALL that the station never hears of: it is answered here, and nothing else happens. */
  #pretend(frame: unknown[]): Verdict {
    const rule = this.#take('command', String(frame[2]), frame[3]);
    if (rule === undefined) return 'pass';
    const verdict = verdictOf(rule.how, [3, frame[1], { status: 'Accepted' }]);
    if (verdict === 'pass') this.#host.send(JSON.stringify([3, frame[1], { status: 'Accepted' }]));
    else if (typeof verdict === 'object' && 'replaceWith' in verdict)
      for (const text of verdict.replaceWith) this.#host.send(text);
    return 'drop';
  }

  /** The first rule that fits, if its turn and its chance have come; used up when it was the last time. */
  #take(on: FaultRule['on'], action: string, payload: unknown): FaultRule | undefined {
    const found = this.#rules.find(
      ({ rule }) =>
        rule.on === on && (rule.action === '*' || rule.action === action) && hasValues(payload, rule.where ?? {}),
    );
    if (found === undefined) return undefined;
    const { rule } = found;
    if (found.passing > 0) {
      found.passing--;
      return undefined;
    }
    if (rule.chance !== undefined && !this.#host.random.chance(rule.chance)) return undefined;
    found.left--;
    if (found.left <= 0) this.#rules = this.#rules.filter((one) => one !== found);
    this.#host.used(rule);
    return rule;
  }

  #remember(id: string, call: { readonly action: string; readonly payload: unknown }): void {
    this.#asked.set(id, call);
    if (this.#asked.size <= REMEMBERED) return;
    for (const oldest of this.#asked.keys()) {
      this.#asked.delete(oldest);
      break;
    }
  }
}

function verdictOf(how: FaultHow, frame: unknown[]): Verdict {
  const at = frame[0] === 2 ? 3 : 2;
  const id = frame[1];
  switch (how.kind) {
    case 'silence':
      return 'drop';
    case 'duplicate':
      return 'duplicate';
    case 'delay':
      return { delayMs: how.delayMs };
    case 'error':
      return { replaceWith: [JSON.stringify([4, id, how.code, '', {}])] };
    case 'text':
      return { replaceWith: [how.text.replaceAll('{id}', String(id))] };
    case 'frame':
      return { replaceWith: [JSON.stringify(withValues(frame, how.frame))] };
    case 'payload':
      return { replaceWith: [JSON.stringify(frame[0] === 2 ? [2, id, frame[2], how.payload] : [3, id, how.payload])] };
    case 'set': {
      const changed = [...frame];
      changed[at] = withValues(frame[at], how.set);
      return { replaceWith: [JSON.stringify(changed)] };
    }
  }
}

function withValues(target: unknown, values: Readonly<Record<string, unknown>>): unknown {
  return Object.entries(values).reduce((changed, [pointer, value]) => withValue(changed, pointer, value), target);
}

function hasValues(target: unknown, values: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(values).every(([pointer, value]) => valueAt(target, pointer) === value);
}

function valueAt(target: unknown, pointer: string): unknown {
  return segments(pointer).reduce<unknown>(
    (holder, key) =>
      typeof holder === 'object' && holder !== null ? (holder as Record<string, unknown>)[key] : undefined,
    target,
  );
}

function segments(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A copy with one member changed; null removes it. */
function withValue(target: unknown, pointer: string, value: unknown): unknown {
  const [head, ...rest] = pointer.replace(/^\//, '').split('/');
  if (head === undefined || head === '') return value;
  const key = head.replaceAll('~1', '/').replaceAll('~0', '~');
  const copy: Record<string, unknown> | unknown[] = Array.isArray(target)
    ? [...target]
    : { ...(target as Record<string, unknown>) };
  const holder = copy as Record<string, unknown>;
  if (rest.length > 0) holder[key] = withValue(holder[key], `/${rest.join('/')}`, value);
  else if (value === null && Array.isArray(copy)) copy.splice(Number(key), 1);
  else if (value === null) delete holder[key];
  else holder[key] = value;
  return copy;
}

function parse(text: string): unknown[] | undefined {
  try {
    const frame: unknown = JSON.parse(text);
    return Array.isArray(frame) ? frame : undefined;
  } catch {
    return undefined;
  }
}
