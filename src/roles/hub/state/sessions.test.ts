import { describe, expect, it } from 'vitest';
import { isIdentified } from './identity.ts';
import { AUTHORIZE_START, CARD, cdr, HubBench, NOON, operator, provider, pushData } from './test-bench.ts';

const START = '/charging/v21/operators/DE*ABC/authorize/start';
const STOP = '/charging/v21/operators/DE*ABC/authorize/stop';
const REMOTE_START = '/charging/v21/providers/DE-DCB/authorize-remote/start';
const REMOTE_STOP = '/charging/v21/providers/DE-DCB/authorize-remote/stop';
const CDR = '/cdrmgmt/v22/operators/DE*ABC/charge-detail-record';
const DATA = '/evsepush/v23/operators/DE*ABC/data-records';
const AUTH_DATA = '/authdata/v21/providers/DE-DCB/push-request';
const NOTIFY = '/notificationmgmt/v11/charging-notifications';

const YES = { AuthorizationStatus: 'Authorized', ProviderID: 'DE-3EM', StatusCode: { Code: '000' } };
const no = (Code: string) => ({ AuthorizationStatus: 'NotAuthorized', ProviderID: 'DE-DCB', StatusCode: { Code } });
const TIMEOUT = { kind: 'timeout', text: 'no answer within 10 s' } as const;
const DONE = { Result: true, StatusCode: { Code: '000' } };
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const remoteStart = (more: object = {}) => ({
  ProviderID: 'DE-DCB',
  EvseID: 'DE*ABC*E1*1',
  Identification: { RemoteIdentification: { EvcoID: 'DE-DCB-C12345678-X' } },
  ...more,
});
const remoteStop = (SessionID: string, more: object = {}) => ({
  SessionID,
  ProviderID: 'DE-DCB',
  EvseID: 'DE*ABC*E1*1',
  ...more,
});
const upload = (...media: object[]) => ({
  ActionType: 'fullLoad',
  ProviderAuthenticationData: {
    ProviderID: 'DE-DCB',
    AuthenticationDataRecord: media.map((Identification) => ({ Identification })),
  },
});

