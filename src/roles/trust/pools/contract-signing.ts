import {
  buildInstallationResponse,
  buildInstallationResponseIso20,
  type Certificate,
  type ChainDer,
  compactEmaid,
  EcPrivateKey,
  type Edition,
  type Emaid,
  editionOf,
  emaidCore,
  encodeIso20,
  fingerprint,
  fromBase64,
  nameText,
  nameValue,
  parseEmaid,
  poolNamespace,
  sameEmaid,
  signContractData,
  signContractDataIso20,
  toContractXml,
  type WrappedContractKey,
  wrapContractKeyIso2,
  wrapContractKeyIso20,
} from '../../../protocols/iso15118/index.ts';
import type { SignedContractDataAnswer } from '../../../protocols/opcp/index.ts';
import { type Authority, issuerOf } from '../pki/authorities.ts';
import type { ContractRecord } from '../records.ts';
import { demandFreeEmaid, storeContract } from './contract-store.ts';
import { PoolRefusal, type PoolWorld } from './pool-call.ts';
import { vehicleCertificates, vehicleOf } from './provisioning-pool.ts';
import { checkPath, firstProblem } from './trust-path.ts';

const NO_SESSION = Uint8Array.of(0);

/** The edition that a message names. @throws PoolRefusal */
export function demandEdition(namespace: string): Edition {
  const edition = editionOf(namespace);
  if (edition === undefined) throw new PoolRefusal(400, `xsdMsgDefNamespace : ${namespace.slice(0, 100)} is not known`);
  return edition;
}

interface UnsignedContract {
  readonly edition: Edition;
  readonly emaid: Emaid;
  /** Leaf first, without root. */
  readonly chain: readonly Certificate[];
  readonly wrapped: WrappedContractKey;
}

export type SignedContract = Pick<ContractRecord, 'edition' | 'signedData' | 'cpsRootFingerprint' | 'cpsRootName'> &
  Pick<ContractRecord, 'emaid' | 'core' | 'contractCertificate'>;

function ders(certificates: readonly Certificate[]): ChainDer {
  const [leaf, ...subCas] = certificates;
  if (leaf === undefined) throw new PoolRefusal(400, 'Invalid certificate format on contractCertificate');
  return [leaf.der, ...subCas.map(({ der }) => der)];
}

/** The signer of an edition with its chain, the root apart. */
export function cpsOf(world: PoolWorld, edition: Edition): { signer: Authority; chain: ChainDer; root: Authority } {
  const signer = world.authorities.of('cps', edition);
  const [leaf, ...issuers] = world.authorities.chainOf(signer);
  const root = issuers.at(-1) ?? signer;
  const subCas = issuers.slice(0, -1).map(({ certificate }) => certificate.der);
  return { signer, chain: [(leaf ?? signer).certificate.der, ...subCas], root };
}

/** Signs contract data with the key of the provisioning service. */
function signed(world: PoolWorld, contract: UnsignedContract): SignedContract {
  const { edition, emaid, chain, wrapped } = contract;
  const cps = cpsOf(world, edition);
  const own = issuerOf(cps.signer).signer;
  const key = world.faults.now.delivery === 'wrong-signature' ? EcPrivateKey.generate(own.curve, world.entropy) : own;
  const facts = {
    edition,
    emaid: compactEmaid(emaid),
    core: emaidCore(emaid),
    contractCertificate: Buffer.from(ders(chain)[0]).toString('base64'),
    cpsRootFingerprint: fingerprint(cps.root.certificate),
    cpsRootName: nameText(cps.root.certificate.subject),
  };
  if (edition === 'ISO15118-2') {
    const data = signContractData({ contractChain: ders(chain), ...wrapped, emaid: facts.emaid }, cps.chain, key);
    const message = buildInstallationResponse(data, { action: 'Install', sessionId: NO_SESSION });
    return { ...facts, signedData: toContractXml(message) };
  }
  const [leaf, subCa, ...more] = ders(chain);
  if (subCa === undefined) throw new PoolRefusal(400, 'contractSubCa1Certificate : must not be null');
  const data = signContractDataIso20({ contractChain: [leaf, subCa, ...more], ...wrapped }, cps.chain, key);
  const value = buildInstallationResponseIso20(data, { sessionId: NO_SESSION, timeStamp: 0n, remainingContracts: 0 });
  const exi = encodeIso20({ name: 'CertificateInstallationRes', value });
  return { ...facts, signedData: Buffer.from(exi).toString('base64') };
}

export function answerOf(contract: SignedContract, pcid: string | undefined): SignedContractDataAnswer {
  const { edition, emaid, signedData, cpsRootFingerprint, cpsRootName } = contract;
  return {
    pcid: pcid ?? null,
    emaid,
    xsdMsgDefNamespace: poolNamespace(edition),
    signedData: edition === 'ISO15118-2' ? Buffer.from(signedData).toString('base64') : signedData,
    cpsV2GRootCertificateFingerprint: cpsRootFingerprint,
    cpsRootDistinguishedName: cpsRootName,
  };
}

