import type { Ids } from '../../../core/ids.ts';
import { isoTime } from '../../../core/time.ts';
import {
  NAMESPACES,
  nameText,
  nameValue,
  poolNamespace,
  readCertificate,
  serialNumberHex,
} from '../../../protocols/iso15118/index.ts';
import type { WebhookEvent } from '../../../protocols/opcp/index.ts';
import type { ContractRecord, DeliveryRecord, EndpointRecord, RootRecord } from '../records.ts';
import type { TrustState } from '../trust-state.ts';

/** Deliveries that are kept; the oldest that are done go first. */
const MAX_DELIVERIES = 5_000;

/** Tells subscribers what happened: writes one delivery per subscriber, in the same transaction as the change itself. */
export class Events {
  readonly #state: TrustState;
  readonly #ids: Ids;
  readonly #onDelivery: () => void;

  constructor(state: TrustState, ids: Ids, onDelivery: () => void) {
    this.#state = state;
    this.#ids = ids;
    this.#onDelivery = onDelivery;
  }

  /** For everybody. */
  root(eventType: Extract<WebhookEvent, `root.${string}`>, root: RootRecord, nowMs: number): void {
    const certificate = readCertificate(root.certificate);
    const commonName = nameValue(certificate.subject, 'CN');
    const payload = {
      rootCertificateId: root.id,
      distinguishedName: nameText(certificate.subject),
      ...(commonName === undefined ? {} : { commonName }),
      rootType: root.rootType,
      rootSerialNumber: serialNumberHex(certificate.serialNumber),
      signatureAlgorithm: certificate.keyKind,
      fingerprintSHA256: root.fingerprint,
    };
    this.#publish(eventType, NAMESPACES.iso2, payload, nowMs, () => true);
  }

  /** For the mobility operators that have contracts with the vehicle. */
  vehicle(eventType: Extract<WebhookEvent, `mo.prov.${string}`>, pcid: string, nowMs: number): void {
    const contracts = [...this.#state.contracts.all({ pcid })];
    for (const contract of contracts) {
      const payload = { pcid, emaid: contract.emaid };
      this.#publish(eventType, poolNamespace(contract.edition), payload, nowMs, (each) => isProvider(each, contract));
    }
  }

  /** For the mobility operator (`mo.`) or the manufacturer (`oem.`) of the contract. */
  contract(
    eventType: Extract<WebhookEvent, `mo.contract.${string}` | `oem.${string}`>,
    contract: ContractRecord,
    nowMs: number,
  ): void {
    const payload = {
      emaid: contract.emaid,
      pcid: contract.pcid,
      contractCert: contract.contractCertificate,
      cpsSignerRootFingerprint: contract.cpsRootFingerprint,
    };
    const concerns = (endpoint: EndpointRecord): boolean =>
      eventType.startsWith('mo.') ? isProvider(endpoint, contract) : isManufacturer(endpoint, contract);
    this.#publish(eventType, poolNamespace(contract.edition), payload, nowMs, concerns);
  }

  #publish(
    eventType: WebhookEvent,
    xsdMsgDefNamespace: string,
    payload: object,
    nowMs: number,
    concerns: (endpoint: EndpointRecord) => boolean,
  ): void {
    const eventId = this.#ids.uuid();
    const body = JSON.stringify({ timestamp: isoTime(nowMs), eventId, eventType, xsdMsgDefNamespace, payload });
    let any = false;
    for (const endpoint of [...this.#state.endpoints.all()]) {
      if (endpoint.status !== 'enabled' || !endpoint.enabledEvents.includes(eventType) || !concerns(endpoint)) continue;
      const delivery: DeliveryRecord = {
        id: this.#ids.uuid(),
        endpoint: endpoint.id,
        eventType,
        body,
        state: 'waiting',
        attempts: 0,
        createdAtMs: nowMs,
        dueAtMs: nowMs,
      };
      this.#state.deliveries.put(delivery);
      any = true;
    }
    if (!any) return;
    this.#forgetOldest();
    this.#onDelivery();
  }

  #forgetOldest(): void {
    const { deliveries } = this.#state;
    const surplus = deliveries.count() - MAX_DELIVERIES;
    if (surplus <= 0) return;
    const { items } = deliveries.list({ by: 'createdAtMs', limit: surplus, where: { state: ['delivered', 'failed'] } });
    for (const { id } of items) deliveries.delete(id);
  }
}

/** An operator without providers of its own sees all: the lenient profile's rule for empty lists. */
function isProvider({ role, providers }: EndpointRecord, contract: ContractRecord): boolean {
  if (!role.startsWith('MO_')) return false;
  return providers.length === 0 || providers.some((provider) => contract.core.startsWith(provider.replace(/-/g, '')));
}

function isManufacturer({ role, wmis }: EndpointRecord, contract: ContractRecord): boolean {
  return role === 'OEM' && (wmis.length === 0 || wmis.some((wmi) => contract.pcid.startsWith(wmi)));
}
