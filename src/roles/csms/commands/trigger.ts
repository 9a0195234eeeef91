import Type from 'typebox';
import { isV2 } from '../../../protocols/ocpp/versions.ts';
import { call, command, connector, evse, evse2x } from './command.ts';

/** What only ExtendedTriggerMessage of the 1.6 security whitepaper can ask for. */
const EXTENDED: ReadonlySet<string> = new Set(['LogStatusNotification', 'SignChargePointCertificate']);
const IN_16: Readonly<Record<string, string>> = { SignChargingStationCertificate: 'SignChargePointCertificate' };
const IN_2X: Readonly<Record<string, string>> = {
  SignChargePointCertificate: 'SignChargingStationCertificate',
  DiagnosticsStatusNotification: 'LogStatusNotification',
};

/** 1.6 §5.17 and whitepaper E03, 2.x F06. */
export const trigger = command({
  name: 'trigger',
  summary: 'Ask the station to send a message',
  body: Type.Object(
    {
      message: Type.String({
        minLength: 1,
        description: 'BootNotification, StatusNotification, MeterValues, Heartbeat …',
      }),
      evse,
      connector,
      extended: Type.Optional(
        Type.Boolean({ description: '1.6: ExtendedTriggerMessage also where it is not needed.' }),
      ),
      custom: Type.Optional(Type.String({ description: '2.1: `customTrigger` of a CustomTrigger.' })),
    },
    { additionalProperties: false },
  ),
  translate({ message, evse: id, connector: connectorId, extended, custom }, { version }) {
    if (isV2(version)) {
      return call('TriggerMessage', {
        requestedMessage: IN_2X[message] ?? message,
        evse: evse2x(id, connectorId),
        customTrigger: version === '2.1' ? custom : undefined,
      });
    }
    const requestedMessage = IN_16[message] ?? message;
    const needed = extended ?? EXTENDED.has(requestedMessage);
    return call(needed ? 'ExtendedTriggerMessage' : 'TriggerMessage', {
      requestedMessage,
      connectorId: id === 0 ? undefined : id,
    });
  },
});
