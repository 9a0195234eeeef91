import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATION_NAMES, OperationBodies, type OperationName } from '../src/protocols/oicp/index.ts';
import { testCsms } from './support/csms.ts';
import { testEmp } from './support/emp.ts';
import { ForeignParty } from './support/foreign-party.ts';
import { testHub } from './support/hub.ts';

/**
 * Who tries an API begins with the example of its documentation. Each one of hub, EMP and CSMS is taken out of
 * `openapi.json` and posted as it stands, by curl, to the service that documents it.
 */
const hasCurl = spawnSync('curl', ['--version']).status === 0;
const run = promisify(execFile);

interface Documented {
  readonly path: string;
  readonly operation: OperationName;
  readonly example: Record<string, unknown>;
}
interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers member by member
  readonly body: any;
}

let hub: Awaited<ReturnType<typeof testHub>>;
let emp: Awaited<ReturnType<typeof testEmp>>;
let csms: Awaited<ReturnType<typeof testCsms>>;
let station: ForeignParty;

beforeAll(async () => {
  // An operator that accepts: no station stands behind the EVSE of the examples.
  station = await ForeignParty.start(
    ({ body }) => `{"Result":true,"StatusCode":{"Code":"000"},"SessionID":"${body.SessionID}"}`,
  );
  emp = await testEmp({}, { addressOf: (name) => (name === 'hub' ? hub?.base : undefined) });
  hub = await testHub(
    {
      demoPartners: false,
      partners: [
        { id: 'csms', operatorIds: ['DE*ABC'], baseUrl: station.url, contracts: 'all' },
        { id: 'emp', providerIds: ['DE-DCB'], contracts: 'all' },
      ],
    },
    { addressOf: (name) => (name === 'emp' ? emp.base : undefined) },
  );
  csms = await testCsms({ oicp: { enabled: true, hubUrl: hub.base } });
});
afterAll(async () => {
  await csms.end();
  await hub.end();
  await emp.end();
  await station.stop();
});

/** The examples of a document, below a prefix; ids in paths are those of the examples. */
async function documented(base: string, document: string, prefix: string): Promise<Documented[]> {
  const { paths } = (await (await fetch(base + document)).json()) as {
    paths: Record<
      string,
      { post?: { summary: string; requestBody?: { content: Record<string, { example?: object }> } } }
    >;
  };
  return Object.entries(paths).flatMap(([path, { post }]) => {
    const example = post?.requestBody?.content['application/json']?.example;
    const operation = OPERATION_NAMES.find(
      (name) => post?.summary.startsWith(`${name}:`) === true || path.endsWith(`/oicp_api/${name}`),
    );
    if (!path.startsWith(prefix) || example === undefined || operation === undefined) return [];
    const at = path.replace('{operatorID}', 'DE*ABC').replace('{providerID}', 'DE-DCB');
    return [{ path: at, operation, example: example as Record<string, unknown> }];
  });
}

async function curl(base: string, path: string, body: object): Promise<Answer> {
  const header = 'content-type: application/json;charset=UTF-8';
  const { stdout } = await run('curl', [
    ...['--silent', '--globoff', '--request', 'POST', '--header', header],
    ...['--data-binary', JSON.stringify(body), '--write-out', '\n%{http_code}', base + path],
  ]);
  const at = stdout.lastIndexOf('\n');
  return { status: Number(stdout.slice(at + 1)), body: JSON.parse(stdout.slice(0, at)) };
}

/** An order in which each succeeds at a hub that is empty at first. */
const ORDER: readonly OperationName[] = [
  'PushEvseData',
  'PushEvseStatus',
  'PushPricingProductData',
  'PushEVSEPricing',
  'PullEvseData',
  'PullEvseStatus',
  'PullEvseStatusByID',
  'PullEvseStatusByOperatorID',
  'PullPricingProductData',
  'PullEVSEPricing',
  'AuthorizeStart',
  'ChargingNotifications',
  'AuthorizeStop',
  'ChargeDetailRecord',
  'GetChargeDetailRecords',
  'PushAuthenticationData',
  'AuthorizeRemoteReservationStart',
  'AuthorizeRemoteReservationStop',
  'AuthorizeRemoteStart',
  'AuthorizeRemoteStop',
];

describe.skipIf(!hasCurl)('the examples of the documentation, by curl', () => {
  it('hub: every operation of the table succeeds; only the session is the one that the hub made', async () => {
    const examples = new Map(
      (await documented(hub.base, '/oicp/openapi.json', '/oicp/')).map((each) => [each.operation, each]),
    );
    expect([...examples.keys()].sort()).toEqual([...OPERATION_NAMES].sort());
    expect([...ORDER].sort()).toEqual([...OPERATION_NAMES].sort());
    const bodies = new OperationBodies();
    let session = '';
    for (const operation of ORDER) {
      const { path = '', example = {} } = examples.get(operation) ?? {};
      const body = 'SessionID' in example ? { ...example, SessionID: session } : example;
      const { status, body: answer } = await curl(hub.base, path, body);
      expect([operation, status, answer.StatusCode?.Code]).toEqual([operation, 200, '000']);
      expect([operation, bodies.answer(operation, answer, 'strict').findings]).toEqual([operation, []]);
      if (/Start$/.test(operation)) session = answer.SessionID;
    }
    expect(emp.emp.state.cdrs.count()).toBe(1);
  });

  it.each(['emp', 'csms'] as const)(
    '%s: every operation that it serves is answered in the words of OICP',
    async (name) => {
      const { base } = { emp, csms }[name];
      const examples = await documented(base, '/oicp_api/openapi.json', '/api/oicp/');
      expect(examples).toHaveLength(4);
      const bodies = new OperationBodies();
      for (const { operation, path, example } of examples) {
        // What the hub fills in on its way.
        const body = { SessionID: '3b129fb6-c4af-476e-8bec-6e307c8e5d25', ...example };
        const { status, body: answer } = await curl(base, path, body);
        expect([operation, status, bodies.answer(operation, answer, 'strict').findings]).toEqual([operation, 200, []]);
        expect([operation, answer.StatusCode.Code]).not.toEqual([operation, '022']);
      }
    },
  );

  it.each([
    ['emp', 12],
    ['csms', 8],
  ] as const)(
    '%s: every operation of its console goes out as the example says, and the hub understands it',
    async (name, count) => {
      const { base } = { emp, csms }[name];
      const examples = await documented(base, '/oicp_api/openapi.json', '/oicp_api/');
      expect(examples).toHaveLength(count);
      for (const { operation, path, example } of examples) {
        const { status, body } = await curl(base, path, example);
        expect([operation, status]).toEqual([operation, 200]);
        // Sessions of examples are nobody's, and what is pushed may be there already: the hub says so.
        expect(['000', '400', '009', '601', '602']).toContain(body.code ?? body.outcome);
      }
    },
  );
});
