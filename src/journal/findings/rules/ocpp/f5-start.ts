import { SECOND_MS } from '../../../../core/time.ts';
import { isActive } from '../../model/reservations.ts';
import { timeOf } from '../../model/transactions-16.ts';
import { numberAt, textAt } from '../../payload-reader.ts';
import { family, type Rule, V16 } from '../../rule.ts';

const REGISTER_TOLERANCE_WH = 100;
const AUTHORIZE_VALID_MS = 600 * SECOND_MS;
const SHARED_IDS = 100_000;

/** How transactions of 1.6 begin (§4.8, §6.45). */
export const f5Start: readonly Rule[] = family({ versions: V16, axis: 'conformance' }, [
  {
    id: 'OCPP16-TX-001',
    severity: 'error',
    fault: 'station',
    title: 'A transaction starts on a connector above 0',
    clause: '1.6 §6.45',
    causes: ['Connectors are counted from 0'],
    next: ['Compare with the connectors of StatusNotification'],
    peer: 'rejects',
    on: ['StartTransaction.request'],
    check(c) {
      const connector = numberAt(c.o.payload, 'connectorId');
      if (connector === undefined || connector >= 1) return;
      c.report({ text: `StartTransaction names connector ${connector}`, pointer: '/connectorId', actual: connector });
    },
  },
  {
    id: 'OCPP16-TX-002',
    severity: 'error',
    fault: 'station',
    title: 'A connector has one transaction at a time',
    clause: '1.6 §4.8',
    causes: ['A StopTransaction was lost', 'The station sends StartTransaction at the end of a session'],
    next: ['Look for the StopTransaction of the transaction before', 'Look at whether the station rebooted between'],
    peer: 'tolerates',
    quirk: 'startInsteadOfStop',
    on: ['StartTransaction.request'],
    check(c) {
      const { transactions16 } = c.station;
      const connector = numberAt(c.o.payload, 'connectorId') ?? 0;
      const open = transactions16.on(connector);
      if (open === undefined || transactions16.retried(c.o) !== undefined || open.answer?.kind !== 'response') return;
      c.report({
        text: `StartTransaction on connector ${connector}, where ${open.name} was not stopped`,
        object: open.first.seq,
        pointer: '/connectorId',
        evidence: [{ seq: open.first.seq, label: 'the transaction before' }],
      });
    },
  },
  {
    id: 'OCPP16-TX-004',
    severity: 'error',
    fault: 'csms',
    title: 'A transaction id is given once',
    clause: '1.6 errata 3.54',
    causes: ['The counter of the CSMS was reset'],
    next: ['Look at how the CSMS makes transaction ids'],
    peer: 'tolerates',
    on: ['StartTransaction.response'],
    check(c) {
      const { o, shared } = c;
      const id = numberAt(o.payload, 'transactionId');
      const start = o.request === null ? undefined : c.station.transactions16.retried(o.request);
      // Answers to refused tags often bear 0, −1 or any number.
      if (id === undefined || id <= 0 || start === undefined || textAt(o.payload, 'idTagInfo', 'status') !== 'Accepted')
        return;
      const key = `${c.link.csms.id} ${id}`;
      const mine = `${c.station.id} ${start.first.seq}`;
      const issued = shared.issuedTransactionIds.get(key);
      if (issued !== undefined && issued.start !== mine) {
        c.report({
          text: `The transaction id ${id} was given before, to a transaction of ${issued.station}`,
          object: id,
          pointer: '/transactionId',
          evidence: [{ seq: issued.seq, label: 'given before' }],
        });
        return;
      }
      shared.issuedTransactionIds.set(key, { station: c.station.id, start: mine, seq: o.seq });
      if (shared.issuedTransactionIds.size <= SHARED_IDS) return;
      for (const oldest of shared.issuedTransactionIds.keys()) {
        shared.issuedTransactionIds.delete(oldest);
        break;
      }
    },
  },
  {
    id: 'OCPP16-TX-009',
    severity: 'warning',
    fault: 'station',
    title: 'meterStart is where the last transaction of the connector stopped',
    clause: '1.6 §7.31',
    causes: ['The register counts from 0 in each session', 'Energy flowed outside a transaction'],
    next: ['Compare with meterStop of the transaction before'],
    peer: 'tolerates',
    quirk: 'sessionRegister',
    on: ['StartTransaction.request'],
    check(c) {
      const { transactions16 } = c.station;
      const connector = numberAt(c.o.payload, 'connectorId') ?? 0;
      const last = transactions16.lastStops.get(connector);
      const start = numberAt(c.o.payload, 'meterStart');
      if (last === undefined || start === undefined || transactions16.retried(c.o) !== undefined) return;
      if (start >= last.wh && start <= last.wh + REGISTER_TOLERANCE_WH) return;
      c.report({
        text: `meterStart ${start} Wh on connector ${connector}, where the last transaction stopped at ${last.wh} Wh`,
        object: connector,
        pointer: '/meterStart',
        severity: start > last.wh ? 'info' : 'warning',
        evidence: [{ seq: last.seq, pointer: '/meterStop', label: 'the last meterStop' }],
        expected: last.wh,
        actual: start,
      });
    },
  },
  {
    id: 'OCPP16-TX-020',
    severity: 'warning',
    fault: 'station',
    title: 'A StartTransaction that is sent again says the same',
    clause: '1.6 §3.7.1',
    causes: ['The message is built anew for each try'],
    next: ['Keep the message as it was first sent'],
    peer: 'tolerates',
    on: ['StartTransaction.request'],
    check(c) {
      const open = c.station.transactions16.on(numberAt(c.o.payload, 'connectorId') ?? 0);
      if (open === undefined || open.isRetry(c.o) || open.answer?.kind === 'response') return;
      const differs = [
        ['idTag', open.idTag, textAt(c.o.payload, 'idTag')],
        ['meterStart', open.meterStartWh, numberAt(c.o.payload, 'meterStart')],
        ['timestamp', open.startedAt, timeOf(c.o)],
      ].filter(([, before, now]) => before !== now);
      // With two of three equal, or the same message id, it is the same start; else another session.
      if (differs.length > 1 && c.o.messageId !== open.start.messageId) return;
      const names = differs.map(([name]) => name).join(', ');
      const text = `StartTransaction is sent again with another ${names}`;
      c.report({ text, object: open.first.seq, evidence: [{ seq: open.first.seq, label: 'sent first' }] });
    },
  },
  {
    id: 'OCPP16-TX-021',
    severity: 'warning',
    fault: 'csms',
    title: 'A StartTransaction that is sent again gets the same transaction id',
    clause: 'ours',
    causes: ['The CSMS does not recognise a retry'],
    next: ['Recognise it by connector, idTag, time stamp and meterStart'],
    peer: 'tolerates',
    on: ['StartTransaction.response'],
    check(c) {
      const start = c.o.request === null ? undefined : c.station.transactions16.retried(c.o.request);
      const id = numberAt(c.o.payload, 'transactionId');
      if (start?.id === undefined || id === undefined || id === start.id) return;
      c.report({
        text: `The same StartTransaction got transaction id ${start.id} first and ${id} now`,
        object: start.first.seq,
        pointer: '/transactionId',
        evidence: [{ seq: start.answer?.seq ?? start.first.seq, label: 'the first answer' }],
        expected: start.id,
        actual: id,
      });
    },
  },
  {
    id: 'OCPP16-TX-022',
    severity: 'error',
    fault: 'station',
    title: 'A start that uses a reservation names it',
    clause: '1.6 §4.8',
    causes: ['The reservation was not looked up at the start'],
    next: ['Compare idTag and connector with the accepted ReserveNow'],
    peer: 'tolerates',
    on: ['StartTransaction.request'],
    check(c) {
      const { reservations } = c.station;
      if (numberAt(c.o.payload, 'reservationId') !== undefined || c.station.transactions16.retried(c.o) !== undefined)
        return;
      const tag = textAt(c.o.payload, 'idTag')?.toLowerCase();
      const connector = numberAt(c.o.payload, 'connectorId');
      const held = reservations
        .active(c.o.time)
        .find((each) => each.token.toLowerCase() === tag && (each.place === 0 || each.place === connector));
      if (held === undefined) return;
      const text = `StartTransaction by ${held.token} on connector ${connector} lacks reservationId ${held.id}`;
      c.report({ text, object: held.id, evidence: [{ seq: held.seq, label: 'the reservation' }], expected: held.id });
    },
  },
  {
    id: 'OCPP16-TX-023',
    severity: 'warning',
    fault: 'station',
    needsHistory: true,
    title: 'reservationId names a reservation that is held',
    clause: '1.6 §4.8',
    causes: ['The field has a default value'],
    next: ['Leave reservationId out when there is no reservation'],
    peer: 'tolerates',
    quirk: 'resIdZero',
    on: ['StartTransaction.request'],
    check(c) {
      const id = numberAt(c.o.payload, 'reservationId');
      if (id === undefined || c.station.transactions16.retried(c.o) !== undefined) return;
      const held = c.station.reservations.get(id);
      if (held === undefined && id > 0 && c.station.truncated) return c.notEvaluable();
      if (held !== undefined && isActive(held, c.clocksAgree ? (timeOf(c.o) ?? c.o.time) : c.o.time)) return;
      const what = held === undefined ? 'was never made' : 'has ended';
      c.report({
        text: `StartTransaction names reservation ${id}, which ${what}`,
        object: id,
        pointer: '/reservationId',
        actual: id,
      });
    },
  },
  {
    id: 'OCPP16-TX-026',
    severity: 'info',
    fault: 'csms',
    title: 'Transaction ids are positive',
    clause: '1.6 errata 3.54',
    causes: ['0 or −1 stands for "no transaction"'],
    next: ['Legal, but some stations take 0 for "none"'],
    peer: 'tolerates',
    on: ['StartTransaction.response'],
    check(c) {
      const id = numberAt(c.o.payload, 'transactionId');
      if (id === undefined || id > 0) return;
      c.report({ text: `StartTransaction was given the transaction id ${id}`, pointer: '/transactionId', actual: id });
    },
  },
  {
    id: 'OCPP16-TX-028',
    severity: 'error',
    fault: 'station',
    title: 'An idTag that was refused starts nothing',
    clause: '1.6 §4.1',
    causes: ['The station starts without looking at the answer to Authorize'],
    next: ['Look at idTagInfo.status of the Authorize before'],
    peer: 'tolerates',
    on: ['StartTransaction.request'],
    check(c) {
      const { o, station, link } = c;
      const tag = textAt(o.payload, 'idTag') ?? '';
      const asked = station.tokens.authorize(tag);
      if (asked === undefined || asked.status === 'Accepted' || asked.link !== link.number) return;
      const started = timeOf(o);
      // A start from before, that waited in the queue.
      if (o.time - asked.at > AUTHORIZE_VALID_MS || station.transactions16.retried(o) !== undefined) return;
      if (c.clocksAgree && started !== undefined && started < asked.requestedAt - c.toleranceMs) return;
      const text = `StartTransaction by ${tag}, which was ${asked.status} ${Math.round((o.time - asked.at) / SECOND_MS)} s before`;
      c.report({ text, object: asked.seq, pointer: '/idTag', evidence: [{ seq: asked.seq, label: asked.status }] });
    },
  },
  {
    id: 'OCPP16-TX-030',
    severity: 'error',
    fault: 'station',
    title: 'Nothing starts on a connector that is Unavailable or Faulted',
    clause: '1.6 §7.7',
    causes: ['Status and transactions are not kept together'],
    next: ['Look at the StatusNotification before'],
    peer: 'tolerates',
    on: ['StartTransaction.request'],
    check(c) {
      const connector = numberAt(c.o.payload, 'connectorId') ?? 0;
      const status = c.station.connectors.get(connector);
      if (status === undefined || !/^(Unavailable|Faulted)$/.test(status.status)) return;
      const started = timeOf(c.o);
      if (c.station.transactions16.retried(c.o) !== undefined) return;
      if (!c.clocksAgree || started === undefined || started <= status.at) return c.notEvaluable();
      const text = `StartTransaction on connector ${connector}, which is ${status.status}`;
      c.report({ text, object: status.seq, evidence: [{ seq: status.seq, label: status.status }] });
    },
  },
  {
    id: 'OCPP16-TX-031',
    severity: 'error',
    fault: 'station',
    title: 'A reserved connector is for its own idTag',
    clause: '1.6 §5.13',
    causes: ['The reservation was not looked up at the start'],
    next: ['Compare idTag and parentIdTag with the accepted ReserveNow'],
    peer: 'tolerates',
    on: ['StartTransaction.request'],
    check(c) {
      const { o, station } = c;
      const connector = numberAt(o.payload, 'connectorId');
      const tag = textAt(o.payload, 'idTag') ?? '';
      if (station.transactions16.retried(o) !== undefined) return;
      const held = station.reservations.active(o.time).find((each) => each.place === connector && connector !== 0);
      if (held === undefined || held.token.toLowerCase() === tag.toLowerCase()) return;
      if (held.group !== undefined) {
        const group = station.tokens.group(tag);
        if (group === undefined) return c.notEvaluable();
        if (group.toLowerCase() === held.group.toLowerCase()) return;
      }
      const text = `StartTransaction by ${tag} on connector ${connector}, which is reserved for ${held.token}`;
      c.report({ text, object: held.id, pointer: '/idTag', evidence: [{ seq: held.seq, label: 'the reservation' }] });
    },
  },
]);
