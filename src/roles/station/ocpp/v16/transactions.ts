import { isoTime } from '../../../../core/time.ts';
import type { RequestOf } from '../../../../protocols/ocpp/messages.ts';
import { remember } from '../../state/driver.ts';
import type { Evse, Transaction } from '../../state/evse.ts';
import { refuseRunning } from '../../state/transactions.ts';
import { connectorNumber, keepForStop, type MeterValue16 } from './metering.ts';
import type { Side16 } from './side.ts';
import { idTag, tokenInfo16 } from './tokens.ts';

type StopReason = NonNullable<RequestOf<'1.6', 'StopTransaction'>['reason']>;

/** The core began a transaction: StartTransaction is queued with its original values (1.6 §4.8). */
export function startTransaction(side: Side16, evse: Evse, transaction: Transaction): void {
  keepForStop(side, evse, transaction, 'StopTxnSampledData', 'Transaction.Begin');
  side.send(
    'StartTransaction',
    {
      connectorId: connectorNumber(evse, transaction),
      idTag: wireTag(transaction),
      meterStart: transaction.meterStartWh,
      timestamp: isoTime(transaction.startedAtMs),
      ...(transaction.reservationId === undefined ? {} : { reservationId: transaction.reservationId }),
    },
    'transaction',
    { transaction: transaction.id, evseId: evse.id, idTag: wireTag(transaction) },
  );
}

function wireTag(transaction: Transaction): string {
  const value = transaction.token?.value ?? '';
  // Free vending has no card; an idTag must not be empty.
  return value === '' ? 'NoAuthorization' : value;
}

/** The CSMS named the transaction: everything that waits for the number gets it. */
export function startAnswered(
  side: Side16,
  payload: Readonly<Record<string, unknown>>,
  note: Readonly<Record<string, unknown>>,
): void {
  const number = Number(payload['transactionId']);
  const id = note['transaction'];
  side.host.outbox.forEachWaiting((waiting) => {
    if (waiting.note?.['transaction'] === id && waiting.payload['transactionId'] === -1)
      waiting.payload['transactionId'] = number;
  });
  side.host.touched('outbox');
  const info = tokenInfo16(payload['idTagInfo']);
  if (info !== undefined) remember(side.core, idTag(String(note['idTag'])), info);
  const evse = side.core.evse(Number(note['evseId']));
  const transaction = evse?.transaction;
  if (evse === undefined || transaction === undefined || transaction.id !== id) return;
  transaction.number = number;
  if (info?.group !== undefined) transaction.group = info.group;
  side.host.touched('transactions');
  if (info !== undefined && info.status !== 'Accepted') refuseRunning(side.core, evse, transaction);
}

/** The core ended a transaction. */
export function stopTransaction(side: Side16, evse: Evse, transaction: Transaction): void {
  keepForStop(side, evse, transaction, 'StopTxnSampledData', 'Transaction.End');
  const samples = transaction.wire['samples'] as MeterValue16[] | undefined;
  const reason = reason16(transaction.stoppedReason);
  side.send(
    'StopTransaction',
    {
      transactionId: transaction.number ?? -1,
      ...(transaction.stopToken === undefined ? {} : { idTag: transaction.stopToken.value }),
      meterStop: transaction.meterStopWh ?? transaction.meterStartWh,
      timestamp: isoTime(transaction.endedAtMs ?? side.host.now()),
      // Only Local may be left out (1.6 §4.10).
      ...(reason === 'Local' ? {} : { reason }),
      ...(samples === undefined || samples.length === 0 ? {} : { transactionData: samples }),
    },
    'transaction',
    {
      transaction: transaction.id,
      ...(transaction.stopToken === undefined ? {} : { idTag: transaction.stopToken.value }),
    },
  );
}

export function stopAnswered(
  side: Side16,
  payload: Readonly<Record<string, unknown>>,
  note: Readonly<Record<string, unknown>>,
): void {
  const info = tokenInfo16(payload['idTagInfo']);
  if (info !== undefined && typeof note['idTag'] === 'string') remember(side.core, idTag(note['idTag']), info);
  side.resetIfDrained();
}

const REASONS: readonly string[] = [
  'EmergencyStop',
  'EVDisconnected',
  'HardReset',
  'Local',
  'PowerLoss',
  'Reboot',
  'Remote',
  'SoftReset',
  'UnlockCommand',
  'DeAuthorized',
] satisfies StopReason[];

/** The core uses 2.x words; what 1.6 has no word for is Other. */
function reason16(reason: string | undefined): StopReason {
  if (reason === undefined || reason === 'MasterPass') return 'Local';
  return REASONS.includes(reason) ? (reason as StopReason) : 'Other';
}
