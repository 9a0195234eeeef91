import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { authority, hasOpenssl } from '../../../test/support/authority.ts';
import { ForeignParty, type Heard, type Said } from '../../../test/support/foreign-party.ts';
import { testHub } from '../../../test/support/hub.ts';

const REFUSED = '{"Result":false,"StatusCode":{"Code":"022","Description":"Data error"}}';
const NOT_AUTHORIZED =
  '{"AuthorizationStatus":"NotAuthorized","ProviderID":"DE-DCB","StatusCode":{"Code":"022","Description":"Data error"}}';
const AUTHORIZE =
  '{"OperatorID":"DE*ABC","EvseID":"DE*ABC*E1*1","Identification":{"RFIDMifareFamilyIdentification":{"UID":"044A2DAA856280"}}}';
const YES = (heard: Heard): Said =>
  `{"SessionID":"${heard.body.SessionID}","ProviderID":"DE-DCB","AuthorizationStatus":"Authorized","StatusCode":{"Code":"000"}}`;

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function foreign(answer: (heard: Heard) => Said | Promise<Said>): Promise<ForeignParty> {
  const party = await ForeignParty.start(answer);
  ends.push(() => party.stop());
  return party;
}

async function hubOf(partners: readonly object[], config: object = {}) {
  const hub = await testHub({ demoPartners: false, partners, ...config });
  ends.push(() => hub.end());
  return hub;
}

const asCpo = (baseUrl?: string) => [{ id: 'acme', operatorIds: ['DE*ACM'], contracts: 'all', baseUrl }];

