import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ForeignParty, type Heard, type Said } from '../../../test/support/foreign-party.ts';
import { testHub } from '../../../test/support/hub.ts';

const START = '/charging/v21/operators/DE*ABC/authorize/start';
const STOP = '/charging/v21/operators/DE*ABC/authorize/stop';
const CDR = '/cdrmgmt/v22/operators/DE*ABC/charge-detail-record';
const AUTH_DATA = '/authdata/v21/providers/DE-DCB/push-request';
const NOTIFY = '/notificationmgmt/v11/charging-notifications';
const PULL_DATA = '/evsepull/v23/providers/DE-DCB/data-records';

const AUTHORIZE =
  '{"OperatorID":"DE*ABC","EvseID":"DE*ABC*E1*1","CPOPartnerSessionID":"cpo-1","Identification":{"RFIDMifareFamilyIdentification":{"UID":"044A2DAA856280"}}}';
const YES = (heard: Heard): Said =>
  `{"SessionID":"${heard.body.SessionID}","EMPPartnerSessionID":"emp-7","ProviderID":"DE-DCB","AuthorizationStatus":"Authorized","StatusCode":{"Code":"000"}}`;
const DONE = '{"Result":true,"StatusCode":{"Code":"000"}}';
const cdr = (session: string): string =>
  `{"SessionID":"${session}","EvseID":"DE*ABC*E1*1","Identification":{"RFIDMifareFamilyIdentification":{"UID":"044A2DAA856280"}},"SessionStart":"2025-06-01T08:00:00+02:00","ChargingStart":"2025-06-01T08:01:10+02:00","ChargingEnd":"2025-06-01T08:41:10+02:00","SessionEnd":"2025-06-01T08:45:00+02:00","ConsumedEnergy":12.250}`;

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function foreign(answer: (heard: Heard) => Said | Promise<Said>): Promise<ForeignParty> {
  const party = await ForeignParty.start(answer);
  ends.push(() => party.stop());
  return party;
}

/** A hub whose EMP and CPO are the given foreign parties. */
async function hubWith(
  { emp, cpo }: { emp?: ForeignParty; cpo?: ForeignParty } = {},
  config: Record<string, unknown> = {},
  more: Parameters<typeof testHub>[1] = {},
) {
  const partners = [
    { id: 'csms', operatorIds: ['DE*ABC'], contracts: 'all', ...(cpo === undefined ? {} : { baseUrl: cpo.url }) },
    { id: 'emp', providerIds: ['DE-DCB'], contracts: 'all', ...(emp === undefined ? {} : { baseUrl: emp.url }) },
  ];
  const hub = await testHub({ demoPartners: false, partners, ...config }, more);
  ends.push(() => hub.end());
  return hub;
}

