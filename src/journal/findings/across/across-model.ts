import { canonicalEvseId } from '../../../protocols/oicp/index.ts';
import { idIn, objectIn, objectsIn, textIn } from '../../sessions/members.ts';
import { type SessionMessage, stationOf } from '../../sessions/session-message.ts';
import type { SessionRecord } from '../../sessions/session-record.ts';

/** An EVSE of a station, as OCPP numbers it. */
export interface EvsePlace {
  readonly station: string;
  readonly evse: number;
}

export interface Stated {
  readonly status: string;
  readonly seq: number;
  readonly at: number;
}

const MAX_STATIONS = 50_000;
const MAX_EVSES = 100_000;
const MAX_ASKS = 200;
const ASK_MS = 60_000;

/** Which status of an EVSE a connector's means (OCPP status -> EvseStatus of OICP). */
const OF_CONNECTOR: Readonly<Record<string, string>> = {
  Available: 'Available',
  Reserved: 'Reserved',
  Unavailable: 'OutOfService',
  Faulted: 'OutOfService',
};
const STRONGEST = ['Occupied', 'Reserved', 'Available', 'OutOfService'];

/** What both protocols have shown about the same things, bounded. */
export class AcrossModel {
  /** Connectors by station, then `evse/connector`. */
  readonly #connectors = new Map<string, Map<string, Stated>>();
  readonly #heard = new Map<string, number>();
  /** Canonical EVSE id of OICP -> EVSE of OCPP, learned from sessions that both protocols told. */
  readonly #places = new Map<string, EvsePlace>();
  readonly #evseIds = new Map<string, string>();
  readonly #pushed = new Map<string, Stated>();
  /** Requests of stations that a CSMS may ask a hub about, while they wait for their answers. */
  readonly #asks: SessionMessage[] = [];
  sawOcpp = false;

  /** The EVSE of OCPP that an OICP id means; undefined until a session has shown it. */
  placeOf(evseId: string): EvsePlace | undefined {
    return this.#places.get(canonicalEvseId(evseId));
  }

  evseIdOf({ station, evse }: EvsePlace): string | undefined {
    return this.#evseIds.get(`${station} ${evse}`);
  }

  pushed(evseId: string): Stated | undefined {
    return this.#pushed.get(canonicalEvseId(evseId));
  }

  /** When the station said something last. */
  heardAt(station: string): number {
    return this.#heard.get(station) ?? 0;
  }

  /** What the station's own words mean for an EVSE; undefined when it has not told all that counts. */
  statusOf({ station, evse }: EvsePlace): Stated | undefined {
    const connectors = this.#connectors.get(station);
    if (connectors === undefined) return undefined;
    const own: Stated[] = [];
    for (const [name, stated] of connectors) if (name.startsWith(`${evse}/`)) own.push(stated);
    if (own.length === 0) return undefined;
    const meant = own.map((stated) => ({ ...stated, status: meaningOf(stated.status) }));
    const status = STRONGEST.find((each) => meant.some((stated) => stated.status === each)) ?? 'Unknown';
    const at = Math.max(...own.map((stated) => stated.at));
    const seq = own.find((stated) => stated.at === at)?.seq ?? 0;
    // 1.6 §4.9: connector 0 is the station as a whole.
    const whole = connectors.get('0/0');
    if (whole === undefined || status === 'Occupied' || meaningOf(whole.status) !== 'OutOfService')
      return { status, at, seq };
    return { status: 'OutOfService', at: Math.max(at, whole.at), seq: whole.seq };
  }

  /** The request of a station that waits and shows this token, in any writing. */
  waitingAsk(
    csms: string,
    now: number,
    shows: (token: string) => boolean,
  ): { readonly found: boolean; readonly others: readonly SessionMessage[] } {
    const open = this.#asks.filter(({ to, time }) => to.id === csms && now - time < ASK_MS);
    const found = open.some((ask) => {
      const token = tokenIn(ask);
      return token !== undefined && shows(token);
    });
    return { found, others: open };
  }

