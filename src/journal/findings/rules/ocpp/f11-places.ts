import { addPlaces } from '../../model/reports.ts';
import type { Observation } from '../../observation.ts';
import { booleanAt, listAt, numberAt } from '../../payload-reader.ts';
import { family, type Rule, type RuleContext, V2X } from '../../rule.ts';

/** EVSEs and connectors by their numbers (2.x Part 1, three tier model). */
export const f11Places: readonly Rule[] = family({ versions: V2X, axis: 'consistency' }, [
  {
    id: 'OCPP2-DM-017',
    severity: 'warning',
    fault: 'station',
    title: 'EVSEs and connectors that are named exist',
    clause: '2.x Part 1 §7, ours',
    causes: ['EVSEs are counted from 0', 'Connectors are counted over the whole station, as in 1.6'],
    next: ['Compare with the components EVSE and Connector of the device model'],
    peer: 'tolerates',
    on: ['StatusNotification.request', 'TransactionEvent.request', 'NotifyEvent.request', 'NotifyReport.request'],
    check(c) {
      const { o, station } = c;
      if (o.action === 'NotifyReport') return inventoryEnds(c);
      const { places } = station.management.reports;
      for (const [evse, connector, pointer] of placesOf(o)) {
        const place = connector === undefined ? String(evse) : `${evse}/${connector}`;
        if (evse < 1 || (connector !== undefined && connector < 1))
          return c.report({
            text: `${o.action} names ${nameOf(place)}: they are counted from 1`,
            object: place,
            pointer,
          });
        if (places === undefined || isKnown(place, places)) continue;
        return c.report({
          text: `${o.action} names ${nameOf(place)}, which the device model does not have`,
          object: place,
          pointer,
        });
      }
    },
  },
]);

/** With the last part of a whole inventory, what was told of connectors before can be judged. */
function inventoryEnds(c: RuleContext): void {
  const report = c.station.management.reports.of(c.o);
  if (report?.variables === undefined || booleanAt(c.o.payload, 'tbc') === true) return;
  if (report.hasHole || report.ended || numberAt(c.o.payload, 'seqNo') !== report.nextSeqNo) return;
  const places = new Set(report.places);
  addPlaces(places, c.o.payload);
  if (places.size === 0) return;
  for (const [place, { seq }] of c.station.connectors.entries()) {
    if (isKnown(place, places)) continue;
    const text = `The station has told the status of ${nameOf(place)}, which its device model does not have`;
    return c.report({ text, object: place, seq, evidence: [{ seq: c.o.seq, label: 'the inventory' }] });
  }
}

/** A model that names no connectors of an EVSE says nothing about them. */
function isKnown(place: string, places: ReadonlySet<string>): boolean {
  if (places.has(place)) return true;
  const [evse = ''] = place.split('/');
  return evse !== place && places.has(evse) && ![...places].some((each) => each.startsWith(`${evse}/`));
}

function nameOf(place: string): string {
  const [evse, connector] = place.split('/');
  return connector === undefined ? `EVSE ${evse}` : `connector ${connector} of EVSE ${evse}`;
}

type Named = readonly [evse: number, connector: number | undefined, pointer: string];

function placesOf({ action, payload }: Observation): readonly Named[] {
  if (action === 'StatusNotification')
    return named(numberAt(payload, 'evseId'), numberAt(payload, 'connectorId'), '/evseId');
  if (action === 'TransactionEvent')
    return named(numberAt(payload, 'evse', 'id'), numberAt(payload, 'evse', 'connectorId'), '/evse');
  return listAt(payload, 'eventData').flatMap((event, index) => {
    const [evse, connector] = [
      numberAt(event, 'component', 'evse', 'id'),
      numberAt(event, 'component', 'evse', 'connectorId'),
    ];
    return named(evse, connector, `/eventData/${index}/component/evse`);
  });
}

function named(evse: number | undefined, connector: number | undefined, pointer: string): readonly Named[] {
  return evse === undefined ? [] : [[evse, connector, pointer]];
}
