import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { seededEntropy } from '../src/core/entropy.ts';
import { Random } from '../src/core/random.ts';
import type { ConsoleEntry } from '../src/link/pool-console.ts';
import {
  certificateProfile,
  EcPrivateKey,
  issueCertificate,
  nameValue,
  parseCertificateChainPem,
  toPem,
} from '../src/protocols/iso15118/index.ts';
import { type Caller, checkAccess, POOL_OPERATIONS } from '../src/protocols/opcp/index.ts';
import { EMP_OPERATIONS } from '../src/roles/emp/pnc/console-document.ts';
import { OEM_OPERATIONS } from '../src/roles/everest/pnc/oem-console.ts';
import { VirtualEv } from '../src/roles/station/vehicle/virtual-ev.ts';
import { testEmp } from './support/emp.ts';
import { testEverest } from './support/everest.ts';
import { testTrust } from './support/trust.ts';

/** The consoles `/pnc_api` of EMP and OEM against the trust environment, over real sockets, with the virtual vehicle. */

const EMAID = 'DE8AAC00000077';
const PCID = 'WMIDEMO0000000007';
const entropy = seededEntropy(new Random('pnc-consoles'));

const ending: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

type Json = Record<string, unknown>;

async function world(empConfig: Json = {}) {
  const trust = await testTrust();
  ending.push(() => trust.end());
  const addressOf = (service: string) => (service === 'trust' ? trust.base : undefined);
  const emp = await testEmp({ pnc: { ...empConfig } }, { addressOf });
  ending.push(() => emp.end());
  const everest = await testEverest({ pnc: { url: trust.base } });
  ending.push(() => everest.end());
  const asks = (base: string) => async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${base}/pnc_api${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers member by member
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as any };
  };
  return { trust, emp, asEmp: asks(emp.base), asOem: asks(everest.base) };
}

/** The manufacturer's part: the vehicle's key stays with it; certificate and roots come through the OEM console. */
async function vehicle(asOem: Awaited<ReturnType<typeof world>>['asOem']): Promise<VirtualEv> {
  const ev = new VirtualEv({
    pcid: PCID,
    keyFile: { load: () => undefined, save: () => {} },
    entropy,
    nowMs: () => Date.now(),
  });
  const enrolled = await asOem('POST', '/enroll', { csr: ev.signingRequest() });
  expect(enrolled.status).toBe(200);
  const cas = await asOem('GET', '/ca-certificates');
  const [sub2 = '', sub1 = ''] = pemBlocks(cas.body.certificatesPem);
  const leaf = enrolled.body.certificatesPem as string;
  const added = await asOem('PUT', '/provisioning-certificates', {
    vehicleCertificate: base64Of(leaf),
    subCA2Certificate: base64Of(sub2),
    subCA1Certificate: base64Of(sub1),
    xsdMsgDefNamespace: 'urn:iso:15118:2:2013:MsgDef',
  });
  expect(added.status).toBe(200);
  const roots = await asOem('GET', '/root-certificates?rootType=v2g');
  const rootPems = (roots.body.answer.RootCertificateCollection.rootCertificates as { caCertificate: string }[]).map(
    ({ caCertificate }) => toPem('CERTIFICATE', new Uint8Array(Buffer.from(caCertificate, 'base64'))),
  );
  ev.provision(leaf + sub2 + sub1, rootPems.join(''));
  return ev;
}

/** Whether the access matrix lets the caller use the operation (of the authority). */
function isOpenTo(caller: Caller, { operation, ca }: ConsoleEntry): boolean {
  const claims = { clientId: '', callers: [caller], scopes: [], wmis: [], providers: [], operators: [] };
  const { scope: _, ...unscoped } = operation;
  return checkAccess(unscoped, claims, ca).allowed;
}

const pemBlocks = (pem: string): string[] =>
  pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g) ?? [];
const base64Of = (pem: string): string => pem.replace(/-----[^-]+-----|\s/g, '');

/** The manufacturer brings the contract into the vehicle by its own way, in the session that the vehicle opened. */
async function overTheAir(ev: VirtualEv, asOem: Awaited<ReturnType<typeof world>>['asOem']) {
  // The session id is what the request of the vehicle carries behind the EXI header: 8 octets, as hex.
  const sessionID = Buffer.from(ev.openSession()).toString('hex');
  const given = await asOem('GET', `/vehicles/${PCID}/contracts/${EMAID}?sessionID=${sessionID}`);
  expect(given.status).toBe(200);
  return ev.receive(new Uint8Array(Buffer.from(given.body.answer.certificateInstallationRes, 'base64')));
}

