// What the rules cost: the same CSMS with journal.rules on and off, in alternating runs.
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
          const sample = await runClient('load-client.mjs', { port: server.port, profile, ...load });
          if (sample.errors > 0) throw new Error(`${rules}: ${sample.errors} errors, first ${sample.firstError}`);
          samples[rules].push(sample.callsPerSecond);
        } finally {
          await server.stop();
        }
      }
    }
    const off = median(samples.off);
    console.log(`Rules, ${title}, ${load.stations} stations, ${runs} alternating runs of ${load.seconds} s`);
    table(
      ['rules', 'calls/s', 'spread', 'cost'],
      Object.entries(samples).map(([rules, rates]) => [
        rules,
        median(rates).toLocaleString('en'),
        spread(rates),
        `${((1 - median(rates) / off) * 100).toFixed(1)} %`,
      ]),
    );
    console.log('');
    results.push({ profile, load, runs, samples });
  }
  return results;
}
