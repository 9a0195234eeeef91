import { Collection } from '../../../storage/collection.ts';
import type { Database } from '../../../storage/database.ts';
import type { StationRecord, TokenRecord, TransactionRecord } from './records.ts';
import { type ItemIndex, type StationItem, StationItems } from './station-items.ts';
import { type StationIndex, Stations } from './stations.ts';
import { type TokenIndex, Tokens } from './tokens.ts';
import { type TransactionIndex, Transactions } from './transactions.ts';

/** The domain state of the CSMS: four durable collections in one database. */
export class CsmsState {
  readonly stations: Stations;
  readonly transactions: Transactions;
  readonly tokens: Tokens;
  readonly items: StationItems;

  constructor(database: Database) {
    this.stations = new Stations(
      new Collection<StationRecord, StationIndex>(database, {
        name: 'stations',
        key: (station) => station.id,
        index: {
          connected: (station) => isConnected(station),
          bootStatus: (station) => station.boot.status,
          firstSeenAt: (station) => station.firstSeenAt,
          vendor: (station) => station.info.vendor,
          model: (station) => station.info.model,
          firmware: (station) => station.info.firmware,
        },
        // Each more costs as much as the station itself when it connects; looking at all of them takes milliseconds.
        indexes: [['connected']],
        pinned: isConnected,
      }),
    );
    this.transactions = new Transactions(
      new Collection<TransactionRecord, TransactionIndex>(database, {
        name: 'transactions',
        key: (transaction) => transaction.key,
        index: {
          station: (transaction) => transaction.station,
          state: (transaction) => transaction.state,
          startedAt: (transaction) => transaction.startedAt,
          idToken: (transaction) => transaction.idToken?.toLowerCase(),
          transactionId: (transaction) => transaction.transactionId,
          number: (transaction) => Transactions.numberOf(transaction),
        },
        pinned: (transaction) => transaction.state === 'active',
      }),
    );
    this.tokens = new Tokens(
      new Collection<TokenRecord, TokenIndex>(database, {
        name: 'tokens',
        key: (token) => Tokens.keyOf(token),
        index: { status: (token) => token.status, type: (token) => token.type, groupId: (token) => token.groupId },
        cached: 10_000,
      }),
    );
    this.items = new StationItems(
      new Collection<StationItem, ItemIndex>(database, {
        name: 'station_items',
        key: (item) => StationItems.keyOf(item),
        index: {
          place: (item) => StationItems.placeOf(item.station, item.kind),
          kind: (item) => item.kind,
          at: (item) => item.at,
          evse: (item) => item.evse,
          status: (item) => item.status,
        },
        // Written by the hundred when a station reports itself: only what lists are asked by.
        indexes: [
          ['place', 'at'],
          ['kind', 'at'],
        ],
      }),
    );
  }
}

/** A station is connected when it connected after it last went away. */
export function isConnected(station: Pick<StationRecord, 'connectedAt' | 'disconnectedAt'>): boolean {
  return (
    station.connectedAt !== undefined && station.connectedAt > (station.disconnectedAt ?? Number.NEGATIVE_INFINITY)
  );
}
