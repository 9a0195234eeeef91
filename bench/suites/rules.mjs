// What the rules cost: the same CSMS with journal.rules on and off, in alternating runs. The cost is processor time of the
// server for each call (all its threads): other work on the machine changes calls a second far more.
import { runClient, startService } from '../processes.mjs';
import { median, spread, table } from '../statistics.mjs';

const PROFILES = [
  { profile: 'heartbeat', title: 'Heartbeat 1.6' },
  { profile: 'meter', title: 'MeterValues 1.6' },
  { profile: 'event', title: 'TransactionEvent 2.0.1' },
];

export async function measure({ quick }) {
  const runs = quick ? 2 : 5;
  const load = quick ? { stations: 100, warmupS: 1, seconds: 2 } : { stations: 500, warmupS: 2, seconds: 4 };
  const results = [];
  for (const { profile, title } of PROFILES) {
    const samples = { off: [], on: [] };
    for (let run = 0; run < runs; run++) {
      for (const rules of Object.keys(samples)) {
        const server = await startService('csms', ['--set', `journal.rules=${rules}`]);
        try {
          const sample = await runClient('load-client.mjs', {
            port: server.port,
            serverPid: server.pid,
            profile,
            ...load,
          });
          if (sample.errors > 0) throw new Error(`${rules}: ${sample.errors} errors, first ${sample.firstError}`);
          samples[rules].push(sample);
        } finally {
          await server.stop();
        }
      }
    }
    const of = (rules, key) => samples[rules].map((sample) => sample[key]);
    const off = median(of('off', 'serverCpuUs'));
    console.log(`Rules, ${title}, ${load.stations} stations, ${runs} alternating runs of ${load.seconds} s`);
    table(
      ['rules', 'calls/s', 'spread', 'CPU µs/call', 'spread', 'main thread', 'observer', 'cost'],
      Object.keys(samples).map((rules) => [
        rules,
        median(of(rules, 'callsPerSecond')).toLocaleString('en'),
        spread(of(rules, 'callsPerSecond')),
        median(of(rules, 'serverCpuUs')),
        spread(of(rules, 'serverCpuUs')),
        median(of(rules, 'serverMainUs')),
        median(of(rules, 'serverObserverUs')),
        `${((median(of(rules, 'serverCpuUs')) / off - 1) * 100).toFixed(1)} %`,
      ]),
    );
    console.log('');
    results.push({ profile, load, runs, samples });
  }
  return results;
}
