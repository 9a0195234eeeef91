import { SeededIds } from '../../../core/ids.ts';
import { Random } from '../../../core/random.ts';
import { type AnswerProfile, matchRoute, OperationBodies } from '../../../protocols/oicp/index.ts';
import { Database } from '../../../storage/database.ts';
import { decide } from './decide.ts';
import type { ForwardOutcome, HubAnswer, HubCall, HubDecision, PendingAsk, Surroundings } from './hub-call.ts';
import { HubState } from './hub-state.ts';
import { HUB_KEY, type PartnerRecord } from './records.ts';
import { type Settled, settle } from './settle.ts';

/** 2025-06-01T12:00:00Z. */
export const NOON = 1_748_779_200_000;

const bodies = new OperationBodies();

const nobody: Omit<PartnerRecord, 'key' | 'name'> = {
  operatorIds: [],
  providerIds: [],
  subOperatorIds: [],
  subProviderIds: [],
  locked: false,
  certificateFingerprints: [],
  services: {},
};

export const operator = (key: string, id: string, more: Partial<PartnerRecord> = {}): PartnerRecord => ({
  ...nobody,
  key,
  name: key,
  operatorIds: [id],
  ...more,
});

export const provider = (key: string, id: string, more: Partial<PartnerRecord> = {}): PartnerRecord => ({
  ...nobody,
  key,
  name: key,
  providerIds: [id],
  services: {
    authorization: { online: true, broadcast: true },
    notifications: { online: true },
    'charge-detail-records': { online: true },
  },
  ...more,
});

/**
 * A hub with the operators abc (DE*ABC) and xyz (DE*XYZ) and the providers dcb (DE-DCB), two (DE-TWO) and three (DE-3EM),
 * all under contract. Wire texts are written by hand, routed and read as on the wire.
 */
export class HubBench {
  readonly state: HubState;
  readonly #ids = new SeededIds(new Random('hub'));
  nowMs = NOON;
  profile: AnswerProfile = 'doc';

  constructor(evseVersions = 50) {
    this.state = new HubState(new Database({ path: ':memory:' }), { strictSpelling: false, evseVersions });
    const { partners } = this.state;
    partners.save(operator('abc', 'DE*ABC', { subOperatorIds: ['DE*SUB'] }));
    partners.save(operator('xyz', 'DE*XYZ'));
    partners.save(provider('dcb', 'DE-DCB', { subProviderIds: ['DE-SUB'] }));
    partners.save(provider('two', 'DE-TWO'));
    partners.save(provider('three', 'DE-3EM'));
    for (const key of ['abc', 'xyz']) {
      this.contract(key, '*', 'eRoamingAuthorization');
      this.contract(key, '*', 'eRoamingReservation');
      this.contract(key, HUB_KEY, 'eRoamingPushEvseData');
    }
    for (const key of ['dcb', 'two', 'three']) {
      this.contract(key, HUB_KEY, 'eRoamingPushAuthenticationData');
      this.contract(HUB_KEY, key, 'eRoamingPullEvseData');
      this.contract(HUB_KEY, key, 'eRoamingPullEvseStatus');
    }
  }

  contract(offerer: string, subscriber: string, service: Parameters<HubState['partners']['hasContract']>[0]): void {
    this.state.partners.saveContract({ key: `${offerer} ${subscriber} ${service}`, offerer, subscriber, service });
  }

  get around(): Surroundings {
    return {
      state: this.state,
      nowMs: this.nowMs,
      newId: () => this.#ids.uuid(),
      profile: this.profile,
      pinMatches: (pin, hash) => hash === hashOf(pin),
      hashPin: hashOf,
    };
  }

