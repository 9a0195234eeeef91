import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isoTime } from '../../../core/time.ts';
import { applyEvseDelta, type PullEvseDataRecord } from '../../../protocols/oicp/index.ts';
import { PushGate } from './pushed-records.ts';
import { CARD, HubBench, NOON, pushData } from './test-bench.ts';

const DATA = '/evsepush/v23/operators/DE*ABC/data-records';
const STATUS = '/evsepush/v21/operators/DE*ABC/status-records';
const AUTH_DATA = '/authdata/v21/providers/DE-DCB/push-request';
const PULL = '/evsepull/v23/providers/DE-DCB/data-records';
const PULL_STATUS = '/evsepull/v21/providers/DE-DCB/status-records';

const status = (ActionType: string, EvseID: string, EvseStatus: string) => ({
  ActionType,
  OperatorEvseStatus: { OperatorID: 'DE*ABC', EvseStatusRecord: [{ EvseID, EvseStatus }] },
});

function pull(hub: HubBench, more: object = {}, query = '?size=2000'): PullEvseDataRecord[] {
  const request = { ProviderID: 'DE-DCB', GeoCoordinatesResponseFormat: 'Google', ...more };
  return hub.answer(`${PULL}${query}`, request).message['content'] as PullEvseDataRecord[];
}

const ids = (hub: HubBench) => pull(hub).map(({ EvseID }) => EvseID);

describe('pushes', () => {
  it('HUB-26: a known insert, an unknown update or delete, a double key: 009, and nothing is stored', () => {
    const hub = new HubBench();
    hub.code(DATA, pushData('insert', {}));
    const refused = [
      pushData('insert', { EvseID: 'DE*ABC*E2' }, {}),
      pushData('insert', { EvseID: 'DE*ABC*E2' }, { EvseID: 'de*abc*e2' }),
      pushData('update', {}, { EvseID: 'DE*ABC*E2' }),
      pushData('delete', {}, { EvseID: 'DE*ABC*E2' }),
      pushData('fullLoad', { EvseID: 'DE*ABC*E2' }, { EvseID: 'DEABCE2' }),
    ];
    for (const body of refused) {
      expect(hub.answer(DATA, body).message).toMatchObject({ Result: false, StatusCode: { Code: '009' } });
    }
    expect(ids(hub)).toEqual(['DE*ABC*E1*1']);
  });

  it('HUB-26: a push of one kind at a time for a partner', () => {
    const gate = new PushGate();
    expect(gate.enter('abc', 'EvseData')).toBe(true);
    expect(gate.enter('abc', 'EvseData')).toBe(false);
    expect(gate.enter('abc', 'EvseStatus')).toBe(true);
    expect(gate.enter('xyz', 'EvseData')).toBe(true);
    gate.leave('abc', 'EvseData');
    expect(gate.enter('abc', 'EvseData')).toBe(true);
  });

  it('HUB-27: an empty fullLoad deletes everything, and a delta shows it', () => {
    const hub = new HubBench();
    hub.code(DATA, pushData('insert', {}, { EvseID: 'DE*ABC*E2' }));
    hub.nowMs += 1000;
    expect(hub.code(DATA, pushData('fullLoad'))).toBe('000');
    expect(ids(hub)).toEqual([]);
    const delta = pull(hub, { LastCall: isoTime(NOON) });
    expect(delta.map(({ EvseID, deltaType }) => [EvseID, deltaType])).toEqual([
      ['DE*ABC*E1*1', 'delete'],
      ['DE*ABC*E2', 'delete'],
    ]);
  });

  it('HUB-28: one foreign EVSE among 100 is 018, and none is stored; a sub-operator’s is not foreign', () => {
    const hub = new HubBench();
    const records = Array.from({ length: 100 }, (_, index) => ({ EvseID: `DE*ABC*E${index}` }));
    expect(hub.code(DATA, pushData('insert', ...records, { EvseID: 'DE*XYZ*E1' }))).toBe('018');
    expect(ids(hub)).toEqual([]);
    expect(hub.code(DATA, pushData('insert', ...records, { EvseID: 'DE*SUB*E1' }))).toBe('000');
    expect(ids(hub)).toHaveLength(101);
  });

  it('HUB-29: a foreign contract is 019, and none is stored', () => {
    const hub = new HubBench();
    const upload = (EvcoID: string) => ({
      ActionType: 'insert',
      ProviderAuthenticationData: {
        ProviderID: 'DE-DCB',
        AuthenticationDataRecord: [
          { Identification: CARD },
          { Identification: { PlugAndChargeIdentification: { EvcoID } } },
        ],
      },
    });
    expect(hub.code(AUTH_DATA, upload('DE-TWO-C12345678-X'))).toBe('019');
    expect(hub.state.authenticationData.hasAny('dcb')).toBe(false);
    expect(hub.code(AUTH_DATA, upload('DE-SUB-C12345678-X'))).toBe('000');
  });

  it('status needs a data record', () => {
    const hub = new HubBench();
    expect(hub.code(STATUS, status('insert', 'DE*ABC*E1*1', 'Available'))).toBe('009');
    hub.code(DATA, pushData('insert', {}));
    expect(hub.code(STATUS, status('insert', 'DE*ABC*E1*1', 'Available'))).toBe('000');
  });
});

