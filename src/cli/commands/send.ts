import { type Command, InvalidArgumentError } from 'commander';
import { jsonArgument } from '../json-argument.ts';
import { type RestFlags, restRequest, restTarget } from '../rest-client.ts';
import { printResponse, withRestOptions } from './api.ts';

interface SendFlags extends RestFlags {
  readonly from: string;
  readonly proto: string;
  readonly inbound?: boolean;
  readonly raw?: string;
  readonly allowInvalid?: boolean;
  readonly timeout?: number;
}

export function addSend(program: Command): void {
  const send = program
    .command('send')
    .description('send a message as a party: an OCPP action to a station, or raw text')
    .argument('<to>', 'party that gets it, for example CS-DEMO-1')
    .argument('[action]', 'for example Reset')
    .argument('[payload]', 'JSON payload, @file for a file, - for standard input', jsonArgument)
    .option('--from <party>', 'who sends it', 'csms')
    .option('--proto <protocol>', 'ocpp, oicp, pnc or mqtt', 'ocpp')
    .option('--inbound', 'hand it to the receiver as if it had come over the wire (it is marked as synthetic)')
    .option('--raw <text>', 'send exactly this text instead of an action')
    .option('--allow-invalid', 'send it though it does not fit its schema')
    .option('--timeout <seconds>', 'how long to wait for the answer', seconds)
    .addHelpText(
      'after',
      `
Examples:
  $ compote send CS-DEMO-1 Reset '{"type":"Soft"}'
  $ compote send CS-DEMO-1 --raw '[2,"1","Nonsense",{}]'
  $ compote send csms Heartbeat '{}' --from CS-DEMO-1 --inbound`,
    );
  withRestOptions(send).action(async (to: string, action: string | undefined, payload: unknown, flags: SendFlags) => {
    if (action === undefined && flags.raw === undefined)
      throw new InvalidArgumentError('Name an action, or give --raw text.');
    const message = {
      from: flags.from,
      to,
      proto: flags.proto,
      action: action ?? '',
      mode: flags.inbound === true ? 'inbound' : 'wire',
      ...(flags.raw === undefined ? { payload: payload ?? {} } : { raw: flags.raw }),
      ...(flags.allowInvalid === true ? { allowInvalid: true } : {}),
      ...(flags.timeout === undefined ? {} : { timeoutMs: flags.timeout * 1_000 }),
    };
    await printResponse(await restRequest(restTarget(flags, process.env, 'csms'), 'POST', '/api/v1/send', message));
  });
}

function seconds(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Give a number of seconds above 0.');
}
