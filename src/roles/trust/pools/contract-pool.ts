import { isoTime } from '../../../core/time.ts';
import {
  checkContractData,
  checkInstallationResponseIso20,
  compactEmaid,
  decodeIso20,
  emaidCore,
  encodeIso20,
  fingerprint,
  fromBase64,
  fromContractXml,
  nameText,
  nameValue,
  openInstallationResponse,
  parseCertificate,
  poolNamespace,
  readCertificate,
  requireEmaid,
  sameEmaid,
  toContractXml,
} from '../../../protocols/iso15118/index.ts';
import type { ContractPoolAnswer } from '../../../protocols/opcp/index.ts';
import type { ContractRecord } from '../records.ts';
import { demandEdition } from './contract-signing.ts';
import { contractsOfCore, contractsOfVehicle, demandFreeEmaid, dropContract, storeContract } from './contract-store.ts';
import { contractAnswer, contractAnswerIso20, installIso2, installIso20 } from './installation.ts';
import { empty, json, type PoolHandlers, PoolRefusal, type PoolWorld } from './pool-call.ts';
import { checkPath, firstProblem } from './trust-path.ts';

const NOT_FOUND = 'Contract or Vehicle not found.';
const EMAID_NOT_FOUND = 'The contract for the given EMAID not found.';

function answer(exi: Uint8Array, contract?: ContractRecord): ContractPoolAnswer {
  return {
    CCPResponse: {
      emaidContent: [
        {
          messageDef: {
            certificateInstallationRes: Buffer.from(exi).toString('base64'),
            ...(contract === undefined
              ? {}
              : {
                  emaid: contract.emaid,
                  cpsV2GRootCertificateFingerprint: contract.cpsRootFingerprint,
                  ...(contract.metaData === undefined ? {} : { metaData: contract.metaData }),
                }),
          },
        },
      ],
    },
  };
}

export function contractView(contract: ContractRecord): Record<string, unknown> {
  const certificate = readCertificate(contract.contractCertificate);
  return {
    pcid: contract.pcid,
    emaid: contract.emaid,
    xsdMsgDefNamespace: poolNamespace(contract.edition),
    contractCertificate: contract.contractCertificate,
    defaultContract: contract.isDefault,
    certValidFrom: isoTime(certificate.notBeforeMs),
    certValidTo: isoTime(certificate.notAfterMs),
    cpsRootCertificateDN: contract.cpsRootName,
    cpsV2GRootCertificateFingerprint: contract.cpsRootFingerprint,
  };
}

/** The session id of a query: hex, at most 8 octets. */
function sessionIdOf(text: string | undefined): Uint8Array {
  if (text === undefined || text === '') return Uint8Array.of(0);
  if (!/^([0-9a-fA-F]{2}){1,8}$/.test(text)) {
    throw new PoolRefusal(400, 'Invalid SessionID format, it must be hexadecimal with at most 8 bytes.');
  }
  return new Uint8Array(Buffer.from(text, 'hex'));
}

/** Makes one contract of a vehicle its default. */
export function makeDefault(world: Pick<PoolWorld, 'state'>, chosen: ContractRecord): void {
  for (const contract of contractsOfVehicle(world, chosen.pcid)) {
    if (contract.edition !== chosen.edition) continue;
    const isDefault = contract.key === chosen.key;
    if (contract.isDefault !== isDefault) world.state.contracts.put({ ...contract, isDefault });
  }
}

export function contractPool(
  world: PoolWorld,
): PoolHandlers<
  | 'getSignedContractData'
  | 'addSignedContractData'
  | 'deleteSignedContractData'
  | 'provideSignedContractData'
  | 'setDefaultContract'
  | 'lookupContract'
  | 'getContracts'
