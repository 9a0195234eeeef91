import Type from 'typebox';
import { isV2 } from '../../../protocols/ocpp/versions.ts';
import { call, command, connector, oneEvse } from './command.ts';

/** 1.6 §5.18 (ends a transaction first), 2.x F05 (does nothing while one runs). */
export const unlock = command({
  name: 'unlock',
  summary: 'Unlock a connector',
  body: Type.Object({ evse: oneEvse, connector }, { additionalProperties: false }),
  translate: (input, { version }) =>
    isV2(version)
      ? call('UnlockConnector', { evseId: input.evse, connectorId: input.connector ?? 1 })
      : call('UnlockConnector', { connectorId: input.evse }),
});
