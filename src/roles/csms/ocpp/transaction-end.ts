import type { TransactionRecord } from '../state/records.ts';
import type { StationItem } from '../state/station-items.ts';
import type { InboundContext } from './handler.ts';

/**
 * What a transaction takes with it when it ends: its charging profiles (2.x K02.FR.05) and display messages (O05). A
 * remote start's profile has no transaction id before the transaction comes.
 */
export function goneWithTransaction(context: InboundContext, transaction: TransactionRecord): void {
  const { state, station, services } = context;
  for (const kind of ['profiles', 'messages'] as const) {
    for (const item of state.items.all(station, kind)) {
      if (!belongsTo(item, transaction)) continue;
      state.items.delete(station, kind, item.id);
      services.changed({ what: 'item', station, kind, id: item.id });
    }
  }
}

function belongsTo({ value }: StationItem, transaction: TransactionRecord): boolean {
  if (value['transactionId'] !== undefined) return String(value['transactionId']) === transaction.transactionId;
  return transaction.remoteStartId !== undefined && value['remoteStartId'] === transaction.remoteStartId;
}
