// The link alone, without sockets: a call comes in as text, is parsed, validated, handled, answered and validated again.
// Beside it the same steps by hand with the same validators. Everything in this process, by its processor time.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Compile } from 'typebox/schema';
import { median, spread, table } from '../statistics.mjs';

const built = (path) => new URL(`../../dist/${path}`, import.meta.url).href;
const TIME = '2026-01-01T12:00:00.000Z';
const sampled = (measurand, value, unit) => ({ value, context: 'Sample.Periodic', measurand, unit });
const METER = {
  connectorId: 1,
  meterValue: [
    {
      timestamp: TIME,
      sampledValue: [
        sampled('Energy.Active.Import.Register', '1234567', 'Wh'),
        sampled('Power.Active.Import', '11040.5', 'W'),
        sampled('Current.Import', '16.0', 'A'),
        sampled('Voltage', '229.8', 'V'),
      ],
    },
  ],
};
const CASES = [
  ['Heartbeat', {}, { currentTime: TIME }],
  ['MeterValues', METER, {}],
];

function byHand() {
  const validators = new Map();
  const file = createRequire(import.meta.url).resolve('ocpp-rpc/lib/schemas/ocpp1_6.json');
  for (const { $id, $schema, ...schema } of JSON.parse(readFileSync(file, 'utf8')))
    validators.set($id, Compile(schema));
  return (text, answer, send) => {
    const [, id, action, payload] = JSON.parse(text);
    if (!validators.get(`urn:${action}.req`).Check(payload)) throw new Error('does not fit');
    if (!validators.get(`urn:${action}.conf`).Check(answer)) throw new Error('does not fit');
    send(JSON.stringify([3, id, answer]));
  };
}

async function byLink() {
  const [{ OcppLink }, { OcppSchemaSet }, { SystemClock }] = await Promise.all(
    ['link/ocpp-link.js', 'protocols/ocpp/schemas.js', 'core/system-clock.js'].map((path) => import(built(path))),
  );
  let answer = {};
  let send = () => {};
  const transport = {
    description: { type: 'ws', conn: 'bench', subprotocol: 'ocpp1.6', facts: {} },
    bufferedBytes: 0,
    listen() {},
    send: (text) => send(text),
    close() {},
    terminate() {},
    ping() {},
    pause() {},
    resume() {},
  };
  let ids = 0;
  const link = new OcppLink({
    world: {
      clock: new SystemClock(),
      afterCommit: (task) => task(),
      recorder: null,
      newId: () => `id-${++ids}`,
      defect: (where, thrown) => {
        throw thrown ?? new Error(where);
      },
    },
    transport,
    side: 'csms',
    station: { id: 'BENCH', role: 'cs' },
    csms: { id: 'csms', role: 'csms' },
    schemas: new OcppSchemaSet().of('1.6'),
    role: { request: () => answer, notification() {}, answerRejected() {}, alive() {}, closed() {} },
    validation: 'strict',
    timeoutMs: 30_000,
    maxQueuedCalls: 10,
    maxBufferedBytes: 1_000_000,
    tap: 'csms',
  });
  return (text, wanted, onSend) => {
    answer = wanted;
    send = onSend;
    link.text(text);
  };
}

function run(receive, [action, payload, answer], count) {
  const tail = `","${action}",${JSON.stringify(payload)}]`;
  let answered = 0;
  const heard = (text) => {
    if (text.startsWith('[3,')) answered++;
  };
  const one = (n) => receive(`[2,"00000000-89ab-4def-8123-${String(n).padStart(12, '0')}${tail}`, answer, heard);
  for (let n = 0; n < count / 4; n++) one(n);
  answered = 0;
  const before = process.cpuUsage();
  for (let n = 0; n < count; n++) one(n + count);
  const { user, system } = process.cpuUsage(before);
  if (answered !== count) throw new Error(`${action}: ${answered} of ${count} calls were answered`);
  return (user + system) / count;
}

export async function measure({ quick }) {
  const count = quick ? 4_000 : 100_000;
  const ways = [
    ['parse, validators, stringify', byHand()],
    ['compote link and engine', await byLink()],
  ];
  const results = [];
  console.log(`The link without sockets and journal, ${count.toLocaleString('en')} calls of OCPP 1.6`);
  const rows = [];
  for (const one of CASES) {
    const samples = new Map(ways.map(([name]) => [name, []]));
    for (let round = 0; round < (quick ? 1 : 5); round++)
      for (const [name, receive] of ways) samples.get(name).push(Number(run(receive, one, count).toFixed(2)));
    const base = median(samples.get(ways[0][0]));
    for (const [name] of ways) {
      const each = samples.get(name);
      rows.push([`${one[0]}, ${name}`, median(each).toFixed(1), spread(each), (median(each) / base).toFixed(2)]);
    }
    results.push({ action: one[0], count, samples: Object.fromEntries(samples) });
  }
  table(['', 'cpu us/call', 'spread', 'x by hand'], rows);
  console.log('');
  return results;
}
