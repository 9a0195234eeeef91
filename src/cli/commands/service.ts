import type { Command } from 'commander';
import { SERVICE_NAMES } from '../../platform/service.ts';
import { type ConfigFlags, configFromFlags, withConfigOptions } from '../config-options.ts';
import { runServices } from '../run-services.ts';
import { loadService, titleOf } from '../services.ts';
import { runStations, type StationRunFlags, withStationRuns } from './station-runs.ts';

const STATION_EXAMPLES = `
  $ compote station --scenario session-by-card --ocpp 1.6
  $ compote station --count 1000 --profile busy --for 120 --json summary.json`;

/** One command per service: `compote csms` and so on. */
export function addServices(program: Command): void {
  for (const name of SERVICE_NAMES) {
    const command = program
      .command(name)
      .description(`start only this: ${titleOf(name)}`)
      .addHelpText(
        'after',
        `\nExamples:\n  $ compote ${name}\n  $ compote ${name} --port 0 --data ./world --log-level debug${name === 'station' ? STATION_EXAMPLES : ''}`,
      );
    if (name === 'station') withStationRuns(command);
    withConfigOptions(command, 'one').action(async (flags: ConfigFlags & StationRunFlags) => {
      const exitCode = name === 'station' ? await runStations(flags) : undefined;
      if (exitCode !== undefined) {
        process.exitCode = exitCode;
        return;
      }
      const config = configFromFlags(flags, process.env, name);
      await runServices([await loadService(name)], config);
    });
  }
}
