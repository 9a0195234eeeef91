import type { PartyRole } from '../journal/entry.ts';
import type { ServiceName } from '../platform/service.ts';

export interface PartyName {
  readonly id: string;
  readonly role: PartyRole;
  readonly name: string;
}

const PARTIES: Readonly<Record<ServiceName, PartyName>> = {
  csms: { id: 'csms', role: 'csms', name: 'CSMS' },
  hub: { id: 'hub', role: 'hub', name: 'Hub' },
  emp: { id: 'emp', role: 'emp', name: 'EMP' },
  trust: { id: 'pnc', role: 'pnc', name: 'Plug & Charge' },
  everest: { id: 'everest', role: 'everest', name: 'EVerest' },
  station: { id: 'stations', role: 'cs', name: 'Stations' },
  workbench: { id: 'ui', role: 'ui', name: 'Workbench' },
};

/** The party of a service in the journal. */
export function partyOfService(service: ServiceName): PartyName {
  return PARTIES[service];
}
