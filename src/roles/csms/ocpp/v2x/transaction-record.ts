import { parseTime } from '../../../../core/time.ts';
import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import { readingOf } from '../../state/meter.ts';
import type { TransactionReading, TransactionRecord } from '../../state/records.ts';
import type { InboundContext } from '../handler.ts';
import { reservationUsed } from '../reservations.ts';
import { goneWithTransaction } from '../transaction-end.ts';

/** The transaction of an event. It comes to exist by its first event, whatever that is. */
export function transactionOf(context: InboundContext, request: v21.TransactionEventRequest): TransactionRecord {
  const { state, station, version, now } = context;
  const { transactionId } = request.transactionInfo;
  const known = state.transactions.get(station, transactionId);
  if (known !== undefined) return known;
  const startedAt = parseTime(request.timestamp) ?? now;
  const transaction = state.transactions.create({ station, transactionId, version, startedAt });
  if (request.eventType !== 'Started') {
    state.transactions.remark(
      transaction,
      `Its first event here was ${request.eventType} (seqNo ${request.seqNo}), not Started`,
    );
  }
  return transaction;
}

/**
 * Writes what an event says into its transaction. Events of the past (`latest` false: from the station's queue, after
 * newer ones) add what is missing and leave the present state alone.
 */
export function applyEvent(
  context: InboundContext,
  transaction: TransactionRecord,
  request: v21.TransactionEventRequest,
  latest: boolean,
): void {
  const { state, now } = context;
  const at = parseTime(request.timestamp) ?? now;
  transaction.events += 1;
  if (request.offline === true) transaction.offlineEvents += 1;
  if (transaction.state === 'ended' && latest)
    state.transactions.remark(transaction, `${request.eventType} (seqNo ${request.seqNo}) came after Ended`);
  takePlace(context, transaction, request);
  takeIdentity(context, transaction, request);
  takeReadings(context, transaction, request);
  if (request.eventType === 'Started') begin(context, transaction, request, at);
  if (request.eventType === 'Ended') end(context, transaction, request, at);
  const { chargingState } = request.transactionInfo;
  if (latest && chargingState !== undefined && transaction.state === 'active')
    transaction.chargingState = chargingState;
  takeDetails(transaction, request, latest);
}

/** The EVSE stands in the first event after the EV is connected, and only there (E01.FR.16). */
function takePlace(
  { state }: InboundContext,
  transaction: TransactionRecord,
  { evse }: v21.TransactionEventRequest,
): void {
  if (evse === undefined) return;
  if (transaction.evse !== undefined && transaction.evse !== evse.id) {
    state.transactions.remark(transaction, `An event names EVSE ${evse.id}, an earlier one EVSE ${transaction.evse}`);
    return;
  }
  transaction.evse = evse.id;
  if (transaction.connector === undefined && evse.connectorId !== undefined) transaction.connector = evse.connectorId;
}

function takeIdentity(
  context: InboundContext,
  transaction: TransactionRecord,
  { idToken, reservationId, transactionInfo: { remoteStartId, transactionId } }: v21.TransactionEventRequest,
): void {
  const { state, station, now } = context;
  // The first token is the one that charges; another one later only stops (E07.FR.02).
  if (idToken !== undefined && transaction.idToken === undefined) {
    transaction.idToken = idToken.idToken;
    transaction.idTokenType = idToken.type;
  }
  if (reservationId !== undefined && transaction.reservationId === undefined) {
    transaction.reservationId = reservationId;
    reservationUsed(context, reservationId, transaction);
  }
  if (remoteStartId !== undefined && transaction.remoteStartId === undefined) {
    transaction.remoteStartId = remoteStartId;
    // The profile that came with the remote start now belongs to a transaction (F01).
    for (const item of state.items.all(station, 'profiles')) {
      if (item.value['remoteStartId'] !== remoteStartId) continue;
      const evse = transaction.evse === undefined ? {} : { evse: transaction.evse };
      state.items.put({ ...item, ...evse, at: now, value: { ...item.value, transactionId } });
    }
  }
}

