import { OCPP21 } from 'typed-ocpp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServiceProcess, until } from './service-process.ts';
import { strangerClient } from './stranger-client.ts';

/**
 * Stations that nobody here wrote: `ocpp-rpc` in strict mode for 1.6 and 2.0.1 validates both directions by itself; for 2.1,
 * where its strict lookup is broken, it only carries the frames, and `typed-ocpp` judges them.
 */

type Json = Record<string, unknown>;
let csms: ServiceProcess;

beforeAll(async () => {
  csms = await ServiceProcess.start('csms');
  for (const idToken of ['04A1B2C3D4E5F6', '04A1B2C3D4E5F7']) {
    const made = await csms.call('POST', '/tokens', { idToken, type: 'ISO14443', status: 'Accepted' });
    expect(made.status).toBe(201);
  }
});
afterAll(() => csms.remove());

const client = (identity: string, subprotocol: string, strict: boolean) =>
  strangerClient(csms.port, identity, subprotocol, strict);

async function command(station: string, action: string, payload: Json): Promise<Json> {
  const answer = await csms.call('POST', `/stations/${station}/ocpp/${action}`, payload);
  expect({ action, status: answer.status, body: answer.body }).toMatchObject({ status: 200 });
  return answer.body as Json;
}

const findingsOf = async (station: string): Promise<unknown[]> =>
  (await csms.call('GET', `/findings?party=${station}`)).body.items;