describe('who may call', () => {
  it('HUB-01: unknown partners are answered with 300, and nothing is stored', () => {
    const hub = new HubBench();
    expect(hub.code(START.replace('ABC', 'ABX'), { ...AUTHORIZE_START, OperatorID: 'DE*ABX' })).toBe('300');
    expect(hub.code(DATA.replace('ABC', 'ABX'), pushData('insert', {}))).toBe('300');
    expect([...hub.state.evseData.current()]).toEqual([]);
    expect(hub.code(REMOTE_START.replace('DCB', 'DCX'), remoteStart())).toBe('300');
    expect(hub.code(REMOTE_START, remoteStart({ EvseID: 'DE*QQQ*E1' }))).toBe('300');
  });

  it('HUB-02: an id of another partner in path or body is noticed, whatever else is wrong with the body', () => {
    const { partners } = new HubBench().state;
    const is = (caller: string | undefined, pathId: string, body: unknown) =>
      isIdentified(partners, caller, 'AuthorizeStart', pathId, body);
    expect(is('abc', 'DE*ABC', { OperatorID: 'DEABC' })).toBe(true);
    expect(is('abc', 'DE*XYZ', { OperatorID: 'DE*ABC' })).toBe(false);
    expect(is('abc', 'DE*ABC', { OperatorID: 'DE*XYZ', Identification: 7 })).toBe(false);
    expect(is('dcb', 'DE*ABC', { OperatorID: 'DE*ABC' })).toBe(false);
    expect(is(undefined, 'DE*ABC', { OperatorID: 'DE*XYZ' })).toBe(false);
    expect(is(undefined, 'DE*QQQ', { OperatorID: 'DE*QQQ' })).toBe(true);
    expect(
      isIdentified(partners, 'abc', 'PushEvseData', 'DE*ABC', { OperatorEvseData: { OperatorID: 'DE*XYZ' } }),
    ).toBe(false);
    expect(isIdentified(partners, 'xyz', 'ChargingNotifications', undefined, { OperatorID: 'DE*ABC' })).toBe(false);
  });

  it('HUB-03: locked partners get 017 (RemoteStop 320), and are left out of match and broadcast', () => {
    const hub = new HubBench();
    const session = hub.activeSession();
    hub.code(AUTH_DATA, upload(CARD));
    hub.state.partners.save(provider('dcb', 'DE-DCB', { locked: true }));
    expect(hub.code(REMOTE_START, remoteStart())).toBe('017');
    expect(hub.code(REMOTE_STOP, remoteStop(session))).toBe('320');
    expect(hub.ask(START, AUTHORIZE_START).pending.waiting).toEqual(['three', 'two']);
    hub.state.partners.save(operator('abc', 'DE*ABC', { locked: true }));
    expect(hub.code(START, AUTHORIZE_START)).toBe('017');
    expect(hub.code(CDR, cdr(session))).toBe('017');
  });

  it('HUB-04: without a contract 210; the answer to AuthorizeStart is its own message', () => {
    const hub = new HubBench();
    for (const { key } of hub.state.partners.contracts()) hub.state.partners.removeContract(key);
    expect(hub.answer(START, AUTHORIZE_START)).toMatchObject({
      code: '210',
      message: { AuthorizationStatus: 'NotAuthorized', StatusCode: { Code: '210' } },
    });
    expect(hub.code(REMOTE_START, remoteStart())).toBe('210');
    expect(hub.code(DATA, pushData('insert', {}))).toBe('210');
    expect(hub.code(AUTH_DATA, upload(CARD))).toBe('210');
    expect(
      hub.code('/evsepull/v23/providers/DE-DCB/data-records', {
        ProviderID: 'DE-DCB',
        GeoCoordinatesResponseFormat: 'Google',
      }),
    ).toBe('210');
    expect(hub.code('/evsepull/v21/providers/DE-DCB/status-records', { ProviderID: 'DE-DCB' })).toBe('210');
    expect(hub.code('/reservation/v11/providers/DE-DCB/reservation-start-request', remoteStart())).toBe('210');
  });
});

