import { readingOf } from '../../../state/meter.ts';
import type { InboundV2 } from '../handlers.ts';

/** J01: values outside transactions; those of a transaction travel in TransactionEvent. EVSE 0 is the main meter. */
export const meterValues: InboundV2<'MeterValues'> = {
  changes: 'latest reading of the EVSE',
  shows: '/stations/{id} evses[].reading',
  handle({ state, station, now }, { evseId, meterValue }) {
    for (const each of meterValue) {
      const reading = readingOf([each], now);
      if (reading !== undefined) state.stations.putReading(station, evseId, reading);
    }
    return {};
  },
};
