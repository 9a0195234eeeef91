import { CompoteError } from '../../../core/errors.ts';
import { isoTime } from '../../../core/time.ts';
import { demandPoolValue, type PoolClient } from '../../../link/pool-client.ts';
import {
  compactEmaid,
  type Edition,
  type Emaid,
  evcoIdOf,
  parseEmaid,
  poolNamespace,
} from '../../../protocols/iso15118/index.ts';
import { canonicalEvcoId } from '../../../protocols/oicp/index.ts';
import { POOL } from '../../../protocols/opcp/index.ts';
import { mediumKey } from '../state/authorization.ts';
import type { EmpState } from '../state/emp-state.ts';
import type { OwnPki } from './own-pki.ts';

export interface NewContract {
  readonly emaid: string;
  readonly pcid: string;
  readonly edition: Edition;
  /** Who makes key and certificate: the environment, or we. */
  readonly pki: 'environment' | 'own';
  readonly driver: string;
  readonly validForMs: number;
}

export interface ContractsOptions {
  readonly state: EmpState;
  readonly nowMs: () => number;
  readonly changed: (id: string) => void;
}

/** A clock of a vehicle that is late must not find its contract in the future. */
const BEGINS_BEFORE_MS = 60_000;

/**
 * Plug & Charge contracts of the EMP: what is in the pools for the vehicle, and what the hub is told about the driver,
 * change together. The pool comes first: a contract that it refuses is none of ours either.
 */
export class PncContracts {
  readonly #options: ContractsOptions;

  constructor(options: ContractsOptions) {
    this.#options = options;
  }

  /** Makes a contract, in the pools and here; the same EMAID and vehicle again replace it. */
  async provision(client: PoolClient, own: OwnPki, order: NewContract): Promise<{ emaid: string; evcoId: string }> {
    const emaid = demandEmaid(order.emaid);
    const { nowMs } = this.#options;
    const beginsMs = nowMs() - BEGINS_BEFORE_MS;
    const endsMs = nowMs() + order.validForMs;
    const { pcid, edition } = order;
    const xsdMsgDefNamespace = poolNamespace(edition);
    const text = compactEmaid(emaid);
    if (order.pki === 'environment') {
      const body = {
        emaid: text,
        pcid,
        contractBegins: isoTime(beginsMs),
        contractEnds: isoTime(endsMs),
        xsdMsgDefNamespace,
      };
      demandPoolValue(await client.call(POOL.generateSignedContractData, { body }));
    } else {
      const contractData = await own.contractData(client, { emaid: text, pcid, edition, beginsMs, endsMs });
      const body = { contractData, pcid, xsdMsgDefNamespace } as unknown as NonNullable<
        Parameters<typeof client.call<typeof POOL.signContractData>>[1]['body']
      >;
      demandPoolValue(await client.call(POOL.signContractData, { body }));
    }
    return { emaid: text, evcoId: this.#book(emaid, order.driver, beginsMs, endsMs) };
  }

  /** Deletes and revokes in the pools, and refuses the driver from now on. */
  async end(client: PoolClient, text: string, skipRevocation: boolean): Promise<void> {
    const emaid = demandEmaid(text);
    demandPoolValue(
      await client.call(POOL.deleteSignedContractData, {
        params: { emaid: compactEmaid(emaid) },
        headers: { 'X-Skip-Revocation': String(skipRevocation) },
      }),
    );
    const { state, changed } = this.#options;
    const contract = state.contracts.get(canonicalEvcoId(evcoIdOf(emaid).evcoId));
    if (contract === undefined) return;
    state.contracts.put({ ...contract, locked: true });
    changed(contract.evcoId);
  }

  #book(emaid: Emaid, driver: string, validFromMs: number, validToMs: number): string {
    const { state, changed } = this.#options;
    const { evcoId } = evcoIdOf(emaid);
    const key = canonicalEvcoId(evcoId);
    if (state.drivers.get(driver) === undefined) state.drivers.put({ id: driver, name: driver });
    state.contracts.put({ key, evcoId, driver, locked: false, validFromMs, validToMs });
    const kind = 'PlugAndChargeIdentification';
    state.media.put({ key: mediumKey({ [kind]: { EvcoID: evcoId } }), kind, contract: key, locked: false });
    changed(evcoId);
    return evcoId;
  }
}

function demandEmaid(text: string): Emaid {
  const emaid = parseEmaid(text);
  if (emaid !== undefined) return emaid;
  throw new CompoteError('INVALID_REQUEST', { fields: [{ pointer: '/emaid', msg: 'is no EMAID' }] });
}
