import { MINUTE_MS, parseTime, SECOND_MS } from '../../../../core/time.ts';
import { registersIn } from '../../model/registers.ts';
import { stuckRegister } from '../../model/transactions-16.ts';
import { listAt, numberAt, textAt } from '../../payload-reader.ts';
import { family, type Rule, V16 } from '../../rule.ts';
import { pointerTo, samplesOf } from './f6-samples.ts';

const INTERVAL = 'MeterValueSampleInterval';
const SAMPLED = 'MeterValuesSampledData';
const STUCK_MS = 10 * MINUTE_MS;
/** Values that were measured before a change of the configuration may still come. */
const SETTLE_MS = 2 * MINUTE_MS;

/** MeterValues over time, against transactions and configuration (1.6 §3.16, §4.7). */
export const f6Series: readonly Rule[] = family({ versions: V16, axis: 'conformance' }, [
  {
    id: 'OCPP16-MV-001',
    severity: 'warning',
    fault: 'station',
    needsHistory: true,
    title: 'MeterValues names the transaction of its connector',
    clause: '1.6 errata 3.16',
    causes: ['The field has a default value', 'The station uses ids of its own'],
    next: ['Compare with the id in StartTransaction.conf'],
    peer: 'tolerates',
    quirk: 'tx0InMeterValues',
    on: ['MeterValues.request'],
    check(c) {
      const { o, station } = c;
      const id = numberAt(o.payload, 'transactionId');
      const connector = numberAt(o.payload, 'connectorId') ?? 0;
      if (id === undefined || connector === 0) return;
      const { transactions16 } = station;
      const open = transactions16.on(connector);
      if (open?.id === id || (id === -1 && open?.id === undefined)) return;
      const named = transactions16.byId(id);
      const [first] = listAt(o.payload, 'meterValue');
      const at = parseTime(textAt(first, 'timestamp') ?? '') ?? o.time;
      // Values of the transaction before, that come after its stop.
      const stoppedAt = named?.stop?.timestamp;
      if (named?.connector === connector && stoppedAt !== undefined && at <= stoppedAt + SECOND_MS) return;
      if (open === undefined && (station.truncated || at < station.firstSeenAt)) return c.notEvaluable();
      if (open !== undefined && open.id === undefined && id !== 0) return c.notEvaluable();
      const right = open?.id === undefined ? 'there is none' : `it is ${open.id}`;
      c.report({
        text: `MeterValues of connector ${connector} names transaction ${id}; ${right}`,
        object: `${connector} ${id}`,
        pointer: '/transactionId',
        expected: open?.id,
        actual: id,
      });
    },
  },
  {
    id: 'OCPP16-MV-002',
    severity: 'warning',
    fault: 'station',
    title: 'Values of the main meter belong to no transaction',
    clause: '1.6 errata 3.16',
    causes: ['The field has a default value'],
    next: ['Leave transactionId out for connector 0'],
    peer: 'tolerates',
    on: ['MeterValues.request'],
    check(c) {
      const id = numberAt(c.o.payload, 'transactionId');
      if (id === undefined || numberAt(c.o.payload, 'connectorId') !== 0) return;
      c.report({ text: `MeterValues of connector 0 names transaction ${id}`, pointer: '/transactionId', actual: id });
    },
  },
  {
    id: 'OCPP16-MV-003',
    severity: 'error',
    fault: 'station',
    title: 'A register does not go back within a transaction',
    clause: '1.6 §7.31',
    causes: ['The register was reset', 'Two meters are mixed'],
    next: ['Compare both values and their units'],
    peer: 'tolerates',
    quirk: 'sessionRegister',
    on: ['MeterValues.request'],
    check(c) {
      const transaction = c.station.transactions16.on(numberAt(c.o.payload, 'connectorId') ?? -1);
      if (transaction === undefined || transaction.registers.size === 0) return;
      for (const { series, value } of registersIn(c.o)) {
        const before = transaction.registers.get(series);
        if (before === undefined || value >= before.value) continue;
        return c.report({
          text: `${series} of ${transaction.name} went from ${before.value} to ${value}`,
          object: `${transaction.first.seq} ${series}`,
          pointer: '/meterValue',
          evidence: [{ seq: before.seq, label: String(before.value) }],
          expected: `at least ${before.value}`,
          actual: value,
        });
      }
    },
  },
  {
    id: 'OCPP16-MV-004',
    severity: 'error',
    fault: 'station',
    axis: 'timing',
    title: 'Meter values come in their interval',
    clause: '1.6 errata 3.15',
    causes: ['The interval is not followed'],
    next: ['Read MeterValueSampleInterval'],
    peer: 'tolerates',
    on: ['StartTransaction.response', 'MeterValues.request'],
    check(c) {
      const { o, link, station, toleranceMs } = c;
      const { configuration, transactions16 } = station;
      const interval = configuration.number(INTERVAL) ?? 0;
      if (interval <= 0 || !c.clocksAgree) return;
      const transaction = transactions16.on(
        numberAt(o.kind === 'request' ? o.payload : o.request?.payload, 'connectorId') ?? -1,
      );
      if (transaction === undefined) return;
      c.expect({
        withinMs: 2 * interval * SECOND_MS,
        object: transaction.first.seq,
        otherwise(now) {
          const seconds = configuration.number(INTERVAL) ?? 0;
          if (
            transaction.stop !== undefined ||
            seconds <= 0 ||
            transactions16.on(transaction.connector) !== transaction
          )
            return undefined;
          const since = Math.max(transaction.meterValuesAt, link.openedAt, configuration.get(INTERVAL)?.at ?? 0);
          const limitMs = 2 * seconds * SECOND_MS + toleranceMs;
          if (now - since < limitMs) return limitMs - (now - since);
          const text = `${transaction.name} sent no MeterValues for ${Math.round((now - since) / SECOND_MS)} s; the interval is ${seconds} s`;
          return { text, object: transaction.first.seq };
        },
      });
    },
  },
  {
    id: 'OCPP16-MV-005',
    severity: 'warning',
    fault: 'station',
    title: 'Periodic values are the configured ones',
    clause: '1.6 §3.16.1',
    causes: ['The list of measurands is fixed'],
    next: ['Read MeterValuesSampledData'],
    peer: 'tolerates',
    on: ['MeterValues.request'],
    check(c) {
      const wanted = configured(c.station.configuration.get(SAMPLED), c.o.time);
      if (wanted === undefined) return;
      const other = samplesOf(c).find(
        (sample) => sample.context === 'Sample.Periodic' && !wanted.has(sample.measurand),
      );
      if (other === undefined) return;
      const text = `${other.measurand} came as a periodic value, and MeterValuesSampledData is ${[...wanted].join(', ')}`;
      c.report({ text, object: other.measurand, pointer: pointerTo(other) });
    },
  },
  {
    id: 'OCPP16-MV-006',
    severity: 'warning',
    fault: 'station',
    title: 'Configured measurands are sent',
    clause: '1.6 §3.16.1, §3.16.4',
    causes: ['The station accepted a measurand that it cannot measure'],
    next: ['Read MeterValuesSampledData'],
    peer: 'tolerates',
    on: ['MeterValues.request'],
    check(c) {
      const wanted = configured(c.station.configuration.get(SAMPLED), c.o.time);
      const transaction = c.station.transactions16.on(numberAt(c.o.payload, 'connectorId') ?? -1);
      const [one, two] = transaction?.periodic ?? [];
      if (wanted === undefined || one === undefined || two === undefined) return;
      const here = samplesOf(c);
      if (!here.some((sample) => sample.context === 'Sample.Periodic')) return;
      // Values may be spread over messages: all three together.
      const sent = new Set([...here.map((sample) => sample.measurand), ...one.measurands, ...two.measurands]);
      const missing = [...wanted].filter((measurand) => !sent.has(measurand));
      if (missing.length === 0) return;
      const text = `${missing.join(', ')} did not come in three periodic messages, and MeterValuesSampledData asks for it`;
      c.report({ text, object: missing.join(), evidence: [one, two].map(({ seq }) => ({ seq, label: 'without it' })) });
    },
  },
  {
    id: 'OCPP16-MV-010',
    severity: 'warning',
    fault: 'station',
    axis: 'timing',
    title: 'Aligned values are of the times of their grid',
    clause: '1.6 §3.16.2',
    causes: ['The interval counts from the start of the transaction', 'The clock drifts'],
    next: ['Read ClockAlignedDataInterval'],
    peer: 'tolerates',
    on: ['MeterValues.request'],
    check(c) {
      if (!samplesOf(c).some((sample) => sample.context === 'Sample.Clock')) return;
      const interval = c.station.configuration.number('ClockAlignedDataInterval');
      for (const meterValue of listAt(c.o.payload, 'meterValue')) {
        if (!listAt(meterValue, 'sampledValue').some((sample) => textAt(sample, 'context') === 'Sample.Clock'))
          continue;
        // Grids that do not divide a quarter of an hour depend on the time zone of the station.
        if (interval === undefined || interval <= 0 || 900 % interval !== 0) return c.notEvaluable();
        const text = textAt(meterValue, 'timestamp') ?? '';
        const at = parseTime(text);
        if (at === undefined) return;
        const off = (at / SECOND_MS) % interval;
        if (off <= 2 || off >= interval - 2) continue;
        const sentence = `The aligned value of ${text} is ${Math.round(off)} s off the grid of ${interval} s`;
        return c.report({ text: sentence, object: numberAt(c.o.payload, 'connectorId') ?? 0, pointer: '/meterValue' });
      }
    },
  },
  {
    id: 'OCPP16-MV-014',
    severity: 'info',
    fault: 'station',
    title: 'Triggered values say so',
    clause: '1.6 §7.35',
    causes: ['The context is always Sample.Periodic'],
    next: ['Look at the context of the values'],
    peer: 'tolerates',
    on: ['TriggerMessage.response', 'ExtendedTriggerMessage.response'],
    check(c) {
      const { request } = c.o;
      if (
        textAt(request?.payload, 'requestedMessage') !== 'MeterValues' ||
        textAt(c.o.payload, 'status') !== 'Accepted'
      )
        return;
      let other = 0;
      c.expect({
        withinMs: 30 * SECOND_MS,
        by(o) {
          if (o.kind !== 'request' || o.action !== 'MeterValues') return false;
          other = o.seq;
          return listAt(o.payload, 'meterValue').some((each) =>
            listAt(each, 'sampledValue').some((sample) => textAt(sample, 'context') === 'Trigger'),
          );
        },
        otherwise: () =>
          other === 0
            ? undefined
            : { text: 'MeterValues was triggered and came without the context Trigger', seq: other },
      });
    },
  },
  {
    id: 'OCPP16-MV-015',
    severity: 'warning',
    fault: 'station',
    axis: 'consistency',
    title: 'The register counts what is drawn',
    clause: 'ours',
    causes: ['The register is frozen', 'The power is of another connector'],
    next: ['Compare register and power over time'],
    peer: 'tolerates',
    on: ['MeterValues.request'],
    check(c) {
      const transaction = c.station.transactions16.on(numberAt(c.o.payload, 'connectorId') ?? -1);
      if (transaction?.stuck === undefined) return;
      const stuck = stuckRegister(c.o, transaction.stuck);
      const [first] = listAt(c.o.payload, 'meterValue');
      const at = parseTime(textAt(first, 'timestamp') ?? '');
      if (stuck === undefined || stuck !== transaction.stuck || at === undefined || at - stuck.since < STUCK_MS) return;
      const minutes = Math.round((at - stuck.since) / MINUTE_MS);
      c.report({
        text: `The register of ${transaction.name} stands at ${stuck.wh} Wh for ${minutes} min, while more than 500 W are drawn`,
        object: transaction.first.seq,
        evidence: [{ seq: stuck.seq, label: `${stuck.wh} Wh` }],
      });
    },
  },
]);

/** The configured measurands without phases; undefined while unknown or just changed. */
function configured(
  setting: { readonly value: string | undefined; readonly at: number } | undefined,
  now: number,
): Set<string> | undefined {
  if (setting?.value === undefined || now - setting.at < SETTLE_MS) return undefined;
  const names = setting.value.split(',').map((name) => name.trim().replace(/\.(L[123](-N|-L[123])?|N)$/, ''));
  const set = new Set(names.filter((name) => name !== ''));
  return set.size === 0 ? undefined : set;
}