describe('the HTTP side of the hub', () => {
  it('HUB-05: a body that breaks its schema is 400 with the place, or 022 in profile doc', async () => {
    const observed = await hubWith();
    const without = '{"OperatorID":"DE*ABC","EvseID":"DE*ABC*E1*1"}';
    const answer = await observed.oicp(START, without);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      message: 'Error parsing/validating JSON.',
      validationErrors: [{ fieldReference: 'identification', errorMessage: 'may not be null' }],
    });
    expect((await observed.oicp(START, '{"OperatorID":')).status).toBe(400);
    const doc = await hubWith({}, { profile: 'doc' });
    const drawn = await doc.oicp(START, without);
    expect(drawn.status).toBe(200);
    expect(drawn.body).toMatchObject({ AuthorizationStatus: 'NotAuthorized', StatusCode: { Code: '022' } });
    expect(observed.recorder.findings.map(({ rule, party }) => [rule, party])).toContainEqual([
      'oicp.body.required',
      'csms',
    ]);
  });

  it('HUB-06: AuthorizeStart with RFIDIdentification or two members is rejected', async () => {
    const hub = await hubWith();
    const ask = (identification: string) =>
      hub.oicp(START, `{"OperatorID":"DE*ABC","Identification":${identification}}`);
    const rfid = await ask('{"RFIDIdentification":{"UID":"044A2DAA856280","RFID":"mifareDes"}}');
    expect(rfid.status).toBe(400);
    expect(rfid.body.validationErrors[0].fieldReference).toBe('identification.rfidIdentification');
    const two = await ask(
      '{"RFIDMifareFamilyIdentification":{"UID":"044A2DAA856280"},"PlugAndChargeIdentification":{"EvcoID":"DE-DCB-C12345678-X"}}',
    );
    expect(two.status).toBe(400);
    expect((await hub.call('GET', '/hub/sessions')).body.items).toEqual([]);
  });

  it('HUB-31: LastCall with SearchCenter is rejected', async () => {
    const hub = await hubWith();
    const answer = await hub.oicp(
      PULL_DATA,
      '{"ProviderID":"DE-DCB","GeoCoordinatesResponseFormat":"Google","LastCall":"2025-06-01T00:00:00+02:00","SearchCenter":{"GeoCoordinates":{"Google":{"Coordinates":"52.480495 13.356465"}},"Radius":10.0}}',
    );
    expect(answer.status).toBe(400);
    expect(answer.body.validationErrors).toHaveLength(1);
  });

  it('HUB-33: status of 101 EVSEs at once is rejected, of 100 answered', async () => {
    const hub = await hubWith();
    const ask = (count: number) =>
      hub.oicp(
        '/evsepull/v21/providers/DE-DCB/status-records-by-id',
        `{"ProviderID":"DE-DCB","EvseID":[${Array.from({ length: count }, (_, i) => `"DE*ABC*E${i}"`).join(',')}]}`,
      );
    expect((await ask(101)).status).toBe(400);
    const { body } = await ask(100);
    expect(body.EVSEStatusRecords.EvseStatusRecord).toHaveLength(100);
    expect(body.EVSEStatusRecords.EvseStatusRecord[0].EvseStatus).toBe('EvseNotFound');
  });

  it('HUB-36: a notification that lacks a conditional field is refused in the hub’s words', async () => {
    const emp = await foreign((heard) => (heard.path.includes('authorize') ? YES(heard) : DONE));
    const hub = await hubWith({ emp });
    const session = (await hub.oicp(START, AUTHORIZE)).body.SessionID;
    const notify = async (more: string) =>
      (await hub.oicp(NOTIFY, `{"SessionID":"${session}","OperatorID":"DE*ABC"${more}}`)).body.StatusCode;
    const at = ',"EvseID":"DE*ABC*E1*1"';
    const start = ',"ChargingStart":"2025-06-01T08:01:10+02:00"';
    expect(await notify(',"Type":"Start"')).toMatchObject({ Code: '022', AdditionalInfo: 'Please provide EvseID' });
    expect(await notify(`,"Type":"Start"${at}`)).toMatchObject({ AdditionalInfo: 'Please provide ChargingStart' });
    expect(await notify(`,"Type":"Progress"${at}${start}`)).toMatchObject({
      AdditionalInfo: 'Please provide EventOccurred',
    });
    expect(await notify(`,"Type":"Progress"${at}${start},"EventOccurred":"2025-06-01T08:06:10+02:00"`)).toMatchObject({
      AdditionalInfo: 'Please provide ChargingDuration or ConsumedEnergyProgress',
    });
    expect(await notify(`,"Type":"End"${at}`)).toMatchObject({ AdditionalInfo: 'Please provide ChargingEnd' });
    expect(await notify(`,"Type":"Error"${at}`)).toMatchObject({ AdditionalInfo: 'Please provide ErrorType' });
    expect(emp.heard).toHaveLength(1);
    expect(await notify(`,"Type":"Start"${at}${start}`)).toMatchObject({ Code: '000' });
    expect(emp.heard).toHaveLength(2);
  });

  it('HUB-39: a PIN is kept as bcrypt only, and stands in no log, no API and no journal query', async () => {
    const hub = await hubWith();
    const push =
      '{"ActionType":"insert","ProviderAuthenticationData":{"ProviderID":"DE-DCB","AuthenticationDataRecord":[{"Identification":{"QRCodeIdentification":{"EvcoID":"DE-DCB-C12345678-X","PIN":"7351926"}}}]}}';
    expect((await hub.oicp(AUTH_DATA, push)).body.StatusCode.Code).toBe('000');
    const kept = [...hub.hub.state.authenticationData.current()].map(({ content }) => content);
    expect(kept[0]?.QRCodeIdentification?.HashedPIN?.Value).toMatch(/^\$2b\$10\$[./A-Za-z0-9]{53}$/);
    const start = (pin: string) =>
      hub.oicp(
        START,
        `{"OperatorID":"DE*ABC","Identification":{"QRCodeIdentification":{"EvcoID":"DE-DCB-C12345678-X","PIN":"${pin}"}}}`,
      );
    expect((await start('7351926')).body.AuthorizationStatus).toBe('Authorized');
    expect((await start('1111111')).body.StatusCode.Code).toBe('101');
    for (const path of ['/hub/auth-data', '/hub/sessions', '/hub/partners', '/messages', '/logs']) {
      const { status, text } = await hub.call('GET', path);
      expect([path, status]).toEqual([path, 200]);
      expect(text, path).not.toContain('7351926');
    }
    const files = readdirSync(hub.folder).filter((name) => /\.(log|db.*)$/.test(name));
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) expect(readFileSync(join(hub.folder, file)).includes('7351926'), file).toBe(false);
  });

  it('HUB-40: Process-ID on every answer, and the partner ids of the session', async () => {
    const emp = await foreign(YES);
    const hub = await hubWith({ emp });
    const granted = await hub.oicp(START, AUTHORIZE);
    expect(granted.headers.get('process-id')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(granted.body).toMatchObject({ CPOPartnerSessionID: 'cpo-1', EMPPartnerSessionID: 'emp-7' });
    const done = await hub.oicp(CDR, cdr(granted.body.SessionID));
    expect(done.body).toMatchObject({ Result: true, CPOPartnerSessionID: 'cpo-1', EMPPartnerSessionID: 'emp-7' });
    for (const refused of [await hub.oicp(START, '{}'), await hub.oicp(CDR, cdr(granted.body.SessionID))]) {
      expect(refused.status).toBeGreaterThanOrEqual(400);
      expect(refused.headers.get('process-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('HUB-41: a failure of the hub itself is 001 as acknowledgement, without a stack trace', async () => {
    const hub = await hubWith();
    hub.hub.state.evseData.pull = () => {
      throw new Error('planted at /secret/place');
    };
    const answer = await hub.oicp(PULL_DATA, '{"ProviderID":"DE-DCB","GeoCoordinatesResponseFormat":"Google"}');
    expect(answer.body).toMatchObject({ Result: false, StatusCode: { Code: '001' } });
    expect(answer.text).not.toContain('planted');
  });

  it('HUB-42: above the limit 429 with Retry-After, per partner and operation', async () => {
    const hub = await hubWith({}, { rateLimits: { enabled: true, perMinute: { PullEvseStatus: 1 } } });
    const pull = () => hub.oicp('/evsepull/v21/providers/DE-DCB/status-records', '{"ProviderID":"DE-DCB"}');
    // Three calls lie in two minutes at most.
    const answers = [await pull(), await pull(), await pull()];
    expect(answers[0]?.status).toBe(200);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await hub.oicp(PULL_DATA, '{"ProviderID":"DE-DCB","GeoCoordinatesResponseFormat":"Google"}')).status).toBe(
      200,
    );
    const { items } = (await hub.call('GET', '/hub/limits')).body;
    expect(items).toContainEqual(expect.objectContaining({ partner: 'emp', operation: 'PullEvseStatus', limit: 1 }));
  });
});

