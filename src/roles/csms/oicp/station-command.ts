import { CompoteError } from '../../../core/errors.ts';
import type { TraceContext } from '../../../link/trace-context.ts';
import type { CallOutcome } from '../../../protocols/ocpp/rpc-message.ts';
import type { Command, CommandContext, TranslatedCall } from '../commands/command.ts';
import type { CpoContext } from './cpo-context.ts';

/** Sends a version-neutral command of a hub's call to a station, in that call's chain; never throws for what the station does. */
export function stationCommand(
  context: CpoContext,
  station: string,
  command: Command,
  input: object,
  trace: TraceContext,
): Promise<CallOutcome> {
  return new Promise((resolve) => {
    try {
      const { action, payload } = command.translate(input, surroundings(context, station)) as TranslatedCall;
      context.csms.command(station, action, payload, { origin: 'system', trace }, resolve);
    } catch (thrown) {
      if (!(thrown instanceof CompoteError)) throw thrown;
      resolve({ kind: 'closed' });
    }
  });
}

function surroundings({ csms, now }: CpoContext, station: string): CommandContext {
  const { state, services, sessions } = csms;
  const unused = (): never => {
    throw new CompoteError('INTERNAL', { detail: 'roaming commands have no files' });
  };
  return {
    version: sessions.get(station)?.version ?? '1.6',
    now: now(),
    localListVersion: undefined,
    nextRequestId: () => services.nextRequestId(),
    tokenType: (idToken) => state.tokens.get(idToken)?.type,
    runningTransactions: (evse) => state.transactions.activeOn(station, evse).map((each) => each.transactionId),
    tokens: () => [],
    uploadUrl: unused,
    firmwareUrl: unused,
  };
}
