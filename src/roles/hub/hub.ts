import type { Clock } from '../../core/clock.ts';
import type { Ids } from '../../core/ids.ts';
import type { Random } from '../../core/random.ts';
import type { Recorder } from '../../journal/entry.ts';
import type { BackoffPolicy } from '../../link/backoff.ts';
import type { HttpPort } from '../../link/http-port.ts';
import { OicpOutbox } from '../../link/oicp-outbox.ts';
import { type OicpReply, OicpServer, type ReceivedCall } from '../../link/oicp-server.ts';
import {
  type AnswerProfile,
  canonicalSessionId,
  eRoamingFault,
  faultBody,
  httpMapping,
  isNotificationField,
  OperationBodies,
  type OperationName,
  operationRow,
  type RequestOf,
  refusal,
  STATUS_CODES,
  type Strength,
  sameSessionId,
} from '../../protocols/oicp/index.ts';
import { Collection } from '../../storage/collection.ts';
import type { Database } from '../../storage/database.ts';
import { type CallerRules, callerOf, partyOf } from './callers.ts';
import { type FaultRule, Faults } from './faults.ts';
import { forwardOutcome, PartnerCalls } from './partner-calls.ts';
import { Pins } from './pins.ts';
import { RateLimits } from './rate-limits.ts';
import { refuse } from './state/answer.ts';
import { cdrForwarded, withSessionOf } from './state/charge-detail-records.ts';
import { decide } from './state/decide.ts';
import type { Forward, HubAnswer, HubCall, HubDecision, PendingAsk, Surroundings } from './state/hub-call.ts';
import { HubState } from './state/hub-state.ts';
import { isIdentified } from './state/identity.ts';
import { PUSH_IN_PROGRESS, PushGate } from './state/pushed-records.ts';
import type { CdrRecord } from './state/records.ts';
import { settle } from './state/settle.ts';

export interface HubConfig {
  readonly profile: AnswerProfile;
  readonly content: Strength;
  readonly callers: CallerRules;
  readonly strictIdSpelling: boolean;
  readonly evseVersions: number;
  readonly deadlines: {
    readonly authorizeMs: number;
    readonly remoteMs: number;
    readonly cdrMs: number;
    readonly notificationMs: number;
  };
  readonly cdrForwarding: BackoffPolicy & { readonly attempts: number };
  readonly rateLimits: { readonly enabled: boolean; readonly perMinute: Readonly<Record<string, number>> };
}

export interface HubOptions {
  readonly config: HubConfig;
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  readonly recorder: Recorder;
  readonly port: HttpPort;
  readonly afterCommit: (task: () => void) => void;
  /** Where the partners `csms` and `emp` are, when they have no address of their own. */
  addressOf(partner: string): string | undefined;
  isOurs(baseUrl: string): boolean;
  /** What happened to a call, in a line. Never with secrets. */
  log(facts: Readonly<Record<string, unknown>>, text: string): void;
  defect(where: string, thrown: unknown): void;
  /** Something that others may watch has changed. */
  changed(what: 'session' | 'cdr' | 'evses' | 'statuses' | 'auth-data' | 'pricing', id: string): void;
}

/** Pushes of which a partner may have one at a time. */
const PUSHES: ReadonlySet<OperationName> = new Set([
  'PushEvseData',
  'PushEvseStatus',
  'PushAuthenticationData',
  'PushPricingProductData',
  'PushEVSEPricing',
]);

/** The hub: recognises callers, decides (state/), asks partners, answers, and forwards what may be late. */
export class Hub {
  readonly config: HubConfig;
  readonly state: HubState;
  readonly faults: Faults;
  readonly limits: RateLimits;
  readonly outbox: OicpOutbox;
  readonly server: OicpServer;
  readonly calls: PartnerCalls;
  readonly #options: HubOptions;
  readonly #pins: Pins;
  readonly #gate = new PushGate();
  /** Pushes that hold the gate, by their processing: until the answer is out, slow answers on purpose included. */
  readonly #pushing = new Map<string, { readonly owner: string; readonly operation: OperationName }>();

