import { sleep, until } from '../service-process.ts';
import { compare, type Load, repeated, sum, type Verdict } from './load.ts';
import { StationSocket } from './station-socket.ts';
import type { ChaosWorld } from './world.ts';

interface Started {
  readonly station: string;
  readonly transactionId: string;
  readonly roaming: boolean;
  readonly meterStartWh: number;
  /** Set when the end was answered. */
  meterStopWh?: number;
}

const CONTRACT = 'DE-DCB-C12345678-X';
/** Waits between two messages: many stations, none in a hurry. */
const PAUSE_MS = 15;
/** Hubs take 100 notifications a minute of an operator, and the CSMS keeps to that (GEN-14): two for each foreign session. */
const FOREIGN_PER_S = 0.6;
const TAKE_OVER_MS = 60_000;

/**
 * Stations by hand, 1.6 and 2.0.1, that charge without end: with a card of the operator, and now and then with one that
 * only the EMP knows. What they heard answered must be in the state and in the journal of the CSMS, and
 * every foreign session that ended must have one record at operator, hub and EMP.
 */
export class OcppLoad implements Load {
  readonly name = 'stations, sessions and roaming records';
  readonly answered: string[] = [];
  readonly #started: Started[] = [];
  readonly #stations: number;

  constructor(stations: number) {
    this.#stations = stations;
  }