describe('authorization', () => {
  it('HUB-07: a card in uploaded data is authorized without asking anybody', () => {
    const hub = new HubBench();
    expect(hub.code(AUTH_DATA, upload(CARD))).toBe('000');
    const { message } = hub.answer(START, AUTHORIZE_START);
    expect(message).toMatchObject({
      AuthorizationStatus: 'Authorized',
      ProviderID: 'DE-DCB',
      CPOPartnerSessionID: 'cpo-1',
    });
    expect(message['SessionID']).toMatch(GUID);
  });

  it('HUB-08, HUB-39: right PIN, wrong PIN, hashed PIN; the PIN is kept only as its hash', () => {
    const hub = new HubBench();
    const qr = (more: object) => ({ QRCodeIdentification: { EvcoID: 'DE-DCB-C12345678-X', ...more } });
    hub.code(AUTH_DATA, upload(qr({ PIN: '1234' })));
    const kept = JSON.stringify([...hub.state.authenticationData.current()].map(({ content }) => content));
    expect(kept).toContain('HashedPIN');
    expect(kept).not.toContain('"PIN"');
    const start = (more: object) => hub.answer(START, { ...AUTHORIZE_START, Identification: qr(more) });
    expect(start({ PIN: '1234' }).message).toMatchObject({ AuthorizationStatus: 'Authorized' });
    expect(start({ PIN: '4321' })).toMatchObject({ code: '101', message: { AuthorizationStatus: 'NotAuthorized' } });
    expect(start({ HashedPIN: { Value: '$2b$10$hashOf.0000001234', Function: 'Bcrypt' } }).code).toBe('101');
    const sessionId = String(start({ PIN: '1234' }).message['SessionID']);
    expect(JSON.stringify(hub.state.sessions.get(sessionId))).not.toContain('1234"');
  });

  it('HUB-09: a contract id leads to its provider alone, with the session filled in', () => {
    const hub = new HubBench();
    const Identification = { PlugAndChargeIdentification: { EvcoID: 'DE-TWO-C12345678-X' } };
    const { asks, pending } = hub.ask(START, { ...AUTHORIZE_START, Identification });
    expect(asks.map(({ partner }) => partner)).toEqual(['two']);
    expect(JSON.parse(asks[0]?.text ?? '')).toEqual({
      ...AUTHORIZE_START,
      Identification,
      SessionID: pending.sessionId,
    });
  });

  it('HUB-10: no, time-out, yes: the yes wins in every order, a second yes is noted', () => {
    const outcomes = [
      ['dcb', no('102')],
      ['two', TIMEOUT],
      ['three', YES],
    ] as const;
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      const hub = new HubBench();
      let { pending } = hub.ask(START, AUTHORIZE_START);
      const answers = [];
      for (const index of order) {
        const [partner, outcome] = outcomes[index] ?? ['', TIMEOUT];
        const settled = hub.settle(pending, partner, outcome);
        pending = settled.pending;
        if (settled.answer !== undefined) answers.push(settled.answer);
      }
      expect(answers).toHaveLength(1);
      expect(answers[0]?.message).toMatchObject({
        AuthorizationStatus: 'Authorized',
        ProviderID: 'DE-3EM',
        SessionID: pending.sessionId,
        CPOPartnerSessionID: 'cpo-1',
      });
      expect(hub.state.sessions.get(pending.sessionId)).toMatchObject({ state: 'active', provider: 'three' });
    }
    const hub = new HubBench();
    const first = hub.settle(hub.ask(START, AUTHORIZE_START).pending, 'three', YES);
    expect(hub.settle(first.pending, 'two', { ...YES, ProviderID: 'DE-TWO' })).toMatchObject({ secondYes: true });
    expect(hub.state.sessions.get(first.pending.sessionId)?.provider).toBe('three');
  });

  it.each([
    [['102', '102', '102'], 'doc', '102'],
    [['102', '200', '102'], 'doc', '106'],
    [['102', '200', '102'], 'observed', '102'],
    [['200', undefined, undefined], 'doc', '200'],
    [[undefined, undefined, undefined], 'doc', '106'],
  ] as const)('HUB-11: all refuse with %j (%s): %s, no session, later use 400', (codes, profile, expected) => {
    const hub = new HubBench();
    hub.profile = profile;
    let { pending } = hub.ask(START, AUTHORIZE_START);
    let answer: unknown;
    for (const [index, partner] of ['dcb', 'two', 'three'].entries()) {
      const code = codes[index];
      const settled = hub.settle(pending, partner, code === undefined ? TIMEOUT : no(code));
      pending = settled.pending;
      answer = settled.answer?.message ?? answer;
    }
    expect(answer).toMatchObject({ AuthorizationStatus: 'NotAuthorized', StatusCode: { Code: expected } });
    expect(answer).not.toHaveProperty('SessionID');
    expect(hub.code(CDR, cdr(pending.sessionId))).toBe('400');
  });

  it('HUB-12: a provider without broadcast is asked for its contracts, not for cards', () => {
    const hub = new HubBench();
    hub.state.partners.save(provider('two', 'DE-TWO', { services: { authorization: { online: true } } }));
    expect(hub.ask(START, AUTHORIZE_START).pending.waiting).toEqual(['dcb', 'three']);
    const Identification = { PlugAndChargeIdentification: { EvcoID: 'DE-TWO-C12345678-X' } };
    expect(hub.ask(START, { ...AUTHORIZE_START, Identification }).pending.waiting).toEqual(['two']);
  });

  it('HUB-13: sub ids in contracts and EVSEs lead to the connected partner', () => {
    const hub = new HubBench();
    const Identification = { PlugAndChargeIdentification: { EvcoID: 'DE-SUB-C12345678-X' } };
    expect(hub.ask(START, { ...AUTHORIZE_START, Identification }).pending.waiting).toEqual(['dcb']);
    expect(hub.ask(REMOTE_START, remoteStart({ EvseID: 'DE*SUB*E9' })).pending.waiting).toEqual(['abc']);
  });

  it('HUB-14: a stop of another operator’s, an unknown or a closed session is 400', () => {
    const hub = new HubBench();
    const session = hub.activeSession();
    const stop = (SessionID: string, OperatorID = 'DE*ABC') => ({ SessionID, OperatorID, Identification: CARD });
    expect(hub.code(STOP.replace('ABC', 'XYZ'), stop(session, 'DE*XYZ'))).toBe('400');
    expect(hub.code(STOP, stop('3b129fb6-c4af-476e-8bec-6e307c8e5d25'))).toBe('400');
    expect(hub.ask(STOP, stop(session)).pending.waiting).toEqual(['dcb']);
    hub.code(CDR, cdr(session));
    expect(hub.code(STOP, stop(session))).toBe('400');
  });

  it('HUB-15: a session from uploaded data stops with its own medium only: 101, 102, 105 by kind', () => {
    const hub = new HubBench();
    hub.code(AUTH_DATA, upload(CARD));
    const SessionID = String(hub.answer(START, AUTHORIZE_START).message['SessionID']);
    const stop = (Identification: object) => hub.code(STOP, { SessionID, OperatorID: 'DE*ABC', Identification });
    expect(stop({ RFIDMifareFamilyIdentification: { UID: '99887766' } })).toBe('102');
    expect(stop({ QRCodeIdentification: { EvcoID: 'DE-DCB-C12345678-X', PIN: '1' } })).toBe('101');
    expect(stop({ PlugAndChargeIdentification: { EvcoID: 'DE-DCB-C12345678-X' } })).toBe('105');
    expect(stop({ RFIDMifareFamilyIdentification: { UID: '044a2daa856280' } })).toBe('000');
    expect(hub.state.sessions.get(SessionID)?.state).toBe('stopped');
  });
});

