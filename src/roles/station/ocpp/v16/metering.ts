import { DAY_MS, isoTime } from '../../../../core/time.ts';
import type { RequestOf } from '../../../../protocols/ocpp/messages.ts';
import type { KeyWithValue } from '../../security/meter-signing.ts';
import { meterUp } from '../../state/charging.ts';
import type { Evse, Transaction } from '../../state/evse.ts';
import { mainReadingsOf, type Reading, readingsOf } from '../../state/readings.ts';
import type { Side16 } from './side.ts';

export type MeterValue16 = RequestOf<'1.6', 'MeterValues'>['meterValue'][number];
type Sample = MeterValue16['sampledValue'][number];
const ENERGY = 'Energy.Active.Import.Register';
export type Context = NonNullable<Sample['context']>;

/** What an EVSE shows now, in 1.6 shape. Undefined when nothing of it can be measured: an empty list breaks the schema. */
export function meterValue16(
  side: Side16,
  evse: Evse,
  measurands: readonly string[],
  context: Context,
  transaction: Transaction | undefined = evse.transaction,
): MeterValue16 | undefined {
  meterUp(side.core, evse);
  const sampledValue = readingsOf(side.core, evse, measurands).map((reading) => sample(reading, context));
  if (sampledValue.length === 0) return undefined;
  const signed = signedSample(side, evse, measurands, context, transaction);
  if (signed !== undefined) sampledValue.push(signed);
  return { timestamp: isoTime(side.host.now()), sampledValue };
}

/** The register as the meter signs it, in a sample of its own (format SignedData; OCA application note). */
function signedSample(
  side: Side16,
  evse: Evse,
  measurands: readonly string[],
  context: Context,
  transaction: Transaction | undefined,
): Sample | undefined {
  const key = context === 'Sample.Clock' ? 'AlignedDataSignReadings' : 'SampledDataSignReadings';
  if (!side.configuration.bool(key) || !measurands.includes(ENERGY)) return undefined;
  const { vendor, model } = side.template;
  const { serialNumber, firmwareVersion } = side.host;
  const signed = side.meters.sign(
    evse,
    transaction,
    context,
    side.host.now(),
    { vendor, model, serialNumber, firmwareVersion },
    (side.configuration.text('PublicKeyWithSignedMeterValue') ?? 'Never') as KeyWithValue,
  );
  if (signed === undefined) return undefined;
  side.host.touched('extras');
  return {
    value: JSON.stringify({
      signedMeterData: Buffer.from(signed.ocmf, 'utf8').toString('base64'),
      signingMethod: '',
      encodingMethod: 'OCMF',
      publicKey: signed.publicKey,
    }),
    context,
    format: 'SignedData',
    measurand: ENERGY,
    location: 'Outlet',
    unit: 'Wh',
  };
}

function sample(reading: Reading, context: Context): Sample {
  const { measurand, phase, value, unit, location } = reading;
  return {
    value: String(value),
    context,
    measurand: measurand as NonNullable<Sample['measurand']>,
    ...(phase === undefined ? {} : { phase }),
    location: location ?? 'Outlet',
    // Frequency and Power.Factor have no unit; `Celcius` is the spelling that every 1.6 central system takes (E J 2.1).
    ...(unit === undefined || unit === 'Hz' ? {} : { unit: unit === 'Celsius' ? ('Celcius' as const) : unit }),
  };
}

/** What the meter at the station's door shows: connector 0 (1.6 §3.16). */
export function mainValue16(side: Side16, measurands: readonly string[], context: Context): MeterValue16 | undefined {
  for (const evse of side.core.evses) meterUp(side.core, evse);
  const sampledValue = mainReadingsOf(side.core, measurands).map((reading) => sample(reading, context));
  if (sampledValue.length === 0) return undefined;
  return { timestamp: isoTime(side.host.now()), sampledValue };
}

