import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiOperation, type FuzzedDocument, readOperations } from '../fuzz/api-operations.ts';
import { httpFuzz } from '../fuzz/http-fuzz.ts';
import { stationCommands } from '../fuzz/station-commands.ts';
import { freePort } from './service-process.ts';
import { WorldProcess } from './world-process.ts';

/**
 * Every HTTP operation of every service with made-up requests, at least half of them fitting but for one field:
 * `npm run fuzz -- http 10` runs round after round with new seeds; here one short round runs with a fixed one.
 */

const SEED = process.env['COMPOTE_FUZZ_SEED'] ?? 'http';
const CASES = Number(process.env['COMPOTE_FUZZ_RUNS'] ?? 2);
const LIMIT_MS = 20_000;

/** Where each service describes itself. */
const DOCUMENTS: Readonly<Record<string, readonly string[]>> = {
  trust: ['/openapi.json', '/api/openapi.json'],
  hub: ['/oicp/openapi.json'],
  emp: ['/openapi.json', '/oicp_api/openapi.json', '/pnc_api/openapi.json'],
  csms: ['/api/openapi.json', '/oicp_api/openapi.json', '/pnc_api/openapi.json'],
  everest: ['/openapi.json', '/pnc_api/openapi.json'],
  workbench: ['/api/openapi.json'],
  station: ['/api/openapi.json'],
};

let folder: string;
let world: WorldProcess;
const ports = new Map<string, number>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fuzz-http-'));
  for (const service of Object.keys(DOCUMENTS)) ports.set(service, await freePort());
  const config = join(folder, 'config.json');
  // Parties that do not answer are waited for shortly, so that a hang is told from patience.
  const sections: Record<string, unknown> = {
    data: join(folder, 'data'),
    telemetry: 'off',
    deadlines: { stationMs: 4_000, hubMs: 2_000, empMs: 1_000 },
    hub: { deadlines: { remoteMs: 2_000, cdrMs: 1_000, notificationMs: 1_000 } },
    emp: { hub: { remoteMs: 3_000, otherMs: 3_000 } },
    csms: { callTimeoutMs: 1_500, oicp: { otherMs: 3_000 } },
  };
  for (const [service, port] of ports) sections[service] = { ...(sections[service] as object | undefined), port };
  writeFileSync(config, JSON.stringify(sections));
  world = await WorldProcess.start(config);
}, 120_000);

afterAll(async () => {
  await world.end();
  rmSync(folder, { recursive: true, force: true });
});

const base = (service: string): string => `http://127.0.0.1:${ports.get(service)}`;

/** Faults on purpose are taken back at once: what fails then is ours. */
async function undo({ service, path, method }: ApiOperation): Promise<void> {
  if (service === 'hub' && path.includes('/hub/faults'))
    await fetch(`${base('hub')}/api/v1/hub/faults`, { method: 'DELETE' });
  if (service === 'trust' && path === '/api/v1/pnc/faults' && method === 'PATCH')
    await fetch(`${base('trust')}/api/v1/pnc/reset`, { method: 'POST' });
}

/** The published clients of the demo trust environment, by the caller that they are. */
const CLIENTS: Readonly<Record<string, string>> = {
  ADMIN: 'admin-demo',
  OEM: 'oem-demo',
  CPS: 'cps-demo',
  MO_OWN_PKI: 'mo-demo',
  CPO: 'cpo-demo',
};

async function poolTokens(): Promise<Map<string, string>> {
  const tokens = new Map<string, string>();
  for (const [caller, client_id] of Object.entries(CLIENTS)) {
    const response = await fetch(`${base('trust')}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client_id, client_secret: `${client_id}-secret`, grant_type: 'client_credentials' }),
    });
    tokens.set(caller, ((await response.json()) as { access_token: string }).access_token);
  }
  return tokens;
}

it('every operation takes what fits, names the one field that does not, and never fails, hangs or dies', async () => {
  const documents: FuzzedDocument[] = Object.entries(DOCUMENTS).flatMap(([service, paths]) =>
    paths.map((path) => ({ service, baseUrl: base(service), path })),
  );
  const tokens = await poolTokens();
  const headers = ({ speaks, description }: ApiOperation): Record<string, string> => {
    const caller = speaks === 'pools' ? [...tokens.keys()].find((name) => description.includes(name)) : undefined;
    return caller === undefined ? {} : { authorization: `Bearer ${tokens.get(caller)}` };
  };
  const { failures, ...counts } = await httpFuzz({
    headers,
    operations: [...(await readOperations(documents)), ...(await stationCommands(base('csms')))],
    seed: SEED,
    casesPerOperation: CASES,
    limitMs: LIMIT_MS,
    undo,
  });
  console.log(JSON.stringify({ seed: SEED, ...counts }));
  const { exitCode, signalCode } = world.child;
  if (exitCode !== null || signalCode !== null)
    failures.push(`ended with ${exitCode ?? signalCode}: ${world.output.slice(-6_000)}`);
  expect(failures).toEqual([]);
  expect(counts.operations).toBeGreaterThan(700);
  expect(counts.oneFault * 2).toBeGreaterThanOrEqual(counts.requests);
  // Ours name it always; a console may miss more beside it (SCHEMA_VIOLATION). The protocols' own servers may refuse the
  // caller, or know nothing of the name in the path, first.
  const beside = /^(?!rest)|STATION_NOT_CONNECTED|UNKNOWN_STATION|SCHEMA_VIOLATION/;
  expect(Object.keys(counts.notNamed).filter((answer) => !beside.test(answer))).toEqual([]);
  expect(counts.named).toBeGreaterThan(counts.oneFault * 0.95);
  expect(world.child.exitCode).toBe(null);
  for (const service of ports.keys()) {
    const health = await fetch(`${base(service)}/api/v1/health`);
    expect([service, health.status]).toEqual([service, 200]);
  }
}, 3_600_000);
