import { digestOf, type Transaction2x, transactionId } from '../../model/transactions-2x.ts';
import { numberAt, textAt } from '../../payload-reader.ts';
import type { RuleContext } from '../../rule.ts';

/** What the event is about: id and transaction, as known before it, and its type. Worked out once for all rules. */
export function event(c: RuleContext): EventFacts {
  const { o } = c;
  if (o.facts === undefined) {
    const id = transactionId(o);
    const transaction = c.station.transactions2x.get(id);
    const repeat = transaction !== undefined && wasSent(c, transaction);
    o.facts = [id, transaction, textAt(o.payload, 'eventType'), repeat] satisfies EventFacts;
  }
  return o.facts as EventFacts;
}

export type EventFacts = readonly [
  id: string | undefined,
  transaction: Transaction2x | undefined,
  type: string | undefined,
  repeat: boolean,
];

/** True for an event that was sent before, with the same content. */
export function isRepeat(c: RuleContext): boolean {
  return event(c)[3];
}

export function wasSent(c: RuleContext, transaction: Transaction2x): boolean {
  const seqNo = numberAt(c.o.payload, 'seqNo');
  if (seqNo === undefined) return false;
  const before = transaction.seqNos.get(seqNo);
  return before !== undefined && (before === c.o.content || sameEvent(c, transaction));
}

/** A retry may differ in what is not the event: it may be called offline by now. */
export function sameEvent(c: RuleContext, { started, ended, latest }: Transaction2x): boolean {
  const now = digestOf(c.o);
  return [started && digestOf(started), ended && digestOf(ended), latest].some(
    (each) =>
      each !== undefined &&
      each.seqNo === now.seqNo &&
      each.written === now.written &&
      each.trigger === now.trigger &&
      each.type === now.type,
  );
}

/** True for an event that is newer than all that were seen. */
export function isNext(c: RuleContext, transaction: Transaction2x): boolean {
  const seqNo = numberAt(c.o.payload, 'seqNo');
  return seqNo === undefined || seqNo > transaction.lastSeqNo;
}
