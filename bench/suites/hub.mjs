// The hub: AuthorizeStart through hub and EMP (online) and from uploaded data (offline), a status push of 10,000 EVSEs, a
// pull of 100,000 EVSEs, each beside `node:http` that does the same hops and nothing else. Processor time is that of the servers.
import { evseRecord } from '../evse-record.mjs';
import { cpuMs, runClient, startPeer, startService } from '../processes.mjs';
import { median, spread, table } from '../statistics.mjs';

const OPERATOR = 'DE*BCH';
const ONLINE_CARD = '044A2DAA856280';
const OFFLINE_CARD = '04BEEFBEEF0001';
const AUTHORIZE = `/api/oicp/charging/v21/operators/${OPERATOR}/authorize/start`;
const authorize = (uid) =>
  `{"OperatorID":"${OPERATOR}","EvseID":"${OPERATOR}*E1","CPOPartnerSessionID":"bench-{n}","Identification":{"RFIDMifareFamilyIdentification":{"UID":"${uid}"}}}`;
const PAGE = 2_000;

const evseId = (index) => `${OPERATOR}*E${String(index).padStart(6, '0')}`;
const evse = (index) => evseRecord(evseId(index), `Station ${index}`);
const range = (from, to) => Array.from({ length: to - from }, (_, i) => from + i);

async function post(port, path, body) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return response.json();
}

async function must(port, path, body) {
  const answer = await post(port, path, body);
  if (answer.Result !== true) throw new Error(`${path}: ${JSON.stringify(answer).slice(0, 400)}`);
}

async function startHub() {
  const pulls = ['evseDataS', 'evseDataFullS', 'statusS', 'pricesS', 'cdrsS'];
  const emp = await startService(
    'emp',
    pulls.flatMap((pull) => ['--set', `emp.pulls.${pull}=0`]),
  );
  const services = { authorization: { online: true, broadcast: true } };
  const partners = [
    { id: 'bench', operatorIds: [OPERATOR], contracts: 'all' },
    { id: 'emp', providerIds: ['DE-DCB'], contracts: 'all', baseUrl: `http://127.0.0.1:${emp.port}`, services },
  ];
  const hub = await startService('hub', [
    ...['--set', 'hub.demoPartners=false'],
    ...['--set', `hub.partners=${JSON.stringify(partners)}`],
  ]);
  await must(hub.port, '/api/oicp/authdata/v21/providers/DE-DCB/push-request', {
    ActionType: 'fullLoad',
    ProviderAuthenticationData: {
      ProviderID: 'DE-DCB',
      AuthenticationDataRecord: [{ Identification: { RFIDMifareFamilyIdentification: { UID: OFFLINE_CARD } } }],
    },
  });
  return { port: hub.port, pids: [hub.pid, emp.pid], stop: () => hub.stop().finally(() => emp.stop()) };
}

async function startBare(online) {
  const emp = await startPeer('bare-hub', 'emp');
  const hub = online ? await startPeer('bare-hub', 'hub', `http://127.0.0.1:${emp.port}`) : emp;
  const stop = () => hub.stop().finally(() => (online ? emp.stop() : undefined));
  return { port: hub.port, pids: [...new Set([hub.pid, emp.pid])], stop };
}

/** Calls a second, and processor time of all servers for each. */
async function calls(server, body, load) {
  const before = cpuMs(server.pids);
  const sample = await runClient('http-client.mjs', {
    port: server.port,
    path: AUTHORIZE,
    body,
    expect: '"Authorized"',
    ...load,
  });
  if (sample.errors > 0) throw new Error(`${sample.errors} errors, first ${sample.firstError}`);
  return { ...sample, cpuUs: ((cpuMs(server.pids) - before) / sample.calls) * 1000 };
}

async function authorizations(quick) {
  const runs = quick ? 1 : 5;
  const load = { connections: 20, warmupS: 0.5, seconds: quick ? 0.5 : 2 };
  const rows = [];
  const results = {};
  const variants = [
    ['online, node:http twice', () => startBare(true), ONLINE_CARD],
    ['online, compote hub and emp', startHub, ONLINE_CARD],
    ['offline, node:http once', () => startBare(false), OFFLINE_CARD],
    ['offline, compote hub', startHub, OFFLINE_CARD],
  ];
  const samples = new Map(variants.map(([name]) => [name, []]));
  for (let run = 0; run < runs; run++) {
    for (const [name, start, card] of variants) {
      const server = await start();
      try {
        samples.get(name).push(await calls(server, authorize(card), load));
      } finally {
        await server.stop();
      }
    }
  }
  for (const [index, [name]] of variants.entries()) {
    const of = (key) => median(samples.get(name).map((sample) => sample[key]));
    const base = samples.get(variants[index - (index % 2)][0]);
    const ratio = of('callsPerSecond') / median(base.map((sample) => sample.callsPerSecond));
    rows.push([
      name,
      of('callsPerSecond').toLocaleString('en'),
      spread(samples.get(name).map((sample) => sample.callsPerSecond)),
      ratio.toFixed(2),
      of('cpuUs').toFixed(0),
      of('p50Ms').toFixed(1),
      of('p99Ms').toFixed(1),
    ]);
    results[name] = samples.get(name);
  }
  console.log(`AuthorizeStart, ${load.connections} callers, ${runs} alternating runs of ${load.seconds} s`);
  table(['', 'calls/s', 'spread', 'x node:http', 'cpu us/call', 'p50 ms', 'p99 ms'], rows);
  console.log('');
  return results;
}

