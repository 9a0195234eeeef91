import Type from 'typebox';
import { isV2 } from '../../../protocols/ocpp/versions.ts';
import { call, command, connector, evse, evse2x } from './command.ts';

/** 1.6 §5.2, 2.x G03/G04. */
export const availability = command({
  name: 'availability',
  summary: 'Put the station, an EVSE or a connector into or out of service',
  body: Type.Object({ operative: Type.Boolean(), evse, connector }, { additionalProperties: false }),
  translate({ operative, evse: id, connector: connectorId }, { version }) {
    const word = operative ? 'Operative' : 'Inoperative';
    return isV2(version)
      ? call('ChangeAvailability', { operationalStatus: word, evse: evse2x(id, connectorId) })
      : call('ChangeAvailability', { connectorId: id ?? 0, type: word });
  },
});
