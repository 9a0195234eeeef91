import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testCsms } from '../../../../test/support/csms.ts';
import { exampleValue } from '../../../platform/schema/example-value.ts';
import { ACTIONS } from '../../../protocols/ocpp/actions.ts';
import { OCPP_VERSIONS } from '../../../protocols/ocpp/versions.ts';

type TestCsms = Awaited<ReturnType<typeof testCsms>>;
let csms: TestCsms;
beforeAll(async () => {
  csms = await testCsms();
});
afterAll(() => csms.end());

describe('actions and schemas', () => {
  it('lists every action of a version once per direction', async () => {
    const { body } = await csms.call('GET', '/actions?ver=1.6');
    expect(body.total).toBe(40);
    const transfer = body.items.filter((each: { action: string }) => each.action === 'DataTransfer');
    expect(transfer.map((each: { from: string }) => each.from)).toEqual(['csms', 'station']);
    expect((await csms.call('GET', '/actions?ver=1.6&from=csms')).body.total).toBe(26);
    const stream = (await csms.call('GET', '/actions?ver=2.1')).body.items.find(
      (each: { action: string }) => each.action === 'NotifyPeriodicEventStream',
    );
    expect(stream).toMatchObject({ from: 'station', kinds: ['send'] });
  });

  it('gives schema, explanations, example and minimal', async () => {
    const { body } = await csms.call('GET', '/schemas/ocpp/1.6/RemoteStartTransaction/request');
    expect(body.minimal).toEqual({ idTag: 'idTag' });
    expect(Object.keys(body.example)).toEqual(['connectorId', 'idTag', 'chargingProfile']);
    expect(body.schema.required).toEqual(['idTag']);
    const { docs } = (await csms.call('GET', '/schemas/ocpp/2.0.1/Reset/request')).body;
    expect(docs['/type']).toMatch(/reset/i);
    expect((await csms.call('GET', '/schemas/ocpp/1.6/Nothing/request')).body.code).toBe('UNKNOWN_ACTION');
    expect((await csms.call('GET', '/schemas/ocpp/2.1/NotifyPeriodicEventStream/response')).body.code).toBe(
      'NOT_FOUND',
    );
    expect((await csms.call('GET', '/schemas?ver=1.6')).body.items).toHaveLength(78);
  });

  it('lists operations of OICP on each leg; their least bodies fit', async () => {
    const { items } = (await csms.call('GET', '/actions?proto=oicp')).body;
    expect(items.find((each: { action: string }) => each.action === 'AuthorizeStart')).toMatchObject({
      ver: '2.3',
      from: 'csms',
      to: 'hub',
    });
    const wrong: string[] = [];
    for (const { action, to } of items) {
      const { minimal, schema } = (await csms.call('GET', `/schemas/oicp/2.3/${action}/request?to=${to}`)).body;
      expect(schema.type === 'object' || Array.isArray(schema.anyOf)).toBe(true);
      const draft = { proto: 'oicp', ver: '2.3', action, payload: minimal, to };
      for (const { severity, pointer, text } of (await csms.call('POST', '/validate', draft)).body.schema)
        if (severity === 'error') wrong.push(`${action} to ${to}: ${pointer} ${text}`);
    }
    expect(wrong).toEqual([]);
    const { schema } = (
      await csms.call('POST', '/validate', {
        proto: 'oicp',
        ver: '2.3',
        action: 'AuthorizeStart',
        payload: {},
        to: 'hub',
      })
    ).body;
    expect(schema.map((each: { pointer: string }) => each.pointer)).toContain('/Identification');
    expect((await csms.call('GET', '/schemas/oicp/2.3/Heartbeat/request')).body.code).toBe('UNKNOWN_ACTION');
  });

  it('knows the messages inside DataTransfer, and judges their text', async () => {
    const { inner } = (await csms.call('GET', '/schemas/ocpp/1.6/DataTransfer/request')).body;
    expect(inner).toHaveLength(9);
    const vendorId = 'org.openchargealliance.iso15118pnc';
    const judge = async (data: unknown) => {
      const payload = { vendorId, messageId: 'Authorize', data };
      const { body } = await csms.call('POST', '/validate', {
        proto: 'ocpp',
        ver: '1.6',
        action: 'DataTransfer',
        payload,
        to: 'csms',
      });
      return body.schema.map(({ pointer }: { pointer: string }) => pointer);
    };
    expect(await judge('{"idToken":{"idToken":"DE-DCB-C1"}}')).toEqual([]);
    expect(await judge('{"idToken":{"idToken":"DE-DCB-C1"},"certificate":5}')).toEqual(['/data/certificate']);
    expect(await judge('{nonsense')).toEqual(['/data']);
  });

  it('has made-up payloads that fit the schema of every action of every version', () => {
    const wrong: string[] = [];
    for (const version of OCPP_VERSIONS) {
      for (const action of Object.keys(ACTIONS[version])) {
        const schemas = csms.csms.schemas.of(version).of(action);
        for (const side of ['request', 'response'] as const) {
          const schema = schemas?.[side];
          for (const size of ['minimal', 'example'] as const) {
            if (schema === undefined) continue;
            const value = exampleValue(schema.schema, size, '2026-01-31T12:00:00.000Z', ['customData']);
            for (const { pointer, text } of schema.violations(value))
              wrong.push(`${version} ${action} ${side} ${size} ${pointer} ${text}`);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('POST /validate', () => {
  const judge = async (draft: object) =>
    (await csms.call('POST', '/validate', { proto: 'ocpp', ver: '1.6', ...draft })).body;

  it('points at what breaks the schema', async () => {
    expect(await judge({ action: 'Reset', payload: { type: 'Soft' } })).toEqual({
      schema: [],
      protocol: [],
      compatibility: [],
    });
    const { schema } = await judge({ action: 'Reset', payload: { type: 'Cold', when: 1 } });
    expect(schema.map((each: { pointer: string }) => each.pointer).sort()).toEqual(['/type', '/when']);
    expect((await judge({ action: 'Resett', payload: {} })).schema[0].rule).toBe('OCPPJ-RPC-018');
    expect((await judge({ raw: '[2,"1","Reset"' })).schema[0].rule).toBe('OCPPJ-RPC-001');
    expect((await judge({ raw: '[3,"1",{"status":"Accepted"}]', action: 'Reset' })).schema).toEqual([]);
    expect((await judge({ raw: '[3,"1",{}]' })).fields[0].pointer).toBe('/action');
  });

  it('looks at direction and at the state of the station', async () => {
    const rules = async (draft: object) => (await judge(draft)).protocol.map((each: { rule: string }) => each.rule);
    expect(await rules({ action: 'Heartbeat', payload: {}, to: 'CS-V' })).toEqual(['OCPPJ-RPC-019', 'STATION']);
    await csms.call('PUT', '/stations/CS-V', { admission: 'pending' });
    expect(await rules({ action: 'Reset', payload: { type: 'Soft' }, to: 'CS-V' })).toEqual(['CONNECTED']);
    const station = await csms.station('CS-V', 'ocpp1.6');
    await station.boot();
    expect(await rules({ action: 'Reset', payload: { type: 'Soft' }, to: 'CS-V' })).toEqual([]);
    expect(await rules({ action: 'RemoteStartTransaction', payload: { idTag: 'A' }, to: 'CS-V' })).toEqual([
      'BOOT-GATE',
    ]);
    expect(await rules({ ver: '2.1', action: 'Reset', payload: { type: 'OnIdle' }, to: 'CS-V' })).toEqual(['VERSION']);
    expect(await rules({ action: 'Heartbeat', payload: {}, to: 'csms' })).toEqual([]);
  });
});
