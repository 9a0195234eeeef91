import type { Inbound } from '../../handler.ts';

/** Two letters of a state, then what the states of the EU use. */
const VAT_NUMBER = /^[A-Z]{2}[0-9A-Z+*]{2,13}$/;

/**
 * 2.1 C18.FR.08-10. The number is judged by its shape only: no tax office is asked. Number and EVSE come back as they came.
 */
export const vatNumberValidation: Inbound<'2.1', 'VatNumberValidation'> = {
  changes: 'keeps the number with the verdict',
  shows: '/stations/{id}/settlements',
  handle({ state, station, now, services }, { vatNumber, evseId }) {
    const status = VAT_NUMBER.test(vatNumber.replaceAll(/[\s.-]/g, '').toUpperCase()) ? 'Accepted' : 'Rejected';
    const id = `vat-${vatNumber}`;
    const evse = evseId === undefined ? {} : { evse: evseId };
    state.items.put({ station, kind: 'settlements', id, at: now, status, value: { vatNumber }, ...evse });
    services.changed({ what: 'item', station, kind: 'settlements', id });
    return {
      status,
      vatNumber,
      ...(evseId === undefined ? {} : { evseId }),
      ...(status === 'Accepted' ? {} : { statusInfo: { reasonCode: 'InvalidValue' } }),
    };
  },
};
