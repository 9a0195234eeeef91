import { evseRecord } from '../../../bench/evse-record.mjs';
import { sleep } from '../service-process.ts';
import { compare, type Load, sum, type Verdict } from './load.ts';
import type { ChaosWorld } from './world.ts';

const OPERATOR = 'DE*CHA';
const CONTRACT = 'DE-DCB-C12345678-X';
const CARD = '044A2DAA856280';

/**
 * A second operator at the hub, by hand: asks for drivers, pushes EVSEs with their status, and sends records until they are
 * acknowledged, also twice. The EMP adds cards and uploads them. What was acknowledged must be at hub and EMP, once.
 */
export class HubLoad implements Load {
  readonly name = 'a second operator at the hub, cards of the EMP';
  readonly #records = new Map<string, string>();
  readonly #evses = new Map<string, string>();
  readonly #cards: string[] = [];
  readonly #uploaded: string[] = [];
  readonly #workers: number;

  constructor(workers: number) {
    this.#workers = workers;
  }

  async run(world: ChaosWorld): Promise<void> {
    await world.insist('hub', 'PUT', '/api/v1/hub/partners/chaos-cpo?contracts=all', { operatorIds: [OPERATOR] });
    await Promise.all([
      ...Array.from({ length: this.#workers }, (_, index) => this.#operator(world, index)),
      this.#provider(world),
    ]);
  }

  async #operator(world: ChaosWorld, worker: number): Promise<void> {
    const oicp = (path: string, body: object) => world.request('hub', 'POST', `/api/oicp/${path}`, body);
    for (let round = 0; world.running; round++) {
      await sleep(30);
      const evse = `${OPERATOR}*E${worker}*${round % 20}`;
      const status = round % 2 === 0 ? 'Available' : 'Occupied';
      if (round < 20) {
        const pushed = await oicp(`evsepush/v23/operators/${OPERATOR}/data-records`, evseData(evse));
        if (pushed?.body.Result === true) this.#evses.set(evse, this.#evses.get(evse) ?? 'without status');
      }
      if (this.#evses.has(evse)) {
        const told = await oicp(`evsepush/v21/operators/${OPERATOR}/status-records`, evseStatus(evse, status));
        if (told?.body.Result === true) this.#evses.set(evse, status);
        // Without an answer it may hold or not, until the next one.
        else this.#evses.set(evse, 'unsure');
      }
      const authorized = await oicp(`charging/v21/operators/${OPERATOR}/authorize/start`, {
        OperatorID: OPERATOR,
        EvseID: evse,
        CPOPartnerSessionID: `chaos-${worker}-${round}`,
        Identification: { RFIDMifareFamilyIdentification: { UID: CARD } },
      });
      if (authorized?.body.AuthorizationStatus !== 'Authorized') continue;
      const session: string = authorized.body.SessionID;
      const kwh = (round % 50) + 0.125;
      const path = `cdrmgmt/v22/operators/${OPERATOR}/charge-detail-record`;
      for (let sent = 0; ; sent++) {
        const answer = await oicp(path, chargeDetailRecord(session, evse, kwh));
        // 400 after a first try without an answer: the hub has had it all along (CPO-CD-07).
        const isDone = answer?.body?.Result === true || (sent > 0 && answer?.body?.StatusCode?.Code === '400');
        if (isDone) this.#records.set(session, `${session} ${kwh} kWh`);
        // What nobody acknowledged is sent again; every seventh also after its acknowledgement.
        if (isDone && (round % 7 > 0 || sent > 0)) break;
        if (!world.running && !isDone) break;
        if (!isDone) await sleep(50);
      }
    }
  }

  /** Adds cards, and uploads every second one. */
  async #provider(world: ChaosWorld): Promise<void> {
    for (let round = 0; world.running; round++) {
      await sleep(60);
      const uid = `0422${String(round).padStart(4, '0')}AABBCC`;
      const kind = 'RFIDMifareFamilyIdentification';
      const added = await world.request('emp', 'POST', '/api/v1/emp/media', { kind, contract: CONTRACT, uid });
      if (added?.status !== 201) continue;
      this.#cards.push(uid);
      if (round % 2 === 0) continue;
      const action = { action: 'push-auth-data', push: 'insert', media: [added.body.id] };
      const pushed = await world.request('emp', 'POST', '/api/v1/emp/actions', action);
      if (pushed?.body?.done === true) this.#uploaded.push(uid);
    }
  }

