import type { Entropy } from '../../../core/entropy.ts';
import {
  buildInstallationRequest,
  type Certificate,
  checkContractData,
  createSigningRequest,
  EcPrivateKey,
  encodeIso2,
  Iso15118Error,
  nameValue,
  parseCertificate,
  parseCertificateChainPem,
  type ResponseCodeIso2,
  readInstallationResponse,
  sameEmaid,
  toPem,
  toPemChain,
  unwrapContractKeyIso2,
  validatePath,
} from '../../../protocols/iso15118/index.ts';

/** Where the vehicle keeps its key: nobody else reads it. */
export interface VehicleKeyFile {
  load(): string | undefined;
  save(pem: string): void;
}

export interface VirtualEvOptions {
  readonly pcid: string;
  readonly keyFile: VehicleKeyFile;
  readonly entropy: Entropy;
  readonly nowMs: () => number;
}

/** A contract as the vehicle has it: what it shows at a station. */
export interface InstalledContract {
  readonly emaid: string;
  /** Leaf first, without root. */
  readonly chainPem: string;
}

export type InstallationOutcome =
  | { readonly ok: true; readonly contract: InstalledContract }
  | { readonly ok: false; readonly why: string; readonly responseCode?: ResponseCodeIso2 };

/**
 * The Plug & Charge half of a vehicle (ISO 15118-2): owns its provisioning key, asks for its contract, and believes
 * nothing that it has not checked. To the station it speaks in bytes only.
 */
export class VirtualEv {
  readonly pcid: string;
  readonly #entropy: Entropy;
  readonly #nowMs: () => number;
  readonly #key: EcPrivateKey;
  #provisioning: readonly Certificate[] = [];
  #roots: readonly Certificate[] = [];
  #sessionId: Uint8Array | undefined;
  #contract: (InstalledContract & { readonly key: EcPrivateKey }) | undefined;

  constructor({ pcid, keyFile, entropy, nowMs }: VirtualEvOptions) {
    this.pcid = pcid;
    this.#entropy = entropy;
    this.#nowMs = nowMs;
    const kept = keyFile.load();
    this.#key = kept === undefined ? EcPrivateKey.generate('secp256r1', entropy) : EcPrivateKey.fromPem(kept);
    if (kept === undefined) keyFile.save(this.#key.exportPem());
  }

  /** For the factory: the vehicle's request for its provisioning certificate, PEM. */
  signingRequest(): string {
    const subject = [
      { type: 'O', value: 'Vehicles' },
      { type: 'CN', value: this.pcid },
    ];
    return toPem('CERTIFICATE REQUEST', createSigningRequest(subject, this.#key));
  }

  /**
   * The factory puts in the provisioning chain (PEM, leaf first) and the V2G roots (PEM).
   * Throws `KEY_MISMATCH` for a certificate of another vehicle.
   */
  provision(chainPem: string, v2gRootsPem: string): void {
    const chain = parseCertificateChainPem(chainPem);
    const [leaf] = chain;
    if (leaf === undefined || Buffer.compare(leaf.publicKeyBits, this.#key.publicPoint) !== 0) {
      throw new Iso15118Error('KEY_MISMATCH', `The provisioning certificate is not for the key of ${this.pcid}`);
    }
    this.#provisioning = chain;
    this.#roots = parseCertificateChainPem(v2gRootsPem);
  }

  get contract(): InstalledContract | undefined {
    return this.#contract;
  }

  /** A new session, 8 octets: answers of others are refused. Alone for contracts that the manufacturer brings. */
  openSession(): Uint8Array {
    this.#sessionId = this.#entropy(8);
    return this.#sessionId;
  }

  /** CertificateInstallationReq in EXI, signed with the provisioning key, in a new session. */
  installationRequest(): Uint8Array {
    const [leaf] = this.#provisioning;
    if (leaf === undefined) throw new Iso15118Error('KEY_INVALID', `${this.pcid} has no provisioning certificate`);
    return encodeIso2(
      buildInstallationRequest({
        sessionId: this.openSession(),
        roots: this.#roots,
        subject: { action: 'Install', provisioningCertificate: leaf.der },
        signer: this.#key,
      }),
    );
  }

  /** CertificateInstallationRes in EXI: checked, decrypted, kept; or refused with the reason. */
  receive(exi: Uint8Array): InstallationOutcome {
    try {
      return this.#open(exi);
    } catch (cause) {
      if (!(cause instanceof Iso15118Error)) throw cause;
      return { ok: false, why: cause.message };
    }
  }

  #open(exi: Uint8Array): InstallationOutcome {
    const { responseCode, sessionId, data } = readInstallationResponse(exi);
    if (!responseCode.startsWith('OK') || data === undefined) {
      return { ok: false, why: `The answer says ${responseCode}.`, responseCode };
    }
    if (this.#sessionId === undefined || Buffer.compare(sessionId, this.#sessionId) !== 0) {
      return { ok: false, why: 'The answer belongs to another session.', responseCode };
    }
    const [cps, ...cpsSubCas] = data.cpsChain.map(parseCertificate);
    const path = validatePath({ leaf: cps, intermediates: cpsSubCas, roots: this.#roots, nowMs: this.#nowMs() });
    const [problem] = path.problems;
    if (cps === undefined || problem !== undefined) {
      return { ok: false, why: `The provisioning service is not trusted: ${problem?.text ?? ''}`, responseCode };
    }
    if (nameValue(cps.subject, 'DC') !== 'CPS') {
      return { ok: false, why: 'The signer is no provisioning service (DC=CPS).', responseCode };
    }
    if (!checkContractData(data, cps.publicKey).ok) {
      return { ok: false, why: 'The signature of the provisioning service does not fit.', responseCode };
    }
    const leaf = parseCertificate(data.contractChain[0]);
    if (!sameEmaid(nameValue(leaf.subject, 'CN') ?? '', data.emaid)) {
      return { ok: false, why: 'The contract certificate names another account.', responseCode };
    }
    const key = unwrapContractKeyIso2(data, this.#key, leaf.publicKeyBits);
    this.#contract = { emaid: data.emaid, chainPem: toPemChain([...data.contractChain]), key };
    return { ok: true, contract: { emaid: this.#contract.emaid, chainPem: this.#contract.chainPem } };
  }

  /** The vehicle signs the station's challenge with its contract key (AuthorizationReq); r || s. */
  signChallenge(challenge: Uint8Array): Uint8Array | undefined {
    return this.#contract?.key.sign(challenge);
  }
}