function takeReadings(
  { state, station, now }: InboundContext,
  transaction: TransactionRecord,
  { meterValue = [] }: v21.TransactionEventRequest,
): void {
  state.transactions.addSigned(transaction, meterValue, now);
  for (const each of meterValue) {
    const reading = readingOf([each], now);
    if (reading === undefined || transaction.curve.some((known) => isSameReading(known, reading))) continue;
    state.transactions.addReading(transaction, reading);
    if (transaction.evse !== undefined) state.stations.putReading(station, transaction.evse, reading);
  }
}

/** Samples may come in an Updated and again in Ended (TxEndedInterval). */
function isSameReading(a: TransactionReading, b: TransactionReading): boolean {
  return a.at === b.at && a.energyWh === b.energyWh && a.powerW === b.powerW && a.context === b.context;
}

function begin(
  { state, station }: InboundContext,
  transaction: TransactionRecord,
  request: v21.TransactionEventRequest,
  at: number,
): void {
  if (transaction.startSeqNo !== undefined)
    state.transactions.remark(transaction, `A second Started event came (seqNo ${request.seqNo})`);
  transaction.startSeqNo ??= request.seqNo;
  transaction.startedAt = at;
  const first = energyOf(request, 'Transaction.Begin');
  if (first !== undefined) {
    transaction.meterStartWh = first;
    const last = transaction.meterStopWh ?? transaction.reading?.energyWh;
    if (last !== undefined) transaction.energyWh = last - first;
  }
  if (transaction.evse === undefined || transaction.state === 'ended') return;
  // E01.FR.14: one transaction per EVSE.
  for (const other of state.transactions.activeOn(station, transaction.evse)) {
    if (other.key === transaction.key) continue;
    state.transactions.remark(
      other,
      `Transaction ${transaction.transactionId} started on the same EVSE before this one was ended`,
    );
    state.transactions.save(other);
  }
}

function end(
  context: InboundContext,
  transaction: TransactionRecord,
  request: v21.TransactionEventRequest,
  at: number,
): void {
  transaction.state = 'ended';
  transaction.endedAt = at;
  // E06.FR.08/09: only Local may be left out.
  transaction.stoppedReason = request.transactionInfo.stoppedReason ?? 'Local';
  delete transaction.chargingState;
  const last = energyOf(request, 'Transaction.End') ?? transaction.reading?.energyWh;
  if (last !== undefined) {
    transaction.meterStopWh = last;
    if (transaction.meterStartWh !== undefined) transaction.energyWh = last - transaction.meterStartWh;
  }
  if ((transaction.energyWh ?? 0) < 0)
    context.state.transactions.remark(transaction, 'The meter at the end is below the meter at the start');
  goneWithTransaction(context, transaction);
}

/** The register in samples of a context: values of one instant may have several contexts. */
function energyOf({ meterValue = [] }: v21.TransactionEventRequest, context: string): number | undefined {
  for (const { timestamp, sampledValue } of meterValue) {
    const samples = sampledValue.filter((sample) => sample.context === context);
    const reading = samples.length === 0 ? undefined : readingOf([{ timestamp, sampledValue: samples }], 0);
    if (reading?.energyWh !== undefined) return reading.energyWh;
  }
  return undefined;
}

/** What has no member of its own, as last said; also limits, tariff and costs of 2.1 (E16, I07). */
function takeDetails(transaction: TransactionRecord, request: v21.TransactionEventRequest, latest: boolean): void {
  const { transactionInfo: info, costDetails } = request;
  const said = Object.entries({
    triggerReason: request.triggerReason,
    numberOfPhasesUsed: request.numberOfPhasesUsed,
    cableMaxCurrent: request.cableMaxCurrent,
    preconditioningStatus: request.preconditioningStatus,
    evseSleep: request.evseSleep,
    timeSpentCharging: info.timeSpentCharging,
    operationMode: info.operationMode,
    tariffId: info.tariffId,
    transactionLimit: info.transactionLimit,
    costDetails,
  }).filter(([, value]) => value !== undefined);
  const details = Object.fromEntries(said);
  transaction.details = latest ? { ...transaction.details, ...details } : { ...details, ...transaction.details };
  const { total } = costDetails?.totalCost ?? {};
  const cost = total?.inclTax ?? total?.exclTax;
  if (cost !== undefined && latest) transaction.totalCost = cost;
}
