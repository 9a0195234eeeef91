import Type from 'typebox';
import { call, command } from './command.ts';

/** 1.6 §5.1, 2.x H02. */
export const cancelReservation = command({
  name: 'cancel-reservation',
  summary: 'Cancel a reservation',
  body: Type.Object({ reservationId: Type.Integer() }, { additionalProperties: false }),
  translate: ({ reservationId }) => call('CancelReservation', { reservationId }),
});
