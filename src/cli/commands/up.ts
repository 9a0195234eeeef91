import { type Command, InvalidArgumentError } from 'commander';
import { SystemClock } from '../../core/system-clock.ts';
import { ChildServices } from '../../platform/process/child-services.ts';
import { stopSignals } from '../../platform/process/stop-signals.ts';
import { SERVICE_NAMES, type ServiceName } from '../../platform/service.ts';
import { type ConfigFlags, configFromFlags, repeatedFlags, withConfigOptions } from '../config-options.ts';
import { printDoors, runServices } from '../run-services.ts';
import { availableServices, loadService } from '../services.ts';

interface UpFlags extends ConfigFlags {
  readonly only?: readonly ServiceName[];
  readonly processes?: boolean;
}

export function addUp(program: Command): void {
  const up = program
    .command('up')
    .description('start the whole world in one process')
    .option('--only <services>', 'start these only, for example csms,station', serviceList)
    .option('--processes', 'run each service as a child process, started again when it dies')
    .addHelpText(
      'after',
      `
Examples:
  $ compote up
  $ compote up --only csms,station --data ./world
  $ compote up --port csms=9001 --clock scaled:60
  $ compote up --security-profile 3 --data .compote-tls
  $ compote up --processes --config compote.json`,
    );
  withConfigOptions(up, 'named').action(async (flags: UpFlags) => {
    const config = configFromFlags(flags, process.env);
    const services = SERVICE_NAMES.filter((name) => (flags.only ?? availableServices()).includes(name));
    if (flags.processes !== true) {
      await runServices(await Promise.all(services.map(loadService)), config);
      return;
    }
    await runChildren(services, repeatedFlags(flags));
  });
}

function serviceList(text: string): ServiceName[] {
  return text.split(',').map((word) => {
    const name = SERVICE_NAMES.find((each) => each === word.trim());
    if (name === undefined)
      throw new InvalidArgumentError(`"${word}" is no service; there are ${SERVICE_NAMES.join(', ')}.`);
    return name;
  });
}

async function runChildren(services: readonly ServiceName[], flags: readonly string[]): Promise<void> {
  const main = process.argv[1] ?? '';
  const children = new ChildServices({
    clock: new SystemClock(),
    arguments: (service) => [...process.execArgv, main, service, ...flags],
    problem: (text) => console.error(text),
    restarted: (service) => console.error(`${service} runs again`),
  });
  const signals = stopSignals(process, () => {
    children.kill();
    process.exit(130);
  });
  printDoors(await children.start(services));
  await signals.asked;
  await children.stop();
}
