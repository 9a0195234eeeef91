import { type ExchangeContext, type ExchangeRule, oicpFamily } from '../../exchange/exchange-rule.ts';

/** Rules about charge detail records that need to know what came before. */
export const chargeDetailRecords: readonly ExchangeRule[] = oicpFamily('consistency', [
  {
    id: 'oicp.cdr.second',
    severity: 'error',
    fault: 'caller',
    title: 'One session has one charge detail record',
    clause: 'OICP 2.3 eRoamingChargeDetailRecord; CPO-CD-01, HUB-22',
    causes: [
      'The record was corrected after it had been sent',
      'Two systems of the operator settle the same session',
      'A reservation and the charging after it share a SessionID',
    ],
    next: ['Compare the two records: the first one counts', 'Look at what ended the session in the CPO backend'],
    peer: 'rejects',
    on: ['ChargeDetailRecord.request'],
    check: (c) => {
      const before = acceptedBefore(c);
      if (before === undefined || sameText(before.raw, c.x.raw)) return;
      c.report({
        text: `Session ${before.id} has a charge detail record already, and this one is different`,
        pointer: '/SessionID',
        evidence: [{ seq: before.seq, label: 'the record that was accepted' }],
      });
    },
  },
]);

function acceptedBefore(
  c: ExchangeContext,
): { readonly id: string; readonly seq: number; readonly raw: string } | undefined {
  const session = c.oicp.sessionOf(c.x);
  return session?.cdr?.accepted === true ? { id: session.id, seq: session.cdr.seq, raw: session.cdr.raw } : undefined;
}

/** Members in another order, or other white space, are the same record. */
function sameText(a: string, b: string): boolean {
  return a === b || a.replaceAll(/\s/g, '') === b.replaceAll(/\s/g, '');
}