  async verify(world: ChaosWorld): Promise<Verdict> {
    const shown = (cdrs: { id: string; record: { ConsumedEnergy: number } }[]) =>
      cdrs.map(({ id, record }) => `${id} ${record.ConsumedEnergy} kWh`);
    const ofUs = ({ record }: { record: { EvseID: string } }) => record.EvseID.startsWith(OPERATOR);
    const evses = await world.all('hub', '/api/v1/hub/evses?owner=chaos-cpo');
    const there = evses.map(({ record: { EvseID: id }, status }) => {
      // Of what was not answered nobody knows which status holds.
      const isKnown = this.#evses.get(id) !== 'unsure' && this.#evses.get(id) !== 'without status';
      return `${id} ${isKnown ? status : this.#evses.get(id)}`;
    });
    const atHub = (await world.all('hub', '/api/v1/hub/cdrs')).filter(ofUs);
    const atEmp = (await world.all('emp', '/api/v1/emp/cdrs')).filter(ofUs);
    const media = (await world.all('emp', '/api/v1/emp/media')).map(({ uid }) => uid);
    const uploaded = JSON.stringify(await world.all('hub', '/api/v1/hub/auth-data'));
    const partners = (await world.all('hub', '/api/v1/hub/partners')).map(({ id }) => id);
    const labelled = (label: string, verdict: Verdict): Verdict => ({
      ...verdict,
      lost: verdict.lost.map((text) => `${label}: ${text}`),
      doubled: verdict.doubled.map((text) => `${label}: ${text}`),
    });
    return sum([
      labelled('partner at the hub', compare(['chaos-cpo'], partners)),
      labelled('record at the hub', compare(this.#records.values(), shown(atHub))),
      labelled('record at the EMP', compare(this.#records.values(), shown(atEmp))),
      labelled(
        'EVSE at the hub',
        compare(
          [...this.#evses].map(([id, status]) => `${id} ${status}`),
          there,
        ),
      ),
      labelled(
        'card at the EMP',
        compare(
          this.#cards,
          media.filter((uid) => uid !== undefined),
        ),
      ),
      labelled('card at the hub', {
        checked: this.#uploaded.length,
        lost: this.#uploaded.filter((uid) => !uploaded.includes(uid)),
        doubled: [],
      }),
    ]);
  }
}

function chargeDetailRecord(session: string, evse: string, kwh: number): object {
  return {
    SessionID: session,
    EvseID: evse,
    Identification: { RFIDMifareFamilyIdentification: { UID: CARD } },
    SessionStart: '2026-06-01T08:00:00+02:00',
    ChargingStart: '2026-06-01T08:01:10+02:00',
    ChargingEnd: '2026-06-01T08:41:10+02:00',
    SessionEnd: '2026-06-01T08:45:00+02:00',
    ConsumedEnergy: kwh,
  };
}

function evseStatus(evse: string, status: string): object {
  return {
    ActionType: 'update',
    OperatorEvseStatus: {
      OperatorID: OPERATOR,
      OperatorName: 'Chaos',
      EvseStatusRecord: [{ EvseID: evse, EvseStatus: status }],
    },
  };
}

function evseData(evse: string): object {
  return {
    ActionType: 'insert',
    OperatorEvseData: { OperatorID: OPERATOR, OperatorName: 'Chaos', EvseDataRecord: [evseRecord(evse, 'Chaos')] },
  };
}