  constructor(options: HubOptions) {
    this.#options = options;
    const { config, database, clock, ids, random, recorder, port, afterCommit, addressOf, isOurs, defect } = options;
    this.config = config;
    this.state = new HubState(database, {
      strictSpelling: config.strictIdSpelling,
      evseVersions: config.evseVersions,
    });
    const faults = new Collection<FaultRule>(database, { name: 'faults', key: ({ id }) => id, pinned: () => true });
    this.faults = new Faults(faults, random.fork('faults'));
    this.limits = new RateLimits(config.rateLimits);
    this.#pins = new Pins(clock, random.fork('pins'));
    const bodies = new OperationBodies();
    const { partners } = this.state;
    this.calls = new PartnerCalls({
      port,
      clock,
      ids,
      bodies,
      recorder,
      partners,
      addressOf,
      isOurs,
      timeoutMs: (operation) => this.#timeoutMs(operation),
    });
    this.server = new OicpServer({
      clock,
      ids,
      bodies,
      recorder,
      us: { id: 'hub', role: 'hub' },
      role: 'HUB',
      tap: 'hub',
      transport: port.transport,
      strength: config.content,
      afterCommit,
      callerOf: (facts) => partyOf(facts, partners, config.callers, clock.now()),
      answer: (call) => this.#answer(call),
      over: ({ processId }) => {
        const push = this.#pushing.get(processId);
        if (push === undefined) return;
        this.#pushing.delete(processId);
        this.#gate.leave(push.owner, push.operation);
      },
      interceptor: this.faults.interceptor,
      defect,
    });
    const { attempts, firstMs, maxMs } = config.cdrForwarding;
    this.outbox = new OicpOutbox({
      database,
      name: 'outbox',
      clock,
      random: random.fork('outbox'),
      backoff: { firstMs, maxMs },
      maxAttempts: attempts,
      afterCommit,
      send: ({ peer, operation, params, text }, { trace, retry }) => {
        const [pathId] = Object.values(params);
        const forward = { partner: peer, operation, pathId, text };
        return this.calls.call(forward, { trace, retry: retry === true });
      },
      done: ({ subject, peer }, outcome) => {
        const why = 'reason' in outcome ? outcome.reason : '';
        cdrForwarded(subject, outcome.kind === 'ok' ? 'forwarded' : 'emp-error', this.#around(), why);
        options.log(
          { session: subject, partner: peer, outcome: outcome.kind },
          `CDR to ${peer}: ${outcome.kind} ${why}`.trim(),
        );
        options.changed('cdr', subject);
      },
      retrying: ({ subject, peer, attempts: tries, lastError }) => {
        options.log({ session: subject, partner: peer, tries }, `CDR to ${peer} will be sent again: ${lastError}`);
      },
      defect,
    });
  }

  start(): void {
    this.outbox.start();
  }

  stop(): void {
    this.outbox.stop();
    this.calls.close();
    this.server.close();
  }

  /** Sends a stored record to its provider once more, whatever became of it before. False when there is nobody to send it to. */
  forwardAgain(cdr: CdrRecord): boolean {
    const provider = cdr.provider === undefined ? undefined : this.state.partners.get(cdr.provider);
    if (provider === undefined) return false;
    if (cdr.forwarding === 'pending') {
      this.outbox.wake(laneOf(provider.key, cdr.sessionId));
      return true;
    }
    this.state.cdrs.put({ ...cdr, forwarding: 'pending' });
    this.#enqueue(
      {
        partner: provider.key,
        operation: 'ChargeDetailRecord',
        pathId: cdr.operatorId,
        text: withSessionOf(cdr, this.state),
      },
      cdr.sessionId,
      undefined,
    );
    return true;
  }

