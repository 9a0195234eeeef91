import { CompoteError, messageOf } from '../../core/errors.ts';
import { isoTime, parseTime } from '../../core/time.ts';
import { brokerText, type ChosenBroker } from './broker-choice.ts';
import { EverestStation, type EverestWorld } from './everest-station.ts';
import { correlate, type OcppTransaction } from './model/correlation.ts';
import type { EverestStationSection } from './section.ts';

/** Reads the REST of a CSMS: `undefined` when it cannot be reached, with the reason told. */
export interface CsmsReader {
  get(path: string): Promise<{ readonly body: unknown } | { readonly problem: string }>;
}

/** All stations of the adapter, and what joins them to the CSMS. */
export class EverestAdapter {
  readonly stations: readonly EverestStation[];
  readonly broker: ChosenBroker;
  lookAlike = false;
  readonly #csms: CsmsReader | undefined;
  readonly newId: () => string;

  constructor(
    settings: readonly EverestStationSection[],
    world: Omit<EverestWorld, 'endpoint'>,
    broker: ChosenBroker,
    csms: CsmsReader | undefined,
  ) {
    this.broker = broker;
    this.#csms = csms;
    this.newId = world.newId;
    this.stations = settings.map((one) => new EverestStation(one, { ...world, endpoint: broker.endpoint }));
  }

  start(): void {
    for (const station of this.stations) station.start();
  }

  async close(): Promise<void> {
    await Promise.all(this.stations.map((station) => station.close()));
    await this.broker.embedded?.close();
  }

  /** The station of that id; the first one without an id. @throws NOT_FOUND */
  station(id?: string): EverestStation {
    const found = id === undefined ? this.stations[0] : this.stations.find((one) => one.id === id);
    if (found !== undefined) return found;
    throw new CompoteError('NOT_FOUND', {
      detail: `no EVerest station ${id ?? ''}`,
      hint: `There are ${this.stations.map((one) => one.id).join(', ') || 'none'}; \`everest.stations\` of the configuration names them.`,
    });
  }

  /** Who is missing, in words. An embedded broker to which no EVerest has come yet waits and lacks nothing. */
  problems(): string[] {
    return this.stations.flatMap((station) => {
      if (!station.brokerConnected) return [`${station.id}: no broker: ${station.brokerReason}`];
      if (station.silent) return [`${station.id}: EVerest is silent`];
      if (station.lastHeardMs !== undefined || this.broker.embedded !== undefined) return [];
      return [`${station.id}: nothing has been heard from EVerest yet`];
    });
  }

  brokerView() {
    const { embedded } = this.broker;
    return {
      text: brokerText(this.broker),
      how: this.broker.how,
      connected: this.stations.some((one) => one.brokerConnected),
      ...(embedded === undefined ? {} : { clients: embedded.clients }),
    };
  }

  /** Sessions with the OCPP transactions that belong to them. */
  async sessionReport(station: EverestStation) {
    const { items, problem } = await this.#transactions(station);
    return {
      ocpp: problem ?? 'read',
      items: station.connectors
        .flatMap((connector) =>
          connector.log.sessions.map((session) => ({
            ...session,
            correlation: correlate(session, items, connector.ocpp),
          })),
        )
        .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1)),
    };
  }

  /** What was commanded, what EVerest said and what crossed by OCPP, by time. */
  async timeline(station: EverestStation, since: string | undefined) {
    const sinceMs = since === undefined ? 0 : (parseTime(since) ?? 0);
    const q = encodeURIComponent(`station:${station.id} proto:ocpp`);
    const read = await this.#read(`/messages?q=${q}&limit=500&order=newest`);
    const ocpp =
      'problem' in read ? [] : itemsOf<{ t: number; a: string; f: string; to: string; k: string }>(read.body);
    const items = [
      ...station.steps,
      ...ocpp.map(({ t, a, f, to, k }) => ({ at: isoTime(t), by: 'ocpp' as const, what: `${f} → ${to} ${a} (${k})` })),
    ]
      .filter(({ at }) => (parseTime(at) ?? 0) >= sinceMs)
      .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    return { ocpp: 'problem' in read ? read.problem : 'read', items };
  }

  async #transactions({ id }: EverestStation): Promise<{ items: readonly OcppTransaction[]; problem?: string }> {
    const read = await this.#read(`/stations/${encodeURIComponent(id)}/transactions?limit=100`);
    return 'problem' in read ? { items: [], problem: read.problem } : { items: itemsOf<OcppTransaction>(read.body) };
  }

  async #read(path: string): ReturnType<CsmsReader['get']> {
    if (this.#csms === undefined) return { problem: 'no CSMS is known: set `everest.csms`' };
    try {
      return await this.#csms.get(path);
    } catch (cause) {
      return { problem: messageOf(cause) };
    }
  }
}

function itemsOf<T>(body: unknown): readonly T[] {
  const items = typeof body === 'object' && body !== null && 'items' in body ? body.items : undefined;
  return Array.isArray(items) ? items : [];
}