describe('partners that fail', () => {
  it('HUB-10, HUB-19: an EMP that is silent, down or talks HTML is a no, and a finding on it', async () => {
    const emp = await foreign(() => 'silence');
    const hub = await hubWith({ emp }, {}, { deadlines: { empMs: 100 } });
    expect((await hub.oicp(START, AUTHORIZE)).body).toMatchObject({ AuthorizationStatus: 'NotAuthorized' });
    emp.answer = () => ({ status: 200, text: '<html></html>', type: 'text/html' });
    expect((await hub.oicp(START, AUTHORIZE)).body).toMatchObject({ StatusCode: { Code: '310' } });
    await emp.stop();
    expect((await hub.oicp(START, AUTHORIZE)).body).toMatchObject({ AuthorizationStatus: 'NotAuthorized' });
    const found = hub.recorder.findings.filter(({ party }) => party === 'emp').map(({ rule }) => rule);
    for (const rule of ['oicp.forward.timeout', 'oicp.forward.invalid', 'oicp.forward.unreachable']) {
      expect(found).toContain(rule);
    }
  });

  it('HUB-21: a record is acknowledged while the EMP is down, and arrives once it is back, character by character', async () => {
    let down = true;
    const emp = await foreign((heard) => {
      if (heard.path.includes('authorize')) return YES(heard);
      return down ? { status: 503 } : DONE;
    });
    const hub = await hubWith({ emp }, { cdrForwarding: { firstMs: 1, maxMs: 5 } });
    const { SessionID } = (await hub.oicp(START, AUTHORIZE)).body;
    expect((await hub.oicp(CDR, cdr(SessionID))).body.Result).toBe(true);
    await emp.hears(3);
    down = false;
    const forwarding = async () => (await hub.call('GET', `/hub/cdrs/${SessionID}`)).body.forwarding;
    await hub.until(async () => (await forwarding()) === 'forwarded');
    const last = emp.heard.at(-1);
    expect(last?.path).toBe('/api/oicp/cdrmgmt/v22/operators/DE*ABC/charge-detail-record');
    expect(last?.text).toContain('"ConsumedEnergy":12.250');
    expect(last?.text).toContain('"SessionEnd":"2025-06-01T08:45:00+02:00"');
    // Down while it was sent: our tap saw the retries, since the EMP is not ours.
    expect(
      hub.recorder.entries.some(({ action, flags }) => action === 'ChargeDetailRecord' && flags?.includes('retry')),
    ).toBe(true);
  });

  it('a record that was acknowledged before a restart is forwarded after it', async () => {
    const emp = await foreign((heard) => (heard.path.includes('authorize') ? YES(heard) : { status: 503 }));
    const first = await testHub({
      demoPartners: false,
      partners: [
        { id: 'csms', operatorIds: ['DE*ABC'], contracts: 'all' },
        { id: 'emp', providerIds: ['DE-DCB'], contracts: 'all', baseUrl: emp.url },
      ],
    });
    const { SessionID } = (await first.oicp(START, AUTHORIZE)).body;
    expect((await first.oicp(CDR, cdr(SessionID))).body.Result).toBe(true);
    await first.end(false);
    emp.answer = () => DONE;
    const heardBefore = emp.heard.length;
    const second = await testHub({ cdrForwarding: { firstMs: 1 } }, { folder: first.folder });
    ends.push(() => second.end());
    second.hub.forwarding.wake();
    await emp.hears(heardBefore + 1);
    expect(emp.heard.at(-1)?.body.SessionID).toBe(SessionID);
    expect((await second.oicp(CDR, cdr(SessionID))).status).toBe(404);
  });

  it('the forwarded call carries the caller’s path id, trace and the new session', async () => {
    const emp = await foreign(YES);
    const hub = await hubWith({ emp });
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const { body } = await hub.oicp(START, AUTHORIZE, { traceparent: `00-${trace}-00f067aa0ba902b7-01` });
    const [heard] = emp.heard;
    expect(heard?.path).toBe('/api/oicp/charging/v21/operators/DE*ABC/authorize/start');
    expect(heard?.headers['content-type']).toBe('application/json;charset=UTF-8');
    expect(heard?.headers['traceparent']).toMatch(new RegExp(`^00-${trace}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`));
    expect(heard?.body.SessionID).toBe(body.SessionID);
    const hops = hub.recorder.entries.map(({ description, kind, trace: t }) => [
      description?.a.id,
      description?.b.id,
      kind,
      t,
    ]);
    expect(hops).toEqual([
      ['csms', 'hub', 'request', trace],
      ['hub', 'emp', 'request', trace],
      ['hub', 'emp', 'response', trace],
      ['csms', 'hub', 'response', trace],
    ]);
  });
});