describe('remote start and stop', () => {
  it('HUB-16: unknown EVSE 603, incompatible 604, nothing uploaded: forwarded', () => {
    const hub = new HubBench();
    expect(hub.ask(REMOTE_START, remoteStart()).pending.waiting).toEqual(['abc']);
    hub.code(DATA, pushData('insert', { EvseID: 'DE*ABC*E2', IsHubjectCompatible: false }));
    expect(hub.code(REMOTE_START, remoteStart())).toBe('603');
    expect(hub.code(REMOTE_START, remoteStart({ EvseID: 'DE*ABC*E2' }))).toBe('604');
  });

  it('HUB-17: one new session id in the forward and in the acknowledgement', () => {
    const hub = new HubBench();
    const first = hub.ask(REMOTE_START, remoteStart());
    const second = hub.ask(REMOTE_START, remoteStart());
    expect(first.pending.sessionId).toMatch(GUID);
    expect(second.pending.sessionId).not.toBe(first.pending.sessionId);
    expect(JSON.parse(first.asks[0]?.text ?? '').SessionID).toBe(first.pending.sessionId);
    const { answer } = hub.settle(first.pending, 'abc', { ...DONE, CPOPartnerSessionID: 'cpo-9' });
    expect(answer?.message).toEqual({ ...DONE, SessionID: first.pending.sessionId, CPOPartnerSessionID: 'cpo-9' });
  });

  it('HUB-18: a refusal is relayed as it is, and the session is gone', () => {
    const hub = new HubBench();
    const { pending } = hub.ask(REMOTE_START, remoteStart());
    const refusal = { Result: false, StatusCode: { Code: '602', Description: 'EVSE already in use/ wrong token.' } };
    expect(hub.settle(pending, 'abc', refusal).answer?.message).toEqual(refusal);
    expect(hub.code(REMOTE_STOP, remoteStop(pending.sessionId))).toBe('400');
  });

  it.each(['timeout', 'unreachable', 'invalid'] as const)('HUB-19: an operator that is %s gives 310', (kind) => {
    const hub = new HubBench();
    const { pending } = hub.ask(REMOTE_START, remoteStart());
    expect(hub.settle(pending, 'abc', { kind, text: 'why' }).answer).toMatchObject({
      situation: 'processed',
      message: { Result: false, StatusCode: { Code: '310', AdditionalInfo: 'why' } },
    });
    expect(hub.code(REMOTE_STOP, remoteStop(pending.sessionId))).toBe('400');
  });

  it('HUB-20: a stop by another provider, or after the charge detail record, is 400', () => {
    const hub = new HubBench();
    const session = hub.activeSession();
    expect(hub.code(REMOTE_STOP.replace('DCB', 'TWO'), remoteStop(session, { ProviderID: 'DE-TWO' }))).toBe('400');
    expect(hub.settle(hub.ask(REMOTE_STOP, remoteStop(session)).pending, 'abc', DONE).answer?.code).toBe('000');
    expect(hub.code(CDR, cdr(session))).toBe('000');
    expect(hub.code(REMOTE_STOP, remoteStop(session))).toBe('400');
  });
});

