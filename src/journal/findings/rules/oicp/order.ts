import { type ExchangeRule, oicpFamily } from '../../exchange/exchange-rule.ts';
import { BEGINS } from '../../exchange/oicp-model.ts';
import { textAt } from '../../payload-reader.ts';

const USED = [
  'AuthorizeStop',
  'AuthorizeRemoteStop',
  'AuthorizeRemoteReservationStop',
  'ChargingNotifications',
  'ChargeDetailRecord',
].map((operation) => `${operation}.request` as const);
const BEGUN = ['AuthorizeStart', 'AuthorizeRemoteStart', 'AuthorizeRemoteReservationStart'].map(
  (operation) => `${operation}.answer` as const,
);

interface Use {
  readonly seq: number;
  readonly operation: string;
}

/** The order of what is said about a session. */
export const order: readonly ExchangeRule[] = oicpFamily('consistency', [
  {
    id: 'oicp.session.before-start',
    severity: 'warning',
    fault: 'caller',
    title: 'A session is used once it was granted',
    clause: 'OICP 2.3 SessionID; CPO-AS-02, EMP-RS-02',
    causes: ['Requests overtake each other in a queue', 'The hub gives an id that was used before'],
    next: ['Compare the times of both in the log of the caller'],
    on: [...USED, ...BEGUN],
    check: (c) => {
      const { x } = c;
      if (!BEGINS.has(x.operation)) {
        const id = textAt(x.payload, 'SessionID');
        if (id !== undefined && c.oicp.sessionOf(x) === undefined && c.note(keyOf(x.side, id)) === undefined)
          c.setNote(keyOf(x.side, id), { seq: x.seq, operation: x.operation } satisfies Use);
        return;
      }
      const id = textAt(c.answer.payload, 'SessionID') ?? textAt(x.payload, 'SessionID');
      const use = id === undefined ? undefined : c.note<Use>(keyOf(x.side, id));
      if (id === undefined || use === undefined || !c.answer.granted) return;
      c.setNote(keyOf(x.side, id), undefined);
      // Who starts from afar may hear of the session before the answer is there; a card has none before it.
      if (x.operation !== 'AuthorizeStart' && use.seq > x.seq) return;
      c.report({
        text: `${use.operation} of session ${id} came before ${x.operation} had begun it`,
        seq: use.seq,
        pointer: '/SessionID',
        evidence: [{ seq: c.answer.seq, label: 'the session is granted' }],
      });
    },
  },
]);

function keyOf(side: string, id: string): string {
  return `${side} ${id.toLowerCase()}`;
}
