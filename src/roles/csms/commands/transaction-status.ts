import Type from 'typebox';
import { isV2 } from '../../../protocols/ocpp/versions.ts';
import { call, command, notIn } from './command.ts';

/** 2.x E14. 1.6 cannot ask. */
export const transactionStatus = command({
  name: 'transaction-status',
  summary: 'Ask whether events of a transaction still wait at the station (2.x)',
  bodyOptional: true,
  body: Type.Object({ transactionId: Type.Optional(Type.String({ minLength: 1 })) }, { additionalProperties: false }),
  translate({ transactionId }, { version }) {
    if (!isV2(version)) throw notIn(version, 'be asked about a transaction');
    return call('GetTransactionStatus', { transactionId });
  },
});
