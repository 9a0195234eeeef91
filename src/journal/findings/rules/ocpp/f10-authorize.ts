import { SECOND_MS } from '../../../../core/time.ts';
import { isObject, numberAt, textAt, valueAt } from '../../payload-reader.ts';
import { family, type Rule, type RuleContext, V2X } from '../../rule.ts';
import { event } from './f10-event-facts.ts';

const AUTHORIZE_VALID_MS = 600 * SECOND_MS;
/** Hexadecimal digits of tokens (2.0.1 part C §1.1). */
const DIGITS: Readonly<Record<string, readonly number[]>> = { ISO14443: [8, 14, 20], ISO15693: [16], MacAddress: [12] };

/** Tokens of 2.x (C01 to C16). */
export const f10Authorize: readonly Rule[] = family({ versions: V2X, axis: 'conformance' }, [
  {
    id: 'OCPP2-AU-001',
    severity: 'error',
    fault: 'station',
    title: 'A token of the CSMS is not asked back',
    clause: 'C03.FR.01, C05.FR.01',
    causes: ['Every token is authorized'],
    next: ['Take the token of RequestStartTransaction with type Central as it is'],
    peer: 'tolerates',
    on: ['Authorize.request'],
    check(c) {
      if (textAt(c.o.payload, 'idToken', 'type') !== 'Central') return;
      const token = textAt(c.o.payload, 'idToken', 'idToken') ?? '';
      const asked = c.station.commands.remoteStart(token, c.o.time);
      const evidence = asked === undefined ? [] : [{ seq: asked.seq, label: 'the remote start' }];
      c.report({
        text: `The Central token ${token} was sent to be authorized`,
        object: token,
        pointer: '/idToken/type',
        evidence,
      });
    },
  },
  {
    id: 'OCPP2-AU-002',
    severity: 'error',
    fault: 'sender',
    title: 'NoAuthorization has no token, and is accepted',
    clause: 'C02.FR.01, C02.FR.02',
    causes: ['A start button is treated like a card'],
    next: ['Send an empty idToken; accept it'],
    peer: 'tolerates',
    on: ['Authorize.request', 'TransactionEvent.request', 'Authorize.response', 'TransactionEvent.response'],
    check(c) {
      const request = c.o.kind === 'request' ? c.o.payload : c.o.request?.payload;
      if (textAt(request, 'idToken', 'type') !== 'NoAuthorization') return;
      if (c.o.kind === 'request') {
        const token = textAt(request, 'idToken', 'idToken') ?? '';
        if (token !== '')
          c.report({
            text: `A token of type NoAuthorization reads ${JSON.stringify(token)}`,
            object: 'token',
            pointer: '/idToken/idToken',
          });
        return;
      }
      const status = textAt(c.o.payload, 'idTokenInfo', 'status');
      if (status === undefined || status === 'Accepted') return;
      c.report({
        text: `NoAuthorization was answered ${status}`,
        object: 'answer',
        pointer: '/idTokenInfo/status',
        actual: status,
      });
    },
  },
  {
    id: 'OCPP2-AU-003',
    severity: 'error',
    fault: 'csms',
    title: 'A second language needs a first, and another one',
    clause: 'C01.FR.10, C01.FR.11',
    causes: ['Both languages are filled from the same field'],
    next: ['Leave language2 out'],
    peer: 'tolerates',
    on: ['Authorize.response', 'TransactionEvent.response'],
    check(c) {
      const second = textAt(c.o.payload, 'idTokenInfo', 'language2');
      const first = textAt(c.o.payload, 'idTokenInfo', 'language1');
      if (second === undefined || (first !== undefined && first !== second)) return;
      const text =
        first === undefined ? `language2 is ${second} without language1` : `language1 and language2 are both ${first}`;
      c.report({ text, pointer: '/idTokenInfo/language2' });
    },
  },
  {
    id: 'OCPP2-AU-004',
    versions: ['2.0.1'],
    severity: 'warning',
    fault: 'station',
    title: 'A token is written as its type says',
    clause: '2.0.1 C §1.1',
    causes: ['Separators or a prefix in the UID', 'Leading zeros were lost'],
    next: ['Compare with the UID of the card'],
    peer: 'tolerates',
    quirk: 'idTagColons',
    on: ['Authorize.request', 'TransactionEvent.request'],
    check(c) {
      const type = textAt(c.o.payload, 'idToken', 'type') ?? '';
      const token = textAt(c.o.payload, 'idToken', 'idToken');
      const digits = Object.hasOwn(DIGITS, type) ? DIGITS[type] : undefined;
      if (token === undefined || digits === undefined) return;
      if (/^[0-9A-F]*$/i.test(token) && digits.includes(token.length)) return;
      const text = `The ${type} token ${token} is not ${digits.join(', ')} hexadecimal digits`;
      c.report({ text, object: token, pointer: '/idToken/idToken' });
    },
  },
  {
    id: 'OCPP2-AU-005',
    severity: 'error',
    fault: 'station',
    title: 'A token charges only where it is allowed',
    clause: 'C01.FR.21',
    causes: ['evseId of idTokenInfo is not looked at'],
    next: ['Compare the EVSE with idTokenInfo.evseId'],
    peer: 'tolerates',
    on: ['TransactionEvent.request'],
    check(c) {
      if (textAt(c.o.payload, 'transactionInfo', 'chargingState') !== 'Charging') return;
      const [id, transaction] = event(c);
      const evse = numberAt(c.o.payload, 'evse', 'id') ?? transaction?.evse;
      const token = transaction?.idToken ?? textAt(c.o.payload, 'idToken', 'idToken');
      const asked = token === undefined ? undefined : c.station.tokens.authorize(token);
      if (evse === undefined || asked === undefined || asked.evses.length === 0 || asked.evses.includes(evse)) return;
      c.report({
        text: `Transaction ${id} charges on EVSE ${evse}, and its token is good for EVSE ${asked.evses.join(', ')}`,
        object: id ?? '',
        evidence: [{ seq: asked.seq, pointer: '/idTokenInfo/evseId', label: 'the restriction' }],
      });
    },
  },
  {
    id: 'OCPP2-AU-006',
    severity: 'error',
    fault: 'station',
    title: 'Another token stops only what belongs to its group',
    clause: 'C09.FR.11',
    causes: ['Any token stops any transaction'],
    next: ['Compare groupIdToken of both tokens'],
    peer: 'tolerates',
    on: ['TransactionEvent.request'],
    check(c) {
      const stop = stoppedByToken(c);
      if (stop === undefined) return;
      const { id, own, token } = stop;
      const { tokens } = c.station;
      if (own.toLowerCase() === token.toLowerCase() || tokens.sameGroup(token, own)) return;
      if (textAt(c.o.payload, 'transactionInfo', 'stoppedReason') === 'MasterPass') return;
      const asked = tokens.authorize(token);
      // Without an Authorize the station may know both from a list that the traffic does not show.
      if (asked === undefined || c.o.time - asked.at > AUTHORIZE_VALID_MS || tokens.listed(token))
        return c.notEvaluable();
      const why = asked.status === 'Accepted' ? 'is of no common group' : `was ${asked.status}`;
      const text = `${token} stopped transaction ${id}, which ${own} had started, and ${why}`;
      c.report({
        text,
        object: id,
        pointer: '/idToken',
        evidence: [{ seq: asked.seq, label: 'the answer to Authorize' }],
      });
    },
  },
  {
    id: 'OCPP2-AU-007',
    severity: 'warning',
    fault: 'station',
    title: 'The token that started stops without being asked',
    clause: 'C01.FR.03',
    causes: ['Every presented token is authorized'],
    next: ['Compare the presented token with that of the transaction first'],
    peer: 'tolerates',
    on: ['TransactionEvent.request'],
    check(c) {
      const stop = stoppedByToken(c);
      if (stop === undefined || stop.own.toLowerCase() !== stop.token.toLowerCase()) return;
      const asked = c.station.tokens.authorize(stop.token);
      if (asked === undefined || c.o.time - asked.at > 30 * SECOND_MS || asked.requestedAt <= stop.startedAt) return;
      const text = `${stop.token} was authorized to stop transaction ${stop.id}, which it had started itself`;
      c.report({ text, object: stop.id, evidence: [{ seq: asked.seq, label: 'the Authorize' }] });
    },
  },
]);

/** An event in which a token stops a transaction that a known token started. */
function stoppedByToken(c: RuleContext): { id: string; own: string; token: string; startedAt: number } | undefined {
  if (textAt(c.o.payload, 'triggerReason') !== 'StopAuthorized' || !isObject(valueAt(c.o.payload, 'idToken')))
    return undefined;
  const [id, transaction] = event(c);
  const token = textAt(c.o.payload, 'idToken', 'idToken');
  const own = transaction?.idToken;
  if (id === undefined || transaction === undefined || own === undefined || token === undefined) return undefined;
  return { id, own, token, startedAt: transaction.firstAt };
}
