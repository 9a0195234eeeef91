import type { ChargeDetailRecord, ChargingNotification } from '../../../protocols/oicp/index.ts';
import { dateTimeText } from '../../../protocols/oicp/index.ts';
import type { TransactionRecord } from '../state/records.ts';
import { correlationOf, type RoamingSession } from './roaming-sessions.ts';

/** Meter values between start and end that a record carries at most. */
const MAX_BETWEEN = 20;
const MAX_SIGNED_TEXT = 3_000;

/** Energies are whole Wh inside, so that kWh has three decimals and the difference of the meter values is exact. */
interface Meter {
  readonly startWh?: number;
  readonly endWh?: number;
  readonly consumedWh: number;
}

/** Minutes of `UTC+01:00`. */
export function offsetOfTimeZone(timeZone: string): number {
  const [, sign = '+', hours = '0', minutes = '0'] = /^UTC([+-])(\d{2}):(\d{2})$/.exec(timeZone) ?? [];
  const distance = Number(hours) * 60 + Number(minutes);
  return sign === '-' ? -distance : distance;
}

export function kWh(wh: number): number {
  return Math.round(wh) / 1_000;
}

function meterOf({ meterStartWh, meterStopWh, energyWh = 0, reading }: TransactionRecord): Meter {
  const endWh = meterStopWh ?? reading?.energyWh;
  if (meterStartWh === undefined || endWh === undefined) return { consumedWh: Math.max(0, Math.round(energyWh)) };
  const startWh = Math.round(meterStartWh);
  const lastWh = Math.round(endWh);
  // A meter that ran backwards is no ground to bill: such a record has no meter values.
  return lastWh < startWh ? { consumedWh: 0 } : { startWh, endWh: lastWh, consumedWh: lastWh - startWh };
}

/** What is in between, rising from start to end, thinned out. */
function betweenWh({ curve }: TransactionRecord, { startWh = 0, endWh = 0 }: Meter): number[] {
  const values: number[] = [];
  for (const { energyWh } of curve.slice(1, -1)) {
    const value = energyWh === undefined ? undefined : Math.round(energyWh);
    if (value !== undefined && value > (values.at(-1) ?? startWh) && value < endWh) values.push(value);
  }
  const step = Math.max(1, Math.ceil(values.length / MAX_BETWEEN));
  return values.filter((_, index) => index % step === 0);
}

export interface MessageSurroundings {
  readonly operatorId: string;
  readonly nowMs: number;
  readonly offsetMinutes: number;
}

/** How far a station's clock is ahead of ours: its times are moved back by that, since a hub refuses the future (022). */
export function aheadMs({ endedAt = 0 }: TransactionRecord, nowMs: number): number {
  return Math.max(0, endedAt - nowMs);
}

/** The record of a transaction. Times are the station's, in the order that they must have; one record per session. */
export function cdrOf(
  session: RoamingSession,
  transaction: TransactionRecord,
  { nowMs, offsetMinutes }: MessageSurroundings,
): ChargeDetailRecord {
  const ahead = aheadMs(transaction, nowMs);
  const endMs = (transaction.endedAt ?? nowMs) - ahead;
  const startMs = Math.min(transaction.startedAt - ahead, endMs);
  const chargingMs = Math.min(Math.max((session.chargingStartMs ?? transaction.startedAt) - ahead, startMs), endMs);
  const meter = meterOf(transaction);
  const between = betweenWh(transaction, meter);
  const at = (ms: number): string => dateTimeText(ms, offsetMinutes);
  return {
    ...correlationOf(session),
    ...(session.productId === undefined ? {} : { PartnerProductID: session.productId }),
    EvseID: session.evseId ?? '',
    Identification: session.identification,
    SessionStart: at(startMs),
    ChargingStart: at(chargingMs),
    ChargingEnd: at(endMs),
    SessionEnd: at(endMs),
    ConsumedEnergy: kWh(meter.consumedWh),
    ...(meter.startWh === undefined || meter.endWh === undefined
      ? {}
      : { MeterValueStart: kWh(meter.startWh), MeterValueEnd: kWh(meter.endWh) }),
    ...(between.length === 0 ? {} : { MeterValueInBetween: { meterValues: between.map(kWh) } }),
    ...signedPart(transaction),
  };
}