describe('the connection test of a partner', () => {
  it('a server that refuses the empty message with a code is reached, in each of its roles', async () => {
    const party = await foreign(({ path }) => (path.includes('authorize/stop') ? NOT_AUTHORIZED : REFUSED));
    const hub = await hubOf([{ id: 'both', operatorIds: ['DE*ACM'], providerIds: ['DE-ACM'], baseUrl: party.url }]);
    const { body } = await hub.call('POST', '/hub/partners/both/test');
    expect(body).toMatchObject({
      ok: true,
      items: [
        { ok: true, role: 'CPO', operation: 'AuthorizeRemoteStop', address: party.url },
        { ok: true, role: 'EMP', operation: 'AuthorizeStop' },
      ],
    });
    expect(party.heard.map(({ path, text }) => [path, text])).toEqual([
      ['/api/oicp/charging/v21/providers/DE-DCB/authorize-remote/stop', '{}'],
      ['/api/oicp/charging/v21/operators/DE*ABC/authorize/stop', '{}'],
    ]);
  });

  it.each([
    ['nobody there', 'http://127.0.0.1:1', /^Nobody listens at http:\/\/127\.0\.0\.1:1/, /Start the partner’s server/],
    ['no such name', 'http://nobody.invalid', /^There is no machine of the name in/, /Correct the host/],
  ])('%s', async (_what, baseUrl, text, hint) => {
    const hub = await hubOf(asCpo(baseUrl));
    const { body } = await hub.call('POST', '/hub/partners/acme/test');
    expect(body).toMatchObject({
      ok: false,
      items: [{ ok: false, text: expect.stringMatching(text), hint: expect.stringMatching(hint) }],
    });
  });

  it.each([
    [
      'a web page with 404',
      { status: 404, text: '<html></html>', type: 'text/html' },
      /not in OICP/,
      /before \/api\/oicp/,
    ],
    [
      'a proxy that lets nobody in',
      { status: 403, text: '<html></html>', type: 'text/html' },
      /not in OICP/,
      /let the hub in/,
    ],
    ['a server that is down', { status: 503 }, /cannot serve now/, /later/],
    [
      'a server that does not believe the hub',
      { status: 401, text: '{"StatusCode":{"Code":"017"}}' },
      /refuses the hub/,
      /certificate or a key/,
    ],
    ['a server that takes everything', '{"Result":true,"StatusCode":{"Code":"000"}}', /said yes to an empty/, /SRV-04/],
  ] as const)('%s', async (_what, said, text, hint) => {
    const party = await foreign(() => said);
    const hub = await hubOf(asCpo(party.url));
    const { body } = await hub.call('POST', '/hub/partners/acme/test');
    expect(body).toMatchObject({
      ok: false,
      items: [{ ok: false, text: expect.stringMatching(text), hint: expect.stringMatching(hint) }],
    });
  });

  it('silence, a partner without an address, and one that nobody knows', async () => {
    const party = await foreign(() => 'silence');
    const hub = await hubOf([...asCpo(party.url), { id: 'homeless', operatorIds: ['DE*XYZ'], contracts: 'all' }], {
      deadlines: { remoteMs: 50 },
    });
    const silent = await hub.call('POST', '/hub/partners/acme/test');
    expect(silent.body.items[0]).toMatchObject({ ok: false, text: expect.stringMatching(/never answered/) });
    const homeless = await hub.call('POST', '/hub/partners/homeless/test');
    expect(homeless.body.items[0]).toMatchObject({ ok: false, text: 'The partner has no address.' });
    expect((await hub.call('POST', '/hub/partners/nobody/test')).status).toBe(404);
  });

  it.skipIf(!hasOpenssl)('a certificate of a strange authority, and TLS with a server that has none', async () => {
    const ours = authority('Partner authority');
    const identity = ours.issue('localhost');
    const server = createServer({ cert: readFileSync(identity.cert), key: readFileSync(identity.key) }, (_req, res) =>
      res.end(REFUSED),
    );
    await new Promise<void>((resolve) => server.listen(0, resolve));
    ends.push(() => new Promise((resolve) => server.close(resolve)));
    const at = `https://localhost:${(server.address() as AddressInfo).port}`;
    const hub = await hubOf(asCpo(at));
    const strange = await hub.call('POST', '/hub/partners/acme/test');
    expect(strange.body.items[0]).toMatchObject({
      ok: false,
      text: expect.stringMatching(/authority that the hub does not know/),
      hint: expect.stringMatching(/hub\.client\.ca/),
    });
    const plain = await foreign(() => REFUSED);
    await hub.call('PUT', '/hub/partners/plain', {
      operatorIds: ['DE*PLN'],
      baseUrl: plain.url.replace('http:', 'https:'),
    });
    const mixed = await hub.call('POST', '/hub/partners/plain/test');
    expect(mixed.body.items[0]).toMatchObject({ ok: false, hint: expect.stringMatching(/plain HTTP there/) });
  });
});

describe('duplicate delivery on purpose', () => {
  it('what the hub sends arrives twice, the second time marked retry, and the caller notices nothing', async () => {
    const emp = await foreign(YES);
    const hub = await hubOf([
      { id: 'csms', operatorIds: ['DE*ABC'], contracts: 'all' },
      { id: 'emp', providerIds: ['DE-DCB'], contracts: 'all', baseUrl: emp.url },
    ]);
    await hub.call('POST', '/hub/faults', { kind: 'duplicate', partner: 'emp', operation: 'AuthorizeStart', times: 1 });
    const start = () => hub.oicp('/charging/v21/operators/DE*ABC/authorize/start', AUTHORIZE);
    expect((await start()).body.AuthorizationStatus).toBe('Authorized');
    const [first, second] = await emp.hears(2);
    expect(second?.text).toBe(first?.text);
    const sent = hub.recorder.entries.filter(
      ({ kind, description }) => kind === 'request' && description?.b.id === 'emp',
    );
    expect(sent.map(({ flags = [] }) => flags)).toEqual([[], ['retry']]);
    // It is used up.
    expect((await start()).body.AuthorizationStatus).toBe('Authorized');
    expect(emp.heard).toHaveLength(3);
    expect((await hub.call('GET', '/hub/faults')).body.items).toMatchObject([{ kind: 'duplicate', hits: 1 }]);
  });
});