describe('who calls', () => {
  it('HUB-02: a key of A with the id of B is 017 with HTTP 401, also when the body has other faults', async () => {
    const hub = await hubWith();
    await hub.call('PUT', '/hub/partners/other', { operatorIds: ['DE*XYZ'], apiKey: 'key-of-other' });
    const as = (key: string, body: string) => hub.oicp(START, body, { 'x-api-key': key });
    for (const answer of [
      await as('key-of-other', AUTHORIZE),
      await as('key-of-other', '{"OperatorID":7}'),
      await as('nobodys-key', AUTHORIZE),
    ]) {
      expect(answer.status).toBe(401);
      expect(answer.body.StatusCode.Code).toBe('017');
      expect(answer.body.Result).toBeUndefined();
    }
    expect((await hub.call('GET', '/hub/sessions')).body.items).toEqual([]);
    expect((await hub.call('GET', '/hub/partners/other')).text).not.toContain('key-of-other');
    expect(hub.recorder.findings.some(({ rule, axis }) => rule === 'oicp.caller' && axis === 'security')).toBe(true);
  });

  it('without `path` among the callers nobody is believed', async () => {
    const hub = await hubWith({}, { callers: ['header'] });
    expect((await hub.oicp(START, AUTHORIZE)).status).toBe(401);
  });

  it('unknown partners and unknown paths', async () => {
    const hub = await hubWith();
    const unknown = await hub.oicp(START.replace('ABC', 'QQQ'), AUTHORIZE.replaceAll('DE*ABC', 'DE*QQQ'));
    expect([unknown.status, unknown.body.StatusCode.Code]).toEqual([404, '300']);
    expect((await hub.oicp('/charging/v22/nothing', '{}')).status).toBe(404);
    expect((await hub.request('GET', `/api/oicp${START}`, undefined)).status).toBe(405);
  });

  it('serves every address form: root, /oicp, and /oicp as a base address', async () => {
    const emp = await foreign(YES);
    const hub = await hubWith({ emp });
    for (const root of ['/api/oicp', '/oicp', '/oicp/api/oicp']) {
      for (const path of [START, START.replace('*', '%2A')]) {
        const { status, body } = await hub.request('POST', `${root}${path}?ignored=1`, AUTHORIZE);
        expect([root, status, body.AuthorizationStatus]).toEqual([root, 200, 'Authorized']);
      }
    }
    const openapi = (await hub.request('GET', '/oicp/openapi.json', undefined)).body;
    expect(Object.keys(openapi.paths)).toContain('/oicp/charging/v21/operators/{operatorID}/authorize/start');
    expect(Object.keys(openapi.paths)).toContain('/api/v1/hub/partners');
    expect((await hub.request('GET', '/oicp/docs', undefined)).status).toBe(200);
  });
});