/** What the meter signed, with the key to verify it (CPO-CD-05). A text that is too long for OICP cannot be passed on. */
function signedPart({ signed = [] }: TransactionRecord): Partial<ChargeDetailRecord> {
  const values = signed.filter(({ text }) => text.length <= MAX_SIGNED_TEXT);
  if (values.length === 0) return {};
  const publicKey = values.find((value) => value.publicKey !== undefined)?.publicKey;
  const encoding = values.find((value) => value.encoding !== undefined)?.encoding;
  const verification = {
    ...(publicKey === undefined || publicKey.length > 1_000 ? {} : { PublicKey: publicKey }),
    ...(encoding === undefined ? {} : { MeteringSignatureEncodingFormat: encoding.slice(0, 50) }),
  };
  return {
    SignedMeteringValues: values.map(({ part, text }) => ({ SignedMeteringValue: text, MeteringStatus: part })),
    ...(Object.keys(verification).length === 0 ? {} : { CalibrationLawVerificationInfo: verification }),
  };
}

/** The record of a reservation that is over: no energy (OICP 2.3 demands one after every ReservationStop). */
export function reservationCdr(session: RoamingSession, around: MessageSurroundings): ChargeDetailRecord {
  const at = (ms: number): string => dateTimeText(ms, around.offsetMinutes);
  const end = at(Math.max(session.createdMs, around.nowMs));
  return {
    ...correlationOf(session),
    ...(session.productId === undefined ? {} : { PartnerProductID: session.productId }),
    EvseID: session.evseId ?? '',
    Identification: session.identification,
    SessionStart: at(session.createdMs),
    ChargingStart: end,
    ChargingEnd: end,
    SessionEnd: end,
    ConsumedEnergy: 0,
  };
}

/** Start: energy flows. */
export function startNotification(
  session: RoamingSession,
  transaction: TransactionRecord,
  around: MessageSurroundings,
): ChargingNotification {
  const { meterStartWh, startedAt } = transaction;
  return {
    Type: 'Start',
    ...head(session, around),
    SessionStart: dateTimeText(startedAt, around.offsetMinutes),
    ChargingStart: dateTimeText(session.chargingStartMs ?? startedAt, around.offsetMinutes),
    ...(meterStartWh === undefined ? {} : { MeterValueStart: kWh(meterStartWh) }),
  };
}

/** Progress: `ChargingDuration` is the difference of the two times that it carries, in ms. */
export function progressNotification(
  session: RoamingSession,
  transaction: TransactionRecord,
  around: MessageSurroundings,
): ChargingNotification {
  const { startedAt, energyWh = 0, reading } = transaction;
  const second = (ms: number): number => Math.floor(ms / 1_000) * 1_000;
  const startMs = second(session.chargingStartMs ?? startedAt);
  const atMs = Math.max(startMs, second(reading?.at ?? around.nowMs));
  return {
    Type: 'Progress',
    ...head(session, around),
    ChargingStart: dateTimeText(startMs, around.offsetMinutes),
    EventOccurred: dateTimeText(atMs, around.offsetMinutes),
    ChargingDuration: atMs - startMs,
    ConsumedEnergyProgress: kWh(Math.max(0, energyWh)),
  };
}

/** End: in the words of the record that follows it. */
export function endNotification(
  session: RoamingSession,
  cdr: ChargeDetailRecord,
  around: MessageSurroundings,
): ChargingNotification {
  return {
    Type: 'End',
    ...head(session, around),
    ChargingStart: cdr.ChargingStart,
    ChargingEnd: cdr.ChargingEnd,
    SessionStart: cdr.SessionStart,
    SessionEnd: cdr.SessionEnd,
    ConsumedEnergy: cdr.ConsumedEnergy,
    ...(cdr.MeterValueStart === undefined ? {} : { MeterValueStart: cdr.MeterValueStart }),
    ...(cdr.MeterValueEnd === undefined ? {} : { MeterValueEnd: cdr.MeterValueEnd }),
  };
}

export function errorNotification(
  session: RoamingSession,
  type: 'ConnectorError' | 'CriticalError',
  info: string,
  around: MessageSurroundings,
): ChargingNotification {
  return { Type: 'Error', ...head(session, around), ErrorType: type, ErrorAdditionalInfo: info.slice(0, 250) };
}

function head(session: RoamingSession, { operatorId }: MessageSurroundings) {
  return {
    ...correlationOf(session),
    Identification: session.identification,
    EvseID: session.evseId ?? '',
    OperatorID: operatorId,
  };
}
