import { isoTime } from '../../../../core/time.ts';
import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import { flowAt } from '../../physical/meter.ts';
import type { Trigger } from '../../state/core.ts';
import { remember } from '../../state/driver.ts';
import type { Evse, Transaction, TransactionLimits } from '../../state/evse.ts';
import { refresh, refuseRunning } from '../../state/transactions.ts';
import { armCost, costPart, costTold } from './local-cost.ts';
import { armSampling, keepForEnded, meterValue2x } from './metering.ts';
import type { Side2x } from './side.ts';
import { tokenInfo2x, wireToken } from './tokens.ts';
import type { Request } from './wire.ts';

type Event = Request<'TransactionEvent'>;

/** The core began a transaction (2.0.1 E01, E02, E03). */
export function started(side: Side2x, evse: Evse, transaction: Transaction, trigger: Trigger): void {
  const begin = meterValue2x(side, evse, side.model.list('SampledDataCtrlr.TxStartedMeasurands'), 'Transaction.Begin');
  if (side.model.int('SampledDataCtrlr.TxEndedInterval') > 0) {
    keepForEnded(
      transaction,
      meterValue2x(side, evse, side.model.list('SampledDataCtrlr.TxEndedMeasurands'), 'Transaction.Begin'),
    );
  }
  transactionEvent(side, evse, transaction, 'Started', trigger, begin === undefined ? [] : [begin]);
  armSampling(side, evse);
}

export function updated(side: Side2x, evse: Evse, transaction: Transaction, trigger: Trigger): void {
  transactionEvent(side, evse, transaction, 'Updated', trigger, []);
}

export function ended(side: Side2x, evse: Evse, transaction: Transaction, trigger: Trigger): void {
  side.host.timer(`sample:${evse.id}`, undefined);
  side.host.timer(`ended:${evse.id}`, undefined);
  side.host.timer(`cost:${evse.id}`, undefined);
  keepForEnded(
    transaction,
    meterValue2x(side, evse, side.model.list('SampledDataCtrlr.TxEndedMeasurands'), 'Transaction.End', transaction),
  );
  const samples = (transaction.wire['samples'] as v21.MeterValueType[] | undefined) ?? [];
  transactionEvent(side, evse, transaction, 'Ended', trigger, samples);
}

/** Queues one TransactionEvent with what belongs into this one and no other (2.0.1 §1.5 of block E). */
export function transactionEvent(
  side: Side2x,
  evse: Evse,
  transaction: Transaction,
  eventType: Event['eventType'],
  triggerReason: Event['triggerReason'],
  meterValue: v21.MeterValueType[],
  more: Partial<v21.TransactionType> = {},
): void {
  const { wire } = transaction;
  const now = side.host.now();
  const offline = !side.host.online;
  const idToken = tokenFor(transaction, eventType, triggerReason);
  const firstAfterConnect = transaction.connectorId !== undefined && wire['evseTold'] !== true;
  const firstRemote = transaction.remoteStartId !== undefined && wire['remoteTold'] !== true;
  const firstReservation = transaction.reservationId !== undefined && wire['reservationTold'] !== true;
  const phases = phasesUsed(evse, transaction, now);
  const { tariffId, costDetails } = costPart(
    side,
    evse,
    transaction,
    eventType === 'Ended' || triggerReason === 'RunningCost' || triggerReason === 'CostLimitReached',
  );
  const event: Event = {
    eventType,
    triggerReason,
    timestamp: isoTime(eventType === 'Started' ? transaction.startedAtMs : (transaction.endedAtMs ?? now)),
    seqNo: transaction.seqNo++,
    ...(offline ? { offline: true } : {}),
    transactionInfo: {
      transactionId: transaction.id,
      chargingState: transaction.chargingState,
      ...(transaction.chargedMs > 0 ? { timeSpentCharging: Math.floor(transaction.chargedMs / 1000) } : {}),
      // May be absent only for Local (E06.FR.08).
      ...(eventType === 'Ended' ? { stoppedReason: (transaction.stoppedReason ?? 'Local') as v21.ReasonEnumType } : {}),
      ...(firstRemote ? { remoteStartId: transaction.remoteStartId ?? 0 } : {}),
      ...(tariffId === undefined ? {} : { tariffId }),
      ...more,
    },
    ...(firstAfterConnect ? { evse: { id: evse.id, connectorId: transaction.connectorId ?? 1 } } : {}),
    ...(idToken === undefined ? {} : { idToken: wireToken(idToken) }),
    ...(firstReservation ? { reservationId: transaction.reservationId ?? 0 } : {}),
    ...(phases === undefined ? {} : { numberOfPhasesUsed: phases }),
    ...(meterValue.length === 0 ? {} : { meterValue }),
    ...(costDetails === undefined ? {} : { costDetails }),
  };
  if (firstAfterConnect) wire['evseTold'] = true;
  if (firstRemote) wire['remoteTold'] = true;
  if (firstReservation) wire['reservationTold'] = true;
  side.send('TransactionEvent', event, 'transaction', {
    transaction: transaction.id,
    evseId: evse.id,
    ...(idToken === undefined ? {} : { token: idToken }),
    ...(eventType === 'Updated' ? { droppable: true } : {}),
  });
  side.host.touched('transactions');
}