describe('charge detail records', () => {
  it('HUB-21: acknowledged when stored, forwarded character by character', () => {
    const hub = new HubBench();
    const session = hub.activeSession();
    const text = JSON.stringify(cdr(session, { MeterValueEnd: 0, Extra: { ü: null } })).replace('12.25', '12.250');
    const decision = hub.send(CDR, text.replace('"MeterValueEnd":0,', ''));
    expect(decision).toMatchObject({
      kind: 'answer',
      answer: { code: '000', message: { Result: true, SessionID: session } },
    });
    if (decision.kind !== 'answer') throw new Error('it is answered');
    const [forward] = decision.forwards;
    expect(forward).toMatchObject({ partner: 'dcb', operation: 'ChargeDetailRecord', pathId: 'DE*ABC' });
    // Only what the operator had left out of the correlation is added.
    expect(forward?.text.replace('"CPOPartnerSessionID":"cpo-1",', '')).toBe(text.replace('"MeterValueEnd":0,', ''));
  });

  it('HUB-22: a second one, another operator’s, one of an invalid session: 400', () => {
    const hub = new HubBench();
    const session = hub.activeSession();
    expect(hub.code(CDR.replace('ABC', 'XYZ'), cdr(session))).toBe('400');
    const refused = hub.ask(START, AUTHORIZE_START).pending;
    hub.state.sessions.move(refused.sessionId, 'invalidated', 0);
    expect(hub.code(CDR, cdr(refused.sessionId))).toBe('400');
    expect(hub.code(CDR, cdr(session))).toBe('000');
    expect(hub.answer(CDR, cdr(session))).toMatchObject({
      code: '400',
      message: { StatusCode: { AdditionalInfo: 'Session found but status is not valid CLOSED!' } },
    });
  });

  it.each([
    ['022', { ConsumedEnergy: 12_250 }],
    ['022', { ConsumedEnergy: -1 }],
    ['022', { SessionEnd: '2025-06-01T14:00:01+02:00' }],
    ['022', { ChargingEnd: '2025-06-01T13:00:00+02:00' }],
    ['022', { MeterValueStart: 20, MeterValueEnd: 10 }],
    ['018', { EvseID: 'DE*XYZ*E1' }],
  ])('HUB-23: %s for %j', (code, change) => {
    const hub = new HubBench();
    expect(hub.code(CDR, cdr(hub.activeSession(), change))).toBe(code);
  });

  it('HUB-23: 022 for an EVSE with external calibration data and no signed values', () => {
    const hub = new HubBench();
    hub.code(DATA, pushData('insert', { CalibrationLawDataAvailability: 'External' }));
    expect(hub.code(CDR, cdr(hub.activeSession()))).toBe('022');
    const signed = { SignedMeteringValues: [{ SignedMeteringValue: 'OCMF|1', MeteringStatus: 'Start' }] };
    expect(hub.code(CDR, cdr(hub.activeSession(), signed))).toBe('000');
  });

  it('HUB-24: fetched by time of receipt, by their provider only, as often as asked', () => {
    const hub = new HubBench();
    hub.code(CDR, cdr(hub.activeSession()));
    const get = (more: object = {}, id = 'DCB') =>
      hub.answer(`/cdrmgmt/v22/providers/DE-${id}/get-charge-detail-records-request`, {
        ProviderID: `DE-${id}`,
        From: '2025-06-01T12:00:00Z',
        To: '2025-06-01T14:00:00+02:00',
        ...more,
      }).message['totalElements'];
    expect([get(), get(), get({}, 'TWO')]).toEqual([1, 1, 0]);
    expect([get({ CDRForwarded: true }), get({ CDRForwarded: false })]).toEqual([0, 1]);
    expect(get({ From: '2025-06-01T12:00:00.001Z', To: '2025-06-01T13:00:00Z' })).toBe(0);
    expect([get({ OperatorID: 'DEABC' }), get({ OperatorID: ['DE*XYZ'] })]).toEqual([1, 0]);
  });
});

