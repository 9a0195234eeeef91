import type { OcppVersion } from '../../../protocols/ocpp/versions.ts';
import type { Collection, Page } from '../../../storage/collection.ts';
import type { TransactionReading, TransactionRecord } from './records.ts';
import { signedValuesOf, withSigned } from './signed-values.ts';

export type TransactionIndex = 'station' | 'state' | 'startedAt' | 'idToken' | 'transactionId' | 'number';

/** Readings kept per transaction; when full, every other one goes, the first and the last stay. */
const MAX_CURVE = 400;
/** Remarks kept per transaction: a peer must not grow a record without end. */
const MAX_REMARKS = 20;
const MAX_MISSING = 200;

/**
 * Transactions of all stations. Running ones are in memory as working records. Whatever a station was answered is durable,
 * readings too: a station that was answered does not send them again.
 */
export class Transactions {
  readonly #collection: Collection<TransactionRecord, TransactionIndex>;
  readonly #byToken = new Map<string, Set<TransactionRecord>>();
  /** Running ones only: a fleet has thousands, a station has a few. */
  readonly #byStation = new Map<string, Set<TransactionRecord>>();
  #lastNumber: number;

  constructor(collection: Collection<TransactionRecord, TransactionIndex>) {
    this.#collection = collection;
    const [highest] = collection.list({ by: 'number', order: 'descending', limit: 1 }).items;
    this.#lastNumber = Math.max(0, (highest === undefined ? undefined : Transactions.numberOf(highest)) ?? 0);
    for (const record of collection.pinned()) {
      this.#indexToken(record);
      this.#indexStation(record);
    }
  }

  static keyOf(station: string, transactionId: string): string {
    return `${station}/${transactionId}`;
  }

  /** The number of a transaction whose id the CSMS gave (1.6); undefined for others. */
  static numberOf(record: TransactionRecord): number | undefined {
    return record.version === '1.6' ? Number(record.transactionId) : undefined;
  }

  get(station: string, transactionId: string | number): TransactionRecord | undefined {
    return this.#collection.get(Transactions.keyOf(station, String(transactionId)));
  }

  byKey(key: string): TransactionRecord | undefined {
    return this.#collection.get(key);
  }

  /** The next id for a 1.6 transaction: positive, unique over the life of this CSMS (a 31-bit number). */
  nextNumber(): number {
    this.#lastNumber += 1;
    return this.#lastNumber;
  }

  create(init: { station: string; transactionId: string; version: OcppVersion; startedAt: number }): TransactionRecord {
    const { station, transactionId } = init;
    const record: TransactionRecord = {
      ...init,
      key: Transactions.keyOf(station, transactionId),
      state: 'active',
      offlineEvents: 0,
      events: 0,
      remarks: [],
      curve: [],
    };
    this.#collection.put(record);
    this.#indexStation(record);
    return record;
  }

  /** Makes the record durable with this turn. */
  save(record: TransactionRecord): void {
    this.#indexToken(record);
    this.#indexStation(record);
    this.#collection.put(record);
  }

  addReading(record: TransactionRecord, reading: TransactionReading): void {
    // Values may come late or twice: the latest by the station's clock is the present one.
    if (record.reading === undefined || reading.at >= record.reading.at) {
      record.reading = { ...record.reading, ...reading };
      if (reading.energyWh !== undefined) {
        record.meterStartWh ??= reading.energyWh;
        record.energyWh = reading.energyWh - record.meterStartWh;
      }
    }
    // Events that waited in a station's queue come late: the curve stays in the order of its instants.
    if ((record.curve.at(-1)?.at ?? Number.NEGATIVE_INFINITY) <= reading.at) record.curve.push(reading);
    else
      record.curve.splice(
        record.curve.findIndex((each) => each.at > reading.at),
        0,
        reading,
      );
    if (record.curve.length > MAX_CURVE) {
      const last = record.curve.length - 1;
      record.curve = record.curve.filter((_, index) => index === 0 || index === last || index % 2 === 0);
    }
  }

  /** Keeps what the meter signed among these values, for those who bill. */
  addSigned(record: TransactionRecord, meterValues: Parameters<typeof signedValuesOf>[0], receivedAt: number): void {
    const more = signedValuesOf(meterValues, receivedAt);
    if (more.length > 0) record.signed = withSigned(record.signed, more);
  }

  remark(record: TransactionRecord, text: string): void {
    if (record.remarks.length < MAX_REMARKS && !record.remarks.includes(text)) record.remarks.push(text);
  }

  /**
   * Takes note of a 2.x sequence number. `duplicate`: it came before. Gaps are remembered until they close (E04: events may
   * arrive late, from the station's queue), also below the first number that came.
   */
  sequence(record: TransactionRecord, seqNo: number): 'next' | 'late' | 'duplicate' | 'gap' {
    const { firstSeqNo: first = record.lastSeqNo, lastSeqNo: last } = record;
    const missing = record.missingSeqNos ?? [];
    if (last === undefined || first === undefined) {
      record.firstSeqNo = seqNo;
      record.lastSeqNo = seqNo;
      return 'next';
    }
    if (seqNo > last) {
      record.missingSeqNos = withGap(missing, last, seqNo);
      record.lastSeqNo = seqNo;
      return seqNo === last + 1 ? 'next' : 'gap';
    }
    if (seqNo < first) {
      record.missingSeqNos = withGap(missing, seqNo, first);
      record.firstSeqNo = seqNo;
      return 'late';
    }
    if (!missing.includes(seqNo)) return 'duplicate';
    record.missingSeqNos = missing.filter((each) => each !== seqNo);
    return 'late';
  }

  /** Running transactions of a station, all or those on one EVSE. */
  activeOn(station: string, evse?: number): TransactionRecord[] {
    const found: TransactionRecord[] = [];
    for (const record of this.#byStation.get(station) ?? [])
      if (record.state === 'active' && (evse === undefined || record.evse === evse)) found.push(record);
    return found;
  }

  /** Running transactions of a token. */
  activeOf(idToken: string): TransactionRecord[] {
    return [...(this.#byToken.get(idToken.toLowerCase()) ?? [])].filter((record) => record.state === 'active');
  }

  page(
    where: { station?: string; state?: string; idToken?: string; transactionId?: string },
    limit: number,
    after: string | undefined,
  ): Page<TransactionRecord> {
    return this.#collection.list({
      where,
      by: 'startedAt',
      order: 'descending',
      limit,
      ...(after === undefined ? {} : { after }),
    });
  }

  count(where: { station?: string; state?: string } = {}): number {
    return this.#collection.count(where);
  }

  #indexStation(record: TransactionRecord): void {
    const known = this.#byStation.get(record.station);
    if (record.state === 'active') {
      if (known === undefined) this.#byStation.set(record.station, new Set([record]));
      else known.add(record);
    } else if (known?.delete(record) === true && known.size === 0) {
      this.#byStation.delete(record.station);
    }
  }

  #indexToken(record: TransactionRecord): void {
    const key = record.idToken?.toLowerCase();
    if (key === undefined) return;
    const records = this.#byToken.get(key);
    if (record.state === 'active') {
      if (records === undefined) this.#byToken.set(key, new Set([record]));
      else records.add(record);
    } else if (records?.delete(record) === true && records.size === 0) this.#byToken.delete(key);
  }
}

/** The missing numbers, with those between two that came. */
function withGap(missing: readonly number[], low: number, high: number): number[] {
  const all = [...missing];
  for (let skipped = low + 1; skipped < high && all.length < MAX_MISSING; skipped++) all.push(skipped);
  return all;
}
