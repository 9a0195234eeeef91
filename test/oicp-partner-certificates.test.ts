import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SystemClock } from '../src/core/system-clock.ts';
import { bytesOf, textOf } from '../src/link/http-port.ts';
import { UndiciPort } from '../src/link/undici-port.ts';
import { authority, hasOpenssl, type Identity } from './support/authority.ts';
import { testCsms } from './support/csms.ts';
import { testEmp } from './support/emp.ts';
import { testHub } from './support/hub.ts';

/**
 * CSMS, EMP and hub, each with a certificate of its own in both directions, by configuration alone: the hub knows its callers
 * by certificate only, and the partners take the hub's calls only with a certificate.
 */
describe.skipIf(!hasOpenssl)('partners with client certificates', () => {
  let ours: ReturnType<typeof authority>;
  let hubIdentity: Identity;
  let stranger: Identity;
  let hub: Awaited<ReturnType<typeof testHub>>;
  let csms: Awaited<ReturnType<typeof testCsms>>;
  let emp: Awaited<ReturnType<typeof testEmp>>;
  const clock = new SystemClock();
  const ports: UndiciPort[] = [];
  const named = (url: string): string => url.replace('127.0.0.1', 'localhost');
  const pem = (file: string): string => readFileSync(file, 'utf8');

  beforeAll(async () => {
    ours = authority('Partners');
    const server = ours.issue('localhost');
    hubIdentity = ours.issue('hub');
    stranger = authority('Somebody else').issue('hub');
    const tls = { cert: server.cert, key: server.key, clientCa: [ours.pem] };
    const own = { csms: ours.issue('csms'), emp: ours.issue('emp') };
    hub = await testHub({
      demoPartners: false,
      callers: ['certificate'],
      tls: { ...tls, clientCertificate: 'demand' },
      client: { cert: hubIdentity.cert, key: hubIdentity.key, ca: [ours.pem] },
      partners: [
        { id: 'csms', operatorIds: ['DE*ABC'], certificates: [pem(own.csms.cert)], contracts: 'all' },
        { id: 'emp', providerIds: ['DE-DCB'], certificates: [pem(own.emp.cert)], contracts: 'all' },
      ],
    });
    const at = { ca: [ours.pem] };
    csms = await testCsms({
      tls: { ...tls, clientCertificate: 'demand' },
      oicp: { enabled: true, hubUrl: named(hub.base), cert: own.csms.cert, key: own.csms.key, ...at },
    });
    emp = await testEmp({
      tls: { ...tls, clientCertificate: 'demand' },
      hub: { baseUrl: named(hub.base), cert: own.emp.cert, key: own.emp.key, ...at },
    });
    const { partners } = hub.hub.state;
    for (const [key, base] of [
      ['csms', csms.base],
      ['emp', emp.base],
    ] as const) {
      const partner = partners.get(key);
      if (partner === undefined) throw new Error(key);
      partners.save({ ...partner, baseUrl: named(base) });
    }
  });
  afterAll(async () => {
    for (const port of ports) await port.close();
    await emp.end();
    await csms.end();
    await hub.end();
  });

  /** Calls a partner as somebody; the outcome's kind, and the OICP code when there is an answer. */
  async function asHub(url: string, path: string, text: string, identity?: Identity): Promise<string> {
    const port = new UndiciPort({
      clock,
      tls: {
        ca: [ours.pem],
        ...(identity === undefined ? {} : { cert: pem(identity.cert), key: pem(identity.key) }),
      },
    });
    ports.push(port);
    const request = {
      method: 'POST',
      url: `${named(url)}/api/oicp${path}`,
      headers: { 'content-type': 'application/json;charset=UTF-8' },
      body: bytesOf(text),
    };
    const outcome = await port.exchange(request, { timeoutMs: 10_000 });
    if (outcome.kind !== 'answered') return outcome.kind;
    return JSON.parse(textOf(outcome.response.body) ?? '{}').StatusCode.Code;
  }

  it('GEN-02: the CSMS shows its certificate; path, body and certificate are one partner’s, and its pushes are taken', async () => {
    csms.cpo.evses.put({ evseId: 'DE*ABC*ETLS*1', station: 'TLS', evse: 1, source: 'set', published: true });
    csms.cpo.push.soon();
    const codes = () =>
      hub.recorder.entries.filter(({ action, kind }) => action.startsWith('Push') && kind === 'response');
    await hub.until(() => codes().length === 2);
    expect(codes().map(({ code }) => code)).toEqual(['000', '000']);
    const pushes = hub.recorder.entries.filter(({ kind, action }) => kind === 'request' && action === 'PushEvseData');
    expect(pushes.map(({ description }) => description?.a.id)).toEqual(['csms']);
    expect(hub.recorder.findings.filter(({ axis }) => axis === 'security')).toEqual([]);
  });

  it('GEN-02: the EMP shows its certificate, and its pull is answered', async () => {
    const outcome = await emp.emp.hub.call(
      'PullEvseStatusByOperatorID',
      { providerID: 'DE-DCB' },
      { ProviderID: 'DE-DCB', OperatorID: ['DE*ABC'] },
    );
    expect(outcome).toMatchObject({ kind: 'ok', status: 200 });
  });

  it('from EMP to CSMS over the hub, each hop with a certificate: the CSMS gives its own answer', async () => {
    const outcome = await emp.emp.hub.call(
      'AuthorizeRemoteStart',
      { providerID: 'DE-DCB' },
      {
        ProviderID: 'DE-DCB',
        EvseID: 'DE*ABC*ETLS*1',
        Identification: { RemoteIdentification: { EvcoID: 'DE-DCB-C12345678-X' } },
      },
    );
    // The station is not there: only the CSMS can know that.
    expect(outcome).toMatchObject({ kind: 'refused', code: '501' });
  });

  it('SRV-09: a caller without a certificate, or with one of another authority, is refused by CSMS and EMP', async () => {
    const session = '3b129fb6-c4af-476e-8bec-6e307c8e5d25';
    const stop = `{"SessionID":"${session}","ProviderID":"DE-DCB","EvseID":"DE*ABC*ETLS*1"}`;
    const atCsms = (identity?: Identity) =>
      asHub(csms.base, '/charging/v21/providers/DE-DCB/authorize-remote/stop', stop, identity);
    const note = `{"Type":"Error","SessionID":"${session}","EvseID":"DE*ABC*ETLS*1","ErrorType":"ConnectorError"}`;
    const atEmp = (identity?: Identity) =>
      asHub(emp.base, '/notificationmgmt/v11/charging-notifications', note, identity);
    for (const at of [atCsms, atEmp]) {
      expect(await at(hubIdentity)).toBe('400');
      expect(['broken', 'unreachable']).toContain(await at());
      expect(['broken', 'unreachable']).toContain(await at(stranger));
    }
  });
});
