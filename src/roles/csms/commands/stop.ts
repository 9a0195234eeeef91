import Type from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { isV2 } from '../../../protocols/ocpp/versions.ts';
import { transactionNumber } from './charging-profile.ts';
import { call, command } from './command.ts';

/** 1.6 §5.12, 2.x F03. */
export const stop = command({
  name: 'stop',
  summary: 'Stop a transaction',
  description: 'By its id, by its EVSE, or the only one that runs.',
  bodyOptional: true,
  body: Type.Object(
    {
      transactionId: Type.Optional(Type.Union([Type.String({ minLength: 1 }), Type.Integer()])),
      evse: Type.Optional(Type.Integer({ minimum: 1 })),
    },
    { additionalProperties: false },
  ),
  translate({ transactionId, evse }, { version, runningTransactions }) {
    const id = transactionId === undefined ? only(runningTransactions(evse), evse) : String(transactionId);
    return isV2(version)
      ? call('RequestStopTransaction', { transactionId: id })
      : call('RemoteStopTransaction', { transactionId: transactionNumber(id, '/transactionId') });
  },
});

function only(running: readonly string[], evse: number | undefined): string {
  const [id] = running;
  if (id !== undefined && running.length === 1) return id;
  const where = evse === undefined ? 'on this station' : `on EVSE ${evse}`;
  throw new CompoteError('CONFLICT', {
    detail: id === undefined ? `no transaction runs ${where}` : `${running.length} transactions run ${where}`,
    hint: 'Name one by `transactionId`.',
  });
}
