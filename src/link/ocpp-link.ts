import type { Clock, Timer } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import type { EntryFlag, EntryKind, LinkNumber, Origin, Party, Recorder } from '../journal/entry.ts';
import type { Failure } from '../protocols/ocpp/error-codes.ts';
import { CALL } from '../protocols/ocpp/frame.ts';
import type { CallOptions } from '../protocols/ocpp/outgoing-calls.ts';
import { RpcEngine, type Validation } from '../protocols/ocpp/rpc-engine.ts';
import { type CallOutcome, type RpcEffect, type RpcFinding, RpcMessage } from '../protocols/ocpp/rpc-message.ts';
import type { OcppSchemas } from '../protocols/ocpp/schemas.ts';
import type { OcppVersion } from '../protocols/ocpp/versions.ts';
import type { Interceptor } from './interception.ts';
import { Liveness } from './liveness.ts';
import { clientHop, serverHopOf, type TraceContext, type TracedHop } from './trace-context.ts';
import type { Transport, TransportListener } from './transport.ts';

/** A handler returns this when it will answer later, by `link.answer` or `link.fail`. */
export const DEFERRED: unique symbol = Symbol('deferred');

/** Thrown by a handler to answer with a CALLERROR. */
export class RpcRefusal extends Error {
  readonly failure: Failure;
  readonly details: unknown;

  constructor(failure: Failure, description: string, details: unknown = {}) {
    super(description);
    this.name = 'RpcRefusal';
    this.failure = failure;
    this.details = details;
  }
}

/** The party behind one end of a link: what it does with the peer's messages. Called synchronously, one at a time. */
export interface OcppRole {
  /** The payload of the answer, or DEFERRED. Throws RpcRefusal for a CALLERROR. */
  request(link: OcppLink, call: RpcMessage): object | typeof DEFERRED;
  /** A SEND of 2.1; it has no answer. */
  notification(link: OcppLink, message: RpcMessage): void;
  /** 2.1: the peer could not use our answer to `call`. */
  answerRejected(link: OcppLink, call: RpcMessage, message: RpcMessage): void;
  /** Any frame at all came: the peer lives. */
  alive(link: OcppLink): void;
  closed(link: OcppLink, code: number, reason: string): void;
}

/** What a link needs from the world, the same for all links of a service. */
export interface LinkWorld {
  readonly clock: Clock;
  /** Runs `task` when everything decided in this turn is durable. */
  readonly afterCommit: (task: () => void) => void;
  /** Where messages are recorded; null on the side that does not record (one tap per hop: the server side does). */
  readonly recorder: Recorder | null;
  readonly newId: () => string;
  /** The chain of calls that a CALL of the peer begins, where others will be asked for its answer. */
  readonly traceOf?: (call: RpcMessage) => TracedHop | null;
  /** Told about exceptions of handlers: defects of ours. */
  readonly defect: (where: string, thrown: unknown) => void;
}

export interface LinkOptions {
  readonly world: LinkWorld;
  readonly transport: Transport;
  readonly side: 'station' | 'csms';
  readonly station: Party;
  readonly csms: Party;
  readonly schemas: OcppSchemas;
  readonly role: OcppRole;
  readonly validation: Validation;
  readonly timeoutMs: number;
  readonly maxQueuedCalls: number;
  /** Bytes that a slow reader may leave unsent before the socket is given up. */
  readonly maxBufferedBytes: number;
  /** Which tap this is: `csms` or `station`. */
  readonly tap: string;
  readonly interceptor?: Interceptor;
  /** "Simulate inbound": marks every message as one that never crossed the wire. */
  readonly synthetic?: { readonly origin: Origin };
}

/** A CALL of ours on its way, as the engine hands it back. */
class PendingCall {
  readonly done: (outcome: CallOutcome, call: RpcMessage | null) => void;
  readonly origin: Origin;
  readonly trace: TracedHop | null;