  /** Sends a request text to a path below `/api/oicp`. */
  send(path: string, body: string | object): HubDecision {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const match = matchRoute('POST', `/api/oicp${path}`);
    if (!match.found) throw new Error(`${path} is no operation`);
    const reading = bodies.request(match.operation, JSON.parse(text), 'lenient');
    if (!reading.ok) throw new Error(`${path}: ${JSON.stringify(reading.findings)}`);
    const page = { page: Number(match.query.get('page') ?? 0), size: Number(match.query.get('size') ?? 20) };
    // The route and the reading belong to one operation.
    const call = { operation: match.operation, pathId: match.pathId, body: reading.value, text, page } as HubCall;
    const decision = decide(call, this.around);
    if (decision.kind === 'answer' && decision.answer.situation === 'processed') {
      const answer = bodies.answer(match.operation, decision.answer.message, 'strict');
      if (!answer.ok) throw new Error(`our answer: ${JSON.stringify(answer.findings)}`);
    }
    return decision;
  }

  /** Sends, and expects an answer without asking anybody. */
  answer(path: string, body: string | object): HubAnswer {
    const decision = this.send(path, body);
    if (decision.kind !== 'answer') throw new Error(`${path} asks ${decision.pending.waiting.join(', ')}`);
    return decision.answer;
  }

  code(path: string, body: string | object): string {
    return this.answer(path, body).code;
  }

  /** Sends, and expects partners to be asked. */
  ask(path: string, body: string | object): Extract<HubDecision, { kind: 'ask' }> {
    const decision = this.send(path, body);
    if (decision.kind !== 'ask') throw new Error(`${path} was answered ${JSON.stringify(decision.answer)}`);
    return decision;
  }

  settle(pending: PendingAsk, partner: string, outcome: ForwardOutcome | object): Settled {
    const whole =
      'kind' in outcome ? (outcome as ForwardOutcome) : ({ kind: 'answered', message: { ...outcome } } as const);
    return settle(pending, partner, whole, this.around);
  }

  /** A session that an RFID card of `provider` began, as its id. */
  activeSession(by = 'dcb', id = 'DE-DCB'): string {
    const { pending } = this.ask('/charging/v21/operators/DE*ABC/authorize/start', AUTHORIZE_START);
    this.settle(pending, by, { AuthorizationStatus: 'Authorized', ProviderID: id, StatusCode: { Code: '000' } });
    return pending.sessionId;
  }
}

const hashOf = (pin: string): string => `$2b$10$hashOf.${pin.padStart(10, '0')}`;

export const CARD = { RFIDMifareFamilyIdentification: { UID: '044A2DAA856280' } };
export const AUTHORIZE_START = {
  OperatorID: 'DE*ABC',
  EvseID: 'DE*ABC*E1*1',
  CPOPartnerSessionID: 'cpo-1',
  Identification: CARD,
};

export const EVSE = {
  EvseID: 'DE*ABC*E1*1',
  ChargingStationNames: [{ lang: 'en', value: 'Test station' }],
  Address: { Country: 'DEU', City: 'Berlin', Street: 'Teststr.', PostalCode: '10829', HouseNum: '22' },
  GeoCoordinates: { Google: { Coordinates: '52.480495 13.356465' } },
  Plugs: ['Type 2 Outlet'],
  ChargingFacilities: [{ PowerType: 'AC_3_PHASE', Power: 22 }],
  RenewableEnergy: true,
  CalibrationLawDataAvailability: 'Local',
  AuthenticationModes: ['REMOTE'],
  PaymentOptions: ['Contract'],
  ValueAddedServices: ['None'],
  Accessibility: 'Free publicly accessible',
  HotlinePhoneNumber: '+49301234567',
  IsOpen24Hours: true,
  IsHubjectCompatible: true,
  DynamicInfoAvailable: 'auto',
};

export function pushData(ActionType: string, ...records: object[]): object {
  const EvseDataRecord = records.map((record) => ({ ...EVSE, ...record }));
  return { ActionType, OperatorEvseData: { OperatorID: 'DE*ABC', OperatorName: 'ABC', EvseDataRecord } };
}

export function cdr(SessionID: string, more: object = {}): object {
  return {
    SessionID,
    EvseID: 'DE*ABC*E1*1',
    Identification: CARD,
    SessionStart: '2025-06-01T13:00:00+02:00',
    ChargingStart: '2025-06-01T13:01:10+02:00',
    ChargingEnd: '2025-06-01T13:41:10+02:00',
    SessionEnd: '2025-06-01T13:45:00+02:00',
    ConsumedEnergy: 12.25,
    ...more,
  };
}
