import type { Command } from 'commander';
import { publishedSchema } from '../../platform/config/config-schema.ts';
import { effectiveConfig } from '../../platform/config/effective-config.ts';
import { type ConfigFlags, configFromFlags, withConfigOptions } from '../config-options.ts';
import { wholeSchema } from '../services.ts';

export function addConfig(program: Command): void {
  const config = program.command('config').description('show the configuration in force, or its JSON Schema');
  const show = config
    .command('show')
    .description('every value in force and where it came from; secrets are masked')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ compote config show\n  $ COMPOTE_CSMS__PORT=9001 compote config show --config compote.json',
    );
  withConfigOptions(show, 'none').action((flags: ConfigFlags & { json?: boolean }) => {
    const settings = effectiveConfig(configFromFlags(flags, process.env));
    if (flags.json === true) {
      console.log(JSON.stringify(settings, null, 2));
      return;
    }
    const width = Math.max(...settings.map(({ key }) => key.length));
    for (const { key, value, source } of settings) {
      console.log(`${key.padEnd(width)}  ${JSON.stringify(value)}${source === 'default' ? '' : `   (${source})`}`);
    }
  });
  config
    .command('schema')
    .description('print the JSON Schema of the configuration file, for editors')
    .addHelpText('after', '\nExamples:\n  $ compote config schema > compote.schema.json')
    .action(() => {
      console.log(JSON.stringify(publishedSchema(wholeSchema()), null, 2));
    });
}