describe('status and data', () => {
  it('an EVSE that was dropped and comes back has no old status', () => {
    const hub = new HubBench();
    hub.code(DATA, pushData('insert', {}));
    hub.code(STATUS, status('insert', 'DE*ABC*E1*1', 'Occupied'));
    hub.code(DATA, pushData('fullLoad', { EvseID: 'DE*ABC*E2' }));
    hub.code(DATA, pushData('insert', {}));
    const EvseID = ['DE*ABC*E1*1'];
    expect(hub.answer(`${PULL_STATUS}-by-id`, { ProviderID: 'DE-DCB', EvseID }).message).toMatchObject({
      EVSEStatusRecords: { EvseStatusRecord: [{ EvseStatus: 'Unknown' }] },
    });
  });
});

describe('pulls', () => {
  it('HUB-30: inserted and deleted within the window is absent, updated twice is one update', () => {
    const hub = new HubBench();
    hub.code(DATA, pushData('insert', {}));
    const push = (body: object) => {
      hub.nowMs += 1000;
      expect(hub.code(DATA, body)).toBe('000');
    };
    push(pushData('insert', { EvseID: 'DE*ABC*E2' }));
    push(pushData('update', { RenewableEnergy: false }));
    push(pushData('delete', { EvseID: 'DE*ABC*E2' }));
    push(pushData('update', { RenewableEnergy: false, MaxCapacity: 5 }));
    expect(pull(hub, { LastCall: isoTime(NOON) })).toMatchObject([
      { EvseID: 'DE*ABC*E1*1', deltaType: 'update', MaxCapacity: 5, lastUpdate: isoTime(hub.nowMs) },
    ]);
  });

  const action = fc.record({
    kind: fc.constantFrom('fullLoad', 'insert', 'update', 'delete', 'pull'),
    outlets: fc.uniqueArray(fc.constantFrom('1', '2', '3', '4'), { maxLength: 4 }),
    MaxCapacity: fc.nat(3),
  });

  it('after any sequence of pushes, delta pulls give the receiver the hub’s own set (EMP-PD-02)', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 15 }), (actions) => {
        const hub = new HubBench();
        let copy = new Map<string, PullEvseDataRecord>();
        let LastCall: string | undefined;
        const pullInto = () => {
          const started = isoTime(hub.nowMs);
          copy = applyEvseDelta(copy, pull(hub, LastCall === undefined ? {} : { LastCall }));
          LastCall = started;
          hub.nowMs += 1000;
        };
        for (const { kind, outlets, MaxCapacity } of actions) {
          if (kind === 'pull') pullInto();
          else
            hub.send(DATA, pushData(kind, ...outlets.map((outlet) => ({ EvseID: `DE*ABC*E${outlet}`, MaxCapacity }))));
          hub.nowMs += 1000;
        }
        pullInto();
        const contents = (records: Iterable<PullEvseDataRecord>) =>
          [...records].map(({ EvseID, MaxCapacity }) => `${EvseID} ${MaxCapacity}`).sort();
        expect(contents(copy.values())).toEqual(contents(pull(hub)));
      }),
      { numRuns: 60 },
    );
  });

  it('HUB-25: pages of 20, counters right', () => {
    const hub = new HubBench();
    hub.code(DATA, pushData('insert', ...Array.from({ length: 45 }, (_, index) => ({ EvseID: `DE*ABC*E${index}` }))));
    expect(pull(hub, {}, '')).toHaveLength(20);
    expect(pull(hub, {}, '?page=2')).toHaveLength(5);
    expect(new Set([0, 1, 2].flatMap((page) => pull(hub, {}, `?page=${page}`).map(({ EvseID }) => EvseID))).size).toBe(
      45,
    );
    // The pages of another filter, and those after a push, are not the ones that were found before.
    expect(pull(hub, { OperatorIds: ['DE*XYZ'] }, '?page=0')).toHaveLength(0);
    hub.code(DATA, pushData('delete', { EvseID: 'DE*ABC*E1' }));
    expect(pull(hub, {}, '?page=2')).toHaveLength(4);
  });

  it('HUB-32: coordinates in the format asked for', () => {
    const hub = new HubBench();
    hub.code(DATA, pushData('insert', {}));
    expect(pull(hub, { GeoCoordinatesResponseFormat: 'DecimalDegree' })).toMatchObject([
      { GeoCoordinates: { DecimalDegree: { Longitude: '13.356465', Latitude: '52.480495' } } },
    ]);
  });

  it('HUB-33: an unknown id is EvseNotFound, one without status Unknown', () => {
    const hub = new HubBench();
    hub.code(DATA, pushData('insert', {}));
    const EvseID = ['DE*ABC*E1*1', 'DE*ABC*E9'];
    expect(hub.answer(`${PULL_STATUS}-by-id`, { ProviderID: 'DE-DCB', EvseID }).message).toMatchObject({
      EVSEStatusRecords: {
        EvseStatusRecord: [
          { EvseID: 'DE*ABC*E1*1', EvseStatus: 'Unknown' },
          { EvseID: 'DE*ABC*E9', EvseStatus: 'EvseNotFound' },
        ],
      },
    });
  });

  it('HUB-34: auto becomes true once status exists', () => {
    const hub = new HubBench();
    hub.code(DATA, pushData('insert', {}));
    expect(pull(hub)).toMatchObject([{ DynamicInfoAvailable: 'auto' }]);
    hub.code(STATUS, status('fullLoad', 'DE*ABC*E1*1', 'Available'));
    expect(pull(hub)).toMatchObject([{ DynamicInfoAvailable: 'true' }]);
  });

  it('status by operator and around a place; an unknown operator gives nothing', () => {
    const hub = new HubBench();
    hub.code(DATA, pushData('insert', {}));
    hub.code(STATUS, status('fullLoad', 'DE*ABC*E1*1', 'Occupied'));
    const group = {
      OperatorID: 'DE*ABC',
      OperatorName: 'ABC',
      EvseStatusRecord: [{ EvseID: 'DE*ABC*E1*1', EvseStatus: 'Occupied' }],
    };
    const byOperator = (OperatorID: string) =>
      hub.answer(`${PULL_STATUS}-by-operator-id`, { ProviderID: 'DE-DCB', OperatorID: [OperatorID] }).message[
        'EvseStatuses'
      ];
    expect(byOperator('DEABC')).toEqual({ OperatorEvseStatus: [group] });
    expect(byOperator('DE*XYZ')).toEqual({ OperatorEvseStatus: [] });
    const GeoCoordinates = { Google: { Coordinates: '52.480495 13.356465' } };
    const around = (more: object) => hub.answer(PULL_STATUS, { ProviderID: 'DE-DCB', ...more }).message['EvseStatuses'];
    expect(around({ SearchCenter: { GeoCoordinates, Radius: 1 }, EvseStatus: 'Occupied' })).toEqual({
      OperatorEvseStatus: [group],
    });
    expect(around({ EvseStatus: 'Available' })).toEqual({ OperatorEvseStatus: [] });
  });
});
