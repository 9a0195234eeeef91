import { type ExchangeRule, oicpFamily } from '../../exchange/exchange-rule.ts';
import { mediumIn } from '../../exchange/media.ts';
import { type Members, textAt } from '../../payload-reader.ts';

/** Who has to have asked before a hub asks. */
const ASKED_BY: Readonly<Record<string, 'cpo' | 'emp'>> = {
  AuthorizeStart: 'cpo',
  AuthorizeRemoteStart: 'emp',
  ChargeDetailRecord: 'cpo',
};
/** Members that a hub may fill in on the way. */
const FILLED = new Set(['SessionID', 'CPOPartnerSessionID', 'EMPPartnerSessionID']);

/** What a hub passes from one side to the other: only what it was given, and as it was. */
export const hubForwards: readonly ExchangeRule[] = oicpFamily('consistency', [
  {
    id: 'oicp.hub.unasked',
    severity: 'warning',
    fault: 'hub',
    title: 'A hub asks and passes on what it was asked and given',
    clause: 'OICP 2.3 processes: authorize start, remote start, forwarding of records; HUB-17, HUB-21',
    causes: ['The log lacks the other side', 'The hub acts by itself, or mixes up sessions'],
    next: ['Look for the call on the other side of the hub'],
    peer: 'tolerates',
    wide: true,
    // Everything, for what shows that the log has the side that would have asked.
    on: ['*.request'],
    check: (c) => {
      const { x } = c;
      if (x.toHub) c.setNote(x.side, true);
      const asking = ASKED_BY[x.operation];
      if (asking === undefined) return;
      const id = textAt(x.payload, 'SessionID');
      const isRecord = x.operation === 'ChargeDetailRecord';
      const about = isRecord ? id?.toLowerCase() : mediumIn(x.body['Identification'])?.id;
      if (about === undefined) return;
      const key = `${x.operation} ${about}`;
      if (x.toHub) {
        c.setNote(key, true);
        return;
      }
      // A log of one side only, or one that begins in the middle, cannot tell.
      const isSeen = c.note<boolean>(asking) === true;
      if (!isSeen || (isRecord && c.oicp.session('cpo', id) === undefined)) return c.notEvaluable();
      if (c.note<boolean>(key) === true) return;
      c.report({
        text: `${x.operation} goes to ${x.to.id}, and nobody has called it on the hub for ${isRecord ? 'session ' : ''}${about}`,
      });
    },
  },
  {
    id: 'oicp.hub.partner-changed',
    severity: 'error',
    fault: 'hub',
    title: 'A hub passes the EMPPartnerSessionID of the provider on',
    clause: 'OICP 2.3 sessions; HUB-10, partner session ids',
    causes: ['The id of another provider that was asked too is passed on'],
    next: ['Compare the provider’s answer with the one that the CPO got'],
    peer: 'tolerates',
    wide: true,
    on: ['AuthorizeStart.answer'],
    check: (c) => {
      const { x, answer } = c;
      const id = (textAt(x.payload, 'SessionID') ?? textAt(answer.payload, 'SessionID'))?.toLowerCase();
      const said = textAt(answer.payload, 'EMPPartnerSessionID');
      if (id === undefined || said === undefined || !answer.granted) return;
      if (!x.toHub) return c.setNote(id, [...(c.note<readonly string[]>(id) ?? []), said]);
      const told = c.note<readonly string[]>(id);
      if (told === undefined || told.includes(said)) return;
      c.report({
        text: `The provider calls session ${id} ${told.join(' or ')}, the CPO is told ${said}`,
        pointer: '/EMPPartnerSessionID',
        expected: told[0],
        actual: said,
      });
    },
  },
  {
    id: 'oicp.hub.notification-changed',
    severity: 'warning',
    fault: 'hub',
    title: 'A hub passes notifications on unchanged',
    clause: 'OICP 2.3 eRoamingChargingNotifications, forwarding; HUB-21',
    causes: [
      'The hub reads the notification into its own types and writes it anew',
      'One is passed on instead of another',
    ],
    next: ['Pass the text on; compare the time texts and the numbers'],
    peer: 'tolerates',
    wide: true,
    on: ['ChargingNotifications.request'],
    check: (c) => {
      const { x } = c;
      const key = `${textAt(x.payload, 'SessionID')?.toLowerCase() ?? ''} ${textAt(x.payload, 'Type') ?? ''}`;
      if (x.toHub) return c.setNote(key, { seq: x.seq, body: x.body });
      const given = c.note<{ readonly seq: number; readonly body: Members }>(key);
      if (given === undefined) return;
      for (const name of new Set([...Object.keys(given.body), ...Object.keys(x.body)])) {
        const [before, now] = [given.body[name] ?? null, x.body[name] ?? null];
        if ((FILLED.has(name) && before === null) || JSON.stringify(before) === JSON.stringify(now)) continue;
        return c.report({
          text: `${name} was ${JSON.stringify(before)} and is passed on as ${JSON.stringify(now)}`,
          pointer: `/${name}`,
          expected: before,
          actual: now,
          evidence: [{ seq: given.seq, pointer: `/${name}`, label: 'as it was received' }],
        });
      }
    },
  },
]);
