// npm run bench [-- --suite csms,memory,link,journal,hub,start,rules,exchanges,inspect,fleet] [--quick] [--stations N, for fleet]
// Measures beside baselines in the same run: runs alternate (A B C A B C …), medians and spreads are printed as a table and
// written as JSON to bench/results/. Absolute numbers belong to the machine; the ratios are what counts.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    suite: { type: 'string', default: 'csms,memory,link,journal,hub,start' },
    quick: { type: 'boolean', default: false },
    stations: { type: 'string' },
  },
});
const machine = {
  node: process.version,
  cpu: cpus()[0]?.model ?? '',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
};
console.log(
  `OCPP Compote bench on ${machine.cores} cores of ${machine.cpu}, Node ${machine.node}${values.quick ? ' (quick: one short run, no claim)' : ''}\n`,
);
const results = { at: new Date().toISOString(), quick: values.quick, machine, suites: {} };
for (const name of values.suite.split(',')) {
  const { measure } = await import(`./suites/${name}.mjs`);
  results.suites[name] = await measure({
    quick: values.quick,
    ...(values.stations === undefined ? {} : { stations: Number(values.stations) }),
  });
}
mkdirSync(new URL('./results/', import.meta.url), { recursive: true });
const file = new URL(`./results/${results.at.replaceAll(/[:.]/g, '-')}.json`, import.meta.url);
writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
console.log(`\nWritten to bench/results/${file.pathname.split('/').at(-1)}`);
