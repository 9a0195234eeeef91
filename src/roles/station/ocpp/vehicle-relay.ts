import type { CertificateVault } from '../security/certificate-vault.ts';
import { type ContractProof, contractProof, localProblem, type ShownContract } from '../security/contract-proof.ts';
import type { StationCore } from '../state/core.ts';
import { begin, refused } from '../state/driver.ts';
import type { Evse } from '../state/evse.ts';
import { CertificateStatus } from './certificate-status.ts';

/** What a vehicle asked for through the station, and what came back: bytes that the station does not look into. */
export interface VehicleAnswer {
  readonly status: string;
  /** EXI in base64; empty where there is none. */
  readonly exiResponse: string;
}

/** What the vehicle wants, as the station hands it on. */
export interface VehicleRequest {
  readonly iso15118SchemaVersion: string;
  readonly action: 'Install' | 'Update';
  /** EXI in base64. */
  readonly exiRequest: string;
}

export interface ContractRules {
  /** Contracts may be checked by the station alone while offline. */
  readonly validatesOffline: boolean;
  /** The CSMS may be sent the chain itself. */
  readonly centralAllowed: boolean;
}

const MAX_PROOFS = 50;

/** Roots under which contracts stand, in the words of both generations. */
const CONTRACT_ROOTS = ['MORootCertificate', 'V2GRootCertificate'];

/** What one station holds between a vehicle and the CSMS. */
export class VehicleRelay {
  /** The latest answer for the vehicle at each EVSE. */
  readonly answers = new Map<number, VehicleAnswer>();
  readonly ocsp = new CertificateStatus();
  readonly #proofs = new Map<string, ContractProof>();

  /** The proof that belongs to the Authorize of this account that is sent now. */
  takeProof(emaid: string): ContractProof | undefined {
    const key = emaid.toUpperCase();
    const proof = this.#proofs.get(key);
    this.#proofs.delete(key);
    return proof;
  }

  answered(evseId: number, payload: Readonly<Record<string, unknown>> | undefined): void {
    const exi = payload?.['exiResponse'];
    this.answers.set(evseId, {
      status: typeof payload?.['status'] === 'string' ? payload['status'] : 'NoAnswer',
      exiResponse: typeof exi === 'string' ? exi : '',
    });
  }

  /**
   * A vehicle shows its contract (PaymentDetailsReq): online the CSMS decides; offline the station checks the chain if it
   * may, and then list, cache and the rule for unknown ids decide (application note for 1.6, 2.0.1 C07).
   */
  present(
    core: StationCore,
    evse: Evse,
    contract: ShownContract,
    tokenType: string,
    vault: CertificateVault,
    rules: ContractRules,
  ): void {
    const nowMs = core.host.now();
    const roots = rootPems(vault, CONTRACT_ROOTS);
    core.host.happened('contract-shown', { evseId: evse.id, emaid: contract.emaid });
    if (!core.host.online) {
      if (!rules.validatesOffline) return refused(core, evse.id, 'contracts are not validated offline');
      const problem = readable(() => localProblem(contract, roots, nowMs));
      if (problem !== undefined) return refused(core, evse.id, problem);
    } else {
      let proof: ContractProof;
      try {
        proof = contractProof(contract, roots, rules.centralAllowed, nowMs);
      } catch (cause) {
        return refused(core, evse.id, cause instanceof Error ? cause.message : 'unreadable contract');
      }
      const [oldest] = this.#proofs.keys();
      if (this.#proofs.size >= MAX_PROOFS && oldest !== undefined) this.#proofs.delete(oldest);
      this.#proofs.set(contract.emaid.toUpperCase(), proof);
    }
    begin(core, evse, { value: contract.emaid, type: tokenType }, undefined);
  }
}

export function rootPems(vault: CertificateVault, types: readonly string[]): string[] {
  return vault.all.filter(({ type }) => types.includes(type)).map(({ pem }) => pem);
}

function readable(check: () => string | undefined): string | undefined {
  try {
    return check();
  } catch (cause) {
    return cause instanceof Error ? cause.message : 'unreadable contract';
  }
}