  async #answer(call: ReceivedCall): Promise<OicpReply> {
    const { operation, pathId } = call;
    const { clock, defect } = this.#options;
    const { partners } = this.state;
    const caller = callerOf(call, partners, this.config.callers, clock.now());
    if (!caller.ok) return this.#refused(call, '017', caller.text);
    if (!isIdentified(partners, caller.partner, operation, pathId, call.json)) {
      return this.#refused(call, '017', 'the ids in path and body do not belong to the caller');
    }
    const owner = call.caller.role === 'ext' ? undefined : call.caller.id;
    if (owner !== undefined) {
      const waitMs = this.limits.take(owner, operation, clock.now());
      if (waitMs !== undefined) return this.#tooMany(call, waitMs);
    }
    const body = bodyOf(call);
    if (body === undefined) return this.#unreadable(call);
    if (owner !== undefined && PUSHES.has(operation)) {
      if (!this.#gate.enter(owner, operation)) {
        const text = `a ${operation} while the one before is not answered yet`;
        call.find({ rule: 'oicp.push.parallel', severity: 'error', axis: 'conformance', text, clause: 'CPO-PD-08' });
        return this.#reply(call, refuse(operation, '009', PUSH_IN_PROGRESS));
      }
      this.#pushing.set(call.processId, { owner, operation });
    }
    try {
      return this.#reply(call, await this.#decide(call, body));
    } catch (thrown) {
      defect(`deciding ${operation}`, thrown);
      return this.#reply(call, { situation: 'system-error', code: '001', message: refusal(operation, '001') });
    }
  }

  async #decide(call: ReceivedCall, given: RequestOf<OperationName>): Promise<HubAnswer> {
    const { operation, pathId, text, page } = call;
    let body = given;
    let fitting: ReadonlySet<string> = new Set();
    // Slow work on PINs comes first: the decision itself is one synchronous step.
    if (operation === 'PushAuthenticationData') body = await this.#pins.hashed(body as RequestOf<typeof operation>);
    if (operation === 'AuthorizeStart') {
      fitting = await this.#pins.matching((body as RequestOf<typeof operation>).Identification, this.state);
    }
    // Route, name and reading belong together.
    const hubCall = { operation, pathId, body, text, ...(page === undefined ? {} : { page }) } as HubCall;
    const decision = decide(hubCall, { ...this.#around(), pinMatches: (_pin, stored) => fitting.has(stored) });
    this.#tellChanges(hubCall, decision);
    if (decision.kind === 'ask') return this.#ask(call, decision);
    for (const forward of decision.forwards) this.#enqueue(forward, sessionIn(call.json), call);
    return decision.answer;
  }

  /** Asks the partners and settles their answers; the first that decides is the caller's. */
  #ask(call: ReceivedCall, { asks, pending: begun }: Extract<HubDecision, { kind: 'ask' }>): Promise<HubAnswer> {
    const { defect, changed } = this.#options;
    return new Promise((resolve) => {
      let pending: PendingAsk = begun;
      const take = (forward: Forward, outcome: Parameters<typeof forwardOutcome>[0]): void => {
        this.#judge(call, forward, outcome, begun.sessionId);
        const settled = settle(pending, forward.partner, forwardOutcome(outcome), this.#around());
        pending = settled.pending;
        if (settled.secondYes === true) {
          call.find({
            rule: 'oicp.authorize.second-yes',
            severity: 'warning',
            axis: 'consistency',
            text: `${forward.partner} said yes too, after another provider; its session will never be used`,
          });
        }
        if (settled.answer === undefined) return;
        changed('session', begun.sessionId);
        resolve(settled.answer);
      };
      // The session is durable before a partner hears of it.
      this.#options.afterCommit(() => {
        for (const forward of asks) {
          this.calls
            .call(forward, { trace: call.trace })
            .then((outcome) => take(forward, outcome))
            .catch((thrown: unknown) => {
              defect(`asking ${forward.partner} for ${forward.operation}`, thrown);
              resolve({ situation: 'system-error', code: '001', message: refusal(call.operation, '001') });
            });
        }
      });
    });
  }

  /** What is worth a finding in a partner's answer, or in its silence. */
  #judge(
    call: ReceivedCall,
    { partner, operation }: Forward,
    outcome: Parameters<typeof forwardOutcome>[0],
    sessionId: string,
  ): void {
    const { recorder, clock } = this.#options;
    const find = (rule: string, severity: 'warning' | 'error', axis: 'conformance' | 'timing', text: string): void =>
      recorder.finding({ rule, severity, axis, party: partner, seq: call.seq, text, time: clock.now() });
    const forwarded = forwardOutcome(outcome);
    if (forwarded.kind !== 'answered') {
      const axis = forwarded.kind === 'invalid' ? 'conformance' : 'timing';
      find(`oicp.forward.${forwarded.kind}`, 'error', axis, `${operation} to ${partner}: ${forwarded.text}`);
      return;
    }
    const { SessionID } = forwarded.message;
    if (typeof SessionID === 'string' && !sameSessionId(SessionID, sessionId)) {
      const text = `${partner} answered with session ${SessionID}, it was asked about ${sessionId}`;
      find('oicp.answer.session-echo', 'warning', 'conformance', text);
    }
    if (outcome.kind !== 'refused') return;
    const author = operationRow(operation).legs[0].from === 'CPO' ? 'emp' : 'cpo';
    const authors: readonly string[] = STATUS_CODES[outcome.code].authors;
    if (authors.includes(author)) return;
    const text = `${outcome.code} is not a code of ${author === 'emp' ? 'an EMP' : 'a CPO'}`;
    find('oicp.answer.code-author', 'warning', 'conformance', text);
  }

  #enqueue(forward: Forward, sessionId: string, call: ReceivedCall | undefined): void {
    const { partner, operation, pathId = '', text } = forward;
    const parameter = operationRow(operation).pathId;
    this.outbox.add({
      lane: laneOf(partner, sessionId),
      peer: partner,
      operation,
      params: parameter === undefined ? {} : { [parameter]: pathId },
      text,
      subject: sessionId,
      trace: call?.trace,
    });
  }

  #refused(call: ReceivedCall, code: '017', text: string): OicpReply {
    call.find({ rule: 'oicp.caller', severity: 'error', axis: 'security', text });
    return this.#reply(call, refuse(call.operation, code, text));
  }

  #tooMany(call: ReceivedCall, waitMs: number): OicpReply {
    const text = `more than ${this.limits.limitOf(call.operation)} calls of ${call.operation} a minute`;
    call.find({ rule: 'oicp.rate-limit', severity: 'warning', axis: 'timing', text, clause: 'GEN-14' });
    return { status: 429, headers: { 'retry-after': String(Math.ceil(waitMs / 1_000)) }, code: '429' };
  }

  #unreadable(call: ReceivedCall): OicpReply {
    const { findings } = call.reading;
    const { status, body } = httpMapping(this.config.profile, 'unreadable', call.operation);
    if (body === 'fault-body') return { status, body: faultBody(findings), code: '022' };
    const errors = findings.filter(({ severity }) => severity === 'error');
    const text = errors
      .map(({ pointer, text: said }) => `${pointer} ${said}`.trim())
      .join('; ')
      .slice(0, 1_000);
    return { status, body: refusal(call.operation, '022', text), code: '022' };
  }

  #reply(call: ReceivedCall, { situation, code, message }: HubAnswer): OicpReply {
    const { status, body } = httpMapping(this.config.profile, situation, call.operation);
    const { operation, caller, processId } = call;
    this.#options.log(
      { operation, caller: caller.id, code, messageId: processId, seq: call.seq },
      `${operation} of ${caller.id}: ${code}`,
    );
    const info = (message['StatusCode'] as { AdditionalInfo?: string } | undefined)?.AdditionalInfo;
    switch (body) {
      case 'fault':
        return { status, body: eRoamingFault(code, info), code };
      case 'fault-body':
        return { status, body: faultBody([], info), code };
      case 'none':
        return { status, code };
      case 'message':
        return { status, body: message, code };
    }
  }

  #around(): Surroundings {
    const { clock, ids } = this.#options;
    return {
      state: this.state,
      nowMs: clock.now(),
      newId: () => ids.uuid(),
      profile: this.config.profile,
      pinMatches: () => false,
      hashPin: () => {
        throw new Error('a PIN is hashed before the decision');
      },
    };
  }

  #tellChanges({ operation, body }: HubCall, decision: HubDecision): void {
    const { changed } = this.#options;
    if (decision.kind === 'ask') return changed('session', decision.pending.sessionId);
    if (decision.answer.code !== '000') return;
    switch (operation) {
      case 'AuthorizeStart':
        return changed('session', sessionIn(decision.answer.message));
      case 'AuthorizeStop':
        return changed('session', body.SessionID);
      case 'ChargeDetailRecord':
        changed('session', body.SessionID);
        return changed('cdr', body.SessionID);
      case 'PushEvseData':
        return changed('evses', body.OperatorEvseData.OperatorID);
      case 'PushEvseStatus':
        return changed('statuses', body.OperatorEvseStatus.OperatorID);
      case 'PushAuthenticationData':
        return changed('auth-data', body.ProviderAuthenticationData.ProviderID);
      case 'PushPricingProductData':
      case 'PushEVSEPricing':
        return changed('pricing', '');
      default:
    }
  }

  #timeoutMs(operation: OperationName): number {
    const { authorizeMs, remoteMs, cdrMs, notificationMs } = this.config.deadlines;
    switch (operation) {
      case 'AuthorizeStart':
      case 'AuthorizeStop':
        return authorizeMs;
      case 'ChargeDetailRecord':
        return cdrMs;
      case 'ChargingNotifications':
        return notificationMs;
      default:
        return remoteMs;
    }
  }
}

/** The body as the decision takes it; `undefined` when it is refused for its form. */
function bodyOf({ operation, reading }: ReceivedCall): RequestOf<OperationName> | undefined {
  if (reading.ok) return reading.value;
  if (operation !== 'ChargingNotifications') return undefined;
  // The hub asks for these members itself, after the session and in its own words.
  const errors = reading.findings.filter(({ severity }) => severity === 'error');
  const later = errors.every(({ pointer, code }) => isMissing(code) && isNotificationField(pointer));
  return later ? (reading.value as RequestOf<'ChargingNotifications'>) : undefined;
}

function isMissing(code: string): boolean {
  return code === 'oicp.body.required' || code === 'oicp.leg.required' || code === 'oicp.notification.progress';
}

function sessionIn(body: unknown): string {
  if (typeof body !== 'object' || body === null || !('SessionID' in body)) return '';
  return String(body.SessionID);
}

function laneOf(partner: string, sessionId: string): string {
  return `${partner} ${canonicalSessionId(sessionId)}`;
}
