import { existsSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { TextSetting } from '../platform/config/environment.ts';
import { type LoadedConfig, loadConfig } from '../platform/config/load-config.ts';
import { SERVICE_NAMES, type ServiceName } from '../platform/service.ts';
import { wholeSchema } from './services.ts';

/** What the flags of {@link withConfigOptions} gave. */
export interface ConfigFlags {
  readonly config?: string;
  readonly data?: string;
  readonly host?: string;
  readonly port?: readonly string[];
  readonly clock?: string;
  readonly logLevel?: string;
  readonly securityProfile?: string;
  readonly set?: readonly string[];
}

const gather = (value: string, before: readonly string[] = []): string[] => [...before, value];

/** Adds the flags that every command with a configuration has. `ports`: how `--port` is written. */
export function withConfigOptions(command: Command, ports: 'one' | 'named' | 'none'): Command {
  command
    .option('-c, --config <file>', 'JSON configuration file (COMPOTE_CONFIG; ./compote.json if there is one)')
    .option('-d, --data <folder>', 'data folder (COMPOTE_DATA)')
    .option('--set <key=value>', 'set any key, for example csms.port=8011; may be repeated', gather);
  if (ports === 'none') return command;
  const port = ports === 'one' ? '--port <number>' : '--port <service=number>';
  return command
    .addOption(new Option('--host <address>', 'where to listen; other than 127.0.0.1 asks for access tokens'))
    .option(port, ports === 'one' ? 'TCP port, 0 for a free one' : 'port of one service; may be repeated', gather)
    .option('--clock <clock>', 'system, or scaled:60 for simulated cars and meters 60 times faster')
    .addOption(
      new Option(
        '--security-profile <profile>',
        'OCPP between our CSMS and stations: 1 passwords, 2 TLS, 3 mutual TLS',
      ).choices(['0', '1', '2', '3']),
    )
    .option('--log-level <level>', 'debug, info, warn or error');
}

/** Where the configuration file is: the flag, the variable, or `compote.json` here. */
function configFile(flags: ConfigFlags, environment: NodeJS.ProcessEnv): string | undefined {
  return flags.config ?? environment['COMPOTE_CONFIG'] ?? (existsSync('compote.json') ? 'compote.json' : undefined);
}

/**
 * Loads the configuration as flags, environment and file say.
 *
 * @param takesFile false: no file is looked for
 * @throws CONFIG_INVALID
 */
export function configFromFlags(
  flags: ConfigFlags,
  environment: NodeJS.ProcessEnv,
  service?: ServiceName,
  takesFile = true,
): LoadedConfig {
  return loadConfig({
    schema: wholeSchema(),
    file: takesFile ? configFile(flags, environment) : undefined,
    environment,
    flags: flagSettings(flags, service),
  });
}

function flagSettings(flags: ConfigFlags, service: ServiceName | undefined): TextSetting[] {
  const settings: TextSetting[] = [];
  const add = (path: string, text: string | undefined, source: string): void => {
    if (text !== undefined) settings.push({ path: path.split('.'), text, source });
  };
  add('data', flags.data, '--data');
  add('host', flags.host, '--host');
  add('clock', flags.clock, '--clock');
  add('log.level', flags.logLevel, '--log-level');
  add('security.profile', flags.securityProfile, '--security-profile');
  for (const port of flags.port ?? []) {
    if (service !== undefined) {
      add(`${service}.port`, port, '--port');
      continue;
    }
    const [name, number] = assignment(port, '--port');
    if (!SERVICE_NAMES.some((each) => each === name)) {
      throw new InvalidArgumentError(`--port ${port}: "${name}" is no service; there are ${SERVICE_NAMES.join(', ')}.`);
    }
    add(`${name}.port`, number, `--port ${port}`);
  }
  for (const setting of flags.set ?? []) {
    const [key, value] = assignment(setting, '--set');
    add(key, value, `--set ${key}`);
  }
  return settings;
}

function assignment(text: string, flag: string): [string, string] {
  const split = text.indexOf('=');
  if (split > 0) return [text.slice(0, split), text.slice(split + 1)];
  throw new InvalidArgumentError(`${flag} ${text}: write it as name=value.`);
}

/** The same flags again, for the command line of a child that runs one service. */
export function repeatedFlags(flags: ConfigFlags): string[] {
  const one = (name: string, value: string | undefined): string[] => (value === undefined ? [] : [name, value]);
  return [
    ...one('--config', flags.config),
    ...one('--data', flags.data),
    ...one('--host', flags.host),
    ...one('--clock', flags.clock),
    ...one('--log-level', flags.logLevel),
    ...one('--security-profile', flags.securityProfile),
    ...(flags.port ?? []).flatMap((port) => ['--set', port.replace('=', '.port=')]),
    ...(flags.set ?? []).flatMap((setting) => ['--set', setting]),
  ];
}
