import Type from 'typebox';
import { HOUR_MS, isoTime } from '../../../core/time.ts';
import { isV2 } from '../../../protocols/ocpp/versions.ts';
import { call, command, evse, groupToken2x, idToken2x, tokenFields, wrong } from './command.ts';

/** 1.6 §5.13, 2.x H01. */
export const reserve = command({
  name: 'reserve',
  summary: 'Reserve an EVSE, a connector type or any EVSE',
  body: Type.Object(
    {
      ...tokenFields,
      evse,
      connectorType: Type.Optional(Type.String({ description: '2.x: any EVSE with such a connector.' })),
      expiresAt: Type.Optional(Type.String({ description: 'One hour from now when absent.' })),
      reservationId: Type.Optional(Type.Integer({ description: 'A new one when absent; a known one is replaced.' })),
    },
    { additionalProperties: false },
  ),
  translate(input, context) {
    const id = input.reservationId ?? context.nextRequestId();
    const expiry = input.expiresAt ?? isoTime(context.now + HOUR_MS);
    if (isV2(context.version)) {
      return call('ReserveNow', {
        id,
        expiryDateTime: expiry,
        connectorType: input.connectorType,
        idToken: idToken2x(input.idToken, input.type, context),
        evseId: input.evse === 0 ? undefined : input.evse,
        groupIdToken: groupToken2x(input.groupId),
      });
    }
    if (input.connectorType !== undefined) throw wrong('/connectorType', 'OCPP 1.6 reserves by connector number only');
    return call('ReserveNow', {
      connectorId: input.evse ?? 0,
      expiryDate: expiry,
      idTag: input.idToken,
      parentIdTag: input.groupId,
      reservationId: id,
    });
  },
});
