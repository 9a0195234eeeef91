import type { EntryKind, Party, Protocol } from '../entry.ts';
import { traceIn } from '../hop-text.ts';
import { BITS, flagBit } from '../packed-entry.ts';
import { receiver, sender } from '../routes.ts';
import type { MessageView } from '../stored-message.ts';
import { isObject, type Members } from './members.ts';
import type { SessionMessage } from './session-message.ts';

const IMPORTED = flagBit('imported');
const NOTHING: Members = {};

/** What the correlation of sessions reads of a stored message; the payload is not masked. Made for every one of them. */
export class StoredSessionMessage implements SessionMessage {
  readonly seq: number;
  readonly time: number;
  readonly kind: EntryKind;
  readonly protocol: Protocol;
  readonly version: string | undefined;
  readonly action: string;
  readonly from: Party;
  readonly to: Party;
  readonly partner: number | undefined;
  readonly latencyMs: number | undefined;
  readonly trace: string | undefined;
  readonly imported: boolean;
  readonly #view: MessageView;

  /** @param action as the columns know it: the text need not be decoded again. */
  constructor(view: MessageView, action: string) {
    const { reader, link } = view;
    const { bits, partner, latencyMs, trace } = reader;
    const toClient = (bits & BITS.toClient) !== 0;
    this.#view = view;
    this.seq = view.seq;
    this.time = reader.time;
    this.kind = view.kind;
    this.protocol = link.protocol;
    this.version = link.version;
    this.action = action;
    this.from = sender(link, toClient);
    this.to = receiver(link, toClient);
    this.partner = partner > 0 ? partner : undefined;
    this.latencyMs = Number.isNaN(latencyMs) ? undefined : latencyMs;
    this.trace = trace === '' ? undefined : traceIn(trace);
    this.imported = (bits & IMPORTED) !== 0;
  }

  get payload(): Members {
    const { payload } = this.#view;
    return isObject(payload) ? payload : NOTHING;
  }

  /**
   * False where the text alone says that there is nothing for sessions in it: it is not parsed. That is so for many meter
   * values: a station between transactions sends them too, and those of 2.x name none.
   */
  get isOfInterest(): boolean {
    const { raw } = this.#view;
    const needsName = this.action === 'MeterValues' && this.kind === 'request';
    return (
      (!needsName || raw.includes('transactionId') || raw.includes('\\')) && isObject(this.#view.payload ?? NOTHING)
    );
  }

  get messageId(): string {
    return this.#view.reader.messageId;
  }
}