> {
  const contractOf = (emaid: string, pcid: string, namespace: string | undefined): ContractRecord => {
    const core = emaidCore(requireEmaid(emaid));
    const edition = namespace === undefined || namespace === '' ? undefined : demandEdition(namespace);
    const found = contractsOfCore(world, core).find(
      (each) => each.pcid === pcid.toUpperCase() && (edition === undefined || each.edition === edition),
    );
    if (found === undefined) throw new PoolRefusal(404, NOT_FOUND);
    return found;
  };
  const delivered = (contract: ContractRecord, nowMs: number): void => {
    world.state.contracts.put({ ...contract, deliveredAtMs: nowMs });
    world.events.contract('mo.contract.delivered.to.oem', contract, nowMs);
  };

  return {
    getSignedContractData({ body, headers, nowMs }) {
      const edition = demandEdition(body.xsdMsgDefNamespace);
      let result: ReturnType<typeof installIso2>;
      try {
        const exi = fromBase64(body.certificateInstallationReq);
        result = edition === 'ISO15118-2' ? installIso2(world, exi, nowMs) : installIso20(world, exi, nowMs);
      } catch (cause) {
        if (cause instanceof Error && cause.name === 'Iso15118Error')
          throw new PoolRefusal(400, 'EXI format is invalid!');
        throw cause;
      }
      if (result.kind === 'contract') {
        delivered(result.contract, nowMs);
        return json(answer(result.exi, result.contract));
      }
      const wantsExi = headers['alwaysreturnexi']?.toLowerCase() !== 'false';
      throw new PoolRefusal(404, result.text, wantsExi ? answer(result.exi) : undefined);
    },

    addSignedContractData({ body, nowMs }) {
      const edition = demandEdition(body.xsdMsgDefNamespace);
      const emaid = requireEmaid(body.emaid);
      const bytes = fromBase64(body.signedContractDataXML);
      const read = edition === 'ISO15118-2' ? readXml(bytes) : readExi(bytes);
      const [leafDer, ...subDers] = read.contractChain;
      const leaf = parseCertificate(leafDer);
      if (leaf.notAfterMs <= nowMs) {
        throw new PoolRefusal(400, 'The validUntil date of contract certificate is in the past.');
      }
      if (!sameEmaid(nameValue(leaf.subject, 'CN') ?? '', compactEmaid(emaid))) {
        throw new PoolRefusal(400, 'The common name of the contract certificate is not the given EMAID.');
      }
      const problem = firstProblem(checkPath(world, leaf, subDers.map(parseCertificate), ['MO', 'V2G'], nowMs));
      if (problem !== undefined) throw new PoolRefusal(400, problem.text);
      const [cpsDer, ...cpsSubs] = read.cpsChain;
      const cps = parseCertificate(cpsDer);
      const cpsPath = checkPath(world, cps, cpsSubs.map(parseCertificate), ['V2G'], nowMs);
      const cpsProblem = firstProblem(cpsPath);
      if (cpsProblem !== undefined) throw new PoolRefusal(400, cpsProblem.text);
      if (!read.isSignedBy(cps)) {
        throw new PoolRefusal(400, 'The contract data are not signed by the provisioning service in them.');
      }
      const core = emaidCore(emaid);
      demandFreeEmaid(world, core, body.pcid);
      storeContract(
        world,
        {
          emaid: compactEmaid(emaid),
          core,
          pcid: body.pcid,
          edition,
          contractCertificate: Buffer.from(leafDer).toString('base64'),
          signedData: read.stored,
          cpsRootFingerprint: cpsPath.root === undefined ? '' : fingerprint(cpsPath.root),
          cpsRootName: cpsPath.root === undefined ? '' : nameText(cpsPath.root.subject),
          ...(body.metadata === undefined ? {} : { metaData: body.metadata }),
        },
        nowMs,
      );
      return empty(201);
    },

    deleteSignedContractData({ params, headers, query, nowMs }) {
      const namespace = query['xsdMsgDefNamespace'];
      const edition = namespace === undefined || namespace === '' ? undefined : demandEdition(namespace);
      const found = contractsOfCore(world, emaidCore(requireEmaid(params.emaid))).filter(
        (each) => edition === undefined || each.edition === edition,
      );
      if (found.length === 0) throw new PoolRefusal(404, EMAID_NOT_FOUND);
      const skip = headers['x-skip-revocation']?.toLowerCase() === 'true';
      for (const contract of found) dropContract(world, contract, nowMs, skip ? 'skip' : 'revoke');
      return empty();
    },

    provideSignedContractData({ params, query, nowMs }) {
      const sessionId = sessionIdOf(query['sessionID']);
      const contract = contractOf(params.emaid, params.pcid, query['xsdMsgDefNamespace']);
      delivered(contract, nowMs);
      const exi =
        contract.edition === 'ISO15118-2'
          ? contractAnswer(contract, sessionId)
          : contractAnswerIso20(contract, sessionId, nowMs);
      return json({
        certificateInstallationRes: Buffer.from(exi).toString('base64'),
        xsdMsgDefNamespace: poolNamespace(contract.edition),
        cpsV2GRootCertificateFingerprint: contract.cpsRootFingerprint,
      });
    },

    setDefaultContract({ params }) {
      makeDefault(world, contractOf(params.emaid, params.pcid, undefined));
      return empty();
    },

    lookupContract({ params }) {
      const found = contractsOfCore(world, emaidCore(requireEmaid(params.emaid)));
      if (found.length === 0) throw new PoolRefusal(404, EMAID_NOT_FOUND);
      return json({ XMLContracts: found.map(contractView) });
    },

    getContracts({ params }) {
      const found = contractsOfVehicle(world, params.pcid);
      if (found.length === 0) throw new PoolRefusal(404, NOT_FOUND);
      return json({ XMLContracts: found.map(contractView) });
    },
  };
}

interface SignedParts {
  readonly contractChain: readonly [Uint8Array, ...Uint8Array[]];
  readonly cpsChain: readonly [Uint8Array, ...Uint8Array[]];
  readonly stored: string;
  isSignedBy(cps: ReturnType<typeof parseCertificate>): boolean;
}

const BAD_DATA = 'signedContractDataXML : is no signed CertificateInstallationRes';

function readXml(bytes: Uint8Array): SignedParts {
  try {
    const message = fromContractXml(Buffer.from(bytes).toString('utf8'));
    const { data } = openInstallationResponse(message);
    if (data === undefined) throw new PoolRefusal(400, BAD_DATA);
    return {
      contractChain: data.contractChain,
      cpsChain: data.cpsChain,
      stored: toContractXml(message),
      isSignedBy: (cps) => checkContractData(data, cps.publicKey).ok,
    };
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'Iso15118Error') throw new PoolRefusal(400, BAD_DATA);
    throw cause;
  }
}

/** -20 has no XML form here: the pool takes the EXI. */
function readExi(bytes: Uint8Array): SignedParts {
  try {
    const message = decodeIso20(bytes);
    if (message.name !== 'CertificateInstallationRes') throw new PoolRefusal(400, BAD_DATA);
    const { SignedInstallationData: data, CPSCertificateChain: cps } = message.value;
    const chain = data.ContractCertificateChain;
    return {
      contractChain: [chain.Certificate, ...chain.SubCertificates.Certificate],
      cpsChain: [cps.Certificate, ...(cps.SubCertificates?.Certificate ?? [])],
      stored: Buffer.from(encodeIso20(message)).toString('base64'),
      isSignedBy: (signer) => checkInstallationResponseIso20(message.value, signer.publicKey).ok,
    };
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'Iso15118Error') throw new PoolRefusal(400, BAD_DATA);
    throw cause;
  }
}