  constructor(done: (outcome: CallOutcome, call: RpcMessage | null) => void, origin: Origin, trace: TracedHop | null) {
    this.done = done;
    this.origin = origin;
    this.trace = trace;
  }
}

function originOf(ref: unknown): Origin {
  return ref instanceof PendingCall ? ref.origin : 'system';
}

const KINDS = {
  0: 'error',
  2: 'request',
  3: 'response',
  4: 'error',
  5: 'error',
  6: 'send',
} as const satisfies Record<RpcMessage['type'], EntryKind>;

/** Handlers that have not answered yet; more than this and we stop reading from the socket. */
const MAX_OPEN_HANDLERS = 32;

/**
 * The seam between an engine and a transport: records every frame, hands requests to the role, runs timers, and can be
 * told to change messages. What leaves, leaves when the turn's commit group is durable.
 */
export class OcppLink implements TransportListener {
  readonly station: Party;
  readonly csms: Party;
  readonly version: OcppVersion;
  readonly transport: Transport;
  readonly side: 'station' | 'csms';
  readonly synthetic: boolean;
  /** Epoch milliseconds. */
  readonly openedAt: number;
  lastSeenAt: number;
  /** When the peer last sent a message (not a ping or pong); undefined until it spoke. */
  lastMessageAt: number | undefined;
  interceptor: Interceptor | undefined;
  readonly #options: LinkOptions;
  readonly #world: LinkWorld;
  readonly #role: OcppRole;
  readonly #engine: RpcEngine;
  readonly #number: LinkNumber;
  /** Null where nothing is recorded, and on the loopback, whose ends cannot lose each other. */
  readonly #liveness: Liveness | null;
  #timer: Timer | null = null;
  /** The call whose handler runs at this moment, until it is answered. */
  #current: RpcMessage | null = null;
  /** Calls of the peer whose handlers will answer later. */
  readonly #deferred = new Set<RpcMessage>();
  #paused = false;
  #closed = false;
  /** The peer does not read: its socket is being ended. */
  #givenUp = false;
  /** How deep we are in handling effects. */
  #running = 0;
  /** Where the frame that is being handled belongs, when the transport carried that beside it. */
  #beside: TracedHop | undefined;
  #closeAfterRun: { readonly code: number; readonly reason: string } | null = null;

