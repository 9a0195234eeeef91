// npm run load [-- --stations 10000 --minutes 10 --tls-stations 2000 --output FILE]
// A fleet of full stations against `compote csms`, one process each: mixed behaviour for some minutes, then a blackout of
// all, then the same over TLS. Prints a report as Markdown on standard output (progress goes to standard error), and
// ends with 1 when a call failed or a station was not accepted at the end.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runFleet } from './fleet-process.mjs';
import { blackoutSection, mixedSection, recoveryS } from './load-report.mjs';
import { startService } from './processes.mjs';

const { values } = parseArgs({
  options: {
    stations: { type: 'string', default: '10000' },
    minutes: { type: 'string', default: '10' },
    'tls-stations': { type: 'string', default: '2000' },
    output: { type: 'string' },
  },
});
const [stations, minutes, tlsStations] = [values.stations, values.minutes, values['tls-stations']].map(Number);
if (!(stations > 0 && minutes > 0 && tlsStations >= 0)) {
  console.error('Give numbers: npm run load -- --stations 500 --minutes 1 --tls-stations 100');
  process.exit(2);
}

/** New stations per second: a fleet that comes up in good order. */
const RAMP = 200;
/** The blackout of `compote station --storm` lasts so long. */
const DARK_S = 5;
/** For all to be accepted, before and after the blackout. */
const REST_S = 15 + stations / 400;
/** Messages kept: reached soon, so that memory is seen with retention at work and not while the journal fills. */
const KEPT = Math.max(20_000, stations * 10);

const csmsFlags = [
  ...['--set', 'csms.authorization.unknownTokens=accept'],
  ...['--set', 'csms.tokens=[{"idToken":"0BADCA4D","type":"ISO14443","status":"Blocked"}]'],
  ...['--set', 'csms.oicp.enabled=false'],
  ...['--set', `journal.maxEntries=${KEPT}`],
];
const sections = [];
const failures = [];
const tell = (phase) => (line) => {
  process.stderr.write(
    `${phase}: ${Math.round(line.atS)} s, accepted ${line.accepted}, charging ${line.charging}, ${line.perS} messages/s, failed ${line.failed}\n`,
  );
};

function judge(phase, { summary }) {
  const failed = Object.entries(summary.failedCalls);
  if (failed.length > 0) failures.push(`${phase}: failed calls ${JSON.stringify(Object.fromEntries(failed))}`);
  if (summary.accepted < summary.stations)
    failures.push(`${phase}: ${summary.stations - summary.accepted} stations are not accepted at the end`);
}

async function withCsms(flags, ca, task) {
  const csms = await startService('csms', [...csmsFlags, ...flags], [], ca);
  try {
    await task(csms);
  } finally {
    await csms.stop();
  }
}

async function mixed(csms) {
  const seconds = Math.round(minutes * 60);
  const flags = ['--count', String(stations), '--csms', `ws://127.0.0.1:${csms.port}/ocpp`];
  const more = ['--profile', 'busy', '--ramp', String(RAMP), '--for', String(seconds)];
  const run = await runFleet([...flags, ...more], csms.pid, tell('mixed'));
  const warmupS = Math.min(stations / RAMP + 60, (stations / RAMP + seconds) / 2);
  sections.push(mixedSection(run, { minutes, warmupS }));
  judge('mixed', run);
}

async function blackout(csms, count, endpoint, title, more = []) {
  const flags = ['--count', String(count), '--csms', endpoint, '--profile', 'idle', '--ramp', '0', ...more];
  const at = Math.round(REST_S);
  const storm = ['--storm', 'blackout', '--storm-at', String(at), '--storm-spread', '0'];
  const run = await runFleet([...flags, ...storm, '--for', String(2 * at + DARK_S)], csms.pid, tell('blackout'));
  sections.push(blackoutSection(run, { title, darkS: DARK_S }));
  judge(title, run);
  if (recoveryS(run, DARK_S) === undefined) failures.push(`${title}: not all stations came back`);
}

/** A self-signed certificate for this machine; openssl is asked because every machine with TLS has it. */
function certificate(folder) {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
    ],
    { stdio: 'ignore' },
  );
  return { key, cert };
}

await withCsms([], undefined, async (csms) => {
  await mixed(csms);
  await blackout(csms, stations, `ws://127.0.0.1:${csms.port}/ocpp`, 'Blackout and reconnect');
});
if (tlsStations > 0) {
  const folder = mkdtempSync(join(tmpdir(), 'compote-load-'));
  try {
    const { key, cert } = certificate(folder);
    const tls = ['--set', `csms.tls.cert=${cert}`, '--set', `csms.tls.key=${key}`];
    await withCsms(tls, readFileSync(cert, 'utf8'), (csms) =>
      blackout(csms, tlsStations, `wss://127.0.0.1:${csms.port}/ocpp`, 'Blackout and reconnect over TLS', [
        '--ca',
        cert,
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const report = [
  '# Load report',
  '',
  `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, ${cpus().length} cores of ${cpus()[0]?.model ?? '?'}, Node ${process.version}; CSMS and fleet in one process each. The journal keeps ${KEPT.toLocaleString('en')} messages; \`storage.sync\` is \`full\`. Written by \`npm run load -- --stations ${stations} --minutes ${minutes} --tls-stations ${tlsStations}\`.`,
  '',
  sections.join('\n\n'),
  '',
  failures.length === 0
    ? 'No call failed, and every station was accepted at the end.'
    : failures.map((text) => `- ${text}`).join('\n'),
  '',
].join('\n');
const file = values.output ?? new URL('./results/load.md', import.meta.url);
if (values.output === undefined) mkdirSync(new URL('./results/', import.meta.url), { recursive: true });
writeFileSync(file, report);
console.log(report);
process.exitCode = failures.length === 0 ? 0 : 1;
