import { readFileSync } from 'node:fs';
import type { Entropy } from '../../../core/entropy.ts';
import { CompoteError, messageOf } from '../../../core/errors.ts';
import { demandPoolValue, type PoolClient } from '../../../link/pool-client.ts';
import {
  type Certificate,
  certificateProfile,
  createSigningRequest,
  EcPrivateKey,
  type Edition,
  isSelfIssued,
  issueCertificate,
  orderChain,
  parseCertificate,
  parseCertificateChainPem,
  readCertificate,
  validatePath,
  wrapContractKeyIso2,
  wrapContractKeyIso20,
} from '../../../protocols/iso15118/index.ts';
import { POOL } from '../../../protocols/opcp/index.ts';
import type { PncSection } from './section.ts';

export interface OwnPkiOptions {
  readonly entropy: Entropy;
  readonly nowMs: () => number;
  readonly authority: PncSection['authority'];
}

export interface ContractOrder {
  readonly emaid: string;
  readonly pcid: string;
  readonly edition: Edition;
  /** Epoch milliseconds. */
  readonly beginsMs: number;
  readonly endsMs: number;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/**
 * Contracts whose key the EMP makes itself: the certificate comes from its own authority, or by enrolment; the key is
 * encrypted for the vehicle here and leaves in no other form.
 */
export class OwnPki {
  readonly #options: OwnPkiOptions;
  readonly #authority: { readonly chain: readonly Certificate[]; readonly key: EcPrivateKey } | undefined;

  /** @throws CERTIFICATE_UNREADABLE for files of the authority that do not belong together */
  constructor(options: OwnPkiOptions) {
    this.#options = options;
    this.#authority = options.authority && openAuthority(options.authority);
  }

  /** Contract data as the provisioning service signs them. @throws CONFLICT with the reason */
  async contractData(client: PoolClient, order: ContractOrder): Promise<Readonly<Record<string, string>>> {
    const { edition, pcid } = order;
    const vehicle = await this.#vehicle(client, pcid);
    const profile = certificateProfile('contract', edition);
    if (vehicle.keyKind !== profile.curve) {
      throw new CompoteError('CONFLICT', {
        detail: `the vehicle ${pcid} has a key on ${vehicle.keyKind}; ${edition} needs ${profile.curve}`,
      });
    }
    const { entropy } = this.#options;
    const key = EcPrivateKey.generate(profile.curve, entropy);
    const [leaf, ...subCas] = await this.#chain(client, order, key);
    if (leaf === undefined) throw new CompoteError('CONFLICT', { detail: 'no certificate was issued' });
    const point = vehicle.publicKeyBits;
    const wrapped =
      edition === 'ISO15118-2'
        ? wrapContractKeyIso2(key, point, entropy)
        : wrapContractKeyIso20(
            key,
            point,
            { pcid, contractSubjectKeyId: leaf.subjectKeyId ?? new Uint8Array() },
            entropy,
          );
    const [subCa1, subCa2] = subCas.toReversed();
    if (subCa1 === undefined) throw new CompoteError('CONFLICT', { detail: 'the chain of the contract has no sub-CA' });
    return {
      contractCertificate: base64(leaf.der),
      contractSubCa1Certificate: base64(subCa1.der),
      ...(subCa2 === undefined ? {} : { contractSubCa2Certificate: base64(subCa2.der) }),
      contractSignatureEncryptedPrivateKey: base64(wrapped.encryptedPrivateKey),
      dHpublickey: base64(wrapped.dhPublicKey),
    };
  }

  /** The vehicle's certificate, once its chain to an OEM (or V2G) root of the root pool holds. */
  async #vehicle(client: PoolClient, pcid: string): Promise<Certificate> {
    const { nowMs } = this.#options;
    const { OEMMessage: said } = demandPoolValue(await client.call(POOL.getOEMProvCert, { params: { pcid } }));
    const { RootCertificateCollection: all } = demandPoolValue(await client.call(POOL.getAllRootCerts, {}));
    const roots = all.rootCertificates
      .filter(({ rootType }) => rootType === 'OEM' || rootType === 'V2G')
      .map(({ caCertificate }) => readCertificate(caCertificate));
    const leaf = readCertificate(said.vehicleCertificate);
    const subCas = [said.subCA2Certificate, said.subCA1Certificate].flatMap((each) =>
      each === undefined ? [] : [readCertificate(each)],
    );
    const [problem] = validatePath({ leaf, intermediates: subCas, roots, nowMs: nowMs() }).problems;
    if (problem === undefined) return leaf;
    throw new CompoteError('CONFLICT', { detail: `the provisioning certificate of ${pcid}: ${problem.text}` });
  }

  async #chain(client: PoolClient, order: ContractOrder, key: EcPrivateKey): Promise<readonly Certificate[]> {
    const { emaid, edition, beginsMs, endsMs } = order;
    const subject = [
      { type: 'O', value: 'Contracts' },
      { type: 'CN', value: emaid },
    ];
    const [issuer] = this.#authority?.chain ?? [];
    if (this.#authority === undefined || issuer === undefined) return this.#enrolled(client, edition, subject, key);
    const leaf = issueCertificate({
      profile: certificateProfile('contract', edition),
      subject,
      publicKey: key,
      issuer: { certificate: issuer, signer: this.#authority.key },
      notBeforeMs: beginsMs,
      notAfterMs: Math.min(endsMs, issuer.notAfterMs),
      entropy: this.#options.entropy,
    });
    return [leaf, ...this.#authority.chain];
  }

  async #enrolled(
    client: PoolClient,
    edition: Edition,
    subject: Parameters<typeof createSigningRequest>[0],
    key: EcPrivateKey,
  ): Promise<readonly Certificate[]> {
    const iso20 = edition === 'ISO15118-20';
    const params = iso20 ? { ca: 'mo', iso: 'ISO15118-20' } : { ca: 'mo' };
    const at = (what: string): string => `/.well-known/{ca}/${what}${iso20 ? '/{iso}' : ''}`;
    const body = createSigningRequest(subject, key, certificateProfile('contract', edition).keyUsage);
    const leaves = demandPoolValue(
      await client.call(POOL.simpleEnroll, { params, path: at('simpleenroll'), body }),
    ).map(parseCertificate);
    const cas = demandPoolValue(await client.call(POOL.caCerts, { params, path: at('cacerts') })).map(parseCertificate);
    const leaf = leaves.find((each) => Buffer.compare(each.publicKeyBits, key.publicPoint) === 0);
    if (leaf === undefined) throw new CompoteError('CONFLICT', { detail: 'the enrolment answered for another key' });
    return orderChain(leaf, cas).filter((each) => !isSelfIssued(each));
  }
}

function openAuthority(files: NonNullable<PncSection['authority']>) {
  try {
    const chain = parseCertificateChainPem(readFileSync(files.chain, 'utf8'));
    const key = EcPrivateKey.fromPem(readFileSync(files.key, 'utf8'));
    if (chain[0] === undefined || Buffer.compare(key.publicPoint, chain[0].publicKeyBits) !== 0) {
      throw new Error('the key does not belong to the first certificate');
    }
    return { chain, key };
  } catch (cause) {
    throw new CompoteError('CERTIFICATE_UNREADABLE', { detail: `emp.pnc.authority: ${messageOf(cause)}`, cause });
  }
}