/** Number of the connector that a transaction runs on. */
export function connectorNumber(evse: Evse, transaction: Transaction | undefined): number {
  const connector = evse.connectors.find((one) => one.id === (transaction?.connectorId ?? 1));
  return connector?.number ?? evse.id;
}

/** Starts the sampling timer of a transaction (1.6 §3.16.2). */
export function armSampling(side: Side16, evse: Evse): void {
  const seconds = side.configuration.int('MeterValueSampleInterval');
  const running = evse.transaction !== undefined;
  side.host.timer(`sample:${evse.id}`, running && seconds > 0 ? side.host.now() + seconds * 1000 : undefined);
}

export function sampleTransaction(side: Side16, evse: Evse): void {
  const { transaction } = evse;
  if (transaction === undefined) return;
  const value = meterValue16(side, evse, side.configuration.list('MeterValuesSampledData'), 'Sample.Periodic');
  if (value !== undefined) sendMeterValue(side, evse, transaction, value);
  keepForStop(side, evse, transaction, 'StopTxnSampledData', 'Sample.Periodic');
  armSampling(side, evse);
  side.host.touched('transactions');
}

function sendMeterValue(side: Side16, evse: Evse, transaction: Transaction | undefined, value: MeterValue16): void {
  side.send(
    'MeterValues',
    {
      connectorId: connectorNumber(evse, transaction),
      // The number is filled in when the CSMS has told it; −1 if it never does (E 3.18).
      ...(transaction === undefined ? {} : { transactionId: transaction.number ?? -1 }),
      meterValue: [value],
    },
    'transaction',
    { droppable: true, ...(transaction === undefined ? {} : { transaction: transaction.id }) },
  );
}

/** The clock-aligned grid counts from midnight UTC (1.6 §9.1.6). */
export function armAligned(side: Side16): void {
  const intervalMs = side.configuration.int('ClockAlignedDataInterval') * 1000;
  if (intervalMs <= 0) return side.host.timer('aligned', undefined);
  const now = side.host.now();
  const midnight = Math.floor(now / DAY_MS) * DAY_MS;
  const next = midnight + (Math.floor((now - midnight) / intervalMs) + 1) * intervalMs;
  side.host.timer('aligned', Math.min(next, midnight + DAY_MS));
}

export function sampleAligned(side: Side16): void {
  const measurands = side.configuration.list('MeterValuesAlignedData');
  const main = mainValue16(side, measurands, 'Sample.Clock');
  if (main !== undefined)
    side.send('MeterValues', { connectorId: 0, meterValue: [main] }, 'transaction', { droppable: true });
  for (const evse of side.core.evses) {
    const { transaction } = evse;
    const value = meterValue16(side, evse, measurands, 'Sample.Clock');
    if (value !== undefined) sendMeterValue(side, evse, transaction, value);
    if (transaction !== undefined) keepForStop(side, evse, transaction, 'StopTxnAlignedData', 'Sample.Clock');
  }
  armAligned(side);
}

/** Collects what StopTransaction will carry; both lists empty means: nothing (1.6 §9.1.31). */
export function keepForStop(
  side: Side16,
  evse: Evse,
  transaction: Transaction,
  key: 'StopTxnSampledData' | 'StopTxnAlignedData',
  context: Context,
): void {
  const measurands = side.configuration.list(key);
  if (measurands.length === 0) return;
  const value = meterValue16(side, evse, measurands, context, transaction);
  if (value === undefined) return;
  const kept = (transaction.wire['samples'] as MeterValue16[] | undefined) ?? [];
  kept.push(value);
  transaction.wire['samples'] = thinned(kept, side.configuration.int('StopTransactionMaxMeterValues'));
}

/** Too many: every other intermediate value goes, never the first and the last (E 3.91). */
function thinned(values: MeterValue16[], max: number): MeterValue16[] {
  if (values.length <= max) return values;
  return values.filter((_, i) => i === 0 || i === values.length - 1 || i % 2 === 0);
}
