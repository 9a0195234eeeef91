import { SECOND_MS } from '../../../../core/time.ts';
import { energyRegisterWh, timeOf } from '../../model/transactions-16.ts';
import { listAt, numberAt, textAt } from '../../payload-reader.ts';
import { family, type Rule, V16 } from '../../rule.ts';

const SANE_POWER_W = 500_000;
const REGISTER_TOLERANCE_WH = 100;

/** How transactions of 1.6 end (§4.10, §6.49). */
export const f5Stop: readonly Rule[] = family({ versions: V16, axis: 'conformance' }, [
  {
    id: 'OCPP16-TX-003',
    severity: 'warning',
    fault: 'csms',
    title: 'Transaction messages are always answered with a result',
    clause: '1.6 §4.7 to §4.10',
    causes: ['A sanity check of the CSMS refuses the message'],
    next: ['Look at the error description', 'The station will send the message again and block its queue'],
    peer: 'tolerates',
    on: ['StartTransaction.error', 'StopTransaction.error', 'MeterValues.error'],
    check(c) {
      const { request } = c.o;
      if (request === null || request.flags.length > 0 || request.premature !== '') return;
      if (c.station.boot.registration !== 'Accepted' && !c.station.truncated) return;
      if (c.violations(request).length > 0) return;
      const text = `${c.o.action} fits its schema and was answered with ${c.o.code}`;
      c.report({ text, object: c.o.action, evidence: [{ seq: request.seq, label: 'the call' }] });
    },
  },
  {
    id: 'OCPP16-TX-005',
    severity: 'error',
    fault: 'station',
    needsHistory: true,
    title: 'StopTransaction names a transaction that was started here',
    clause: '1.6 §6.49',
    causes: ['The id is guessed, or 0', 'The answer to StartTransaction was not kept'],
    next: ['Compare with the ids in StartTransaction.conf of this station'],
    peer: 'tolerates',
    quirk: 'clientTxId',
    on: ['StopTransaction.request'],
    check(c) {
      const id = numberAt(c.o.payload, 'transactionId');
      if (id === undefined || id === -1 || c.station.transactions16.byId(id) !== undefined) return;
      // A start before this log, whose stop was kept over a boot or an outage.
      const at = timeOf(c.o);
      const old = at !== undefined && at < c.station.firstSeenAt;
      if (
        c.station.truncated ||
        old ||
        /^(PowerLoss|Reboot|HardReset|SoftReset)$/.test(textAt(c.o.payload, 'reason') ?? '')
      )
        return c.notEvaluable();
      c.report({
        text: `StopTransaction names transaction ${id}, which was never given to this station`,
        object: id,
        pointer: '/transactionId',
        actual: id,
      });
    },
  },
  {
    id: 'OCPP16-TX-006',
    severity: 'error',
    fault: 'station',
    title: 'A transaction is stopped once',
    clause: '1.6 §4.10',
    causes: ['Two features of the station stop the same transaction'],
    next: ['Compare the two StopTransactions: a retry would be equal'],
    peer: 'tolerates',
    on: ['StopTransaction.request'],
    check(c) {
      const id = numberAt(c.o.payload, 'transactionId');
      const before = id === undefined || id === -1 ? undefined : c.station.transactions16.byId(id);
      const stop = before?.stop;
      if (before === undefined || stop === undefined || c.station.transactions16.stoppedBy(c.o) !== undefined) return;
      if (timeOf(stop) === timeOf(c.o) && numberAt(stop.payload, 'meterStop') === numberAt(c.o.payload, 'meterStop'))
        return;
      const text = `Transaction ${id} was stopped before, with another time or meter value`;
      c.report({ text, object: before.first.seq, evidence: [{ seq: stop.seq, label: 'the stop before' }] });
    },
  },
  {
    id: 'OCPP16-TX-007',
    severity: 'warning',
    fault: 'station',
    title: '−1 stands only for a transaction whose id never came',
    clause: '1.6 errata 3.18',
    causes: ['The id of StartTransaction.conf was not kept'],
    next: ['Look at the answer to StartTransaction'],
    peer: 'tolerates',
    on: ['StopTransaction.request'],
    check(c) {
      if (numberAt(c.o.payload, 'transactionId') !== -1) return;
      const { open } = c.station.transactions16;
      const [known] = open;
      if (known === undefined || open.some((each) => each.id === undefined)) return;
      const seq = known.answer?.seq ?? known.first.seq;
      const text = `StopTransaction has transactionId −1, though the station was given ${open.map((each) => each.id).join(', ')}`;
      c.report({ text, object: known.first.seq, pointer: '/transactionId', evidence: [{ seq, label: 'the id' }] });
    },
  },
  {
    id: 'OCPP16-TX-008',
    severity: 'error',
    fault: 'station',
    title: 'meterStop is not below meterStart',
    clause: '1.6 §7.31',
    causes: ['The register was reset', 'The register counts from 0 in each session'],
    next: ['Compare with the register values in MeterValues'],
    peer: 'tolerates',
    quirk: 'sessionRegister',
    on: ['StopTransaction.request'],
    check(c) {
      const stopped = c.station.transactions16.stoppedBy(c.o);
      const stop = numberAt(c.o.payload, 'meterStop');
      const start = stopped?.meterStartWh;
      if (stopped === undefined || start === undefined || stop === undefined || stop >= start) return;
      c.report({
        text: `meterStop ${stop} Wh is below meterStart ${start} Wh of ${stopped.name}`,
        object: stopped.first.seq,
        pointer: '/meterStop',
        evidence: [{ seq: stopped.first.seq, pointer: '/meterStart', label: 'meterStart' }],
        expected: `at least ${start}`,
        actual: stop,
      });
    },
  },
  {
    id: 'OCPP16-TX-010',
    severity: 'error',
    fault: 'station',
    title: 'A transaction does not stop before it started',
    clause: '1.6 §4.10',
    causes: ['The clock of the station was set while it charged', 'Local time and UTC are mixed'],
    next: ['Compare both time stamps with the time at which they were seen'],
    peer: 'tolerates',
    on: ['StopTransaction.request'],
    check(c) {
      const stopped = c.station.transactions16.stoppedBy(c.o);
      const at = timeOf(c.o);
      const { startedAt } = stopped ?? {};
      if (stopped === undefined || at === undefined || startedAt === undefined || at >= startedAt) return;
      c.report({
        text: `${stopped.name} stops ${Math.round((startedAt - at) / SECOND_MS)} s before it started`,
        object: stopped.first.seq,
        pointer: '/timestamp',
        evidence: [{ seq: stopped.first.seq, pointer: '/timestamp', label: 'the start' }],
      });
    },
  },
  {
    id: 'OCPP16-TX-027',
    severity: 'warning',
    fault: 'station',
    axis: 'consistency',
    title: 'The energy of a transaction is plausible',
    clause: 'ours',
    causes: ['kWh are sent as Wh, or the other way round', 'The register jumped'],
    next: ['Compare meterStop with the register values of MeterValues'],
    peer: 'tolerates',
    quirk: 'kwhAsWh',
    on: ['StopTransaction.request'],
    check(c) {
      const stopped = c.station.transactions16.stoppedBy(c.o);
      const stop = numberAt(c.o.payload, 'meterStop');
      const at = timeOf(c.o);
      if (stopped?.meterStartWh === undefined || stop === undefined) return;
      const object = stopped.first.seq;
      const evidence = [{ seq: stopped.first.seq, label: 'the start' }];
      const hours = at === undefined || stopped.startedAt === undefined ? 0 : (at - stopped.startedAt) / 3_600_000;
      const watts = hours > 0.003 ? (stop - stopped.meterStartWh) / hours : 0;
      if (watts > SANE_POWER_W) {
        const text = `${stopped.name} took ${stop - stopped.meterStartWh} Wh: ${Math.round(watts / 1_000)} kW on average`;
        return c.report({ text, object, pointer: '/meterStop', evidence });
      }
      const last = stopped.lastRegister;
      if (last !== undefined && stop < last.wh - REGISTER_TOLERANCE_WH) {
        const text = `meterStop ${stop} Wh is below the register ${last.wh} Wh that MeterValues showed before`;
        return c.report({ text, object, pointer: '/meterStop', evidence: [{ seq: last.seq, label: 'the register' }] });
      }
      const end = endRegister(c.o.payload);
      if (end === undefined || Math.abs(end - stop) <= REGISTER_TOLERANCE_WH) return;
      const text = `meterStop is ${stop} Wh, and the register at Transaction.End ${end} Wh`;
      c.report({ text, object, pointer: '/meterStop', evidence });
    },
  },
]);

/** The register at the end, as transactionData has it. */
function endRegister(payload: unknown): number | undefined {
  for (const meterValue of listAt(payload, 'transactionData')) {
    for (const sample of listAt(meterValue, 'sampledValue')) {
      if (textAt(sample, 'context') !== 'Transaction.End') continue;
      const wh = energyRegisterWh(sample);
      if (wh !== undefined) return wh;
    }
  }
  return undefined;
}
