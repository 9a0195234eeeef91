import { availabilityStates } from '../../model/connectors.ts';
import type { StationModel } from '../../model/station-model.ts';
import type { Transaction2x } from '../../model/transactions-2x.ts';
import type { Observation } from '../../observation.ts';
import { numberAt, textAt } from '../../payload-reader.ts';

/** Status of the connectors that a request means: all, those of an EVSE, or one (`evse/connector` -> status). */
export function statusesOf(station: StationModel, evse: number | undefined, connector?: number): [string, string][] {
  const prefix = evse === undefined ? '' : `${evse}/${connector ?? ''}`;
  const found: [string, string][] = [];
  for (const [key, { status }] of station.connectors.entries())
    if (connector === undefined ? key.startsWith(prefix) : key === prefix) found.push([key, status]);
  return found;
}

/** Open transactions of a station, or of one EVSE. */
export function openTransactions(station: StationModel, evse: number | undefined): Transaction2x[] {
  return [...station.transactions2x.open.values()].filter((each) => evse === undefined || each.evse === evse);
}

/** The EVSE of a request: `evse.id` or `evseId`. */
export function evseOf(request: unknown): number | undefined {
  return numberAt(request, 'evse', 'id') ?? numberAt(request, 'evseId');
}

/** What a message says of connectors: `evse/connector` and status. */
export function toldStatuses(o: Observation): readonly [string, string][] {
  if (o.action === 'NotifyEvent') return availabilityStates(o.payload);
  const [evse, connector] = [numberAt(o.payload, 'evseId'), numberAt(o.payload, 'connectorId')];
  const status = textAt(o.payload, 'connectorStatus');
  return evse === undefined || connector === undefined || status === undefined
    ? []
    : [[`${evse}/${connector}`, status]];
}
