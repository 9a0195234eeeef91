import { DAY_MS, isoTime } from '../../../../core/time.ts';
import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import type { KeyWithValue } from '../../security/meter-signing.ts';
import { meterUp } from '../../state/charging.ts';
import type { Evse, Transaction } from '../../state/evse.ts';
import { mainReadingsOf, type Reading, readingsOf } from '../../state/readings.ts';
import type { Side2x } from './side.ts';
import { transactionEvent } from './transactions.ts';

/** 1.6 measurands that 2.x dropped. */
const DROPPED = new Set(['Temperature', 'RPM']);

/** What an EVSE shows now, in 2.x shape; undefined when nothing of it can be measured. */
export function meterValue2x(
  side: Side2x,
  evse: Evse,
  measurands: readonly string[],
  context: v21.ReadingContextEnumType,
  transaction: Transaction | undefined = evse.transaction,
): v21.MeterValueType | undefined {
  meterUp(side.core, evse);
  const sampledValue = readingsOf(
    side.core,
    evse,
    measurands.filter((one) => !DROPPED.has(one)),
  ).map((reading) => ({ ...sample(reading, context), ...signedPart(side, evse, reading, context, transaction) }));
  return sampledValue.length === 0 ? undefined : { timestamp: isoTime(side.host.now()), sampledValue };
}

/** What the meter at the station's door shows: EVSE 0 (2.0.1 J01). */
export function mainValue2x(
  side: Side2x,
  measurands: readonly string[],
  context: v21.ReadingContextEnumType,
): v21.MeterValueType | undefined {
  for (const evse of side.core.evses) meterUp(side.core, evse);
  const sampledValue = mainReadingsOf(side.core, measurands).map((reading) => sample(reading, context));
  return sampledValue.length === 0 ? undefined : { timestamp: isoTime(side.host.now()), sampledValue };
}

/** The register as the meter signs it stands beside the value (2.0.1 J01, J02). */
function signedPart(
  side: Side2x,
  evse: Evse,
  reading: Reading,
  context: v21.ReadingContextEnumType,
  transaction: Transaction | undefined,
): { readonly signedMeterValue?: v21.SignedMeterValueType } {
  const controller = context === 'Sample.Clock' ? 'AlignedDataCtrlr' : 'SampledDataCtrlr';
  if (reading.measurand !== 'Energy.Active.Import.Register' || !side.model.bool(`${controller}.SignReadings`))
    return {};
  const { vendor, model } = side.template;
  const { serialNumber, firmwareVersion } = side.host;
  const signed = side.meters.sign(
    evse,
    transaction,
    context,
    side.host.now(),
    { vendor, model, serialNumber, firmwareVersion },
    side.model.text('OCPPCommCtrlr.PublicKeyWithSignedMeterValue') as KeyWithValue,
  );
  if (signed === undefined) return {};
  side.host.touched('extras');
  return {
    signedMeterValue: {
      signedMeterData: Buffer.from(signed.ocmf, 'utf8').toString('base64'),
      // Part of the data, so it stays empty here (2.0.1 SignedMeterValueType).
      signingMethod: '',
      encodingMethod: 'OCMF',
      publicKey: signed.publicKey,
    },
  };
}

function sample(reading: Reading, context: v21.ReadingContextEnumType): v21.SampledValueType {
  const { measurand, phase, value, unit, location } = reading;
  return {
    value,
    context,
    measurand: measurand as v21.MeasurandEnumType,
    ...(phase === undefined ? {} : { phase }),
    location: location ?? 'Outlet',
    ...(unit === undefined ? {} : { unitOfMeasure: { unit } }),
  };
}

export function armSampling(side: Side2x, evse: Evse): void {
  const now = side.host.now();
  for (const [name, variable] of [
    ['sample', 'SampledDataCtrlr.TxUpdatedInterval'],
    ['ended', 'SampledDataCtrlr.TxEndedInterval'],
  ] as const) {
    const seconds = side.model.int(variable);
    side.host.timer(
      `${name}:${evse.id}`,
      evse.transaction !== undefined && seconds > 0 ? now + seconds * 1000 : undefined,
    );
  }
}

/** TxUpdatedInterval is over (2.0.1 J02.FR.11). */
export function sampleUpdated(side: Side2x, evse: Evse): void {
  const { transaction } = evse;
  if (transaction === undefined) return;
  const value = meterValue2x(side, evse, side.model.list('SampledDataCtrlr.TxUpdatedMeasurands'), 'Sample.Periodic');
  if (value !== undefined) transactionEvent(side, evse, transaction, 'Updated', 'MeterValuePeriodic', [value]);
  const seconds = side.model.int('SampledDataCtrlr.TxUpdatedInterval');
  side.host.timer(`sample:${evse.id}`, seconds > 0 ? side.host.now() + seconds * 1000 : undefined);
}

/** TxEndedInterval is over: kept for the Ended event. */
export function sampleEnded(side: Side2x, evse: Evse): void {
  const { transaction } = evse;
  if (transaction === undefined) return;
  keepForEnded(
    transaction,
    meterValue2x(side, evse, side.model.list('SampledDataCtrlr.TxEndedMeasurands'), 'Sample.Periodic'),
  );
  const seconds = side.model.int('SampledDataCtrlr.TxEndedInterval');
  side.host.timer(`ended:${evse.id}`, seconds > 0 ? side.host.now() + seconds * 1000 : undefined);
}

const MAX_KEPT = 200;

export function keepForEnded(transaction: Transaction, value: v21.MeterValueType | undefined): void {
  if (value === undefined) return;
  const kept = (transaction.wire['samples'] as v21.MeterValueType[] | undefined) ?? [];
  kept.push(value);
  transaction.wire['samples'] = kept.length <= MAX_KEPT ? kept : kept.filter((_, i) => i === 0 || i % 2 === 1);
}

export function armAligned(side: Side2x): void {
  const intervalMs = side.model.int('AlignedDataCtrlr.Interval') * 1000;
  if (intervalMs <= 0 || !side.model.bool('AlignedDataCtrlr.Enabled')) return side.host.timer('aligned', undefined);
  const now = side.host.now();
  const midnight = Math.floor(now / DAY_MS) * DAY_MS;
  side.host.timer(
    'aligned',
    Math.min(midnight + (Math.floor((now - midnight) / intervalMs) + 1) * intervalMs, midnight + DAY_MS),
  );
}

/** The clock-aligned grid: MeterValues for idle EVSEs, events of the transaction for others (J01.FR.14, FR.22). */
export function sampleAligned(side: Side2x): void {
  const measurands = side.model.list('AlignedDataCtrlr.Measurands');
  const idleOnly = side.model.bool('AlignedDataCtrlr.SendDuringIdle');
  const lane = side.model.bool('OCPPCommCtrlr.QueueAllMessages') ? 'transaction' : 'loose';
  const busy = side.core.evses.some((evse) => evse.transaction !== undefined);
  const main = busy && idleOnly ? undefined : mainValue2x(side, measurands, 'Sample.Clock');
  if (main !== undefined) side.send('MeterValues', { evseId: 0, meterValue: [main] }, lane);
  for (const evse of side.core.evses) {
    const { transaction } = evse;
    if (transaction !== undefined && idleOnly) continue;
    const value = meterValue2x(side, evse, measurands, 'Sample.Clock');
    if (value === undefined) continue;
    if (transaction !== undefined) transactionEvent(side, evse, transaction, 'Updated', 'MeterValueClock', [value]);
    else side.send('MeterValues', { evseId: evse.id, meterValue: [value] }, lane);
  }
  armAligned(side);
}
