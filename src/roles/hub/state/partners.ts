import {
  canonicalOperatorId,
  canonicalProviderId,
  operatorOfEvseId,
  providerOfEvcoId,
  type ServiceType,
} from '../../../protocols/oicp/index.ts';
import type { Collection } from '../../../storage/collection.ts';
import { ALL_PARTNERS, type ContractRecord, HUB_KEY, type PartnerRecord } from './records.ts';

/**
 * The registered partners and the contracts between them. `strictSpelling`: an id counts only as it is registered, as the
 * live hub has it; otherwise every writing of an id is that id.
 */
export class Partners {
  readonly #partners: Collection<PartnerRecord>;
  readonly #contracts: Collection<ContractRecord>;
  readonly #strictSpelling: boolean;
  #byOperator = new Map<string, PartnerRecord>();
  #byProvider = new Map<string, PartnerRecord>();
  /** Of own and sub ids, always canonical: they come from inside other ids. */
  #byEvsePrefix = new Map<string, PartnerRecord>();
  #byEvcoPrefix = new Map<string, PartnerRecord>();

  constructor(
    partners: Collection<PartnerRecord>,
    contracts: Collection<ContractRecord>,
    options: { readonly strictSpelling: boolean },
  ) {
    this.#partners = partners;
    this.#contracts = contracts;
    this.#strictSpelling = options.strictSpelling;
    this.#reindex();
  }

  save(partner: PartnerRecord): void {
    this.#partners.put(partner);
    this.#reindex();
  }

  /** Returns whether there was one. Its contracts end with it. */
  remove(key: string): boolean {
    for (const contract of [...this.#contracts.pinned()]) {
      if (contract.offerer === key || contract.subscriber === key) this.#contracts.delete(contract.key);
    }
    const removed = this.#partners.delete(key);
    this.#reindex();
    return removed;
  }

  saveContract(contract: ContractRecord): void {
    this.#contracts.put(contract);
  }

  removeContract(key: string): boolean {
    return this.#contracts.delete(key);
  }

  get(key: string): PartnerRecord | undefined {
    return this.#partners.get(key);
  }

  all(): PartnerRecord[] {
    return [...this.#partners.pinned()];
  }

  contracts(): ContractRecord[] {
    return [...this.#contracts.pinned()];
  }

  /** The partner that is connected under this operator id; a sub-operator's id finds nobody. */
  operator(id: string): PartnerRecord | undefined {
    return this.#byOperator.get(this.#spelled(id, canonicalOperatorId));
  }

  provider(id: string): PartnerRecord | undefined {
    return this.#byProvider.get(this.#spelled(id, canonicalProviderId));
  }

  /** Who operates the EVSE: by an own id, or a sub-operator's. */
  operatorOfEvse(evseId: string): PartnerRecord | undefined {
    const prefix = operatorOfEvseId(evseId);
    return prefix === undefined ? undefined : this.#byEvsePrefix.get(prefix);
  }

  /** Whose contract it is: by an own id, or a sub-provider's. */
  providerOfContract(evcoId: string): PartnerRecord | undefined {
    const prefix = providerOfEvcoId(evcoId);
    return prefix === undefined ? undefined : this.#byEvcoPrefix.get(prefix);
  }

  /** Whether a contract of the service is in force between the two (partner keys or `HUB`). */
  hasContract(service: ServiceType, offerer: string, subscriber: string, nowMs: number): boolean {
    return this.#inForce(service, nowMs).some(
      (contract) =>
        contract.offerer === offerer && (contract.subscriber === subscriber || contract.subscriber === ALL_PARTNERS),
    );
  }

  /** The providers to whom an operator offers the service, in the order of their keys. */
  subscribersOf(service: ServiceType, offerer: string, nowMs: number): PartnerRecord[] {
    return this.all()
      .filter(({ key, providerIds }) => providerIds.length > 0 && this.hasContract(service, offerer, key, nowMs))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** Whether an authorization contract with flexible or dynamic prices is in force; without subscriber: with anybody. */
  hasPricing(offerer: string, subscriber: string | undefined, nowMs: number): boolean {
    return this.#inForce('eRoamingAuthorization', nowMs).some(
      (contract) =>
        contract.offerer === offerer &&
        (contract.pricing === 'flexible' || contract.pricing === 'dynamic') &&
        (subscriber === undefined || contract.subscriber === subscriber || contract.subscriber === ALL_PARTNERS),
    );
  }

  #inForce(service: ServiceType, nowMs: number): ContractRecord[] {
    return this.contracts().filter(
      (contract) =>
        contract.service === service &&
        (contract.validFromMs === undefined || contract.validFromMs <= nowMs) &&
        (contract.validToMs === undefined || nowMs < contract.validToMs) &&
        this.#exists(contract.offerer) &&
        (contract.subscriber === ALL_PARTNERS || this.#exists(contract.subscriber)),
    );
  }

  #exists(key: string): boolean {
    return key === HUB_KEY || this.#partners.has(key);
  }

  #spelled(id: string, canonical: (id: string) => string): string {
    return this.#strictSpelling ? id : canonical(id);
  }

  #reindex(): void {
    this.#byOperator = new Map();
    this.#byProvider = new Map();
    this.#byEvsePrefix = new Map();
    this.#byEvcoPrefix = new Map();
    for (const partner of this.all()) {
      for (const id of partner.subOperatorIds) this.#byEvsePrefix.set(canonicalOperatorId(id), partner);
      for (const id of partner.subProviderIds) this.#byEvcoPrefix.set(canonicalProviderId(id), partner);
    }
    // Own ids after all sub ids: a partner that is connected itself is not somebody's sub-partner.
    for (const partner of this.all()) {
      for (const id of partner.operatorIds) {
        this.#byOperator.set(this.#spelled(id, canonicalOperatorId), partner);
        this.#byEvsePrefix.set(canonicalOperatorId(id), partner);
      }
      for (const id of partner.providerIds) {
        this.#byProvider.set(this.#spelled(id, canonicalProviderId), partner);
        this.#byEvcoPrefix.set(canonicalProviderId(id), partner);
      }
    }
  }
}
