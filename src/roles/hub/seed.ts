import type { ServiceType } from '../../protocols/oicp/index.ts';
import type { HubSection } from './section.ts';
import type { HubState } from './state/hub-state.ts';
import { type PartnerInput, partnerOf } from './state/partner-input.ts';
import { ALL_PARTNERS, type ContractRecord, HUB_KEY, type PartnerRecord } from './state/records.ts';

/** In an empty hub the CSMS and the EMP of the house, and always the partners of the configuration. */
export function seed(state: HubState, settings: HubSection): void {
  const { partners } = state;
  if (settings.demoPartners && partners.all().length === 0) {
    enter(state, 'csms', { name: 'CSMS (CPO)', operatorIds: ['DE*ABC'] }, true);
    enter(state, 'emp', { name: 'EMP', providerIds: ['DE-DCB'] }, true);
  }
  for (const { id, contracts, ...input } of settings.partners) {
    const isNew = partners.get(id) === undefined;
    enter(state, id, input, isNew && contracts === 'all');
  }
}

function enter({ partners }: HubState, key: string, input: PartnerInput, withContracts: boolean): void {
  const partner = partnerOf(key, input, partners.get(key));
  partners.save(partner);
  if (withContracts) for (const contract of usualContracts(partner)) partners.saveContract(contract);
}

/** Every service a partner can have: a CPO offers to all EMPs and may push, an EMP may push and pull. */
export function usualContracts({ key, operatorIds, providerIds }: PartnerRecord): ContractRecord[] {
  const contracts: ContractRecord[] = [];
  const add = (
    offerer: string,
    subscriber: string,
    service: ServiceType,
    more: Pick<ContractRecord, 'pricing'> = {},
  ): void => {
    contracts.push({ key: contractKey(offerer, subscriber, service), offerer, subscriber, service, ...more });
  };
  if (operatorIds.length > 0) {
    add(key, ALL_PARTNERS, 'eRoamingAuthorization', { pricing: 'dynamic' });
    add(key, ALL_PARTNERS, 'eRoamingReservation');
    add(key, HUB_KEY, 'eRoamingPushEvseData');
  }
  if (providerIds.length > 0) {
    add(key, HUB_KEY, 'eRoamingPushAuthenticationData');
    add(HUB_KEY, key, 'eRoamingPullEvseData');
    add(HUB_KEY, key, 'eRoamingPullEvseStatus');
  }
  return contracts;
}

/** A contract's own key, readable and fit for addresses. */
export function contractKey(offerer: string, subscriber: string, service: ServiceType): string {
  return `${offerer}.${subscriber === ALL_PARTNERS ? 'all' : subscriber}.${service.replace(/^eRoaming/, '')}`;
}
