import type { Passing, Verdict } from '../../link/interception.ts';

/** What happens to a message of the station. */
export type FaultHow =
  | { readonly kind: 'silence' }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'delay'; readonly delayMs: number }
  | { readonly kind: 'error'; readonly code: string }
  | { readonly kind: 'payload'; readonly payload: unknown }
  /** JSON pointers of the payload with new values; null removes the member. */
  | { readonly kind: 'set'; readonly set: Readonly<Record<string, unknown>> };

export interface FaultRule {
  /** `answer`: our answers to CALLs of the CSMS; `call`: our own CALLs. */
  readonly on: 'answer' | 'call';
  /** `*` = any. */
  readonly action: string;
  readonly times: number;
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
}): FaultHow {
  if (params.silence === true) return { kind: 'silence' };
  if (params.error !== undefined) return { kind: 'error', code: params.error };
  if (params.payload !== undefined) return { kind: 'payload', payload: params.payload };
  if (params.status !== undefined) return { kind: 'set', set: { '/status': params.status } };
  if (params.set !== undefined) return { kind: 'set', set: params.set as Readonly<Record<string, unknown>> };
  if (params.duplicate === true) return { kind: 'duplicate' };
  if (params.delayMs !== undefined) return { kind: 'delay', delayMs: params.delayMs };
  return { kind: 'silence' };
}

/** CALLs of the CSMS whose answers may still come. */
const REMEMBERED = 32;

/**
 * Faults on the link of one station: what the station says is right, and is spoilt on its way out. The station itself does
 * not know. Every use is told, so that a checker can explain its finding.
 */
export class FaultRules {
  readonly #used: (rule: FaultRule) => void;
  #rules: { readonly rule: FaultRule; left: number }[] = [];
  readonly #actions = new Map<string, string>();

  constructor(used: (rule: FaultRule) => void) {
    this.#used = used;
  }

  get active(): readonly FaultRule[] {
    return this.#rules.map((one) => ({ ...one.rule, times: one.left }));
  }

  add(rule: FaultRule): void {
    this.#rules.push({ rule, left: rule.times });
  }

  clear(): void {
    this.#rules = [];
  }

  judge({ direction, text }: Passing): Verdict {
    if (this.#rules.length === 0 && direction === 'out') return 'pass';
    const frame = parse(text);
    if (frame === undefined) return 'pass';
    if (direction === 'in') {
      if (frame[0] === 2) this.#remember(String(frame[1]), String(frame[2]));
      return 'pass';
    }
    const on = frame[0] === 2 ? 'call' : frame[0] === 3 || frame[0] === 4 ? 'answer' : undefined;
    if (on === undefined) return 'pass';
    const action = on === 'call' ? String(frame[2]) : (this.#actions.get(String(frame[1])) ?? '');
    const found = this.#rules.find(
      (one) => one.rule.on === on && (one.rule.action === '*' || one.rule.action === action),
    );
    if (found === undefined) return 'pass';
    found.left--;
    if (found.left <= 0) this.#rules = this.#rules.filter((one) => one !== found);
    this.#used(found.rule);
    return verdictOf(found.rule.how, frame);
  }

  #remember(id: string, action: string): void {
    this.#actions.set(id, action);
    if (this.#actions.size <= REMEMBERED) return;
    for (const oldest of this.#actions.keys()) {
      this.#actions.delete(oldest);
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
    case 'payload':
      return { replaceWith: [JSON.stringify(frame[0] === 2 ? [2, id, frame[2], how.payload] : [3, id, how.payload])] };
    case 'set': {
      const changed = [...frame];
      changed[at] = Object.entries(how.set).reduce(
        (payload, [pointer, value]) => withValue(payload, pointer, value),
        frame[at],
      );
      return { replaceWith: [JSON.stringify(changed)] };
    }
  }
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
