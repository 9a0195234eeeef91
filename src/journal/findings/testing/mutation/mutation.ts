import type { Random } from '../../../../core/random.ts';
import type { LogMessage } from '../../../formats/log-message.ts';
import { changeOf, type FieldChange, fieldsOf } from './field-change.ts';

/** How a trace is broken. */
export const MUTATION_KINDS = ['drop', 'duplicate', 'reorder', 'change a field', 'wrong id', 'late answer'] as const;
export type MutationKind = (typeof MUTATION_KINDS)[number];

/** One message of a clean trace, with what a mutation must know of it. */
export interface TraceMessage {
  readonly index: number;
  readonly message: LogMessage;
  /** Messages of one conversation have an order: those of a station, those of a session on an HTTP hop. */
  readonly conversation: string;
  readonly time: number;
  readonly isAnswer: boolean;
  readonly action: string;
  readonly payload: unknown;
  /** The request of an answer, the answer of a request. */
  readonly partner: number | undefined;
  /** From the client side of the conversation: the station, the caller. */
  readonly fromClient: boolean;
}

export interface Mutation {
  readonly kind: MutationKind;
  readonly target: TraceMessage;
  /** `change a field`, and `wrong id` of exchanges. */
  readonly change?: FieldChange;
  /** `reorder`: the message that comes before it now. */
  readonly before?: TraceMessage;
  readonly delayMs?: number;
  readonly id?: string;
}

/** Later than any caller waits, by this at most. */
const LATE_MS = [31_000, 120_000] as const;
/** A message overtakes one that came up to so many places before it. */
const REORDER_REACH = 5;

/** Draws a mutation uniformly over kind, then frame, then field; a kind that a frame does not know is drawn again with another frame. */
export function drawMutation(random: Random, trace: readonly TraceMessage[]): Mutation {
  const kind = random.pick(MUTATION_KINDS);
  for (;;) {
    const mutation = drawOf(kind, random, trace);
    if (mutation !== undefined) return mutation;
  }
}

function drawOf(kind: MutationKind, random: Random, trace: readonly TraceMessage[]): Mutation | undefined {
  const target = random.pick(trace);
  switch (kind) {
    case 'drop':
    case 'duplicate':
      return { kind, target };
    case 'reorder': {
      // Over HTTP an exchange moves as a whole, and does not overtake itself.
      const later = trace.filter(
        ({ conversation, index, message }) =>
          conversation === target.conversation &&
          index > target.index &&
          (message.type === 'frame' || index !== target.partner),
      );
      const moved = later.slice(0, REORDER_REACH);
      return moved.length === 0 ? undefined : { kind, target: random.pick(moved), before: target };
    }
    case 'change a field': {
      const fields = fieldsOf(target.payload);
      return fields.length === 0 ? undefined : { kind, target, change: changeOf(random.pick(fields), random) };
    }
    case 'wrong id': {
      if (target.message.type === 'frame') return { kind, target, id: random.int(1, 2 ** 30).toString(36) };
      const ids = fieldsOf(target.payload).filter(({ pointer }) => /ID$/i.test(pointer));
      return ids.length === 0 ? undefined : { kind, target, change: changeOf(random.pick(ids), random, 'value') };
    }
    case 'late answer':
      return target.isAnswer ? { kind, target, delayMs: random.int(...LATE_MS) } : undefined;
  }
}

/** The trace with that one mutation, in the order of its times. */
export function mutate(trace: readonly TraceMessage[], mutation: Mutation): readonly LogMessage[] {
  const { kind, target } = mutation;
  const { message } = target;
  const out = trace.map((each) => ({ time: each.time, message: each.message }));
  // Over HTTP a request and its answer travel together.
  const pair = message.type === 'whole' ? [target.index, target.partner ?? target.index] : [target.index];
  const [first = target.index] = pair.toSorted((a, b) => a - b);
  switch (kind) {
    case 'drop': {
      const gone = target.isAnswer ? [target.index] : pair;
      return out.filter((_, index) => !gone.includes(index)).map((each) => each.message);
    }
    case 'duplicate': {
      const again = pair
        .toSorted((a, b) => a - b)
        .flatMap((index) => {
          const each = trace[index];
          return each === undefined ? [] : [copyOf(each)];
        });
      const last = pair.toSorted((a, b) => a - b).at(-1) ?? first;
      return [
        ...out.slice(0, last + 1).map((each) => each.message),
        ...again,
        ...out.slice(last + 1).map((each) => each.message),
      ];
    }
    case 'reorder': {
      const before = mutation.before ?? target;
      // It takes the place and the time of the one that it overtakes, and all in between come that much later.
      const order = trace.filter((each) => !pair.includes(each.index));
      const place = order.findIndex((each) => each.index >= before.index);
      const moved = pair.toSorted((a, b) => a - b).flatMap((index) => trace[index] ?? []);
      const at = trace[before.index]?.time ?? target.time;
      return [
        ...order.slice(0, place).map((each) => each.message),
        ...moved.map((each) => atTime(each.message, at)),
        ...order.slice(place).map((each) => each.message),
      ];
    }
    case 'late answer': {
      const time = target.time + (mutation.delayMs ?? 0);
      const late = { time, message: atTime(message, time) };
      const rest = out.filter((_, index) => index !== target.index);
      const place = rest.findIndex((each) => each.time > time);
      const at = place < 0 ? rest.length : place;
      return [...rest.slice(0, at), late, ...rest.slice(at)].map((each) => each.message);
    }
    case 'wrong id':
    case 'change a field':
      return out.map((each, index) => (index === target.index ? changed(target, mutation) : each.message));
  }
}

function changed({ message, payload }: TraceMessage, { change, id }: Mutation): LogMessage {
  if (message.type === 'whole') return { ...message, raw: JSON.stringify(change?.apply(payload) ?? payload) };
  const frame = JSON.parse(message.raw) as unknown[];
  if (id !== undefined) frame[1] = id;
  if (change !== undefined)
    frame[frame[0] === 2 || frame[0] === 6 ? 3 : frame[0] === 3 ? 2 : 4] = change.apply(payload);
  return { ...message, raw: JSON.stringify(frame) };
}

/** Sent again, a moment later; over HTTP it is an exchange of its own. */
function copyOf({ message }: TraceMessage): LogMessage {
  return message.type === 'whole' ? { ...message, exchange: `${message.exchange} again` } : message;
}

function atTime(message: LogMessage, time: number): LogMessage {
  return { ...message, time };
}
