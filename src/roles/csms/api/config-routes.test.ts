import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testCsms } from '../../../../test/support/csms.ts';

describe('the configuration of a station', () => {
  let csms: Awaited<ReturnType<typeof testCsms>>;
  beforeAll(async () => {
    csms = await testCsms({ boot: { askInventory: 'never' } });
  });
  afterAll(() => csms.end());

  it('1.6: keys as read, set one message a key', async () => {
    const station = await csms.station('CS-16', 'ocpp1.6', {
      GetConfiguration: (id) =>
        `[3,"${id}",{"configurationKey":[{"key":"HeartbeatInterval","readonly":false,"value":"300"},{"key":"NumberOfConnectors","readonly":true,"value":"2"}]}]`,
      ChangeConfiguration: (id, text) =>
        `[3,"${id}",{"status":"${text.includes('HeartbeatInterval') ? 'Accepted' : 'NotSupported'}"}]`,
    });
    await station.boot();
    await csms.call('POST', '/stations/CS-16/commands/report');
    const { items } = (await csms.call('GET', '/stations/CS-16/config')).body;
    expect(items).toMatchObject([
      { name: 'HeartbeatInterval', value: '300', readonly: false },
      { name: 'NumberOfConnectors', value: '2', readonly: true },
    ]);
    const changed = await csms.call('PATCH', '/stations/CS-16/config', { HeartbeatInterval: '60', Nothing: '1' });
    expect(changed.body.items).toEqual([
      { name: 'HeartbeatInterval', status: 'Accepted' },
      { name: 'Nothing', status: 'NotSupported' },
    ]);
    const after = (await csms.call('GET', '/stations/CS-16/config')).body.items;
    expect(after.find((each: { name: string }) => each.name === 'HeartbeatInterval')).toMatchObject({
      value: '60',
      source: 'set',
    });
    expect((await csms.call('PATCH', '/stations/CS-16/config', {})).status).toBe(400);
  });

  it('2.x: components and variables as reported, set by name', async () => {
    const station = await csms.station('CS-201', 'ocpp2.0.1', {
      SetVariables: (id) =>
        `[3,"${id}",{"setVariableResult":[{"attributeStatus":"RebootRequired","component":{"name":"EVSE","evse":{"id":1}},"variable":{"name":"AllowReset"}}]}]`,
      GetBaseReport: (id) => `[3,"${id}",{"status":"Accepted"}]`,
    });
    await station.boot();
    const { body } = await csms.call('POST', '/stations/CS-201/commands/report');
    expect(body).toMatchObject({ action: 'GetBaseReport', status: 'Accepted' });
    await station.ask(
      `[2,"r-1","NotifyReport",{"requestId":${body.request.requestId},"generatedAt":"2026-01-31T12:00:00Z","seqNo":0,"tbc":false,"reportData":[{"component":{"name":"EVSE","evse":{"id":1}},"variable":{"name":"AllowReset"},"variableAttribute":[{"type":"Actual","value":"false","mutability":"ReadWrite"}],"variableCharacteristics":{"dataType":"boolean","supportsMonitoring":false}}]}]`,
    );
    expect((await csms.call('GET', '/stations/CS-201/config')).body.items).toMatchObject([
      { name: 'EVSE@1.AllowReset', value: 'false', readonly: false, source: 'reported' },
    ]);
    expect((await csms.call('GET', '/stations/CS-201/device-model')).body.items).toMatchObject([
      {
        name: 'EVSE',
        evse: 1,
        variables: [
          {
            name: 'AllowReset',
            attributes: [{ type: 'Actual', value: 'false', mutability: 'ReadWrite' }],
            characteristics: { dataType: 'boolean' },
          },
        ],
      },
    ]);
    const changed = await csms.call('PATCH', '/stations/CS-201/config', { 'EVSE@1.AllowReset': 'true' });
    expect(changed.body.items).toEqual([{ name: 'EVSE@1.AllowReset', status: 'RebootRequired' }]);
    expect(station.heard.at(-1)).toContain(
      '{"setVariableData":[{"component":{"name":"EVSE","evse":{"id":1}},"variable":{"name":"AllowReset"},"attributeValue":"true"}]}',
    );
    expect((await csms.call('PATCH', '/stations/CS-201/config', { AllowReset: 'true' })).body.fields[0].pointer).toBe(
      '/AllowReset',
    );
  });
});