describe('the administration', () => {
  it('partners, contracts and locks are kept, and act at once', async () => {
    const emp = await foreign(YES);
    const hub = await hubWith({ emp });
    const put = await hub.call('PUT', '/hub/partners/acme?contracts=all', {
      operatorIds: ['DE*ACM'],
      baseUrl: 'http://acme.invalid',
    });
    expect([put.status, put.body.locked, put.body.address]).toEqual([200, false, 'http://acme.invalid']);
    const start = () => hub.oicp(START.replace('ABC', 'ACM'), AUTHORIZE.replaceAll('DE*ABC', 'DE*ACM'));
    expect((await start()).body.AuthorizationStatus).toBe('Authorized');
    await hub.call('PATCH', '/hub/partners/acme', { locked: true });
    expect((await start()).body.StatusCode.Code).toBe('017');
    await hub.call('PATCH', '/hub/partners/acme', { locked: false });
    await hub.call('DELETE', '/hub/contracts/acme.all.Authorization');
    expect((await start()).body.StatusCode.Code).toBe('210');
    // Which check said no, and what was not looked at any more.
    const [refused, locked] = (await hub.call('GET', '/hub/refusals')).body.items;
    expect(refused).toMatchObject({ operation: 'AuthorizeStart', caller: 'acme', code: '210' });
    const ok = (of: { steps: { check: string; ok?: boolean }[] }): (string | boolean | undefined)[] =>
      of.steps.flatMap(({ check, ok }) => [check, ok]);
    expect(ok(refused)).toEqual([
      'caller',
      true,
      'operator-registered',
      true,
      'caller-unlocked',
      true,
      'contract',
      false,
    ]);
    expect(ok(locked)).toEqual([
      'caller',
      true,
      'operator-registered',
      true,
      'caller-unlocked',
      false,
      'contract',
      undefined,
    ]);
    const again = { offerer: 'acme', subscriber: 'emp', service: 'eRoamingAuthorization' };
    expect((await hub.call('POST', '/hub/contracts', again)).body.id).toBe('acme.emp.Authorization');
    expect((await start()).body.AuthorizationStatus).toBe('Authorized');
    const calls = (await hub.call('GET', '/hub/partners/acme/onboarding')).body.calls;
    expect(calls.map(({ url }: { url: string }) => url)).toContain(
      `${hub.base}/api/oicp${START.replace('ABC', 'ACM')}`,
    );
    expect((await hub.call('DELETE', '/hub/partners/acme')).status).toBe(204);
    expect((await start()).body.StatusCode.Code).toBe('300');
  });

  it('refuses what cannot be right, and says where', async () => {
    const hub = await hubWith();
    const wrong = await hub.call('PUT', '/hub/partners/x', { operatorIds: ['DE-ABC'], certificates: ['nonsense'] });
    expect(wrong.body.fields.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/operatorIds/0',
      '/certificates/0',
    ]);
    expect((await hub.call('PUT', '/hub/partners/x', { operatorIds: ['deabc'] })).status).toBe(409);
    expect((await hub.call('PUT', '/hub/partners/x', {})).status).toBe(400);
    expect(
      (await hub.call('POST', '/hub/contracts', { offerer: 'nobody', subscriber: '*', service: 'eRoamingReservation' }))
        .status,
    ).toBe(404);
    for (const path of ['partners/x', 'sessions/x', 'cdrs/x', 'evses/x'])
      expect((await hub.call('GET', `/hub/${path}`)).status).toBe(404);
  });

  it('POST /send: from the hub to a partner, and inbound as if a partner had called', async () => {
    const emp = await foreign(() => DONE);
    const hub = await hubWith({ emp });
    const wire = {
      from: 'hub',
      to: 'emp',
      proto: 'oicp',
      action: 'ChargeDetailRecord',
      mode: 'wire',
      raw: '{"any":"thing"}',
      pathId: 'DE*ABC',
    };
    expect((await hub.call('POST', '/send', wire)).body).toMatchObject({
      outcome: 'ok',
      code: '000',
      answer: { Result: true },
    });
    expect(emp.heard[0]?.text).toBe('{"any":"thing"}');
    const inbound = {
      from: 'csms',
      to: 'hub',
      proto: 'oicp',
      action: 'AuthorizeStart',
      mode: 'inbound',
      payload: JSON.parse(AUTHORIZE),
    };
    emp.answer = YES;
    expect((await hub.call('POST', '/send', inbound)).body).toMatchObject({
      status: 200,
      answer: { AuthorizationStatus: 'Authorized' },
    });
    expect(hub.recorder.entries.some(({ flags, kind }) => kind === 'request' && flags?.includes('synthetic'))).toBe(
      true,
    );
  });
});

