import type { Observation } from '../observation.ts';
import { numberAt, textAt } from '../payload-reader.ts';

/** A command of the CSMS that the station accepted. */
export interface AcceptedCommand {
  readonly action: string;
  readonly request: unknown;
  readonly response: unknown;
  readonly seq: number;
  readonly at: number;
}

const LIMIT = 64;

/** Commands that were accepted, newest last. */
export class Commands {
  #accepted: AcceptedCommand[] = [];

  /** The newest accepted command of this action since a time, whose request fits. */
  latest(action: string, since: number, fits: (request: unknown) => boolean): AcceptedCommand | undefined {
    return this.#accepted.findLast((each) => each.action === action && each.at >= since && fits(each.request));
  }

  all(action: string): readonly AcceptedCommand[] {
    return this.#accepted.filter((each) => each.action === action);
  }

  /** The accepted remote start of a token in the last ten minutes. */
  remoteStart(token: string, now: number): AcceptedCommand | undefined {
    const wanted = token.toLowerCase();
    return (
      this.latest(
        'RemoteStartTransaction',
        now - 600_000,
        (request) => textAt(request, 'idTag')?.toLowerCase() === wanted,
      ) ??
      this.latest(
        'RequestStartTransaction',
        now - 600_000,
        (request) => textAt(request, 'idToken', 'idToken')?.toLowerCase() === wanted,
      )
    );
  }

  update(o: Observation): void {
    const status = textAt(o.payload, 'status');
    if (o.kind !== 'response' || (status !== 'Accepted' && status !== 'Unlocked' && status !== 'Scheduled')) return;
    const { action, seq, time: at } = o;
    this.#accepted.push({ action, request: o.request?.payload, response: o.payload, seq, at });
    if (this.#accepted.length > LIMIT) this.#accepted.shift();
  }
}

/** A transaction message that was not processed: answered with a CALLERROR, or not in time. */
export class FailedMessage {
  readonly action: string;
  readonly firstSeq: number;
  readonly #key: string;
  lastSeq: number;
  failedAt: number;
  attempts = 1;
  link: Observation['link'];

  constructor(request: Observation, failedAt: number) {
    this.action = request.action;
    this.firstSeq = request.seq;
    this.lastSeq = request.seq;
    this.failedAt = failedAt;
    this.link = request.link;
    this.#key = keyOf(request);
  }

  isSame(request: Observation): boolean {
    return keyOf(request) === this.#key;
  }
}

/** What a retry has in common with its first try. */
function keyOf({ action, payload }: Observation): string {
  const place = numberAt(payload, 'connectorId') ?? numberAt(payload, 'transactionId') ?? '';
  return `${action} ${place} ${textAt(payload, 'timestamp') ?? ''} ${textAt(payload, 'transactionInfo', 'transactionId') ?? ''} ${numberAt(payload, 'seqNo') ?? ''}`;
}

const TIMEOUT_MS = 30_000;

/** The queue of transaction messages as the traffic shows it: the message that has failed, until it is through or given up. */
export class TransactionQueue {
  failed: FailedMessage | undefined;
  #open: Observation | undefined;

  update(o: Observation): void {
    if (o.kind === 'request') this.#sent(o);
    else if (o.request === this.#open && o.request !== null) {
      this.#open = undefined;
      if (o.kind === 'error') this.#fail(o.request, o.time);
      else if (this.failed?.isSame(o.request) === true) this.failed = undefined;
    }
  }

  /** The failure before this message is known once the next one is sent. */
  beforeRequest(now: number): void {
    const open = this.#open;
    if (open === undefined || now - open.time < TIMEOUT_MS) return;
    this.#open = undefined;
    if (open.outcome !== 'lost') this.#fail(open, open.time + TIMEOUT_MS);
  }

  #sent(o: Observation): void {
    if (this.failed !== undefined && !this.failed.isSame(o)) this.failed = undefined;
    this.#open = o;
  }

  #fail(request: Observation, at: number): void {
    if (this.failed?.isSame(request) === true) {
      this.failed.attempts++;
      this.failed.failedAt = at;
      this.failed.lastSeq = request.seq;
      this.failed.link = request.link;
    } else {
      this.failed = new FailedMessage(request, at);
    }
  }
}