/** The token that starts goes into the first event after authorization, the one that stops into the event of the stop. */
function tokenFor(
  transaction: Transaction,
  eventType: Event['eventType'],
  trigger: Event['triggerReason'],
): Transaction['token'] {
  const { wire } = transaction;
  if (
    transaction.stopToken !== undefined &&
    wire['stopTokenTold'] !== true &&
    (eventType === 'Ended' || trigger === 'StopAuthorized')
  ) {
    wire['stopTokenTold'] = true;
    wire['tokenTold'] = true;
    return transaction.stopToken;
  }
  if (transaction.token !== undefined && wire['tokenTold'] !== true && eventType !== 'Ended') {
    wire['tokenTold'] = true;
    return transaction.token;
  }
  return undefined;
}

/** Told when energy starts to flow and when it changes (E02.FR.18, FR.19). */
function phasesUsed(evse: Evse, transaction: Transaction, now: number): number | undefined {
  if (transaction.chargingState !== 'Charging' || evse.path.rating.dc) return undefined;
  const { phases } = flowAt(evse.path, now);
  if (phases === 0 || transaction.wire['phases'] === phases) return undefined;
  transaction.wire['phases'] = phases;
  return phases;
}

/** The CSMS answered an event. */
export function eventAnswered(
  side: Side2x,
  payload: Readonly<Record<string, unknown>>,
  note: Readonly<Record<string, unknown>>,
): void {
  const answer = payload as unknown as v21.TransactionEventResponse;
  const info = tokenInfo2x(answer.idTokenInfo);
  const token = note['token'] as { value: string; type: string } | undefined;
  if (info !== undefined && token !== undefined) remember(side.core, token, withCacheLife(side, info));
  if (answer.totalCost !== undefined)
    side.host.happened('cost', { transactionId: note['transaction'], totalCost: answer.totalCost });
  const message = answer.updatedPersonalMessage ?? answer.idTokenInfo?.personalMessage;
  if (message !== undefined) side.host.happened('personal-message', { content: message.content });
  const evse = side.core.evse(Number(note['evseId']));
  const transaction = evse?.transaction;
  if (evse !== undefined && transaction !== undefined && transaction.id === note['transaction']) {
    if (info?.group !== undefined && token !== undefined && transaction.token?.value === token.value)
      transaction.group = info.group;
    if (answer.totalCost !== undefined) costTold(side, evse, transaction, answer.totalCost);
    if (answer.transactionLimit !== undefined) setLimits(side, evse, transaction, answer.transactionLimit);
    if (info !== undefined && info.status !== 'Accepted') refuseRunning(side.core, evse, transaction);
  }
  side.resetIfDrained();
}

/** Without an expiry of its own an answer lives AuthCacheLifeTime (E C10.FR.10). */
export function withCacheLife(side: Side2x, info: NonNullable<ReturnType<typeof tokenInfo2x>>): typeof info {
  const lifeS = side.model.int('AuthCacheCtrlr.LifeTime');
  return info.expiryMs !== undefined || lifeS <= 0 ? info : { ...info, expiryMs: side.host.now() + lifeS * 1000 };
}

/** 2.1: the CSMS limits the transaction; the station confirms it once with LimitSet (E16, F07). */
function setLimits(side: Side2x, evse: Evse, transaction: Transaction, limit: v21.TransactionLimitType): void {
  const limits: TransactionLimits = {
    ...(limit.maxEnergy === undefined ? {} : { maxEnergyWh: limit.maxEnergy }),
    ...(limit.maxTime === undefined ? {} : { maxTimeS: limit.maxTime }),
    ...(limit.maxSoC === undefined ? {} : { maxSoC: limit.maxSoC }),
    ...(limit.maxCost === undefined ? {} : { maxCost: limit.maxCost }),
  };
  if (JSON.stringify(limits) === JSON.stringify(transaction.limits)) return;
  transaction.limits = limits;
  transactionEvent(side, evse, transaction, 'Updated', 'LimitSet', [], { transactionLimit: limit });
  armCost(side, evse, transaction);
  refresh(side.core, evse);
}