describe('consoles of EMP and OEM', () => {
  it.each([
    ['emp', ['MO_OWN_PKI', 'MO_V2G_PKI'], EMP_OPERATIONS, 'mo'],
    ['oem', ['OEM'], OEM_OPERATIONS, 'oem'],
  ] as const)(
    'the console of the %s has every operation that the access matrix gives it',
    (_, callers, entries, ca) => {
      // Without a token, for everybody, or with a TLS client certificate instead: not a matter of a role.
      const open = POOL_OPERATIONS.filter(({ access }) => access.kind === 'callers' || access.kind === 'by-ca');
      const mine = open.filter((operation) =>
        callers.some((caller: Caller) => isOpenTo(caller, { operation, path: '', ca })),
      );
      expect(entries.map(({ operation }) => operation.name).sort()).toEqual(mine.map(({ name }) => name).sort());
    },
  );

  it('are documented beside themselves', async () => {
    const { emp } = await world();
    const answer = await fetch(`${emp.base}/pnc_api/openapi.json`);
    const document = (await answer.json()) as { paths: object };
    expect(Object.keys(document.paths)).toContain('/pnc_api/contract-data/generate');
    expect((await fetch(`${emp.base}/pnc_api/docs`)).status).toBe(200);
  });

  it.each(['environment', 'own'] as const)(
    'a contract of the PKI "%s": made by the EMP, brought by the OEM, opened by the vehicle, then ended',
    async (pki) => {
      const { asEmp, asOem, emp, trust } = await world();
      const ev = await vehicle(asOem);
      expect((await asEmp('GET', `/vehicles/${PCID}`)).status).toBe(200);
      const made = await asEmp('POST', '/contracts', { emaid: EMAID, pcid: PCID, pki, driver: 'ada' });
      expect(made).toMatchObject({ status: 201, body: { emaid: EMAID } });
      const { evcoId } = made.body;
      expect(evcoId).toMatch(/^DE8AAC00000077[0-9A-Z]$/);

      const listed = await asOem('GET', `/vehicles/${PCID}/contracts`);
      expect(listed.body.answer.XMLContracts).toMatchObject([{ emaid: EMAID, pcid: PCID, defaultContract: true }]);
      const installed = await overTheAir(ev, asOem);
      expect(installed).toMatchObject({ ok: true, contract: { emaid: EMAID } });

      // The hub asks for the driver by EVCO id: the state of the contract decides.
      const asked = { EvcoID: evcoId };
      const start = (id: object) => ({
        SessionID: randomUUID(),
        OperatorID: 'DE*DCC',
        Identification: { PlugAndChargeIdentification: id },
      });
      const path = '/charging/v21/operators/DE*DCC/authorize/start';
      expect((await emp.oicp(path, start(asked))).body).toMatchObject({ AuthorizationStatus: 'Authorized' });
      expect((await asEmp('GET', `/contract-data/${EMAID}`)).body.answer.XMLContracts).toHaveLength(1);

      expect((await asEmp('DELETE', `/contracts/${EMAID}`)).status).toBe(204);
      expect((await emp.oicp(path, start(asked))).body).toMatchObject({ AuthorizationStatus: 'NotAuthorized' });
      expect((await asEmp('GET', `/contract-data/${EMAID}`)).status).toBe(404);
      const certificates = (await trust.call('GET', '/pnc/certificates?limit=100')).body.items as Json[];
      const contract = certificates.find(({ role }) => role === 'contract');
      expect(JSON.stringify(contract)).toContain('revoked');
    },
  );

  it('an own authority issues the contract when its root is in the pool, and the vehicle takes it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mo-'));
    ending.push(() => rmSync(folder, { recursive: true, force: true }));
    const nowMs = Date.now() - 86_400_000;
    const keys = [0, 1, 2].map(() => EcPrivateKey.generate('secp256r1', entropy));
    const [rootKey, sub1Key, sub2Key] = keys as [EcPrivateKey, EcPrivateKey, EcPrivateKey];
    const named = (name: string) => [
      { type: 'O', value: 'Own MO' },
      { type: 'CN', value: name },
    ];
    const common = { notBeforeMs: nowMs, entropy };
    const root = issueCertificate({
      profile: certificateProfile('mo-root'),
      subject: named('Own Root'),
      publicKey: rootKey,
      issuer: { certificate: 'self', signer: rootKey },
      ...common,
    });
    const sub1 = issueCertificate({
      profile: certificateProfile('mo-sub-ca-1'),
      subject: named('Own Sub1'),
      publicKey: sub1Key,
      issuer: { certificate: root, signer: rootKey },
      ...common,
    });
    const sub2 = issueCertificate({
      profile: certificateProfile('mo-sub-ca-2'),
      subject: named('Own Sub2'),
      publicKey: sub2Key,
      issuer: { certificate: sub1, signer: sub1Key },
      ...common,
    });
    writeFileSync(join(folder, 'chain.pem'), toPem('CERTIFICATE', sub2.der) + toPem('CERTIFICATE', sub1.der));
    writeFileSync(join(folder, 'key.pem'), sub2Key.exportPem());
    const authority = { chain: join(folder, 'chain.pem'), key: join(folder, 'key.pem') };
    const { asEmp, asOem, trust } = await world({ authority });
    const ev = await vehicle(asOem);
    const order = { emaid: EMAID, pcid: PCID, pki: 'own' };
    // The pool does not know the root yet.
    expect(await asEmp('POST', '/contracts', order)).toMatchObject({ status: 409 });
    await trust.request('PUT', '/v1/root/rootCerts', {
      body: JSON.stringify({ caCertificate: Buffer.from(root.der).toString('base64'), rootType: 'MO' }),
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await trust.token('admin-demo')}`,
      },
    });
    expect((await asEmp('POST', '/contracts', order)).status).toBe(201);
    const installed = await overTheAir(ev, asOem);
    if (!installed.ok) throw new Error(installed.why);
    const [leaf] = parseCertificateChainPem(installed.contract.chainPem);
    expect(nameValue(leaf?.issuer ?? [], 'CN')).toBe('Own Sub2');
  });

  it('without an environment the console says what to start', async () => {
    const emp = await testEmp();
    ending.push(() => emp.end());
    const answer = await fetch(`${emp.base}/pnc_api/root-certificates`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: 'NOT_AVAILABLE', hint: expect.stringContaining('emp.pnc.url') });
  });
});