describe('an ocpp-rpc client in strict mode', () => {
  it('runs a full 1.6 session and obeys commands', async () => {
    const station = client('STRANGER-16', 'ocpp1.6', true);
    const heard: string[] = [];
    station.handle(({ method }) => {
      heard.push(method);
      const answers: Json = {
        GetConfiguration: { configurationKey: [{ key: 'NumberOfConnectors', readonly: true, value: '1' }] },
        UnlockConnector: { status: 'Unlocked' },
        GetLocalListVersion: { listVersion: 3 },
        UpdateFirmware: {},
      };
      return (answers[method] as Json | undefined) ?? { status: 'Accepted' };
    });
    await station.connect();
    const boot = await station.call('BootNotification', { chargePointVendor: 'Stranger', chargePointModel: 'One' });
    expect(boot).toMatchObject({ status: 'Accepted' });
    await station.call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Preparing' });
    expect(await station.call('Authorize', { idTag: '04A1B2C3D4E5F6' })).toMatchObject({
      idTagInfo: { status: 'Accepted' },
    });
    const time = () => new Date().toISOString();
    const started = (await station.call('StartTransaction', {
      connectorId: 1,
      idTag: '04A1B2C3D4E5F6',
      meterStart: 100,
      timestamp: time(),
    })) as { transactionId: number };
    const sampledValue = [{ value: '600', measurand: 'Energy.Active.Import.Register', unit: 'Wh' }];
    await station.call('MeterValues', {
      connectorId: 1,
      transactionId: started.transactionId,
      meterValue: [{ timestamp: time(), sampledValue }],
    });
    await station.call('StopTransaction', {
      transactionId: started.transactionId,
      meterStop: 1100,
      timestamp: time(),
      idTag: '04A1B2C3D4E5F6',
    });
    await station.call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Available' });
    await station.call('Heartbeat', {});
    await station.call('FirmwareStatusNotification', { status: 'Installed' });
    await command('STRANGER-16', 'TriggerMessage', { requestedMessage: 'DiagnosticsStatusNotification' });
    await station.call('DiagnosticsStatusNotification', { status: 'Idle' });
    await station.call('SecurityEventNotification', { type: 'StartupOfTheDevice', timestamp: time() });
    await command('STRANGER-16', 'ExtendedTriggerMessage', { requestedMessage: 'LogStatusNotification' });
    await station.call('LogStatusNotification', { status: 'Idle' });
    await station.call('DataTransfer', { vendorId: 'org.stranger' });

    const soon = new Date(Date.now() + 3_600_000).toISOString();
    await command('STRANGER-16', 'GetConfiguration', {});
    await command('STRANGER-16', 'ChangeAvailability', { connectorId: 1, type: 'Inoperative' });
    await command('STRANGER-16', 'ReserveNow', {
      connectorId: 1,
      expiryDate: soon,
      idTag: '04A1B2C3D4E5F6',
      reservationId: 1,
    });
    await command('STRANGER-16', 'UnlockConnector', { connectorId: 1 });
    await command('STRANGER-16', 'GetLocalListVersion', {});
    await command('STRANGER-16', 'SetChargingProfile', {
      connectorId: 1,
      csChargingProfiles: {
        chargingProfileId: 1,
        stackLevel: 0,
        chargingProfilePurpose: 'TxDefaultProfile',
        chargingProfileKind: 'Relative',
        chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 8.1 }] },
      },
    });
    expect(heard).toEqual([
      'TriggerMessage',
      'ExtendedTriggerMessage',
      'GetConfiguration',
      'ChangeAvailability',
      'ReserveNow',
      'UnlockConnector',
      'GetLocalListVersion',
      'SetChargingProfile',
    ]);

    const transaction = (await csms.call('GET', `/stations/STRANGER-16/transactions/${started.transactionId}`)).body;
    expect(transaction).toMatchObject({ state: 'ended', energyWh: 1000 });
    expect(await findingsOf('STRANGER-16')).toEqual([]);
    await station.close();
  });

  it('runs a full 2.0.1 session and obeys commands', async () => {
    const station = client('STRANGER-201', 'ocpp2.0.1', true);
    station.handle(({ method, params }) => {
      const variables = (key: string) => (params[key] as Json[] | undefined) ?? [];
      const answers: Record<string, () => Json> = {
        GetVariables: () => ({
          getVariableResult: variables('getVariableData').map(({ component, variable }) => ({
            component,
            variable,
            attributeType: 'Actual',
            attributeStatus: 'Accepted',
            attributeValue: '60',
          })),
        }),
        SetVariables: () => ({
          setVariableResult: variables('setVariableData').map(({ component, variable }) => ({
            component,
            variable,
            attributeType: 'Actual',
            attributeStatus: 'Accepted',
          })),
        }),
        UnlockConnector: () => ({ status: 'Unlocked' }),
        GetTransactionStatus: () => ({ messagesInQueue: false }),
        GetLocalListVersion: () => ({ versionNumber: 2 }),
      };
      return answers[method]?.() ?? { status: 'Accepted' };
    });
    await station.connect();
    const boot = await station.call('BootNotification', {
      reason: 'PowerUp',
      chargingStation: { vendorName: 'Stranger', model: 'Two' },
    });
    expect(boot).toMatchObject({ status: 'Accepted' });
    const timestamp = () => new Date().toISOString();
    await station.call('StatusNotification', {
      evseId: 1,
      connectorId: 1,
      connectorStatus: 'Occupied',
      timestamp: timestamp(),
    });
    const idToken = { idToken: '04A1B2C3D4E5F7', type: 'ISO14443' };
    expect(await station.call('Authorize', { idToken })).toMatchObject({ idTokenInfo: { status: 'Accepted' } });
    const transactionInfo = { transactionId: 'a9f1c9a2-0000-4000-8000-000000000001', chargingState: 'Charging' };
    const meter = (value: number, context: string) => [
      { timestamp: timestamp(), sampledValue: [{ value, context, measurand: 'Energy.Active.Import.Register' }] },
    ];
    const event = (eventType: string, triggerReason: string, seqNo: number, more: Json) =>
      station.call('TransactionEvent', {
        eventType,
        triggerReason,
        seqNo,
        timestamp: timestamp(),
        transactionInfo,
        ...more,
      });
    const begun = await event('Started', 'Authorized', 0, {
      idToken,
      evse: { id: 1, connectorId: 1 },
      meterValue: meter(500, 'Transaction.Begin'),
    });
    expect(begun).toMatchObject({ idTokenInfo: { status: 'Accepted' } });
    await event('Updated', 'MeterValuePeriodic', 1, { meterValue: meter(900, 'Sample.Periodic') });
    await event('Ended', 'StopAuthorized', 2, { idToken, meterValue: meter(1500, 'Transaction.End') });
    await station.call('MeterValues', { evseId: 1, meterValue: meter(1500, 'Sample.Clock') });
    await station.call('Heartbeat', {});
    await station.call('NotifyEvent', {
      generatedAt: timestamp(),
      seqNo: 0,
      eventData: [
        {
          eventId: 1,
          timestamp: timestamp(),
          trigger: 'Alerting',
          actualValue: '1',
          eventNotificationType: 'HardWiredNotification',
          component: { name: 'ChargingStation' },
          variable: { name: 'Problem' },
        },
      ],
    });
    await station.call('SecurityEventNotification', { type: 'StartupOfTheDevice', timestamp: timestamp() });

    const variable = { component: { name: 'SampledDataCtrlr' }, variable: { name: 'TxUpdatedInterval' } };
    await command('STRANGER-201', 'GetVariables', { getVariableData: [variable] });
    await command('STRANGER-201', 'SetVariables', { setVariableData: [{ ...variable, attributeValue: '30' }] });
    await command('STRANGER-201', 'RequestStartTransaction', { idToken, remoteStartId: 5, evseId: 1 });
    await command('STRANGER-201', 'UnlockConnector', { evseId: 1, connectorId: 1 });
    await command('STRANGER-201', 'GetTransactionStatus', {});
    await command('STRANGER-201', 'Reset', { type: 'OnIdle' });

    const transaction = (await csms.call('GET', `/stations/STRANGER-201/transactions/${transactionInfo.transactionId}`))
      .body;
    expect(transaction).toMatchObject({ state: 'ended', energyWh: 1000, lastSeqNo: 2 });
    expect(await findingsOf('STRANGER-201')).toEqual([]);
    await station.close();
  });
});