export interface ContractOrder {
  readonly emaid: Emaid;
  readonly pcid: string;
  readonly edition: Edition;
  readonly beginsMs: number;
  readonly endsMs: number;
  readonly owner: string;
  readonly metaData?: string | undefined;
}

/** Makes key and certificate of a contract, encrypts the key for the vehicle, signs and stores. @throws PoolRefusal */
export function generateContract(world: PoolWorld, order: ContractOrder, nowMs: number): ContractRecord {
  const { emaid, pcid, edition, beginsMs, endsMs, owner, metaData } = order;
  const vehicle = vehicleOf(world, pcid);
  if (vehicle === undefined) {
    throw new PoolRefusal(400, 'The OEM provisioning certificate with the given PCID is not available.');
  }
  demandFreeEmaid(world, emaidCore(emaid), pcid);
  const { leaf: vehicleLeaf } = vehicleCertificates(vehicle);
  const curve = edition === 'ISO15118-2' ? 'secp256r1' : 'secp521r1';
  if (vehicleLeaf.keyKind !== curve) {
    throw new PoolRefusal(
      400,
      `The provisioning certificate has a key on ${vehicleLeaf.keyKind}; ${edition} needs ${curve}.`,
    );
  }
  const key = EcPrivateKey.generate(curve, world.entropy);
  const { certificate, issuer } = world.registrar.issueLeaf({
    role: 'contract',
    edition,
    subject: [
      { type: 'O', value: 'Contracts' },
      { type: 'CN', value: compactEmaid(emaid) },
    ],
    publicKey: key,
    owner,
    notBeforeMs: beginsMs,
    notAfterMs: endsMs,
  });
  const subCas = world.authorities.chainOf(issuer).slice(0, -1);
  const vehiclePoint =
    world.faults.now.delivery === 'wrong-key'
      ? EcPrivateKey.generate(curve, world.entropy).publicPoint
      : vehicleLeaf.publicKeyBits;
  const wrapped =
    edition === 'ISO15118-2'
      ? wrapContractKeyIso2(key, vehiclePoint, world.entropy)
      : wrapContractKeyIso20(
          key,
          vehiclePoint,
          { pcid: vehicle.pcid, contractSubjectKeyId: certificate.subjectKeyId ?? new Uint8Array() },
          world.entropy,
        );
  const chain = [certificate, ...subCas.map((authority) => authority.certificate)];
  const contract = signed(world, { edition, emaid, chain, wrapped });
  return storeContract(
    world,
    { ...contract, pcid: vehicle.pcid, ...(metaData === undefined ? {} : { metaData }) },
    nowMs,
  );
}

interface ForeignContract {
  readonly certificate: Certificate;
  readonly subCas: readonly Certificate[];
  readonly encryptedPrivateKey: string;
  readonly dhPublicKey: string;
  readonly namespace: string;
}

/** Contract data of an operator's own PKI: chain, dates and sizes are checked. @throws PoolRefusal */
export function signForeign(
  world: PoolWorld,
  contract: ForeignContract,
  emaidWanted: string | undefined,
  nowMs: number,
): SignedContract {
  const edition = demandEdition(contract.namespace);
  const { certificate, subCas } = contract;
  const name = nameValue(certificate.subject, 'CN') ?? '';
  const emaid = parseEmaid(name);
  if (emaid === undefined) throw new PoolRefusal(400, 'The common name of the contract certificate is no EMAID.');
  if (emaidWanted !== undefined && !sameEmaid(name, emaidWanted)) {
    throw new PoolRefusal(400, 'The common name of the contract certificate is not the given EMAID.');
  }
  const problem = firstProblem(checkPath(world, certificate, subCas, ['MO', 'V2G'], nowMs));
  if (problem !== undefined) throw new PoolRefusal(400, problem.text);
  const wrapped = {
    encryptedPrivateKey: fromBase64(contract.encryptedPrivateKey),
    dhPublicKey: fromBase64(contract.dhPublicKey),
  };
  const [keyBytes, pointBytes] = edition === 'ISO15118-2' ? [48, 65] : [94, 133];
  if (wrapped.encryptedPrivateKey.length !== keyBytes) {
    throw new PoolRefusal(400, `contractSignatureEncryptedPrivateKey : must have ${keyBytes} bytes`);
  }
  if (wrapped.dhPublicKey.length !== pointBytes) {
    throw new PoolRefusal(400, `dHpublickey : must have ${pointBytes} bytes`);
  }
  return signed(world, { edition, emaid, chain: [certificate, ...subCas], wrapped });
}
