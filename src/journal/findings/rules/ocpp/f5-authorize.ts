import { parseTime, SECOND_MS } from '../../../../core/time.ts';
import { textAt } from '../../payload-reader.ts';
import { family, type Rule, V16 } from '../../rule.ts';

const DEBOUNCE_MS = 2 * SECOND_MS;
const AUTHORIZE_VALID_MS = 600 * SECOND_MS;

/** Authorization of 1.6 (§3.5, §4.1, §7.2, §7.27, §7.28). */
export const f5Authorize: readonly Rule[] = family({ versions: V16, axis: 'conformance' }, [
  {
    id: 'OCPP16-AU-001',
    severity: 'warning',
    fault: 'station',
    title: 'A card that is held once is authorized once',
    clause: 'ours',
    causes: ['The reader reports the same card several times'],
    next: ['Ignore the same card for a few seconds'],
    peer: 'tolerates',
    on: ['Authorize.request'],
    check(c) {
      const tag = textAt(c.o.payload, 'idTag') ?? '';
      const before = c.station.tokens.authorize(tag);
      if (before === undefined || c.o.time - before.requestedAt > DEBOUNCE_MS) return;
      const text = `${tag} was authorized twice within ${Math.round(c.o.time - before.requestedAt)} ms`;
      c.report({ text, object: tag, evidence: [{ seq: before.seq, label: 'the answer before' }] });
    },
  },
  {
    id: 'OCPP16-AU-002',
    severity: 'warning',
    fault: 'csms',
    title: 'ConcurrentTx answers StartTransaction, not Authorize',
    clause: '1.6 §7.2',
    causes: ['The CSMS counts running transactions when a card is shown'],
    next: ['The driver cannot stop with such a card at another reader'],
    peer: 'tolerates',
    on: ['Authorize.response'],
    check(c) {
      if (textAt(c.o.payload, 'idTagInfo', 'status') !== 'ConcurrentTx') return;
      c.report({ text: 'Authorize was answered ConcurrentTx', pointer: '/idTagInfo/status', actual: 'ConcurrentTx' });
    },
  },
  {
    id: 'OCPP16-AU-003',
    severity: 'warning',
    fault: 'csms',
    axis: 'consistency',
    title: 'idTags compare case-insensitively',
    clause: '1.6 §7.28',
    causes: ['The CSMS looks up idTags byte by byte'],
    next: ['Look up idTags in one case'],
    peer: 'tolerates',
    on: ['Authorize.response'],
    check(c) {
      const { o, station } = c;
      const tag = textAt(o.request?.payload, 'idTag') ?? '';
      const status = textAt(o.payload, 'idTagInfo', 'status');
      const before = station.tokens.authorize(tag);
      if (before === undefined || before.token === tag || o.time - before.at > 60 * SECOND_MS) return;
      if (status === undefined || status === before.status) return;
      const text = `${before.token} was ${before.status}, ${tag} is ${status}: they differ only in case`;
      c.report({ text, object: tag.toLowerCase(), evidence: [{ seq: before.seq, label: before.status }] });
    },
  },
  {
    id: 'OCPP16-AU-004',
    severity: 'warning',
    fault: 'csms',
    axis: 'consistency',
    title: 'A tag that has expired is not Accepted',
    clause: '1.6 §7.27',
    causes: ['Status and expiryDate are not kept together'],
    next: ['Look at the expiryDate in the CSMS'],
    peer: 'tolerates',
    on: ['Authorize.response', 'StartTransaction.response', 'StopTransaction.response'],
    check(c) {
      const expiry = textAt(c.o.payload, 'idTagInfo', 'expiryDate');
      const at = expiry === undefined ? undefined : parseTime(expiry);
      if (at === undefined || at > c.o.time || textAt(c.o.payload, 'idTagInfo', 'status') !== 'Accepted') return;
      const tag = textAt(c.o.request?.payload, 'idTag') ?? '';
      c.report({
        text: `${tag} is Accepted with an expiryDate of ${expiry}`,
        object: tag,
        pointer: '/idTagInfo/expiryDate',
      });
    },
  },
  {
    id: 'OCPP16-AU-005',
    severity: 'warning',
    fault: 'station',
    title: 'Another card stops only what belongs to its group',
    clause: '1.6 §3.10',
    causes: ['Any card stops any transaction'],
    next: ['Compare parentIdTag of both cards'],
    peer: 'tolerates',
    on: ['StopTransaction.request'],
    check(c) {
      const { o, station } = c;
      const stopped = station.transactions16.stoppedBy(o);
      const tag = textAt(o.payload, 'idTag');
      if (stopped === undefined || tag === undefined || tag.toLowerCase() === stopped.idTag.toLowerCase()) return;
      const asked = station.tokens.authorize(tag);
      if (asked?.status === 'Accepted' && o.time - asked.at < AUTHORIZE_VALID_MS) return;
      if (station.tokens.sameGroup(tag, stopped.idTag)) return;
      // A local list may hold what the traffic does not show.
      if (station.tokens.listed(tag) || station.truncated) return c.notEvaluable();
      const text = `${tag} stopped ${stopped.name}, which ${stopped.idTag} had started, without a known common group and without Authorize`;
      c.report({
        text,
        object: stopped.first.seq,
        pointer: '/idTag',
        evidence: [{ seq: stopped.first.seq, label: 'the start' }],
      });
    },
  },
]);
