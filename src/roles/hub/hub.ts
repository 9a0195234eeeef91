import { isDeepStrictEqual } from 'node:util';
import { type OicpReply, OicpServer, type ReceivedCall } from '../../link/oicp-server.ts';
import {
  canonicalSessionId,
  OperationBodies,
  type OperationName,
  type RequestOf,
  refusal,
  type StatusCodeValue,
} from '../../protocols/oicp/index.ts';
import { Collection } from '../../storage/collection.ts';
import { callerOf, partyOf } from './callers.ts';
import { CdrForwarding } from './cdr-forwarding.ts';
import { changesOf } from './changes.ts';
import { type FaultRule, Faults } from './faults.ts';
import { forwardFinding } from './forward-finding.ts';
import type { HubConfig, HubOptions } from './hub-options.ts';
import { forwardOutcome, PartnerCalls, timeoutOf } from './partner-calls.ts';
import { Pins } from './pins.ts';
import { RateLimits } from './rate-limits.ts';
import { bodyOf, replyOf, unreadable } from './replies.ts';
import { refuse } from './state/answer.ts';
import { decide, explain } from './state/decide.ts';
import type { Forward, HubAnswer, HubCall, HubDecision, PendingAsk, Surroundings } from './state/hub-call.ts';
import { HubState } from './state/hub-state.ts';
import { isIdentified } from './state/identity.ts';
import { PUSH_IN_PROGRESS, PushGate } from './state/pushed-records.ts';
import { CHECK_LABELS, type CheckStep, Refusals } from './state/refusals.ts';
import { settle } from './state/settle.ts';

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
  /** Calls that were refused, with their checks. */
  readonly refusals = new Refusals();
  readonly forwarding: CdrForwarding;
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
      duplicates: (partner, operation) => this.faults.duplicates(partner, operation),
      onTheWay: (partner, operation, text) => this.faults.onTheWay(partner, operation, text),
      timeoutMs: (operation) => timeoutOf(operation, config.deadlines),
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
      flagsOf: ({ operation, json }) => (this.#isRepeated(operation, json) ? ['retry'] : []),
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
    this.forwarding = new CdrForwarding({
      state: this.state,
      calls: this.calls,
      database,
      clock,
      random: random.fork('outbox'),
      policy: config.cdrForwarding,
      afterCommit,
      log: options.log,
      changed: (sessionId) => options.changed('cdr', sessionId),
      defect,
    });
  }

  start(): void {
    this.forwarding.start();
  }

  stop(): void {
    this.forwarding.stop();
    this.calls.close();
    this.server.close();
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
    if (body === undefined) return unreadable(this.config.profile, call);
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
    // A stranger is refused by the decision, so its PINs are not worth the work.
    if (operation === 'PushAuthenticationData' && call.caller.role !== 'ext') {
      body = await this.#pins.hashed(body as RequestOf<typeof operation>);
    }
    if (operation === 'AuthorizeStart') {
      fitting = await this.#pins.matching((body as RequestOf<typeof operation>).Identification, this.state);
    }
    // Route, name and reading belong together.
    const hubCall = { operation, pathId, body, text, ...(page === undefined ? {} : { page }) } as HubCall;
    const around = { ...this.#around(), pinMatches: (_pin: string, stored: string) => fitting.has(stored) };
    const decision = decide(hubCall, around);
    if (decision.kind === 'answer' && decision.answer.code !== '000')
      this.#explained(call, decision.answer.code, explain(hubCall, around));
    for (const [what, id] of changesOf(hubCall, decision)) this.#options.changed(what, id);
    if (decision.kind === 'ask') return this.#ask(call, decision);
    for (const forward of decision.forwards) this.forwarding.add(forward, sessionIn(call.json), call.trace);
    return decision.answer;
  }

  /** Asks the partners and settles their answers; the first that decides is the caller's. */
  #ask(call: ReceivedCall, { asks, pending: begun }: Extract<HubDecision, { kind: 'ask' }>): Promise<HubAnswer> {
    const { defect, changed, recorder, clock } = this.#options;
    return new Promise((resolve) => {
      let pending: PendingAsk = begun;
      const take = (forward: Forward, outcome: Parameters<typeof forwardOutcome>[0]): void => {
        const finding = forwardFinding(forward, outcome);
        if (finding !== undefined)
          recorder.finding({ ...finding, party: forward.partner, seq: call.seq, time: clock.now() });
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

  #explained(
    { operation, caller, trace, seq }: ReceivedCall,
    code: StatusCodeValue,
    steps: readonly CheckStep[],
  ): void {
    const known: CheckStep = { check: 'caller', label: CHECK_LABELS.caller, code: '017', ok: true };
    const all = steps.some(({ check }) => check === 'caller') ? steps : [known, ...steps];
    const timeMs = this.#options.clock.now();
    this.refusals.add({ timeMs, operation, caller: caller.id, code, trace: trace.trace, seq, steps: all });
  }

  #refused(call: ReceivedCall, code: '017', text: string): OicpReply {
    this.#explained(call, code, [{ check: 'caller', label: CHECK_LABELS.caller, code, ok: false, text }]);
    call.find({ rule: 'oicp.caller', severity: 'error', axis: 'security', text });
    return this.#reply(call, refuse(call.operation, code, text));
  }

  #tooMany(call: ReceivedCall, waitMs: number): OicpReply {
    const text = `more than ${this.limits.limitOf(call.operation)} calls of ${call.operation} a minute`;
    call.find({ rule: 'oicp.rate-limit', severity: 'warning', axis: 'timing', text, clause: 'GEN-14' });
    return { status: 429, headers: { 'retry-after': String(Math.ceil(waitMs / 1_000)) }, code: '429' };
  }

  #reply(call: ReceivedCall, answer: HubAnswer): OicpReply {
    const { operation, caller, processId, seq, trace } = call;
    const { code } = answer;
    this.#options.log(
      { operation, caller: caller.id, code, messageId: processId, seq, traceId: trace.trace },
      `${operation} of ${caller.id}: ${code}`,
    );
    return replyOf(this.config.profile, call, answer);
  }

  /** A record that is here already, word for word: its operator has not heard the answer. */
  #isRepeated(operation: OperationName, json: unknown): boolean {
    if (operation !== 'ChargeDetailRecord') return false;
    const known = this.state.cdrs.get(canonicalSessionId(sessionIn(json)));
    return known !== undefined && isDeepStrictEqual(JSON.parse(known.text), json);
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
}

function sessionIn(body: unknown): string {
  if (typeof body !== 'object' || body === null || !('SessionID' in body)) return '';
  return String(body.SessionID);
}