describe('frames of 2.1, carried by ocpp-rpc and judged by typed-ocpp', () => {
  it('a session, and every answer and command of ours is valid and comes back unchanged', async () => {
    const station = client('STRANGER-21', 'ocpp2.1', false);
    const judged: string[] = [];
    // typed-ocpp strips members that it does not know: what it returns must equal what we sent.
    const judge = (frame: unknown): void => {
      const clone = structuredClone(frame);
      const fits = OCPP21.validate(clone);
      judged.push(fits ? 'valid' : `${JSON.stringify(frame)}: ${OCPP21.validate.errors?.join('; ')}`);
      expect(clone).toEqual(frame);
    };
    station.on('message', ({ message, outbound }: { message: string; outbound: boolean }) => {
      if (!outbound) judge(JSON.parse(message));
    });
    station.handle(() => ({ status: 'Accepted' }));
    await station.connect();
    expect(
      await station.call('BootNotification', {
        reason: 'PowerUp',
        chargingStation: { vendorName: 'Stranger', model: 'Three' },
      }),
    ).toMatchObject({ status: 'Accepted' });
    const timestamp = new Date().toISOString();
    const idToken = { idToken: '04A1B2C3D4E5F6', type: 'ISO14443' };
    await station.call('Authorize', { idToken });
    const transactionInfo = { transactionId: 'tx-21', chargingState: 'Charging' };
    await station.call('TransactionEvent', {
      eventType: 'Started',
      triggerReason: 'Authorized',
      seqNo: 0,
      timestamp,
      transactionInfo,
      idToken,
      evse: { id: 1, connectorId: 1 },
    });
    await station.call('TransactionEvent', {
      eventType: 'Ended',
      triggerReason: 'StopAuthorized',
      seqNo: 1,
      timestamp,
      transactionInfo,
      idToken,
    });
    await station.call('NotifySettlement', {
      pspRef: 'p1',
      status: 'Settled',
      settlementAmount: 4.2,
      settlementTime: timestamp,
    });
    await station.call('BatterySwap', {
      eventType: 'BatteryIn',
      requestId: 1,
      idToken,
      batteryData: [{ evseId: 1, serialNumber: 'B1', soC: 20, soH: 98 }],
    });
    await command('STRANGER-21', 'RequestStartTransaction', { idToken, remoteStartId: 9, evseId: 1 });
    await command('STRANGER-21', 'UsePriorityCharging', { transactionId: 'tx-21', activate: true });
    await command('STRANGER-21', 'Reset', { type: 'ImmediateAndResume' });
    await until(
      () => judged.length,
      (count) => count >= 9,
    );
    expect(judged.filter((verdict) => verdict !== 'valid')).toEqual([]);
    expect(await findingsOf('STRANGER-21')).toEqual([]);
    await station.close();
  });
});