describe('misbehaviour on purpose', () => {
  it('each kind of fault shows on the wire, and ends when it is used up', async () => {
    const emp = await foreign(YES);
    const hub = await hubWith({ emp });
    const once = async (fault: object) => {
      await hub.call('POST', '/hub/faults', { times: 1, ...fault });
      return hub.oicp(START, AUTHORIZE);
    };
    expect((await once({ kind: 'reject', code: '310' })).body).toMatchObject({
      AuthorizationStatus: 'NotAuthorized',
      StatusCode: { Code: '310' },
    });
    expect(emp.heard).toHaveLength(0);
    expect((await once({ kind: 'rate-limit' })).status).toBe(429);
    expect((await once({ kind: 'error', status: 503 })).status).toBe(503);
    expect((await once({ kind: 'html' })).headers.get('content-type')).toContain('text/html');
    expect((await once({ kind: 'malformed' })).body).toBeUndefined();
    expect((await once({ kind: 'content-type' })).headers.get('content-type')).toContain('text/plain');
    expect((await once({ kind: 'slow', delayMs: 20 })).body.AuthorizationStatus).toBe('Authorized');
    expect((await hub.oicp(START, AUTHORIZE)).body.AuthorizationStatus).toBe('Authorized');
    expect((await once({ kind: 'reject', operation: 'AuthorizeStop' })).body.AuthorizationStatus).toBe('Authorized');
    expect((await hub.call('POST', '/hub/faults', { kind: 'slow', operation: 'Nonsense' })).status).toBe(400);
    await hub.call('DELETE', '/hub/faults');
    expect((await hub.call('GET', '/hub/faults')).body.items).toEqual([]);
  });

  it('HUB-26, CPO-PD-08: a second push while the first is not answered yet is 009 and a finding, another kind is not', async () => {
    const hub = await hubWith();
    const auth =
      '{"ActionType":"fullLoad","ProviderAuthenticationData":{"ProviderID":"DE-DCB","AuthenticationDataRecord":[]}}';
    await hub.call('POST', '/hub/faults', {
      kind: 'slow',
      delayMs: 300,
      operation: 'PushAuthenticationData',
      times: 1,
    });
    const first = hub.oicp(AUTH_DATA, auth);
    await hub.until(() => hub.recorder.entries.some(({ action }) => action === 'PushAuthenticationData'));
    expect((await hub.oicp(AUTH_DATA, auth)).body.StatusCode).toMatchObject({
      Code: '009',
      AdditionalInfo: 'The push of data is already in progress',
    });
    expect((await first).body.StatusCode.Code).toBe('000');
    expect((await hub.oicp(AUTH_DATA, auth)).body.StatusCode.Code).toBe('000');
    expect(hub.recorder.findings.filter(({ rule }) => rule === 'oicp.push.parallel')).toHaveLength(1);
  });

  it('a stop of an unknown session is refused with 400 and HTTP 404', async () => {
    const hub = await hubWith();
    const stop = await hub.oicp(
      STOP,
      '{"SessionID":"3b129fb6-c4af-476e-8bec-6e307c8e5d25","OperatorID":"DE*ABC","Identification":{"RFIDMifareFamilyIdentification":{"UID":"044A2DAA856280"}}}',
    );
    expect([stop.status, stop.body.StatusCode.Code]).toEqual([404, '400']);
  });
});
