import type { CheckName, OperationName, StatusCodeValue } from '../../../protocols/oicp/index.ts';

/** One check of a call, in the order of the documents. `ok` is missing where an earlier one has failed already. */
export interface CheckStep {
  readonly check: CheckName | 'caller';
  /** For a person. */
  readonly label: string;
  readonly ok?: boolean;
  /** The code that a failure has. */
  readonly code: StatusCodeValue | 'medium';
  readonly text?: string;
}

/** A call that was refused, and what it was held to. */
export interface RefusedCall {
  readonly timeMs: number;
  readonly operation: OperationName;
  /** The party that called. */
  readonly caller: string;
  readonly code: StatusCodeValue;
  readonly trace: string;
  /** Its number in the hub's journal. */
  readonly seq: number;
  readonly steps: readonly CheckStep[];
}

const MAX_KEPT = 500;

/** The calls that were refused lately, the newest last; for people, so a restart forgets them. */
export class Refusals {
  readonly #kept: RefusedCall[] = [];

  add(refused: RefusedCall): void {
    this.#kept.push(refused);
    if (this.#kept.length > MAX_KEPT) this.#kept.shift();
  }

  /** The newest first. @param trace only those of this trace */
  list(limit: number, trace?: string): RefusedCall[] {
    return this.#kept
      .filter((each) => trace === undefined || each.trace === trace)
      .slice(-limit)
      .reverse();
  }
}

export const CHECK_LABELS: Readonly<Record<CheckStep['check'], string>> = {
  caller: 'the caller is who it says: certificate or key, ids in path and body',
  'operator-registered': 'the operator is registered',
  'provider-registered': 'the provider is registered',
  'evse-operator-registered': 'the operator of the EVSE is registered',
  'caller-unlocked': 'the caller is not locked',
  'counterparty-unlocked': 'the other party is not locked',
  'session-of-operator': 'the session is the operator’s',
  'session-of-provider': 'the session is the provider’s',
  'session-open': 'the session is open',
  contract: 'the two have a contract for this service',
  'pricing-contract': 'the two have a contract for prices',
  'evse-uploaded': 'the EVSE was uploaded',
  'evse-compatible': 'the EVSE can be started by the hub',
  'evses-of-operator': 'every EVSE is the operator’s',
  'evco-ids-of-provider': 'every contract is the provider’s',
  'same-medium': 'the medium is the one that began the session',
  plausible: 'the record is plausible',
  executable: 'the push can be carried out',
  range: 'the period is not too long',
  'progress-interval': 'five minutes have passed since the last progress',
  'notification-fields': 'the notification has the fields of its type',
  'notification-endpoint': 'the provider takes notifications',
};
