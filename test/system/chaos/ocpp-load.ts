import { sleep, until } from '../service-process.ts';
import { compare, type Load, repeated, sum, type Verdict } from './load.ts';
import { StubbornLine } from './stubborn-line.ts';
import type { ChaosWorld } from './world.ts';

/** A session whose every message was answered. */
interface Ended {
  readonly station: string;
  readonly transactionId: string;
  /** With a card of the EMP, which nobody refused in between. */
  readonly foreign: boolean;
  readonly meterStartWh: number;
  readonly meterStopWh: number;
  /** How many events there were (2.0.1). */
  readonly events?: number;
}

const CONTRACT = 'DE-DCB-C12345678-X';
/** Hubs take 100 notifications a minute of an operator, and the CSMS keeps to that (GEN-14): two for each foreign session. */
const FOREIGN_PER_S = 0.6;
const TAKE_OVER_MS = 60_000;

/**
 * Stations by hand, 1.6 and 2.0.1, that charge without end: with a card of the operator, and now and then with one that
 * only the EMP knows. What nobody answered they send again. What they heard answered must be in the state and in the journal of the CSMS, and
 * every foreign session that ended must have one record at operator, hub and EMP.
 */
export class OcppLoad implements Load {
  readonly name = 'stations, sessions and roaming records';
  readonly answered: string[] = [];
  readonly #ended: Ended[] = [];
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
    const line = new StubbornLine(
      `${world.url('csms').replace('http', 'ws')}/ocpp/${identity}`,
      index % 2 === 0 ? '1.6' : '2.0.1',
      identity,
      (id) => this.answered.push(id),
    );
    const meter = { wh: 1_000 };
    let nextForeign = Date.now() + (index / FOREIGN_PER_S) * 1_000;
    while (world.running) {
      const roaming = Date.now() >= nextForeign;
      if (roaming) nextForeign += (this.#stations / FOREIGN_PER_S) * 1_000;
      const driver = { station: identity, token: roaming ? uid : local, roaming, meter };
      if (index % 2 === 0) await this.#session16(line, driver);
      else await this.#session201(line, driver);
    }
    line.close();
  }

  async #session16(line: StubbornLine, { station, token, roaming, meter }: Driver): Promise<void> {
    const status = (word: string) =>
      line.ask('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: word, timestamp: now() });
    await status('Preparing');
    const allowed = await line.ask('Authorize', { idTag: token });
    if ((allowed['idTagInfo'] as { status: string }).status !== 'Accepted') return;
    const begun = { connectorId: 1, idTag: token, meterStart: meter.wh, timestamp: now() };
    const start = await line.ask('StartTransaction', begun);
    const transactionId = Number(start['transactionId']);
    const isAllowed = (start['idTagInfo'] as { status: string }).status === 'Accepted';
    const meterStartWh = meter.wh;
    for (let sample = 0; isAllowed && sample < 2; sample++) {
      meter.wh += 100;
      const meterValue = [{ timestamp: now(), sampledValue: [{ value: String(meter.wh) }] }];
      await line.ask('MeterValues', { connectorId: 1, transactionId, meterValue });
    }
    await line.ask('StopTransaction', { transactionId, idTag: token, meterStop: meter.wh, timestamp: now() });
    await status('Available');
    const foreign = roaming && isAllowed;
    this.#ended.push({ station, transactionId: String(transactionId), foreign, meterStartWh, meterStopWh: meter.wh });
  }

  async #session201(line: StubbornLine, { station, token, roaming, meter }: Driver): Promise<void> {
    const status = (word: string) =>
      line.ask('StatusNotification', { timestamp: now(), connectorStatus: word, evseId: 1, connectorId: 1 });
    await status('Occupied');
    const idToken = { idToken: token, type: 'ISO14443' };
    const allowed = await line.ask('Authorize', { idToken });
    if ((allowed['idTokenInfo'] as { status: string }).status !== 'Accepted') return;
    const transactionId = `${station}-${meter.wh}-${this.answered.length}`;
    let seqNo = 0;
    const event = (eventType: string, triggerReason: string, context: string, more: object = {}, info: object = {}) =>
      line.ask('TransactionEvent', {
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
    const meterStartWh = meter.wh;
    const started = await event('Started', 'Authorized', 'Transaction.Begin', { idToken }, charging);
    const isAllowed = (started['idTokenInfo'] as { status: string }).status === 'Accepted';
    for (let sample = 0; isAllowed && sample < 2; sample++) {
      meter.wh += 100;
      await event('Updated', 'MeterValuePeriodic', 'Sample.Periodic', {}, charging);
    }
    const ended = { chargingState: 'Idle', stoppedReason: 'Local' };
    await event('Ended', 'StopAuthorized', 'Transaction.End', { idToken }, ended);
    await status('Available');
    const foreign = roaming && isAllowed;
    this.#ended.push({ station, transactionId, foreign, meterStartWh, meterStopWh: meter.wh, events: seqNo });
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
    const all = (await world.all('csms', '/api/v1/transactions')).filter(({ station }) => station.startsWith('CHAOS-'));
    const there = all.map(
      ({ station, transactionId, meterStartWh, state, meterStopWh, version, events }) =>
        `${station}/${transactionId} ${state} ${meterStartWh} to ${meterStopWh} Wh${version === '1.6' ? '' : `, ${events} events`}`,
    );
    const wanted = this.#ended.map(
      ({ station, transactionId, meterStartWh, meterStopWh, events }) =>
        `${station}/${transactionId} ended ${meterStartWh} to ${meterStopWh} Wh${events === undefined ? '' : `, ${events} events`}`,
    );
    const { checked, lost } = compare(wanted, there);
    const ids = all.map(({ station, transactionId }) => `${station}/${transactionId}`);
    // A message that was sent again has made no second transaction, and no second id was given.
    const known = new Set(this.#ended.map(({ station, transactionId }) => `${station}/${transactionId}`));
    return { checked, lost, doubled: [...repeated(ids), ...repeated(wanted), ...ids.filter((id) => !known.has(id))] };
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
    const ended = this.#ended.filter(({ foreign }) => foreign);
    const lost: string[] = [];
    const wanted: string[] = [];
    for (const { station, transactionId, meterStartWh, meterStopWh } of ended) {
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

interface Driver {
  readonly station: string;
  readonly token: string;
  readonly roaming: boolean;
  readonly meter: { wh: number };
}

function now(): string {
  return new Date().toISOString();
}