  take(message: SessionMessage, asked: SessionMessage | undefined, session: SessionRecord | undefined): void {
    const { protocol, action, kind } = message;
    const isRequest = kind === 'request' || kind === 'send';
    if (protocol === 'ocpp') {
      this.sawOcpp = true;
      if (message.to.role === 'csms') this.#hear(stationOf(message), message.time);
      if (isRequest && action === 'StatusNotification') this.#statusTold(message);
      if (isRequest && action === 'NotifyEvent') this.#eventTold(message);
      if (isRequest && ASKS.has(action) && message.to.role === 'csms') {
        this.#asks.push(message);
        if (this.#asks.length > MAX_ASKS) this.#asks.shift();
      } else if (!isRequest && asked !== undefined && ASKS.has(action)) {
        const at = this.#asks.findIndex(({ seq }) => seq === asked.seq);
        if (at >= 0) this.#asks.splice(at, 1);
      }
    } else if (protocol === 'oicp' && isRequest && action === 'PushEvseStatus') {
      for (const record of objectsIn(objectIn(message.payload, 'OperatorEvseStatus'), 'EvseStatusRecord')) {
        const [id, status] = [textIn(record, 'EvseID'), textIn(record, 'EvseStatus')];
        if (id !== undefined && status !== undefined)
          keep(this.#pushed, canonicalEvseId(id), { status, seq: message.seq, at: message.time }, MAX_EVSES);
      }
    }
    if (session?.station !== undefined && session.evse !== undefined && session.evseId !== undefined) {
      const place = { station: session.station, evse: session.evse };
      const key = canonicalEvseId(session.evseId);
      if (!this.#places.has(key)) {
        keep(this.#places, key, place, MAX_EVSES);
        keep(this.#evseIds, `${place.station} ${place.evse}`, session.evseId, MAX_EVSES);
      }
    }
  }

  #hear(station: string, at: number): void {
    keep(this.#heard, station, at, MAX_STATIONS);
  }

  #statusTold(message: SessionMessage): void {
    const { payload } = message;
    const connector = idIn(payload, 'connectorId') ?? '0';
    // OCPP 1.6 numbers connectors only: each stands for an EVSE.
    const evse = idIn(payload, 'evseId') ?? connector;
    const status = textIn(payload, 'status') ?? textIn(payload, 'connectorStatus');
    if (status !== undefined) this.#connector(message, `${evse}/${evse === '0' ? '0' : connector}`, status);
  }

  /** OCPP 2.1 tells the status of a connector as an event of its variable. */
  #eventTold(message: SessionMessage): void {
    for (const event of objectsIn(message.payload, 'eventData')) {
      if (textIn(objectIn(event, 'variable'), 'name') !== 'AvailabilityState') continue;
      const component = objectIn(event, 'component');
      const evse = objectIn(component, 'evse');
      const [id, connector] = [idIn(evse, 'id'), idIn(evse, 'connectorId')];
      const status = textIn(event, 'actualValue');
      if (textIn(component, 'name') !== 'Connector' || id === undefined || status === undefined) continue;
      this.#connector(message, `${id}/${connector ?? '1'}`, status);
    }
  }

  #connector({ seq, time, ...message }: SessionMessage, place: string, status: string): void {
    const station = stationOf(message);
    let connectors = this.#connectors.get(station);
    if (connectors === undefined) {
      connectors = new Map();
      keep(this.#connectors, station, connectors, MAX_STATIONS);
    }
    connectors.set(place, { status, seq, at: time });
  }
}

const ASKS: ReadonlySet<string> = new Set(['Authorize', 'StartTransaction', 'TransactionEvent', 'DataTransfer']);

/** The token that a station shows. Plug & Charge over OCPP 1.6 wraps its Authorize into a DataTransfer. */
export function tokenIn({ action, payload }: Pick<SessionMessage, 'action' | 'payload'>): string | undefined {
  if (action === 'DataTransfer') {
    if (textIn(payload, 'messageId') !== 'Authorize') return undefined;
    try {
      const inner: unknown = JSON.parse(textIn(payload, 'data') ?? '{}');
      const members = objectIn({ inner }, 'inner');
      return textIn(objectIn(members, 'idToken'), 'idToken') ?? textIn(members, 'idToken');
    } catch {
      return undefined;
    }
  }
  return textIn(payload, 'idTag') ?? textIn(objectIn(payload, 'idToken'), 'idToken');
}

function meaningOf(status: string): string {
  return OF_CONNECTOR[status] ?? 'Occupied';
}

function keep<V>(map: Map<string, V>, key: string, value: V, limit: number): void {
  map.set(key, value);
  if (map.size <= limit) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