  constructor(options: LinkOptions) {
    const { world, transport } = options;
    this.#options = options;
    this.#world = world;
    this.#role = options.role;
    this.station = options.station;
    this.csms = options.csms;
    this.side = options.side;
    this.transport = transport;
    this.interceptor = options.interceptor;
    this.synthetic = options.synthetic !== undefined;
    this.version = options.schemas.version;
    this.openedAt = world.clock.now();
    this.lastSeenAt = this.openedAt;
    this.#engine = new RpcEngine({
      schemas: options.schemas,
      side: options.side,
      validation: options.validation,
      timeoutMs: options.timeoutMs,
      maxQueuedCalls: options.maxQueuedCalls,
      newId: world.newId,
    });
    this.#number =
      world.recorder?.openLink({
        a: options.station,
        b: options.csms,
        protocol: 'ocpp',
        version: this.version,
        transport: transport.description.type,
        conn: transport.description.conn,
        facts: transport.description.facts,
        tap: options.tap,
      }) ?? 0;
    const toldOf = world.recorder !== null && transport.description.type === 'ws';
    this.#liveness = toldOf ? new Liveness(this.openedAt) : null;
    transport.listen(this);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** CALLs of ours that wait or are outstanding. */
  get pendingCalls(): number {
    return this.#engine.pendingCalls;
  }

  /** Sends a CALL; `done` hears how it ended, exactly once. */
  call(
    action: string,
    payload: unknown,
    done: (outcome: CallOutcome, call: RpcMessage | null) => void,
    options: CallOptions & { origin?: Origin; trace?: TraceContext | undefined } = {},
  ): void {
    const { origin = 'system', trace } = options;
    const hop = trace === undefined ? null : clientHop(trace, { uuid: this.#world.newId });
    const pending = new PendingCall(done, origin, hop);
    this.#run((out) => this.#engine.call(action, payload, pending, this.#now(), out, options));
  }

  /** Sends a SEND (2.1). */
  send(action: string, payload: unknown): void {
    this.#run((out) => this.#engine.send(action, payload, this.#now(), out));
  }

  /** Answers a call that was DEFERRED. After the link has closed it does nothing. */
  answer(call: RpcMessage, payload: object): void {
    this.#ended(call);
    this.#run((out) => this.#engine.answer(call, payload, this.#now(), out));
    this.#relax();
  }

  fail(call: RpcMessage, failure: Failure, description: string, details: unknown = {}): void {
    this.#ended(call);
    this.#run((out) => this.#engine.fail(call, failure, description, this.#now(), out, details));
    this.#relax();
  }

  /** Sends any text at all, past the engine: for faults and for the user who wants it so. Returns its sequence number. */
  sendText(text: string, origin: Origin): number {
    this.#transmit(text, undefined);
    const message = new RpcMessage(0, '', '', undefined, text, this.#now());
    message.flag('malformed');
    this.#record(message, true, origin);
    return message.seq;
  }

  /** Closes the connection; what was decided before, the answer to the message that is being handled too, goes out first. */
  close(code: number, reason: string): void {
    if (this.#running > 0) this.#closeAfterRun = { code, reason };
    else this.#world.afterCommit(() => this.transport.close(code, reason));
  }

  // --- the transport's side -------------------------------------------------------------------------------------

  text(text: string, traced?: TracedHop): void {
    this.#seen();
    this.lastMessageAt = this.lastSeenAt;
    const verdict = this.interceptor?.({ direction: 'in', text }) ?? 'pass';
    if (verdict === 'pass') this.#receive(text, traced);
    else this.#intercept(verdict, text, (passed) => this.#receive(passed, traced));
  }

  /** What came beside the frame, else the chain that it begins. */
  #traceOf(call: RpcMessage): TracedHop | null {
    const beside = this.#beside;
    if (beside !== undefined) return serverHopOf(beside, { uuid: this.#world.newId });
    return this.#world.traceOf?.(call) ?? null;
  }

  unreadable(bytes: Uint8Array, why: 'binary' | 'utf8' | 'too-big'): void {
    this.#seen();
    const { recorder } = this.#world;
    const at = this.#now();
    const text = {
      binary: 'A binary frame: OCPP travels in text frames',
      utf8: 'A text frame that is not valid UTF-8',
      'too-big': 'A frame larger than this side accepts',
    }[why];
    const flags: EntryFlag[] = why === 'too-big' ? ['malformed', 'cut'] : ['malformed'];
    const seq = recorder?.record({
      link: this.#number,
      toClient: this.side === 'station',
      time: at,
      kind: 'error',
      action: '',
      messageId: '',
      raw: bytes,
      flags,
      origin: 'peer',
    });
    recorder?.finding({
      rule: 'OCPPJ-WS-005',
      severity: 'error',
      axis: 'conformance',
      party: this.#peer().id,
      ...(seq === undefined ? {} : { seq }),
      text,
      clause: 'OCPP-J §4.1.2',
      time: at,
    });
    // RFC 6455 §8.1 wants invalid UTF-8 to end the connection, and §7.4.1 lets a text-only endpoint refuse binary frames.
    if (this.#options.validation === 'strict' && why !== 'too-big') this.close(why === 'utf8' ? 1007 : 1003, text);
  }

  alive(sign: 'ping' | 'pong'): void {
    this.#liveness?.heard(sign, this.#now());
    this.#seen();
  }

  pinged(): void {
    this.#liveness?.pinged(this.#now());
  }

  disconnected(code: number, reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    const at = this.#now();
    this.#timer?.cancel();
    this.#timer = null;
    this.#run((out) => this.#engine.close(out));
    this.#event('closed', at, { code: String(code), reason, ...this.#liveness?.report(at) });
    this.#role.closed(this, code, reason);
    this.#world.recorder?.closeLink(this.#number);
  }

  // --- effects --------------------------------------------------------------------------------------------------

  #receive(text: string, traced: TracedHop | undefined): void {
    if (this.#closed) return;
    this.#beside = traced;
    this.#run((out) => this.#engine.receive(text, this.#now(), out));
    this.#beside = undefined;
    this.#relax();
  }

  #run(step: (out: RpcEffect[]) => void): void {
    this.#running++;
    try {
      const effects: RpcEffect[] = [];
      step(effects);
      // Effects may add effects: the list is the work queue.
      for (let i = 0; i < effects.length; i++) {
        const effect = effects[i];
        if (effect !== undefined) this.#apply(effect, effects);
      }
    } finally {
      this.#running--;
    }
    if (this.#running > 0 || this.#closeAfterRun === null) return;
    const { code, reason } = this.#closeAfterRun;
    this.#closeAfterRun = null;
    this.close(code, reason);
  }

  #apply(effect: RpcEffect, effects: RpcEffect[]): void {
    switch (effect.do) {
      case 'received':
        if (effect.message.type === CALL) effect.message.trace = this.#traceOf(effect.message);
        return this.#record(effect.message, false, this.#options.synthetic?.origin ?? 'peer');
      case 'send':
        if (effect.ref instanceof PendingCall) effect.message.trace = effect.ref.trace;
        this.#record(effect.message, true, this.#options.synthetic?.origin ?? originOf(effect.ref));
        return this.#transmit(effect.message.raw, effect.message.trace ?? undefined);
      case 'request':
        return this.#handle(effect.call, effects);
      case 'notification':
        return this.#guard(effect.message.action, () => this.#role.notification(this, effect.message));
      case 'answer-rejected':
        return this.#guard(effect.call.action, () => this.#role.answerRejected(this, effect.call, effect.message));
      case 'settled': {
        const { ref } = effect;
        if (!(ref instanceof PendingCall)) return;
        return this.#guard(effect.call?.action ?? 'call', () => ref.done(effect.outcome, effect.call));
      }
      case 'start-timer':
        this.#timer = this.#world.clock.after(effect.ms, () => {
          this.#timer = null;
          this.#run((out) => this.#engine.expired(this.#now(), out));
        });
        return;
      case 'stop-timer':
        this.#timer?.cancel();
        this.#timer = null;
        return;
      case 'finding':
        return this.#find(effect.finding);
    }
  }

  #handle(call: RpcMessage, effects: RpcEffect[]): void {
    this.#current = call;
    try {
      const answer = this.#role.request(this, call);
      const open = this.#current === call;
      this.#current = null;
      if (answer !== DEFERRED) this.#engine.answer(call, answer, this.#now(), effects);
      // The handler may have answered before it returned.
      else if (open) this.#deferred.add(call);
    } catch (thrown) {
      this.#current = null;
      if (thrown instanceof RpcRefusal) {
        this.#engine.fail(call, thrown.failure, thrown.message, this.#now(), effects, thrown.details);
        return;
      }
      this.#world.defect(`${this.tapName} handling ${call.action} of ${this.station.id}`, thrown);
      this.#engine.fail(call, 'InternalError', `Handling ${call.action} failed`, this.#now(), effects);
    }
  }

  #ended(call: RpcMessage): void {
    if (this.#current === call) this.#current = null;
    else this.#deferred.delete(call);
  }

  get tapName(): string {
    return this.#options.tap;
  }

  #guard(what: string, task: () => void): void {
    try {
      task();
    } catch (thrown) {
      this.#world.defect(`${this.tapName} after ${what} of ${this.station.id}: ${messageOf(thrown)}`, thrown);
    }
  }

  #transmit(text: string, traced: TracedHop | undefined): void {
    const verdict = this.interceptor?.({ direction: 'out', text }) ?? 'pass';
    if (verdict === 'pass') this.#queueText(text, traced);
    else this.#intercept(verdict, text, (passed) => this.#queueText(passed, traced));
  }

  /** Each text waits for the commit of its own turn; the group releases them in order. */
  #queueText(text: string, traced: TracedHop | undefined): void {
    this.#world.afterCommit(() => {
      if (this.#givenUp) return;
      this.transport.send(text, traced);
      const { bufferedBytes } = this.transport;
      if (bufferedBytes <= this.#options.maxBufferedBytes) return;
      this.#givenUp = true;
      this.#event('slow-reader', this.#now(), { bufferedBytes: String(bufferedBytes) });
      this.transport.terminate();
    });
  }

  #intercept(verdict: Exclude<ReturnType<Interceptor>, 'pass'>, text: string, pass: (text: string) => void): void {
    if (verdict === 'drop') return;
    if (verdict === 'duplicate') {
      pass(text);
      pass(text);
    } else if ('delayMs' in verdict) {
      this.#world.clock.after(verdict.delayMs, () => pass(text));
    } else {
      for (const other of verdict.replaceWith) pass(other);
    }
  }

  #record(message: RpcMessage, sentByUs: boolean, origin: Origin): void {
    const { recorder } = this.#world;
    if (recorder === null) return;
    const { answers, code } = message;
    const flags: readonly EntryFlag[] = this.synthetic ? [...message.flags, 'synthetic'] : message.flags;
    const partner = answers === null || answers.seq === 0 ? undefined : answers;
    const trace = message.trace ?? answers?.trace;
    // One literal, all members, always in this order: this runs for every frame.
    message.seq = recorder.record({
      link: this.#number,
      toClient: sentByUs === (this.side === 'csms'),
      time: message.at,
      kind: KINDS[message.type],
      action: message.action,
      messageId: message.id,
      raw: message.raw,
      payload: message.payload,
      origin,
      partner: partner?.seq,
      latencyMs: partner === undefined ? undefined : message.at - partner.at,
      code: code === '' ? undefined : code,
      flags: flags.length === 0 ? undefined : flags,
      trace: trace?.trace,
      hop: trace?.hop,
    });
  }

  #event(action: string, time: number, facts: Readonly<Record<string, string | number>>): void {
    this.#world.recorder?.record({
      link: this.#number,
      toClient: false,
      time,
      kind: 'event',
      action,
      messageId: '',
      raw: JSON.stringify(facts),
      origin: 'system',
    });
  }

  #find(finding: RpcFinding): void {
    const { rule, severity, by, message, pointer, text, clause } = finding;
    this.#world.recorder?.finding({
      rule,
      severity,
      axis: 'conformance',
      party: (by === 'peer' ? this.#peer() : this.#us()).id,
      ...(message.seq === 0 ? {} : { seq: message.seq }),
      ...(pointer === undefined ? {} : { pointer }),
      text,
      clause,
      time: message.at,
    });
  }

  #us(): Party {
    return this.side === 'csms' ? this.csms : this.station;
  }

  #peer(): Party {
    return this.side === 'csms' ? this.station : this.csms;
  }

  #seen(): void {
    const now = this.#now();
    this.lastSeenAt = now;
    if (this.#liveness?.isDue(now) === true) {
      const facts = this.#liveness.report(now);
      if (facts !== undefined) this.#event('liveness', now, { ...facts });
    }
    this.#role.alive(this);
  }

  #now(): number {
    return this.#world.clock.now();
  }

  /** Stops reading while the journal or our own handlers are behind, and goes on when they have caught up. */
  #relax(): void {
    const { recorder } = this.#world;
    const journalFull = recorder?.full === true;
    const busy = this.#deferred.size >= MAX_OPEN_HANDLERS;
    if (!this.#paused && (journalFull || busy)) {
      this.#paused = true;
      this.transport.pause();
      if (journalFull) recorder.onceDrained(() => this.#relax());
    } else if (this.#paused && !journalFull && !busy) {
      this.#paused = false;
      this.transport.resume();
    }
  }
}
