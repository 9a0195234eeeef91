import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { testEmp } from '../../../test/support/emp.ts';
import { isTrustedCaller } from '../../link/oicp-caller-check.ts';
import { OperationBodies, type OperationName } from '../../protocols/oicp/index.ts';

/** What the hub calls here: the EMP checks of the digest, with wire texts by hand. */
const START = '/charging/v21/operators/DE*ABC/authorize/start';
const STOP = '/charging/v21/operators/DE*ABC/authorize/stop';
const CDR = '/cdrmgmt/v22/operators/DE*ABC/charge-detail-record';
const NOTIFY = '/notificationmgmt/v11/charging-notifications';
const SESSION = '3b129fb6-c4af-476e-8bec-6e307c8e5d25';
const ADA = '{"RFIDMifareFamilyIdentification":{"UID":"044A2DAA856280"}}';
const BOB = '{"RFIDMifareFamilyIdentification":{"UID":"04B7C2A1905080"}}';

const start = (identification: string, more = '"EvseID":"DE*ABC*E1*1",', session = SESSION): string =>
  `{"SessionID":"${session}","CPOPartnerSessionID":"cpo-1","OperatorID":"DE*ABC",${more}"Identification":${identification}}`;
const cdr = (more = '', session = SESSION, identification = ADA): string =>
  `{"SessionID":"${session}","EvseID":"DE*ABC*E1*1","Identification":${identification},"SessionStart":"2025-06-01T08:00:00+02:00","ChargingStart":"2025-06-01T06:01:10Z","ChargingEnd":"2025-06-01T08:41:10+02:00","SessionEnd":"2025-06-01T08:45:00+02:00","ConsumedEnergy":12.25${more}}`;

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});
async function emp(config: Record<string, unknown> = {}) {
  const started = await testEmp(config);
  ends.push(() => started.end());
  return started;
}

