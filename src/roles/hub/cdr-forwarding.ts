import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import type { BackoffPolicy } from '../../link/backoff.ts';
import { OicpOutbox, type OutboxItem } from '../../link/oicp-outbox.ts';
import type { TraceContext } from '../../link/trace-context.ts';
import { canonicalSessionId } from '../../protocols/oicp/index.ts';
import type { Database } from '../../storage/database.ts';
import type { PartnerCalls } from './partner-calls.ts';
import { cdrForwarded, withSessionOf } from './state/charge-detail-records.ts';
import type { Forward } from './state/hub-call.ts';
import type { HubState } from './state/hub-state.ts';
import type { CdrRecord } from './state/records.ts';

export interface CdrForwardingOptions {
  readonly state: HubState;
  readonly calls: PartnerCalls;
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly policy: BackoffPolicy & { readonly attempts: number };
  readonly afterCommit: (task: () => void) => void;
  log(facts: Readonly<Record<string, unknown>>, text: string): void;
  changed(sessionId: string): void;
  defect(where: string, thrown: unknown): void;
}

/** Brings charge detail records that the hub has acknowledged to their EMPs, over outages and restarts. */
export class CdrForwarding {
  readonly #options: CdrForwardingOptions;
  readonly #outbox: OicpOutbox;

  constructor(options: CdrForwardingOptions) {
    this.#options = options;
    const { database, clock, random, policy, afterCommit, calls, state, log, changed, defect } = options;
    this.#outbox = new OicpOutbox({
      database,
      name: 'outbox',
      clock,
      random,
      backoff: policy,
      maxAttempts: policy.attempts,
      afterCommit,
      send: ({ peer, operation, params, text }, { trace, retry }) => {
        const [pathId] = Object.values(params);
        return calls.call({ partner: peer, operation, pathId, text }, { trace, retry: retry === true });
      },
      done: ({ subject, peer }, outcome) => {
        const why = 'reason' in outcome ? outcome.reason : '';
        const forwarding = outcome.kind === 'ok' ? 'forwarded' : 'emp-error';
        cdrForwarded(state, subject, forwarding, clock.now(), why);
        const code = outcome.kind === 'ok' ? '000' : outcome.kind;
        const traceId = outcome.trace.trace;
        log(
          { session: subject, partner: peer, code, ...(traceId === '' ? {} : { traceId }) },
          `CDR to ${peer}: ${outcome.kind} ${why}`.trim(),
        );
        changed(subject);
      },
      retrying: ({ subject, peer, attempts, lastError, trace }) => {
        const traceId = trace === undefined ? {} : { traceId: trace.trace };
        log(
          { session: subject, partner: peer, attempts, ...traceId },
          `CDR to ${peer} will be sent again: ${lastError}`,
        );
      },
      defect,
    });
  }

  start(): void {
    this.#outbox.start();
  }

  stop(): void {
    this.#outbox.stop();
  }

  /** What is still on its way, the oldest first. */
  waiting(): OutboxItem[] {
    return this.#outbox.waiting();
  }

  /** Tries at once what waits for its next try. */
  wake(): void {
    this.#outbox.wake();
  }

  add({ partner, operation, pathId = '', text }: Forward, sessionId: string, trace?: TraceContext): void {
    this.#outbox.add({
      // A record that an EMP cannot take does not hold up the others.
      lane: laneOf(partner, sessionId),
      peer: partner,
      operation,
      params: { operatorID: pathId },
      text,
      subject: sessionId,
      trace,
    });
  }

  /** Sends a stored record once more, whatever became of it before. False when there is nobody to send it to. */
  again(cdr: CdrRecord): boolean {
    const { state } = this.#options;
    const provider = cdr.provider === undefined ? undefined : state.partners.get(cdr.provider);
    if (provider === undefined) return false;
    if (cdr.forwarding === 'pending') {
      this.#outbox.wake(laneOf(provider.key, cdr.sessionId));
      return true;
    }
    state.cdrs.put({ ...cdr, forwarding: 'pending' });
    const text = withSessionOf(cdr, state);
    this.add({ partner: provider.key, operation: 'ChargeDetailRecord', pathId: cdr.operatorId, text }, cdr.sessionId);
    return true;
  }
}

function laneOf(partner: string, sessionId: string): string {
  return `${partner} ${canonicalSessionId(sessionId)}`;
}
