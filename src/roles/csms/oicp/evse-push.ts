import type { OicpOutcome } from '../../../link/oicp-client.ts';
import type { OicpOutbox, OutboxItem } from '../../../link/oicp-outbox.ts';
import type { OperationBodies } from '../../../protocols/oicp/index.ts';
import { isConnected } from '../state/csms-state.ts';
import type { StationRecord } from '../state/records.ts';
import type { CpoContext } from './cpo-context.ts';
import { type EvseStatus, evseDataRecord, statusOfEvse } from './evse-data.ts';
import type { EvseMapEntry } from './evse-map.ts';
import { recordFaults } from './evse-record-check.ts';

/** Data before status, one after another: a hub refuses parallel pushes and the status of an unknown EVSE (009). */
const LANE = 'evse';
/** Stations report their connectors one by one: what comes within this time is one push. */
const GATHER_MS = 500;
/** A station that is away for less keeps its last status. */
const AWAY_MS = 30_000;

/** What the hub was told of an EVSE, or will be told by what waits. */
interface Told {
  readonly data: string;
  readonly status: EvseStatus;
}

/** Tells the hub about EVSEs: everything at first, then what changed. */
export class EvsePush {
  readonly #context: CpoContext;
  readonly #outbox: () => OicpOutbox;
  readonly #bodies: OperationBodies;
  readonly #told = new Map<string, Told>();
  /** By EVSE, the record that was checked last, and why it may not be sent. */
  readonly #checked = new Map<string, { readonly data: string; readonly fault: string | undefined }>();
  #isLoaded = false;
  #isGathering = false;

  constructor(context: CpoContext, outbox: () => OicpOutbox, bodies: OperationBodies) {
    this.#context = context;
    this.#outbox = outbox;
    this.#bodies = bodies;
  }

  /** What the hub was told last about an EVSE. */
  told(evseId: string): EvseStatus | undefined {
    return this.#told.get(evseId)?.status;
  }

  /** Tells everything anew; what waits is out of date by then. */
  fullLoad(): void {
    const outbox = this.#outbox();
    // The first one may be under way: it is delivered before.
    for (const item of outbox.waiting()) if (item.lane === LANE) outbox.remove(item.key);
    this.#told.clear();
    const entries = this.#entries();
    for (const entry of entries) this.#note(entry);
    this.#isLoaded = true;
    this.#pushData('fullLoad', entries);
    this.#pushStatus('fullLoad', entries);
  }