describe('AuthorizeStart', () => {
  it('EMP-AS-01: a known card is authorised with provider, session and partner ids', async () => {
    const { oicp, call } = await emp();
    const { status, body } = await oicp(START, start(ADA));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      SessionID: SESSION,
      CPOPartnerSessionID: 'cpo-1',
      ProviderID: 'DE-DCB',
      AuthorizationStatus: 'Authorized',
      StatusCode: { Code: '000' },
    });
    const [noted] = (await call('GET', '/emp/authorisations')).body.items;
    expect(noted).toMatchObject({ granted: true, code: '000', reason: 'the contract is valid', operatorId: 'DE*ABC' });
  });

  it('EMP-AS-02: unknown card 102, locked contract 200, unknown Plug & Charge contract 105, wrong PIN 101', async () => {
    const { oicp } = await emp();
    const ask = async (identification: string) => (await oicp(START, start(identification))).body;
    const qr = (pin: string) => `{"QRCodeIdentification":{"EvcoID":"DE-DCB-C12345678-X",${pin}}}`;
    const refused = async (identification: string) => {
      const body = await ask(identification);
      expect(body).toMatchObject({ AuthorizationStatus: 'NotAuthorized', ProviderID: 'DE-DCB' });
      return body.StatusCode.Code;
    };
    expect(await refused('{"RFIDMifareFamilyIdentification":{"UID":"11223344"}}')).toBe('102');
    expect(await refused(BOB)).toBe('200');
    expect(await refused('{"PlugAndChargeIdentification":{"EvcoID":"DE-DCB-C99999999-X"}}')).toBe('105');
    expect(await refused(qr('"PIN":"0000"'))).toBe('101');
    expect((await ask(qr('"PIN":"1234"'))).AuthorizationStatus).toBe('Authorized');
    expect((await ask('{"PlugAndChargeIdentification":{"EvcoID":"DE-DCB-C12345678-X"}}')).AuthorizationStatus).toBe(
      'Authorized',
    );
  });

  it('EMP-AS-03, EMP-AS-04: decided without EVSE, and with a UID in lower case', async () => {
    const { oicp } = await emp();
    const lower = '{"RFIDMifareFamilyIdentification":{"UID":"044a2daa856280"}}';
    expect((await oicp(START, start(lower, ''))).body.AuthorizationStatus).toBe('Authorized');
  });

  it('EMP-AS-05, SRV-10: 200 questions for foreign cards at once are all refused', async () => {
    const { oicp } = await emp();
    const asked = Array.from({ length: 200 }, (_, i) =>
      oicp(START, start(`{"RFIDMifareFamilyIdentification":{"UID":"${String(i).padStart(8, '0')}"}}`)),
    );
    const codes = (await Promise.all(asked)).map(({ body }) => body.StatusCode.Code);
    expect(codes.every((code) => code === '102')).toBe(true);
  });

  it('EMP-AS-06: a yes alone books nothing; the same question twice is one session (SRV-07)', async () => {
    const { oicp, call } = await emp();
    const first = (await oicp(START, start(ADA))).body;
    expect((await oicp(START, start(ADA))).body).toEqual(first);
    const { items } = (await call('GET', '/emp/sessions')).body;
    expect(items).toHaveLength(1);
    expect(items[0].state).toBe('authorised');
    expect((await call('GET', '/emp/cdrs')).body.items).toEqual([]);
  });

  it('EMP-AS-07: a contract of a sub-provider is ours as well', async () => {
    const { oicp, call } = await emp();
    await call('PUT', '/emp/contracts/DE-SUB-C00000001-X', { driver: 'ada' });
    await call('POST', '/emp/media', { kind: 'PlugAndChargeIdentification', contract: 'DE-SUB-C00000001-X' });
    const { body } = await oicp(START, start('{"PlugAndChargeIdentification":{"EvcoID":"DE-SUB-C00000001-X"}}'));
    expect(body).toMatchObject({ AuthorizationStatus: 'Authorized', ProviderID: 'DE-DCB' });
  });

  it('SRV-02, SRV-03, SRV-04, SRV-05: another operator in the path, no JSON, a missing member, nulls and unknown members', async () => {
    const { oicp, call } = await emp();
    const code = async (path: string, body: string) => (await oicp(path, body)).body.StatusCode.Code;
    expect(await code(START.replace('ABC', 'XYZ'), start(ADA))).toBe('022');
    expect(await code(START, '{"SessionID":')).toBe('022');
    expect(await code(START, `{"SessionID":"${SESSION}","OperatorID":"DE*ABC"}`)).toBe('022');
    expect((await call('GET', '/emp/sessions')).body.items).toEqual([]);
    expect(await code(START, start(ADA, '"EvseID":null,"PartnerProductID":null,"Unknown":{"a":1},'))).toBe('000');
  });

  it('the PIN stands in no list, no log and no file', async () => {
    const { oicp, call, request, folder } = await emp();
    await call('POST', '/emp/media', { kind: 'QRCodeIdentification', contract: 'DE-DCB-C12345678-X', pin: '7351926' });
    await oicp(START, start('{"QRCodeIdentification":{"EvcoID":"DE-DCB-C12345678-X","PIN":"7351926"}}'));
    for (const path of ['/emp/media', '/emp/sessions', '/emp/authorisations', '/messages', '/logs']) {
      const { status, text } = await call('GET', path);
      expect([path, status]).toEqual([path, 200]);
      expect(text, path).not.toContain('7351926');
    }
    const console = await request('GET', '/oicp_api/operations');
    expect(console.text).toContain('DE-DCB-C12345678-X');
    expect(console.text).not.toContain('7351926');
    const files = readdirSync(folder).filter((name) => /\.(log|db.*)$/.test(name));
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) expect(readFileSync(join(folder, file)).includes('7351926'), file).toBe(false);
  });

  it('the policy decides otherwise on purpose, and says so', async () => {
    const { oicp, call } = await emp();
    await call('PATCH', '/emp/policy', { mode: 'reject-all', code: '200' });
    expect((await oicp(START, start(ADA))).body.StatusCode).toMatchObject({
      Code: '200',
      AdditionalInfo: 'the policy refuses everybody',
    });
    await call('PATCH', '/emp/policy', { mode: 'accept-all' });
    expect((await oicp(START, start(BOB))).body.AuthorizationStatus).toBe('Authorized');
  });
});

