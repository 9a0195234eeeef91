// CSMS throughput (validated both ways, state kept, journal on) beside `ws` alone, a validated echo, and `ocpp-rpc` strict.
import { runClient, startPeer, startService } from '../processes.mjs';
import { median, spread, table } from '../statistics.mjs';

const PROFILES = [
  { profile: 'heartbeat', title: 'Heartbeat 1.6', subprotocol: 'ocpp1.6' },
  { profile: 'meter', title: 'MeterValues 1.6', subprotocol: 'ocpp1.6' },
  { profile: 'event', title: 'TransactionEvent 2.0.1', subprotocol: 'ocpp2.0.1' },
];
const SERVERS = [
  { name: 'ws alone', start: (subprotocol) => startPeer('bare-echo', subprotocol) },
  { name: 'validated echo', start: (subprotocol) => startPeer('validated-echo', subprotocol) },
  { name: 'ocpp-rpc strict', start: (subprotocol) => startPeer('ocpp-rpc', subprotocol) },
  { name: 'compote csms', start: () => startService('csms', ['--set', 'csms.validation=strict']) },
];

export async function measure({ quick }) {
  const runs = quick ? 1 : 5;
  const load = quick ? { stations: 100, warmupS: 0.5, seconds: 1 } : { stations: 500, warmupS: 0.5, seconds: 2 };
  const results = [];
  for (const { profile, title, subprotocol } of PROFILES) {
    const samples = new Map(SERVERS.map(({ name }) => [name, []]));
    for (let run = 0; run < runs; run++) {
      for (const { name, start } of SERVERS) {
        const server = await start(subprotocol);
        try {
          const sample = await runClient('load-client.mjs', { port: server.port, profile, ...load });
          if (sample.errors > 0) throw new Error(`${name}: ${sample.errors} errors, first ${sample.firstError}`);
          samples.get(name).push(sample);
        } finally {
          await server.stop();
        }
      }
    }
    const rates = (name) => samples.get(name).map((sample) => sample.callsPerSecond);
    const echo = median(rates('validated echo'));
    const rpc = median(rates('ocpp-rpc strict'));
    console.log(`${title}, ${load.stations} stations, ${runs} alternating runs of ${load.seconds} s`);
    table(
      ['', 'calls/s', 'spread', 'x echo', 'x ocpp-rpc', 'p50 ms', 'p99 ms'],
      SERVERS.map(({ name }) => {
        const rate = median(rates(name));
        const of = (key) => median(samples.get(name).map((sample) => sample[key])).toFixed(1);
        return [
          name,
          rate.toLocaleString('en'),
          spread(rates(name)),
          (rate / echo).toFixed(2),
          (rate / rpc).toFixed(2),
          of('p50Ms'),
          of('p99Ms'),
        ];
      }),
    );
    console.log('');
    results.push({ profile, load, runs, samples: Object.fromEntries(samples) });
  }
  return results;
}