/** One task on a server: wall and processor time in ms. */
async function timed(server, task) {
  const before = cpuMs(server.pids);
  const began = performance.now();
  await task();
  return { ms: performance.now() - began, cpuMs: cpuMs(server.pids) - before };
}

const statusPush = (count) => ({
  ActionType: 'fullLoad',
  OperatorEvseStatus: {
    OperatorID: OPERATOR,
    OperatorName: 'Bench',
    EvseStatusRecord: range(0, count).map((index) => ({ EvseID: evseId(index), EvseStatus: 'Available' })),
  },
});

/** Reads every page; @throws when one is missing */
async function pull(port, total) {
  let seen = 0;
  for (let page = 0; page * PAGE < total; page++) {
    const body = await post(port, `/api/oicp/evsepull/v23/providers/DE-DCB/data-records?page=${page}&size=${PAGE}`, {
      ProviderID: 'DE-DCB',
      GeoCoordinatesResponseFormat: 'DecimalDegree',
    });
    seen += body.content.length;
  }
  if (seen !== total) throw new Error(`${seen} of ${total} EVSEs came`);
}

async function evses(quick) {
  const [pushed, stored] = quick ? [500, 2_000] : [10_000, 100_000];
  const hub = await startHub();
  const bare = await startBare(false);
  const pages = await startPeer('bare-hub', 'pages', String(stored), { BENCH_RECORD: JSON.stringify(evse(1)) });
  const rows = [];
  try {
    const path = `/api/oicp/evsepush/v21/operators/${OPERATOR}/status-records`;
    const load = await timed(hub, async () => {
      for (let from = 0; from < stored; from += PAGE) {
        const records = range(from, Math.min(stored, from + PAGE)).map(evse);
        await must(hub.port, `/api/oicp/evsepush/v23/operators/${OPERATOR}/data-records`, {
          ActionType: from === 0 ? 'fullLoad' : 'insert',
          OperatorEvseData: { OperatorID: OPERATOR, OperatorName: 'Bench', EvseDataRecord: records },
        });
      }
    });
    const body = JSON.stringify(statusPush(pushed));
    for (let run = 0; run < (quick ? 1 : 5); run++) {
      const one = { port: pages.port, pids: [pages.pid] };
      rows.push({
        push: await timed(hub, () => must(hub.port, path, body)),
        barePush: await timed(bare, () => must(bare.port, path, body)),
        pull: await timed(hub, () => pull(hub.port, stored)),
        barePull: await timed(one, () => pull(one.port, stored)),
      });
    }
    const of = (name, key) => median(rows.map((row) => row[name][key]));
    const line = (title, name, base) => [
      title,
      of(name, 'ms').toFixed(0),
      of(name, 'cpuMs').toFixed(0),
      base === undefined ? '' : (of(name, 'ms') / Math.max(1, of(base, 'ms'))).toFixed(1),
    ];
    console.log(`EVSEs (${stored.toLocaleString('en')} stored in ${(load.ms / 1000).toFixed(1)} s)`);
    table(
      ['', 'ms', 'cpu ms', 'x node:http'],
      [
        line(`status push of ${pushed.toLocaleString('en')}, node:http`, 'barePush'),
        line(`status push of ${pushed.toLocaleString('en')}, compote hub`, 'push', 'barePush'),
        line(`pull of ${stored.toLocaleString('en')} by ${PAGE}, node:http`, 'barePull'),
        line(`pull of ${stored.toLocaleString('en')} by ${PAGE}, compote hub`, 'pull', 'barePull'),
      ],
    );
    console.log('');
    return { pushed, stored, load, rows };
  } finally {
    await hub.stop();
    await bare.stop();
    await pages.stop();
  }
}

export async function measure({ quick }) {
  return { authorizations: await authorizations(quick), evses: await evses(quick) };
}