describe('AuthorizeStop', () => {
  const stop = (identification: string, session = SESSION): string =>
    `{"SessionID":"${session}","OperatorID":"DE*ABC","Identification":${identification}}`;

  it('EMP-AP-01: the medium of the session, and another one of its contract, may stop', async () => {
    const { oicp, call } = await emp();
    await call('POST', '/emp/media', {
      kind: 'RFIDMifareFamilyIdentification',
      contract: 'DE-DCB-C12345678-X',
      uid: '99887766',
    });
    const started = (await oicp(START, start(ADA))).body;
    expect(started.AuthorizationStopIdentifications).toEqual([{ RFIDMifareFamilyIdentification: { UID: '99887766' } }]);
    for (const medium of [ADA, '{"RFIDMifareFamilyIdentification":{"UID":"99887766"}}']) {
      expect((await oicp(STOP, stop(medium))).body).toMatchObject({
        AuthorizationStatus: 'Authorized',
        ProviderID: 'DE-DCB',
      });
    }
    expect((await oicp(STOP, stop(BOB))).body).toMatchObject({
      AuthorizationStatus: 'NotAuthorized',
      StatusCode: { Code: '102' },
    });
  });

  it('EMP-AP-02: an unknown session is refused with 400', async () => {
    const { oicp } = await emp();
    expect((await oicp(STOP, stop(ADA))).body).toMatchObject({
      AuthorizationStatus: 'NotAuthorized',
      ProviderID: 'DE-DCB',
      StatusCode: { Code: '400' },
    });
  });
});

describe('ChargeDetailRecord', () => {
  it('EMP-CD-01, EMP-CD-05: a valid record is acknowledged and closes its session', async () => {
    const { oicp, call } = await emp();
    await oicp(START, start(ADA));
    expect((await oicp(CDR, cdr())).body).toMatchObject({
      Result: true,
      StatusCode: { Code: '000' },
      SessionID: SESSION,
    });
    expect((await call('GET', `/emp/sessions/${SESSION}`)).body).toMatchObject({ state: 'settled', energyKwh: 12.25 });
  });

  it('EMP-CD-02, SRV-07: the same record again is acknowledged, booked once and marked retry; another one is refused', async () => {
    const { oicp, call, recorder } = await emp();
    await oicp(START, start(ADA));
    await oicp(CDR, cdr());
    // Another order of members and the partner's own id: still the same record.
    const again = cdr().replace('{"SessionID"', '{"CPOPartnerSessionID":"cpo-1","SessionID"');
    expect((await oicp(CDR, again)).body.Result).toBe(true);
    const { items } = (await call('GET', '/emp/cdrs')).body;
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ deliveries: 2, source: 'pushed', plausible: true });
    const requests = recorder.entries.filter(
      ({ action, kind }) => action === 'ChargeDetailRecord' && kind === 'request',
    );
    expect(requests.map(({ flags }) => flags ?? [])).toEqual([[], ['retry']]);
    const other = (await oicp(CDR, cdr().replace('12.25', '13.25'))).body;
    expect(other).toMatchObject({ Result: false, StatusCode: { Code: '400' } });
    expect(recorder.findings.map(({ rule }) => rule)).toContain('oicp.cdr.refused');
    expect((await call('GET', '/emp/cdrs')).body.items[0].record.ConsumedEnergy).toBe(12.25);
  });

  it('EMP-CD-03: 0 kWh, string numbers, Z and offset: read right, original texts kept', async () => {
    const { oicp, call } = await emp();
    await oicp(START, start(ADA));
    const text = cdr(',"MeterValueStart":"30.541","MeterValueEnd":30.541').replace('12.25', '0');
    expect((await oicp(CDR, text)).body.Result).toBe(true);
    const { record, plausible } = (await call('GET', `/emp/cdrs/${SESSION}`)).body;
    expect(record).toMatchObject({
      ChargingStart: '2025-06-01T06:01:10Z',
      SessionStart: '2025-06-01T08:00:00+02:00',
      MeterValueStart: '30.541',
    });
    expect(plausible).toBe(true);
  });

  it('EMP-CD-03: a record with every member that there is', async () => {
    const { oicp, call } = await emp();
    await oicp(START, start(ADA));
    const more =
      ',"CPOPartnerSessionID":"cpo-1","EMPPartnerSessionID":"emp-1","PartnerProductID":"AC3","MeterValueStart":1000.5,"MeterValueEnd":1012.75,"MeterValueInBetween":{"meterValues":[1004.1,1008.2]},"SignedMeteringValues":[{"SignedMeteringValue":"OCMF|1","MeteringStatus":"Start"},{"SignedMeteringValue":"OCMF|2","MeteringStatus":"End"}],"CalibrationLawVerificationInfo":{"CalibrationLawCertificateID":"DE-1","PublicKey":"3059","MeteringSignatureUrl":"https://example.org","MeteringSignatureEncodingFormat":"OCMF","SignedMeteringValuesVerificationInstruction":"look"},"HubOperatorID":"DE*ABC","HubProviderID":"DE-DCB"';
    expect((await oicp(CDR, cdr(more))).body).toMatchObject({ Result: true, StatusCode: { Code: '000' } });
    const { record, plausible } = (await call('GET', `/emp/cdrs/${SESSION}`)).body;
    expect(record).toEqual(JSON.parse(cdr(more)));
    expect(plausible).toBe(true);
  });

  it('EMP-CD-04, EMP-RS-05: of a session of nobody we know 400; of a driver of ours taken', async () => {
    const { oicp, call } = await emp();
    const stranger = cdr('', SESSION, '{"RFIDMifareFamilyIdentification":{"UID":"11223344"}}');
    const refused = await oicp(CDR, stranger);
    expect([refused.status, refused.body.Result, refused.body.StatusCode.Code]).toEqual([200, false, '400']);
    const late = cdr('', SESSION, '{"RemoteIdentification":{"EvcoID":"DE-DCB-C12345678-X"}}');
    expect((await oicp(CDR, late)).body.Result).toBe(true);
    expect((await call('GET', `/emp/sessions/${SESSION}`)).body).toMatchObject({ kind: 'offline', state: 'settled' });
  });

  it('an implausible record is kept, marked, and a finding on its message', async () => {
    const { oicp, call, recorder } = await emp();
    await oicp(START, start(ADA));
    await oicp(CDR, cdr().replace('12.25', '12250'));
    expect((await call('GET', `/emp/cdrs/${SESSION}`)).body).toMatchObject({
      plausible: false,
      findings: [expect.objectContaining({ rule: 'oicp.cdr.energy-unit' })],
    });
    expect(recorder.findings.find(({ rule }) => rule === 'oicp.cdr.energy-unit')).toMatchObject({
      party: 'hub',
      severity: 'error',
    });
  });
});