describe('notifications', () => {
  const progress = (SessionID: string) => ({
    Type: 'Progress',
    SessionID,
    EvseID: 'DE*ABC*E1*1',
    OperatorID: 'DE*ABC',
    ChargingStart: '2025-06-01T13:00:00+02:00',
    EventOccurred: '2025-06-01T13:30:00+02:00',
    ConsumedEnergyProgress: 1.5,
  });

  it('HUB-35: a progress after 299 s is refused with the text, after 300 s forwarded', () => {
    const hub = new HubBench();
    const session = hub.activeSession();
    hub.ask(NOTIFY, progress(session));
    hub.nowMs = NOON + 299_000;
    expect(hub.answer(NOTIFY, progress(session)).message).toMatchObject({
      Result: false,
      StatusCode: {
        Code: '022',
        AdditionalInfo: 'Progress Notification can be sent only at interval of at least 5 min',
      },
    });
    hub.nowMs = NOON + 300_000;
    expect(hub.ask(NOTIFY, progress(session)).pending.waiting).toEqual(['dcb']);
  });

  it('HUB-37: no endpoint 320, time-out 310, the provider’s own answer unchanged but for the ids', () => {
    const hub = new HubBench();
    const session = hub.activeSession();
    const { pending } = hub.ask(NOTIFY, progress(session));
    expect(hub.settle(pending, 'dcb', TIMEOUT).answer?.code).toBe('310');
    const refusal = { Result: false, StatusCode: { Code: '400' } };
    expect(hub.settle(pending, 'dcb', refusal).answer?.message).toEqual(refusal);
    hub.state.partners.save(provider('dcb', 'DE-DCB', { services: {} }));
    hub.nowMs += 300_000;
    expect(hub.code(NOTIFY, progress(session))).toBe('320');
  });

  it('one of another operator’s or a closed session is 400', () => {
    const hub = new HubBench();
    const session = hub.activeSession();
    expect(hub.code(NOTIFY, { ...progress(session), OperatorID: 'DE*XYZ' })).toBe('400');
    hub.code(CDR, cdr(session));
    expect(hub.code(NOTIFY, progress(session))).toBe('400');
  });
});
