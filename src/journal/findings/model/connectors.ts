import { parseTime } from '../../../core/time.ts';
import type { Observation } from '../observation.ts';
import { isObject, listAt, numberAt, textAt } from '../payload-reader.ts';

/** The latest that a station has said about a connector. */
export interface ConnectorStatus {
  readonly status: string;
  readonly errorCode: string;
  readonly info: string;
  /** As the station dated it; undefined when it did not. */
  readonly timestamp: number | undefined;
  readonly at: number;
  readonly seq: number;
  /** When this status began, as seen at the tap. */
  readonly since: number;
  readonly link: number;
  /** How many messages in a row, this one included, were dated before their connection and told of no error. */
  readonly replayed: number;
}

const LIMIT = 500;

/** Status of connectors: `1` for connector 1 of 1.6 (`0` is the charge point), `1/2` for EVSE 1 connector 2 of 2.x. */
export class Connectors {
  readonly #statuses = new Map<string, ConnectorStatus>();
  /** The highest connectorId of 1.6 that was seen. */
  highest = 0;

  get(key: string | number): ConnectorStatus | undefined {
    return this.#statuses.get(String(key));
  }

  get keys(): readonly string[] {
    return [...this.#statuses.keys()];
  }

  entries(): IterableIterator<[string, ConnectorStatus]> {
    return this.#statuses.entries();
  }

  update(o: Observation): void {
    if (o.action === 'StatusNotification') {
      if (o.link.version === '1.6') this.#status16(o);
      else this.#status2x(o);
    } else if (o.action === 'NotifyEvent') {
      for (const [key, status] of availabilityStates(o.payload)) this.#put(o, key, status);
    }
  }

  #status16(o: Observation): void {
    const connector = numberAt(o.payload, 'connectorId');
    const status = textAt(o.payload, 'status');
    if (connector === undefined || status === undefined) return;
    this.highest = Math.max(this.highest, connector);
    this.#put(o, String(connector), status);
  }

  #status2x(o: Observation): void {
    const [evse, connector] = [numberAt(o.payload, 'evseId'), numberAt(o.payload, 'connectorId')];
    const status = textAt(o.payload, 'connectorStatus');
    if (evse !== undefined && connector !== undefined && status !== undefined)
      this.#put(o, `${evse}/${connector}`, status);
  }

  #put(o: Observation, key: string, status: string): void {
    const before = this.#statuses.get(key);
    if (before === undefined && this.#statuses.size >= LIMIT) return;
    const text = textAt(o.payload, 'timestamp');
    const timestamp = text === undefined ? undefined : parseTime(text);
    const errorCode = textAt(o.payload, 'errorCode') ?? '';
    const isReplay = errorCode === 'NoError' && timestamp !== undefined && timestamp < o.link.openedAt;
    this.#statuses.set(key, {
      status,
      errorCode,
      info: textAt(o.payload, 'info') ?? '',
      timestamp,
      at: o.time,
      seq: o.seq,
      since: before?.status === status ? before.since : o.time,
      link: o.link.number,
      replayed: isReplay ? (before?.link === o.link.number ? before.replayed : 0) + 1 : 0,
    });
  }
}

/** Connectors whose AvailabilityState a NotifyEvent tells (2.x G01.FR.03: allowed instead of StatusNotification). */
export function availabilityStates(payload: unknown): [key: string, status: string][] {
  const found: [string, string][] = [];
  for (const event of listAt(payload, 'eventData')) {
    if (!isObject(event) || textAt(event, 'variable', 'name')?.toLowerCase() !== 'availabilitystate') continue;
    const evse = numberAt(event, 'component', 'evse', 'id');
    const connector = numberAt(event, 'component', 'evse', 'connectorId');
    const value = textAt(event, 'actualValue');
    if (evse !== undefined && connector !== undefined && value !== undefined)
      found.push([`${evse}/${connector}`, value]);
  }
  return found;
}