  async run(world: ChaosWorld): Promise<void> {
    await Promise.all(Array.from({ length: this.#stations }, (_, index) => this.#station(world, index)));
  }

  async #station(world: ChaosWorld, index: number): Promise<void> {
    const identity = `CHAOS-${String(index).padStart(2, '0')}`;
    const local = `LOCAL${index}`;
    const uid = `0411${String(index).padStart(4, '0')}AABBCC`;
    await world.insist('csms', 'PUT', `/api/v1/tokens/${local}`, {
      idToken: local,
      type: 'ISO14443',
      status: 'Accepted',
    });
    await world.insist('emp', 'POST', '/api/v1/emp/media', {
      kind: 'RFIDMifareFamilyIdentification',
      contract: CONTRACT,
      uid,
    });
    const url = `${world.url('csms').replace('http', 'ws')}/ocpp/${identity}`;
    const meter = { wh: 1_000 };
    let calls = 0;
    let nextForeign = Date.now() + (index / FOREIGN_PER_S) * 1_000;
    while (world.running) {
      const socket = await StationSocket.open(url, index % 2 === 0 ? 'ocpp1.6' : 'ocpp2.0.1');
      if (socket === undefined) {
        await sleep(50);
        continue;
      }
      const ask = async (action: string, payload: object): Promise<Record<string, unknown> | undefined> => {
        await sleep(PAUSE_MS);
        const id = `${identity}-${++calls}`;
        const answer = await socket.ask(id, action, payload);
        if (answer !== undefined) this.answered.push(id);
        return answer;
      };
      const one = index % 2 === 0 ? this.#session16 : this.#session201;
      const boot =
        index % 2 === 0
          ? { chargePointVendor: 'Chaos', chargePointModel: 'Hand' }
          : { reason: 'PowerUp', chargingStation: { vendorName: 'Chaos', model: 'Hand' } };
      let goes = (await ask('BootNotification', boot)) !== undefined;
      while (goes && world.running) {
        const roaming = Date.now() >= nextForeign;
        if (roaming) nextForeign += (this.#stations / FOREIGN_PER_S) * 1_000;
        goes = await one.call(this, ask, { station: identity, token: roaming ? uid : local, roaming, meter });
      }
      socket.close();
    }
  }

  /** @returns false when the connection went */
  async #session16(ask: Ask, { station, token, roaming, meter }: Driver): Promise<boolean> {
    const status = (word: string) =>
      ask('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: word, timestamp: now() });
    if ((await status('Preparing')) === undefined) return false;
    const allowed = await ask('Authorize', { idTag: token });
    if (allowed === undefined) return false;
    if ((allowed['idTagInfo'] as { status: string }).status !== 'Accepted') return true;
    const begun = { connectorId: 1, idTag: token, meterStart: meter.wh, timestamp: now() };
    const start = await ask('StartTransaction', begun);
    if (start === undefined) return false;
    const transactionId = Number(start['transactionId']);
    const record: Started = { station, transactionId: String(transactionId), roaming, meterStartWh: meter.wh };
    this.#started.push(record);
    for (let sample = 0; sample < 2; sample++) {
      meter.wh += 100;
      const meterValue = [{ timestamp: now(), sampledValue: [{ value: String(meter.wh) }] }];
      if ((await ask('MeterValues', { connectorId: 1, transactionId, meterValue })) === undefined) return false;
    }
    const stop = { transactionId, idTag: token, meterStop: meter.wh, timestamp: now() };
    if ((await ask('StopTransaction', stop)) === undefined) return false;
    record.meterStopWh = meter.wh;
    return (await status('Available')) !== undefined;
  }

  async #session201(ask: Ask, { station, token, roaming, meter }: Driver): Promise<boolean> {
    const status = (word: string) =>
      ask('StatusNotification', { timestamp: now(), connectorStatus: word, evseId: 1, connectorId: 1 });
    if ((await status('Occupied')) === undefined) return false;
    const idToken = { idToken: token, type: 'ISO14443' };
    const allowed = await ask('Authorize', { idToken });
    if (allowed === undefined) return false;
    if ((allowed['idTokenInfo'] as { status: string }).status !== 'Accepted') return true;
    const transactionId = `${station}-${meter.wh}-${this.answered.length}`;
    let seqNo = 0;
    const event = (eventType: string, triggerReason: string, context: string, more: object = {}, info: object = {}) =>
      ask('TransactionEvent', {
        eventType,
        timestamp: now(),
        triggerReason,
        seqNo: seqNo++,
        transactionInfo: { transactionId, ...info },
        evse: { id: 1, connectorId: 1 },
        meterValue: [
          {
            timestamp: now(),
            sampledValue: [{ value: meter.wh, context, measurand: 'Energy.Active.Import.Register' }],
          },
        ],
        ...more,
      });
    const charging = { chargingState: 'Charging' };
    if ((await event('Started', 'Authorized', 'Transaction.Begin', { idToken }, charging)) === undefined) return false;
    const record: Started = { station, transactionId, roaming, meterStartWh: meter.wh };
    this.#started.push(record);
    for (let sample = 0; sample < 2; sample++) {
      meter.wh += 100;
      if ((await event('Updated', 'MeterValuePeriodic', 'Sample.Periodic', {}, charging)) === undefined) return false;
    }
    const ended = { chargingState: 'Idle', stoppedReason: 'Local' };
    if ((await event('Ended', 'StopAuthorized', 'Transaction.End', { idToken }, ended)) === undefined) return false;
    record.meterStopWh = meter.wh;
    return (await status('Available')) !== undefined;
  }

  async verify(world: ChaosWorld): Promise<Verdict> {
    return sum([
      await this.#transactions(world),
      await this.#records(world),
      await this.#journal(world, 'csms'),
      // It reads the others' journals, and may be some seconds behind.
      await until(
        async () => {
          await sleep(2_000);
          return this.#journal(world, 'workbench');
        },
        ({ lost }) => lost.length === 0,
        TAKE_OVER_MS,
      ).catch(() => this.#journal(world, 'workbench')),
    ]);
  }

  async #transactions(world: ChaosWorld): Promise<Verdict> {
    const all = await world.all('csms', '/api/v1/transactions');
    const ofHand = all.filter(({ station }) => station.startsWith('CHAOS-'));
    const there = ofHand.map(
      ({ station, transactionId, meterStartWh, state, meterStopWh }) =>
        `${station}/${transactionId} from ${meterStartWh} ${state === 'ended' ? `to ${meterStopWh}` : state}`,
    );
    const known = new Set(there.map((text) => text.split(' ')[0]));
    const wanted = this.#started.map((each) => {
      const key = `${each.station}/${each.transactionId}`;
      // An end that was not answered may have come or not.
      if (each.meterStopWh === undefined)
        return known.has(key) ? (there.find((t) => t.startsWith(`${key} `)) ?? key) : key;
      return `${key} from ${each.meterStartWh} to ${each.meterStopWh}`;
    });
    const verdict = compare(wanted, there);
    const ids = ofHand.map(({ station, transactionId }) => `${station}/${transactionId}`);
    return {
      ...verdict,
      doubled: [
        ...repeated(ids),
        ...repeated(this.#started.map(({ station, transactionId }) => `${station}/${transactionId} was given twice`)),
      ],
    };
  }

  /** One record for every foreign session that ended, the same at operator, hub and EMP. */
  async #records(world: ChaosWorld): Promise<Verdict> {
    await until(
      async () => (await world.insist('csms', 'GET', '/api/v1/roaming/outbox')).items,
      (items) => items.length === 0,
      120_000,
    );
    const sessions = await world.all('csms', '/api/v1/roaming/sessions');
    const byTransaction = new Map(sessions.map((session) => [session.transaction, session]));
    const ended = this.#started.filter(({ roaming, meterStopWh }) => roaming && meterStopWh !== undefined);
    const lost: string[] = [];
    const wanted: string[] = [];
    for (const { station, transactionId, meterStartWh, meterStopWh = 0 } of ended) {
      const session = byTransaction.get(`${station}/${transactionId}`);
      const energy = session?.cdr?.record.ConsumedEnergy;
      const kwh = Number(((meterStopWh - meterStartWh) / 1000).toFixed(3));
      // `delivered`: the hub had it already when it was sent again (CPO-CD-07).
      const isThere = ['accepted', 'delivered'].includes(session?.cdr?.state);
      if (!isThere || energy !== kwh)
        lost.push(`record of ${station}/${transactionId}, ${kwh} kWh, at the operator: ${JSON.stringify(session)}`);
      else wanted.push(`${session.sessionId} ${kwh} kWh`);
    }
    const shown = (cdrs: { id: string; record: { ConsumedEnergy: number } }[]) =>
      cdrs.map(({ id, record }) => `${id} ${record.ConsumedEnergy} kWh`);
    const atHub = await until(
      () => world.all('hub', '/api/v1/hub/cdrs'),
      (cdrs) => cdrs.every(({ forwarding }) => forwarding !== 'pending'),
      120_000,
    );
    const notForwarded = atHub
      .filter(({ forwarding }) => forwarding !== 'forwarded')
      .map(({ id, forwarding }) => `${id} is ${forwarding}`);
    const atEmp = await world.all('emp', '/api/v1/emp/cdrs');
    // The same session in a second record would bear the operator's id of the session again.
    const ofOperator = atEmp.map(({ record }) => record.CPOPartnerSessionID ?? record.SessionID);
    const hub = compare(wanted, shown(atHub));
    const emp = compare(wanted, shown(atEmp));
    return sum([
      { checked: ended.length, lost: [...lost, ...notForwarded], doubled: repeated(ofOperator) },
      { ...hub, lost: hub.lost.map((text) => `hub: ${text}`) },
      { ...emp, lost: emp.lost.map((text) => `EMP: ${text}`) },
    ]);
  }

  /** Request and answer of every answered call, once each; the workbench has taken all of it over. */
  async #journal(world: ChaosWorld, service: 'csms' | 'workbench'): Promise<Verdict> {
    const entries: string[] = [];
    for (const line of await world.journal(service)) {
      const id = /"messageId":"(CHAOS-[^"]+)"/.exec(line)?.[1];
      if (id !== undefined)
        entries.push(`${service}: ${line.includes('"kind":"request"') ? 'request' : 'answer'} ${id}`);
    }
    return compare(
      this.answered.flatMap((id) => [`${service}: request ${id}`, `${service}: answer ${id}`]),
      entries,
    );
  }
}

type Ask = (action: string, payload: object) => Promise<Record<string, unknown> | undefined>;
interface Driver {
  readonly station: string;
  readonly token: string;
  readonly roaming: boolean;
  readonly meter: { wh: number };
}

function now(): string {
  return new Date().toISOString();
}
