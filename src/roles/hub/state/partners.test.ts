import { describe, expect, it } from 'vitest';
import { Database } from '../../../storage/database.ts';
import { withSession } from './authorize.ts';
import { HubState } from './hub-state.ts';
import type { ContractRecord, SessionRecord } from './records.ts';
import { AUTHORIZE_START, HubBench, NOON, operator, provider } from './test-bench.ts';

describe('partners', () => {
  it('every writing of an id is that id, unless the registered spelling alone counts', () => {
    const lenient = new HubState(new Database({ path: ':memory:' }), { strictSpelling: false, evseVersions: 1 });
    const strict = new HubState(new Database({ path: ':memory:' }), { strictSpelling: true, evseVersions: 1 });
    for (const { partners } of [lenient, strict]) {
      partners.save(operator('abc', 'DE*ABC'));
      partners.save(provider('dcb', 'DE-DCB'));
    }
    for (const [text, found] of [
      ['DE*ABC', 'abc'],
      ['deabc', undefined],
    ] as const) {
      expect(lenient.partners.operator(text)?.key).toBe('abc');
      expect(strict.partners.operator(text)?.key).toBe(found);
    }
    expect(lenient.partners.provider('DE*DCB')?.key).toBe('dcb');
    expect(strict.partners.provider('DE*DCB')).toBeUndefined();
    // Inside an EVSE id there is no registered spelling.
    expect(strict.partners.operatorOfEvse('deabce1')?.key).toBe('abc');
  });

  it('a sub id finds the hub partner inside other ids only; an own id beats somebody’s sub id', () => {
    const { partners } = new HubBench().state;
    expect(partners.operator('DE*SUB')).toBeUndefined();
    expect(partners.operatorOfEvse('DE*SUB*E1')?.key).toBe('abc');
    expect(partners.providerOfContract('DE-SUB-C12345678-X')?.key).toBe('dcb');
    partners.save(operator('sub', 'DE*SUB'));
    expect(partners.operatorOfEvse('DE*SUB*E1')?.key).toBe('sub');
  });

  it('a contract holds from its first instant to before its last', () => {
    const { partners } = new HubBench().state;
    const contract: ContractRecord = {
      key: 'c',
      offerer: 'abc',
      subscriber: 'dcb',
      service: 'eRoamingPullEvseData',
      validFromMs: 100,
      validToMs: 200,
    };
    partners.saveContract(contract);
    const holds = (ms: number, subscriber = 'dcb') =>
      partners.hasContract('eRoamingPullEvseData', 'abc', subscriber, ms);
    expect([99, 100, 199, 200].map((ms) => holds(ms))).toEqual([false, true, true, false]);
    expect(holds(150, 'two')).toBe(false);
  });

  it('a partner’s contracts end with it', () => {
    const { partners } = new HubBench().state;
    expect(partners.remove('abc')).toBe(true);
    expect(partners.remove('abc')).toBe(false);
    expect(partners.operator('DE*ABC')).toBeUndefined();
    expect(partners.contracts().filter(({ offerer }) => offerer === 'abc')).toEqual([]);
  });

  it('partners and open sessions are there again after a restart', () => {
    const database = new Database({ path: ':memory:' });
    const before = new HubState(database);
    before.partners.save(operator('abc', 'DE*ABC'));
    const { sessionId } = before.sessions.create({
      sessionId: '3b129fb6-c4af-476e-8bec-6e307c8e5d25',
      kind: 'authorization',
      operator: 'abc',
      operatorId: 'DE*ABC',
      identification: AUTHORIZE_START.Identification,
      decidedBy: 'online',
      createdMs: NOON,
    });
    before.sessions.move(sessionId, 'active', NOON);
    database.commit();
    const after = new HubState(database);
    expect(after.partners.operator('DE*ABC')?.key).toBe('abc');
    expect(after.sessions.get(sessionId.toUpperCase())?.state).toBe('active');
  });
});

describe('sessions', () => {
  it('only the drawn steps lead on; closed and invalidated are the end', () => {
    const { sessions } = new HubBench().state;
    const begin = (sessionId: string) =>
      sessions.create({
        sessionId,
        kind: 'remote',
        operator: 'abc',
        operatorId: 'DE*ABC',
        identification: AUTHORIZE_START.Identification,
        decidedBy: 'online',
        createdMs: NOON,
      });
    begin('a');
    for (const state of ['stopped', 'closed'] as const)
      expect(() => sessions.move('a', state, NOON)).toThrow('pending');
    sessions.move('a', 'active', NOON);
    expect(() => sessions.move('a', 'invalidated', NOON)).toThrow('active');
    sessions.move('a', 'stopped', NOON);
    sessions.move('a', 'closed', NOON);
    begin('b');
    sessions.move('b', 'invalidated', NOON);
    for (const id of ['a', 'b']) {
      for (const state of ['active', 'stopped', 'closed', 'invalidated'] as const) {
        expect(() => sessions.move(id, state, NOON)).toThrow(RangeError);
      }
    }
    expect(() => sessions.move('unknown', 'active', NOON)).toThrow('unknown');
  });

  it('the first partner ids stay', () => {
    const hub = new HubBench();
    const id = hub.activeSession();
    hub.state.sessions.learn(id, { CPOPartnerSessionID: 'other', EMPPartnerSessionID: 'emp-1' }, NOON);
    expect(hub.state.sessions.get(id)).toMatchObject({ cpoPartnerSessionId: 'cpo-1', empPartnerSessionId: 'emp-1' });
  });

  it('what the sender wrote of the ids is forwarded as it is', () => {
    const session: SessionRecord = {
      sessionId: '3b129fb6-c4af-476e-8bec-6e307c8e5d25',
      state: 'active',
      kind: 'remote',
      operator: 'abc',
      operatorId: 'DE*ABC',
      identification: AUTHORIZE_START.Identification,
      decidedBy: 'online',
      cpoPartnerSessionId: 'cpo-1',
      createdMs: NOON,
      updatedMs: NOON,
    };
    const whole = '{ "SessionID":"3B129FB6-C4AF-476E-8BEC-6E307C8E5D25", "CPOPartnerSessionID" : "cpo-2" }';
    expect(withSession(whole, session)).toBe(whole);
    const foreign = '{"SessionID":"00000000-0000-0000-0000-000000000000","CPOPartnerSessionID":null}';
    expect(JSON.parse(withSession(foreign, session))).toEqual({
      SessionID: session.sessionId,
      CPOPartnerSessionID: 'cpo-1',
    });
  });
});