  /** Soon: compares what there is with what the hub was told. */
  soon(): void {
    if (this.#isGathering || !this.#context.config.enabled) return;
    this.#isGathering = true;
    this.#context.after(GATHER_MS, () => {
      this.#isGathering = false;
      this.#compare();
    });
  }

  /** A station came, went or was forgotten. */
  stationChanged(station: string): void {
    const record = this.#context.csms.state.stations.get(station);
    this.soon();
    if (record !== undefined && !isConnected(record)) this.#context.after(AWAY_MS, () => this.soon());
  }

  /** One status at once, one record (CPO-PS-01); an EVSE that the hub does not know yet comes with its data. */
  connectorChanged(station: string, evse: number): void {
    const entry = this.#context.evses.at(station, evse);
    if (evse === 0 || entry === undefined || !this.#told.has(entry.evseId)) return this.soon();
    this.#tellStatus(entry);
  }

  /** What the hub answered. */
  answered({ lane, subject, attempts }: OutboxItem, outcome: OicpOutcome): void {
    if (lane !== LANE || outcome.kind === 'ok') return;
    const { reason } = outcome;
    const code = outcome.kind === 'refused' ? ` ${outcome.code}` : '';
    this.#context.finding({
      rule: 'cpo.push.refused',
      severity: 'warning',
      axis: 'consistency',
      party: 'csms',
      text: `The hub did not take ${subject} (${attempts} tries): ${outcome.kind}${code} ${reason}`.trim(),
    });
    // The hub's store is not what we believed: everything is told anew, unless that was it (CPO-PD-09).
    if (outcome.kind === 'refused' && outcome.code === '009' && !subject.endsWith('fullLoad')) this.fullLoad();
  }

  #compare(): void {
    const entries = this.#entries();
    if (!this.#isLoaded) {
      // Nothing is known yet: an empty load would only delete.
      if (entries.length > 0) this.fullLoad();
      return;
    }
    const known = new Set(entries.map(({ evseId }) => evseId));
    const gone = [...this.#told.keys()].filter((evseId) => !known.has(evseId));
    const added = entries.filter(({ evseId }) => !this.#told.has(evseId));
    const changed = entries.filter((entry) => {
      const told = this.#told.get(entry.evseId);
      return told !== undefined && told.data !== this.#data(entry);
    });
    for (const evseId of gone) {
      this.#push('PushEvseData', 'delete', `data:${evseId} delete`, {
        ActionType: 'delete',
        OperatorEvseData: {
          ...this.#operator(),
          EvseDataRecord: [JSON.parse(this.#told.get(evseId)?.data ?? '{}')],
        },
      });
      this.#told.delete(evseId);
    }
    if (added.length > 0) {
      for (const entry of added) this.#note(entry);
      this.#pushData('insert', added);
      this.#pushStatus('insert', added);
    }
    if (changed.length > 0) {
      for (const entry of changed) this.#note(entry, this.#told.get(entry.evseId)?.status);
      this.#pushData('update', changed);
    }
    for (const entry of entries) this.#tellStatus(entry);
  }

  #tellStatus(entry: EvseMapEntry): void {
    const told = this.#told.get(entry.evseId);
    const status = this.#status(entry);
    if (told === undefined || told.status === status || !entry.published) return;
    this.#told.set(entry.evseId, { ...told, status });
    this.#forgetOlder(entry.evseId);
    this.#pushStatus('update', [entry]);
  }

  /** While the hub is away only the last status of an EVSE waits. The first of the lane keeps the back-off. */
  #forgetOlder(evseId: string): void {
    const outbox = this.#outbox();
    const waiting = outbox.waiting().filter(({ lane }) => lane === LANE);
    if ((waiting[0]?.attempts ?? 0) === 0) return;
    for (const { key, subject } of waiting.slice(1)) if (subject === `status:${evseId}`) outbox.remove(key);
  }

  /** Every EVSE that stations have, or that is mapped, that is offered, and whose record a hub may be told. */
  #entries(): EvseMapEntry[] {
    const { csms, evses } = this.#context;
    for (const station of csms.state.stations.all()) {
      for (const { id } of station.evses) if (id > 0) evses.ensure(station.id, id);
    }
    return evses
      .all()
      .filter(
        (entry) =>
          entry.published && (entry.source === 'set' || this.#station(entry) !== undefined) && this.#mayBeSent(entry),
      );
  }

  /** A record that breaks its schema is never sent (CPO-PD-03 to 07): the hub would refuse all the others with it. */
  #mayBeSent(entry: EvseMapEntry): boolean {
    const { evseId } = entry;
    const data = this.#data(entry);
    const known = this.#checked.get(evseId);
    if (known?.data === data) return known.fault === undefined;
    const [first] = recordFaults(JSON.parse(data), this.#context.config, this.#bodies);
    const fault = first && `${first.pointer} ${first.text}`;
    this.#checked.set(evseId, { data, fault });
    if (fault === undefined) return true;
    if (fault === known?.fault) return false;
    this.#context.finding({
      rule: 'cpo.record.invalid',
      severity: 'error',
      axis: 'conformance',
      party: 'csms',
      text: `${evseId} is not told to the hub: ${fault}`,
    });
    return false;
  }

  #station({ station }: EvseMapEntry): StationRecord | undefined {
    return this.#context.csms.state.stations.get(station);
  }

  #data(entry: EvseMapEntry): string {
    return JSON.stringify(evseDataRecord(entry, this.#station(entry), this.#context.config));
  }

  #status(entry: EvseMapEntry): EvseStatus {
    const station = this.#station(entry);
    if (station === undefined) return 'Unknown';
    if (!isConnected(station)) {
      const awayMs = this.#context.now() - (station.disconnectedAt ?? Number.NEGATIVE_INFINITY);
      if (awayMs >= AWAY_MS) return 'Unknown';
    }
    const status = statusOfEvse(station, entry.evse);
    const isReserved = this.#context.sessions
      .openAt(entry.station)
      .some(({ state, evse }) => state === 'reserved' && evse === entry.evse);
    return isReserved && status === 'Available' ? 'Reserved' : status;
  }

  #note(entry: EvseMapEntry, status = this.#status(entry)): void {
    this.#told.set(entry.evseId, { data: this.#data(entry), status });
  }

  #operator(): { readonly OperatorID: string; readonly OperatorName: string } {
    const { operatorId, operatorName } = this.#context.config;
    return { OperatorID: operatorId, OperatorName: operatorName };
  }

  #pushData(action: 'fullLoad' | 'insert' | 'update', entries: readonly EvseMapEntry[]): void {
    this.#push('PushEvseData', action, `data ${action}`, {
      ActionType: action,
      OperatorEvseData: {
        ...this.#operator(),
        EvseDataRecord: entries.map((entry) => JSON.parse(this.#told.get(entry.evseId)?.data ?? '{}')),
      },
    });
  }

  #pushStatus(action: 'fullLoad' | 'insert' | 'update', entries: readonly EvseMapEntry[]): void {
    const [first] = entries;
    const subject = action === 'update' && first !== undefined ? `status:${first.evseId}` : `status ${action}`;
    this.#push('PushEvseStatus', action, subject, {
      ActionType: action,
      OperatorEvseStatus: {
        ...this.#operator(),
        EvseStatusRecord: entries.map(({ evseId }) => ({
          EvseID: evseId,
          EvseStatus: this.#told.get(evseId)?.status ?? 'Unknown',
        })),
      },
    });
  }

  #push(operation: 'PushEvseData' | 'PushEvseStatus', action: string, subject: string, body: object): void {
    this.#context.later({
      operation,
      params: { operatorID: this.#context.config.operatorId },
      lane: LANE,
      subject: action === 'fullLoad' && !subject.endsWith('fullLoad') ? `${subject} fullLoad` : subject,
      // The records were made by `evseDataRecord`; entries of users were checked when they were set.
      body: body as never,
    });
  }
}