describe('ChargingNotifications', () => {
  const note = (type: string, more: string): string =>
    `{"Type":"${type}","SessionID":"${SESSION}","EvseID":"DE*ABC*E1*1"${more}}`;

  it('EMP-CN-01: all four, Progress with one of duration and energy, without OperatorID', async () => {
    const { oicp, call } = await emp();
    await oicp(START, start(ADA));
    const began = ',"ChargingStart":"2025-06-01T08:01:10+02:00"';
    const event = ',"EventOccurred":"2025-06-01T08:06:10+02:00"';
    for (const text of [
      note('Start', began),
      note('Progress', `${began}${event},"ConsumedEnergyProgress":1.5`),
      note('Progress', `${began}${event},"ChargingDuration":300000`),
      note('Error', ',"ErrorType":"ConnectorError"'),
      note('End', ',"ChargingEnd":"2025-06-01T08:41:10+02:00","ConsumedEnergy":12.25'),
    ]) {
      expect((await oicp(NOTIFY, text)).body).toMatchObject({ Result: true, SessionID: SESSION });
    }
    expect(
      (await call('GET', '/emp/notifications')).body.items.map((item: { type: string }) => item.type),
    ).toHaveLength(5);
    expect((await call('GET', `/emp/sessions/${SESSION}`)).body).toMatchObject({
      state: 'ended',
      energyKwh: 12.25,
      chargingEnd: '2025-06-01T08:41:10+02:00',
      lastError: 'ConnectorError',
    });
  });

  it('of a session that the hub authorised from our upload: taken when it names a driver of ours', async () => {
    const { oicp, call } = await emp();
    const text = note('Start', `,"ChargingStart":"2025-06-01T08:01:10+02:00","Identification":${ADA}`);
    expect((await oicp(NOTIFY, text)).body.Result).toBe(true);
    expect((await call('GET', `/emp/sessions/${SESSION}`)).body).toMatchObject({ kind: 'offline', state: 'charging' });
  });

  it('EMP-CN-02: of an unknown or settled session 400', async () => {
    const { oicp } = await emp();
    const text = note('Start', ',"ChargingStart":"2025-06-01T08:01:10+02:00"');
    expect((await oicp(NOTIFY, text)).body).toMatchObject({ Result: false, StatusCode: { Code: '400' } });
    await oicp(START, start(ADA));
    await oicp(CDR, cdr());
    expect((await oicp(NOTIFY, text)).body).toMatchObject({ Result: false, StatusCode: { Code: '400' } });
  });
});

