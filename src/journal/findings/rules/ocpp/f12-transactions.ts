import { SECOND_MS } from '../../../../core/time.ts';
import { transactionId } from '../../model/transactions-2x.ts';
import type { Observation } from '../../observation.ts';
import { isObject, numberAt, textAt, valueAt } from '../../payload-reader.ts';
import { family, type Rule, V21 } from '../../rule.ts';

const EVENT_MS = 30 * SECOND_MS;
const LIMITS = ['maxCost', 'maxEnergy', 'maxTime', 'maxSoC'] as const;
const RESUMPTION = 'TxCtrlr.ResumptionTimeout';

/** What 2.1 adds to transactions: limits (E16), resuming after a reset (B13, E17), tariffs (I07 to I12). */
export const f12Transactions: readonly Rule[] = family({ versions: V21, axis: 'consistency' }, [
  {
    id: 'OCPP21-TX-001',
    severity: 'error',
    fault: 'station',
    title: 'A limit of the CSMS is taken over, and never exceeded',
    clause: 'E16.FR.03, E16.FR.04',
    causes: ['transactionLimit of the answer is not read', 'The own limit of the station replaces the lower one'],
    next: ['Look for the event LimitSet', 'Read TxCtrlr.SupportedLimits'],
    peer: 'tolerates',
    on: ['TransactionEvent.request', 'TransactionEvent.response'],
    check(c) {
      const { o, station } = c;
      const id = transactionId(o.kind === 'request' ? o : (o.request ?? o));
      if (id === undefined) return;
      const known = station.transactions21.limitOf(id);
      if (o.kind === 'request') {
        const set = valueAt(o.payload, 'transactionInfo', 'transactionLimit');
        if (set === undefined || known === undefined) return;
        const above = LIMITS.find(
          (name) => (numberAt(set, name) ?? 0) > (numberAt(known.limit, name) ?? Number.MAX_VALUE),
        );
        if (above === undefined) return;
        return c.report({
          text: `${above} of transaction ${id} is ${numberAt(set, above)}, and the CSMS allows ${numberAt(known.limit, above)}`,
          object: `${id} ${above}`,
          pointer: `/transactionInfo/transactionLimit/${above}`,
          evidence: [{ seq: known.seq, label: 'the limit of the CSMS' }],
          expected: numberAt(known.limit, above),
          actual: numberAt(set, above),
        });
      }
      const limit = valueAt(o.payload, 'transactionLimit');
      if (!isObject(limit) || station.transactions2x.ended.has(id)) return;
      const asked = LIMITS.filter((name) => numberAt(limit, name) !== undefined);
      // The same limit again need not be told again.
      if (asked.every((name) => numberAt(limit, name) === numberAt(known?.limit, name))) return;
      const supported = station.configuration.list('TxCtrlr.SupportedLimits')?.map((each) => each.toLowerCase());
      if (supported === undefined) return c.notEvaluable();
      if (!asked.some((name) => supported.includes(name.toLowerCase()))) return;
      c.expect({
        withinMs: EVENT_MS,
        object: id,
        by: (next) => isEvent(next, id) && valueAt(next.payload, 'transactionInfo', 'transactionLimit') !== undefined,
        unless: (next) => isEvent(next, id) && textAt(next.payload, 'eventType') === 'Ended',
        otherwise: () => ({
          text: `The CSMS limits transaction ${id} (${asked.join(', ')}), and no event LimitSet came within 30 s`,
          object: id,
          pointer: '/transactionLimit',
        }),
      });
    },
  },
  {
    id: 'OCPP21-TX-002',
    severity: 'error',
    fault: 'station',
    title: 'A reset that resumes does not end transactions',
    clause: 'B13.FR.23, B13.FR.30',
    causes: ['ImmediateAndResume is treated as Immediate', 'Running transactions are not kept over the boot'],
    next: ['Look at the event ResetCommand before the close, and at TxResumed after the boot'],
    peer: 'tolerates',
    on: ['transaction-ended'],
    check(c) {
      const { o, station, link } = c;
      const id = transactionId(o);
      const transaction = station.transactions2x.open.get(id ?? '');
      if (id === undefined || transaction === undefined) return;
      const reset = station.commands.latest('Reset', transaction.firstAt, (request) => {
        const evse = numberAt(request, 'evseId') ?? 0;
        return textAt(request, 'type') === 'ImmediateAndResume' && (evse === 0 || evse === transaction.evse);
      });
      if (reset === undefined || (station.transactions21.resumedAt(id) ?? 0) >= reset.at) return;
      const trigger = textAt(o.payload, 'triggerReason') ?? '';
      const endedAt = c.clocksAgree ? (o.timestamp ?? o.time) : o.time;
      // An end from before the reset, that waited in the queue, or of a user in the last moment.
      if (endedAt < reset.at - c.toleranceMs || (link.openedAt < reset.at && trigger !== 'ResetCommand')) return;
      const timeoutS = station.configuration.number(RESUMPTION);
      if (timeoutS === undefined) return c.notEvaluable();
      if (endedAt - reset.at > timeoutS * SECOND_MS) return;
      c.report({
        text: `Transaction ${id} ended by ${trigger} after a reset that should resume it; ${RESUMPTION} is ${timeoutS} s`,
        object: id,
        pointer: '/eventType',
        evidence: [{ seq: reset.seq, label: 'ImmediateAndResume accepted' }],
        expected: 'TxResumed',
        actual: trigger,
      });
    },
  },
  {
    id: 'OCPP21-TX-003',
    severity: 'error',
    fault: 'station',
    title: 'A reset that resumes is accepted only where transactions can be resumed',
    clause: 'B13.FR.01',
    causes: ['The type of the reset is not looked at'],
    next: [`Read ${RESUMPTION}`],
    peer: 'tolerates',
    on: ['Reset.response'],
    check(c) {
      if (textAt(c.o.request?.payload, 'type') !== 'ImmediateAndResume') return;
      if (textAt(c.o.payload, 'status') !== 'Accepted') return;
      const { configuration } = c.station;
      const timeoutS = configuration.number(RESUMPTION);
      const isAbsent = configuration.absent(RESUMPTION);
      if (timeoutS === undefined && !isAbsent) return c.notEvaluable();
      if (!isAbsent && timeoutS !== 0) return;
      c.report({
        text: `ImmediateAndResume was accepted, and ${RESUMPTION} is ${isAbsent ? 'not there' : 0}`,
        expected: 'Rejected',
        actual: 'Accepted',
      });
    },
  },
  {
    id: 'OCPP21-TAR-001',
    severity: 'error',
    fault: 'station',
    axis: 'timing',
    title: 'A new tariff of a transaction is told by its event',
    clause: 'I11.FR.07',
    causes: ['The tariff changes without an event'],
    next: ['Look for the event TariffChanged'],
    peer: 'tolerates',
    on: ['ChangeTransactionTariff.response'],
    check(c) {
      const id = textAt(c.o.request?.payload, 'transactionId');
      if (id === undefined || textAt(c.o.payload, 'status') !== 'Accepted') return;
      c.expect({
        withinMs: EVENT_MS,
        object: id,
        by: (next) => isEvent(next, id) && textAt(next.payload, 'triggerReason') === 'TariffChanged',
        unless: (next) => isEvent(next, id) && textAt(next.payload, 'eventType') === 'Ended',
        otherwise: () => ({
          text: `A new tariff of transaction ${id} was accepted, and no event TariffChanged came within 30 s`,
          object: id,
        }),
      });
    },
  },
  {
    id: 'OCPP21-TAR-002',
    severity: 'error',
    fault: 'station',
    title: 'A default tariff that is there is not set a second time',
    clause: 'I07.FR.04',
    causes: ['The id of the tariff is not compared with those that are installed'],
    next: ['Read the tariffs with GetTariffs'],
    peer: 'tolerates',
    on: ['SetDefaultTariff.response'],
    check(c) {
      const id = textAt(c.o.request?.payload, 'tariff', 'tariffId');
      if (id === undefined || textAt(c.o.payload, 'status') !== 'Accepted') return;
      const held = c.station.tariffs.installed.get(id);
      if (held === undefined) return c.station.truncated ? c.notEvaluable() : undefined;
      c.report({
        text: `The default tariff ${id} was accepted, and is installed already`,
        object: id,
        evidence: [{ seq: held.seq, label: 'the tariff before' }],
        expected: 'DuplicateTariffId',
        actual: 'Accepted',
      });
    },
  },
]);

function isEvent(o: Observation, id: string): boolean {
  return o.kind === 'request' && o.action === 'TransactionEvent' && transactionId(o) === id;
}
