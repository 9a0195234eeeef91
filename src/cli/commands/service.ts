import type { Command } from 'commander';
import { SERVICE_NAMES } from '../../platform/service.ts';
import { type ConfigFlags, configFromFlags, withConfigOptions } from '../config-options.ts';
import { runServices } from '../run-services.ts';
import { loadService, titleOf } from '../services.ts';

/** One command per service: `compote csms` and so on. */
export function addServices(program: Command): void {
  for (const name of SERVICE_NAMES) {
    const command = program
      .command(name)
      .description(`start only this: ${titleOf(name)}`)
      .addHelpText(
        'after',
        `\nExamples:\n  $ compote ${name}\n  $ compote ${name} --port 0 --data ./world --log-level debug`,
      );
    withConfigOptions(command, 'one').action(async (flags: ConfigFlags) => {
      const config = configFromFlags(flags, process.env, name);
      await runServices([await loadService(name)], config);
    });
  }
}
