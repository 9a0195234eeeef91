// A fleet of full 2.0.1 stations against `compote csms`, each in its own process: time until all are accepted, memory of both
// sides per station, messages per second. Then the same fleet with a car at every free EVSE.
import { spawn } from 'node:child_process';
import { cli, residentBytes, runClient, sleep, startPeer, startService } from '../processes.mjs';
import { table } from '../statistics.mjs';

const SAMPLE_MS = 250;
/** After the storm of boots the stations only send heartbeats: what memory they hold then counts. */
const REST_S = 30;
const PEAK_SPREAD_S = 10;

/** `compote station --count`: its summary, and its resident memory when it was at rest. */
async function runFleet(stations, port, seconds, flags, servers) {
  const child = spawn(
    process.execPath,
    [
      ...(process.env.BENCH_STATION_FLAGS?.split(' ') ?? []),
      ...[cli, 'station', '--count', String(stations), '--workers', '1', '--ocpp', '2.0.1', '--ramp', '0'],
      ...['--csms', `ws://127.0.0.1:${port}/ocpp`, '--for', String(seconds), '--json', '-', ...flags],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let out = '';
  let complaint = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    complaint = (complaint + chunk).slice(-2000);
  });
  let ended = false;
  const end = new Promise((resolve) => {
    child.once('close', (code) => {
      ended = true;
      resolve(code);
    });
  });
  // The last sample before the end is the one at rest.
  let resident = { fleet: 0, csms: 0 };
  while (!ended) {
    const left = await Promise.race([end, sleep(SAMPLE_MS)]);
    if (left !== undefined || out !== '') break;
    const now = { fleet: residentBytes(child.pid), csms: residentBytes(servers) };
    if (now.fleet > 0) resident = now;
  }
  const code = await end;
  if (out === '') throw new Error(`The fleet ended with ${code}: ${complaint}`);
  return { summary: JSON.parse(out), resident };
}

/** Seconds that bare sockets need for the same handshakes and calls, both sides without a station or a CSMS behind them. */
async function bareSeconds(stations) {
  const peer = await startPeer('bare-echo', 'ocpp2.0.1');
  try {
    const { allAcceptedMs } = await runClient('boot-client.mjs', { port: peer.port, stations });
    return allAcceptedMs / 1000;
  } finally {
    await peer.stop();
  }
}

export async function measure({ quick, stations = quick ? 200 : 10_000 }) {
  const bareS = await bareSeconds(stations);
  const csms = await startService(
    'csms',
    ['--set', 'csms.authorization.unknownTokens=accept', '--set', 'csms.oicp.enabled=false'],
    process.env.BENCH_CSMS_FLAGS?.split(' ') ?? [],
  );
  try {
    // One station shows what both processes weigh without a fleet.
    const alone = await runFleet(1, csms.port, 3, [], csms.pid);
    const rest = await runFleet(stations, csms.port, REST_S, ['--profile', 'idle'], csms.pid);
    const peak = await runFleet(
      stations,
      csms.port,
      PEAK_SPREAD_S + 20,
      ['--profile', 'idle', '--storm', 'morning-peak', '--storm-at', '12', '--storm-spread', String(PEAK_SPREAD_S)],
      csms.pid,
    );
    const perStation = (side) => (rest.resident[side] - alone.resident[side]) / stations / 1024;
    const { summary } = rest;
    const acceptedS = (summary.allAcceptedMs ?? Number.NaN) / 1000;
    const result = {
      stations,
      accepted: summary.accepted,
      allAcceptedS: acceptedS,
      bareS,
      messagesPerS: Math.round((summary.messagesUntilAccepted ?? 0) / acceptedS),
      fleetKBPerStation: perStation('fleet'),
      csmsKBPerStation: perStation('csms'),
      failedCalls: summary.failedCalls,
      connectFailures: summary.connectFailures,
      peak: {
        sessions: peak.summary.sessionsStarted,
        messages: peak.summary.messages,
        failedCalls: peak.summary.failedCalls,
        latencyMs: peak.summary.latencyMs.TransactionEvent,
      },
    };
    const number = (value, digits) => (Number.isFinite(value) ? value.toFixed(digits) : '?');
    console.log('Full 2.0.1 stations against compote csms, one process each (booted, status and reports sent, idle)');
    table(
      [
        'stations',
        'accepted',
        'all accepted after',
        'bare ws sockets',
        'messages/s until then',
        'kB/station, fleet',
        'kB/station, csms',
        'failed',
      ],
      [
        [
          stations.toLocaleString('en'),
          summary.accepted.toLocaleString('en'),
          `${number(acceptedS, 1)} s`,
          `${number(bareS, 1)} s`,
          result.messagesPerS.toLocaleString('en'),
          number(result.fleetKBPerStation, 1),
          number(result.csmsKBPerStation, 1),
          Object.values(summary.failedCalls).reduce((sum, one) => sum + one, 0) + summary.connectFailures,
        ],
      ],
    );
    const { sessions, latencyMs } = result.peak;
    console.log(
      `\nA car at every EVSE within ${PEAK_SPREAD_S} s: ${sessions.toLocaleString('en')} sessions started; TransactionEvent 50 % ${latencyMs?.p50 ?? '-'} ms, 95 % ${latencyMs?.p95 ?? '-'} ms, 99 % ${latencyMs?.p99 ?? '-'} ms\n`,
    );
    return result;
  } finally {
    await csms.stop();
  }
}
