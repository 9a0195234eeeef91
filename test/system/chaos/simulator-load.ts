import { sleep, until } from '../service-process.ts';
import { type Load, repeated, type Verdict } from './load.ts';
import type { ChaosWorld } from './world.ts';

interface SimulatedTransaction {
  readonly station: string;
  readonly evse?: number;
  readonly transactionId: string;
  readonly version: string;
  readonly state: string;
  readonly startedAt: string;
  readonly events: number;
  readonly remarks: readonly unknown[];
  readonly meterStartWh: number;
  readonly meterStopWh?: number;
  readonly firstSeqNo?: number;
  readonly lastSeqNo?: number;
}

const CARD = 'SIMCARD';

/**
 * Stations of the simulator, driven by REST. Killed in the middle of a session they come back: every transaction ends at the
 * CSMS, none of its messages is missing or counted twice, and no register goes back. What a station accepted stays set.
 */
export class SimulatorLoad implements Load {
  readonly name = 'simulated stations: sessions, registers, settings';
  readonly #settings = new Map<string, { accepted: string; tried: string }>();
  readonly #stations: number;

  constructor(stations: number) {
    this.#stations = stations;
  }

  async run(world: ChaosWorld): Promise<void> {
    const token = { idToken: CARD, type: 'ISO14443', status: 'Accepted', concurrent: true };
    await world.insist('csms', 'PUT', `/api/v1/tokens/${CARD}`, token);
    await Promise.all(Array.from({ length: this.#stations }, (_, index) => this.#station(world, index)));
  }

  async #station(world: ChaosWorld, index: number): Promise<void> {
    const identity = `CHAOSIM-${index}`;
    const version = ['1.6', '2.0.1', '2.1'][index % 3] ?? '1.6';
    await until(
      async () => {
        const made = { identity, version, template: 'dc-150' };
        const answer = await world.request('station', 'POST', '/api/v1/sim/stations', made);
        return answer?.status;
      },
      // A conflict after a try without an answer: it is there.
      (status) => status === 201 || status === 409,
      60_000,
    );
    this.#settings.set(identity, { accepted: '', tried: '' });
    const act = (action: object) =>
      world.request('station', 'POST', `/api/v1/sim/stations/${identity}/actions`, action);
    for (let round = 0; world.running; round++) {
      await act({ type: 'plug' });
      await sleep(100);
      await act({ type: 'swipe', token: CARD });
      await sleep(400);
      await this.#set(world, identity, version, String(1_000 + round));
      await act({ type: 'swipe', token: CARD });
      await sleep(150);
      await act({ type: 'unplug' });
      await sleep(100);
    }
    // Nothing charges any more, whatever state the kills left.
    await until(
      async () => {
        const { evses } = await world.insist('station', 'GET', `/api/v1/sim/stations/${identity}`);
        if (evses.some((evse: { transaction?: object }) => evse.transaction !== undefined))
          await act({ type: 'swipe', token: CARD });
        await sleep(200);
        return evses.every((evse: { transaction?: object }) => evse.transaction === undefined);
      },
      (isIdle) => isIdle,
      60_000,
    );
  }

  /** The interval of heartbeats or meter values, by command of the CSMS. */
  async #set(world: ChaosWorld, identity: string, version: string, value: string): Promise<void> {
    const setting = this.#settings.get(identity);
    if (setting === undefined) return;
    setting.tried = value;
    const [action, payload] =
      version === '1.6'
        ? ['ChangeConfiguration', { key: 'ClockAlignedDataInterval', value }]
        : [
            'SetVariables',
            {
              setVariableData: [
                { component: { name: 'AlignedDataCtrlr' }, variable: { name: 'Interval' }, attributeValue: value },
              ],
            },
          ];
    const answer = await world.request('csms', 'POST', `/api/v1/stations/${identity}/ocpp/${action}`, payload);
    if (answer?.status === 200 && JSON.stringify(answer.body).includes('"Accepted"')) setting.accepted = value;
  }

  async verify(world: ChaosWorld): Promise<Verdict> {
    const lost: string[] = [];
    const doubled: string[] = [];
    let checked = 0;
    for (const identity of this.#settings.keys()) {
      const list = (): Promise<SimulatedTransaction[]> =>
        world.all('csms', `/api/v1/stations/${identity}/transactions`) as Promise<SimulatedTransaction[]>;
      // The last messages may still be on the way.
      const all = await until(list, (each) => each.every(({ state }) => state === 'ended'), 60_000).catch(list);
      checked += all.length;
      doubled.push(...repeated(all.map(({ transactionId }) => `${identity}/${transactionId}`)));
      for (const each of all) {
        if (each.state !== 'ended') lost.push(`the end of ${identity}/${each.transactionId}`);
        const { firstSeqNo, lastSeqNo } = each;
        if (firstSeqNo === undefined || lastSeqNo === undefined) continue;
        const messages = lastSeqNo - firstSeqNo + 1;
        if (each.events < messages) lost.push(`${messages - each.events} events of ${identity}/${each.transactionId}`);
        if (each.events > messages)
          doubled.push(`${each.events - messages} events of ${identity}/${each.transactionId}`);
      }
      const inOrder = all
        .filter(({ meterStopWh }) => meterStopWh !== undefined)
        .sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt));
      for (const [index, { meterStartWh, transactionId, evse }] of inOrder.entries()) {
        const before = inOrder
          .slice(0, index)
          .filter((each) => each.evse === evse)
          .at(-1);
        if (before?.meterStopWh === undefined) continue;
        if (meterStartWh < before.meterStopWh)
          lost.push(`${identity}: ${transactionId} begins at ${meterStartWh} Wh after ${before.meterStopWh} Wh`);
      }
      const now = await this.#read(world, identity);
      const setting = this.#settings.get(identity);
      if (setting === undefined || setting.accepted === '') continue;
      checked++;
      // Values grow: each try after the accepted one may have been heard without its answer.
      if (!(Number(now) >= Number(setting.accepted) && Number(now) <= Number(setting.tried)))
        lost.push(`${identity} accepted ${setting.accepted} and has ${now}`);
    }
    return { checked, lost, doubled };
  }

  async #read(world: ChaosWorld, identity: string): Promise<string> {
    const isOld = (await world.insist('csms', 'GET', `/api/v1/stations/${identity}`)).version === '1.6';
    const [action, payload] = isOld
      ? ['GetConfiguration', { key: ['ClockAlignedDataInterval'] }]
      : [
          'GetVariables',
          { getVariableData: [{ component: { name: 'AlignedDataCtrlr' }, variable: { name: 'Interval' } }] },
        ];
    const answer = await world.insist('csms', 'POST', `/api/v1/stations/${identity}/ocpp/${action}`, payload);
    return /"(?:value|attributeValue)":"(\d+)"/.exec(JSON.stringify(answer))?.[1] ?? JSON.stringify(answer);
  }
}