describe('the server', () => {
  it('SRV-01: raw and encoded ids in the path', async () => {
    const { oicp } = await emp();
    for (const path of [START, START.replace('*', '%2A')]) {
      expect((await oicp(path, start(ADA))).body.AuthorizationStatus).toBe('Authorized');
    }
  });

  it('SRV-08, GEN-13: every answer, yes and no, fits its schema to the letter: codes, descriptions, provider, echoed ids', async () => {
    const { oicp } = await emp();
    const bodies = new OperationBodies();
    const stop = (id: string) => `{"SessionID":"${id}","OperatorID":"DE*ABC","Identification":${ADA}}`;
    const begun = ',"ChargingStart":"2025-06-01T08:01:10+02:00"';
    const note = (id: string) => `{"Type":"Start","SessionID":"${id}","EvseID":"DE*ABC*E1*1"${begun}}`;
    const OTHER = '11111111-2222-3333-4444-555555555555';
    const asked: readonly (readonly [OperationName, string, string])[] = [
      ['AuthorizeStart', START, start(ADA)],
      ['AuthorizeStart', START, start(BOB, '', OTHER)],
      ['AuthorizeStop', STOP, stop(SESSION)],
      ['AuthorizeStop', STOP, stop(OTHER)],
      ['ChargingNotifications', NOTIFY, note(SESSION)],
      ['ChargingNotifications', NOTIFY, note(OTHER)],
      ['ChargeDetailRecord', CDR, cdr()],
      ['ChargeDetailRecord', CDR, cdr('', OTHER, '{"RFIDMifareFamilyIdentification":{"UID":"11223344"}}')],
    ];
    for (const [name, path, body] of asked) {
      const { status, body: answer } = await oicp(path, body);
      const { findings } = bodies.answer(name, answer, 'strict', { from: 'HUB', to: 'EMP' });
      expect([name, status, findings]).toEqual([name, 200, []]);
      expect(answer.SessionID).toBe(JSON.parse(body).SessionID);
    }
  });

  it('SRV-09: from another machine only with the key or a trusted certificate', () => {
    const from = (remoteAddress: string, headers: Record<string, string> = {}, trusted?: boolean) =>
      isTrustedCaller(
        {
          remoteAddress,
          headers,
          clientCertificate: trusted === undefined ? undefined : { der: new Uint8Array(), trusted },
        },
        'the-agreed-key',
      );
    expect(from('127.0.0.1')).toBe(true);
    expect(from('192.0.2.7')).toBe(false);
    expect(from('192.0.2.7', { 'x-api-key': 'the-agreed-key' })).toBe(true);
    expect(from('192.0.2.7', { 'x-api-key': 'the-agreed-kez' })).toBe(false);
    expect(from('192.0.2.7', {}, true)).toBe(true);
    expect(from('192.0.2.7', {}, false)).toBe(false);
  });

  it('what is kept survives a restart', async () => {
    const first = await testEmp();
    await first.oicp(START, start(ADA));
    await first.oicp(CDR, cdr());
    await first.end(false);
    const second = await testEmp({}, { folder: first.folder });
    ends.push(() => second.end());
    expect((await second.call('GET', '/emp/cdrs')).body.items).toHaveLength(1);
    expect((await second.oicp(CDR, cdr())).body.Result).toBe(true);
    expect((await second.call('GET', '/emp/cdrs')).body.items[0].deliveries).toBe(2);
    expect((await second.call('GET', '/emp/drivers')).body.items).toHaveLength(2);
  });
});
