import { Writable } from 'node:stream';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { SERVICE_NAMES, type ServiceName } from '../../platform/service.ts';
import { withConfigOptions } from '../config-options.ts';
import { jsonArgument } from '../json-argument.ts';
import { type RestFlags, restRequest, restTarget, serviceOfPath } from '../rest-client.ts';

interface ApiFlags extends RestFlags {
  readonly body?: unknown;
  readonly service?: ServiceName;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

export function addApi(program: Command): void {
  const api = program
    .command('api')
    .description('call any REST address of a running service')
    .argument('<method>', METHODS.join(', '), (method) => {
      if (METHODS.includes(method.toUpperCase())) return method.toUpperCase();
      throw new InvalidArgumentError(`There are ${METHODS.join(', ')}.`);
    })
    .argument('<path>', 'for example /api/v1/stations, or stations for short')
    .option('-b, --body <json>', 'JSON body, @file for a file, - for standard input', jsonArgument)
    .addOption(new Option('-s, --service <name>', 'whose address (else by the path)').choices([...SERVICE_NAMES]))
    .addHelpText(
      'after',
      `
Examples:
  $ compote api GET stations?fields=id,link
  $ compote api POST stations/CS-DEMO-1/ocpp/Reset -b '{"type":"Soft"}'
  $ compote api GET /api/v1/events --url http://127.0.0.1:8001`,
    );
  withRestOptions(api).action(async (method: string, path: string, flags: ApiFlags) => {
    const full = path.startsWith('/') ? path : `/api/v1/${path}`;
    const target = restTarget(flags, process.env, flags.service ?? serviceOfPath(full));
    await printResponse(await restRequest(target, method, full, flags.body));
  });
}

/** Adds what every command has that talks to a running service. */
export function withRestOptions(command: Command): Command {
  command
    .option('--url <address>', 'address of the service (COMPOTE_URL; else by the configuration)')
    .option('--token <token>', 'access token (COMPOTE_TOKEN)');
  return withConfigOptions(command, 'none');
}

/** Prints JSON in a readable way and everything else as it comes. */
export async function printResponse(response: Response): Promise<void> {
  if (/^application\/json(;|$)/.test(response.headers.get('content-type') ?? '')) {
    console.log(JSON.stringify(await response.json(), null, 2));
    return;
  }
  // Standard output must not be closed: others may write after us.
  const out = new Writable({ write: (chunk, _encoding, done) => void process.stdout.write(chunk, done) });
  await response.body?.pipeTo(Writable.toWeb(out));
}
