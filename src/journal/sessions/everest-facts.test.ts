import { expect, it } from 'vitest';
import { memoryJournal } from '../../../test/journal-fixture.ts';

const MQTT = {
  a: { id: 'cp001', role: 'cs' },
  b: { id: 'everest', role: 'everest' },
  protocol: 'mqtt',
  version: '3.1.1',
  transport: 'mqtt',
  conn: 'mqtt-1',
  tap: 'everest',
} as const;
const OCPP = {
  a: { id: 'cp001', role: 'cs' },
  b: { id: 'csms', role: 'csms' },
  protocol: 'ocpp',
  version: '2.0.1',
  transport: 'ws',
  conn: 'ws-9',
  tap: 'csms',
} as const;
const EVENT = 'everest_api/1/evse_manager_consumer/api_1/e2m/session_event';
const TX = '7b19f1c5-1d52-470e-abcf-dbd8845b737d';

it('EVerest’s session and the OCPP 2.x transaction of the same id are one session', async () => {
  const world = memoryJournal();
  const mqtt = world.journal.recorder.openLink(MQTT);
  const ocpp = world.journal.recorder.openLink(OCPP);
  const said = (event: string, more = '') =>
    world.entry({ link: mqtt, kind: 'send', action: EVENT, raw: `{"uuid":"${TX}","event":"${event}"${more}}` });
  said('Enabled');
  said('SessionStarted', ',"session_started":{"reason":"EVConnected"}');
  world.entry({
    link: ocpp,
    kind: 'request',
    action: 'TransactionEvent',
    messageId: 't1',
    raw: `[2,"t1","TransactionEvent",{"eventType":"Started","timestamp":"2025-11-24T16:00:05Z","triggerReason":"Authorized","seqNo":0,"transactionInfo":{"transactionId":"${TX}"},"evse":{"id":1,"connectorId":1},"idToken":{"idToken":"DEHUBC1","type":"eMAID"}}]`,
  });
  said(
    'TransactionStarted',
    ',"transaction_started":{"id_tag":{"id_token":{"value":"DEHUBC1","type":"eMAID"},"authorization_type":"PlugAndCharge"}}',
  );
  const { items } = await world.journal.query.sessions();
  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({ kind: 'pnc', messages: 3 });
});

it('with OCPP 1.6 the number that EVerest tells joins them', async () => {
  const world = memoryJournal();
  const mqtt = world.journal.recorder.openLink(MQTT);
  const ocpp = world.journal.recorder.openLink({ ...OCPP, version: '1.6' });
  world.entry({ link: mqtt, kind: 'send', action: EVENT, raw: `{"uuid":"${TX}","event":"ChargingStarted"}` });
  world.entry({
    link: ocpp,
    kind: 'request',
    action: 'MeterValues',
    messageId: 'm1',
    raw: '[2,"m1","MeterValues",{"connectorId":1,"transactionId":17,"meterValue":[{"timestamp":"2025-11-24T16:00:05Z","sampledValue":[{"value":"5"}]}]}]',
  });
  world.entry({
    link: mqtt,
    kind: 'send',
    action: 'everest_api/1/ocpp_consumer/ocpp_api/e2m/ocpp_transaction_event',
    raw: `{"transaction_event":"Updated","session_id":"${TX}","transaction_id":"17"}`,
  });
  const { items } = await world.journal.query.sessions();
  expect(items).toHaveLength(1);
});
