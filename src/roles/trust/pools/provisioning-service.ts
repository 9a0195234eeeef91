import { isoTime, parseTime } from '../../../core/time.ts';
import {
  compactEmaid,
  fingerprint,
  nameText,
  nameValue,
  poolNamespace,
  requireEmaid,
} from '../../../protocols/iso15118/index.ts';
import { ownsEmaid } from '../../../protocols/opcp/index.ts';
import {
  answerOf,
  cpsOf,
  demandEdition,
  generateContract,
  type SignedContract,
  signForeign,
} from './contract-signing.ts';
import { demandFreeEmaid, storeContract } from './contract-store.ts';
import {
  demandOwner,
  empty,
  json,
  type PoolCall,
  type PoolHandlers,
  PoolRefusal,
  type PoolWorld,
} from './pool-call.ts';
import { vehicleOf } from './provisioning-pool.ts';
import { certificateIn } from './trust-path.ts';

export function provisioningService(
  world: PoolWorld,
): PoolHandlers<
  | 'generateSignedContractData'
  | 'signContractData'
  | 'createSignedContractData'
  | 'createAndForwardSignedContractData'
  | 'getAllCpsSigners'
> {
  const demandEmaid = (call: Pick<PoolCall, 'claims'>, emaid: string): void =>
    demandOwner(world, call.claims, call.claims.providers, ownsEmaid(call.claims, emaid), `The EMAID ${emaid}`);

  const store = (contract: SignedContract, pcid: string, nowMs: number, metaData?: string): void => {
    if (vehicleOf(world, pcid) === undefined) {
      throw new PoolRefusal(400, 'The OEM provisioning certificate with the given PCID is not available.');
    }
    demandFreeEmaid(world, contract.core, pcid);
    storeContract(world, { ...contract, pcid, ...(metaData === undefined ? {} : { metaData }) }, nowMs);
  };

  const signOld = (call: Pick<PoolCall<'createSignedContractData'>, 'body' | 'claims' | 'nowMs'>): SignedContract => {
    const { contractData, emaid, xsdMsgDefNamespace } = call.body;
    demandEmaid(call, emaid);
    const chain = contractData.contractSignatureCertChain;
    return signForeign(
      world,
      {
        certificate: certificateIn(
          'contractSignatureCertChainCertificate',
          chain.contractSignatureCertChainCertificate,
        ),
        subCas: chain.contractSignatureCertChainSubCertificates.map((each) =>
          certificateIn('contractSignatureCertChainSubCertificates list', each),
        ),
        encryptedPrivateKey: contractData.contractSignatureEncryptedPrivateKey,
        dhPublicKey: contractData.dHpublickey,
        namespace: xsdMsgDefNamespace,
      },
      emaid,
      call.nowMs,
    );
  };

  return {
    generateSignedContractData({ body, claims, nowMs }) {
      const emaid = requireEmaid(body.emaid);
      demandEmaid({ claims }, compactEmaid(emaid));
      const edition = demandEdition(body.xsdMsgDefNamespace);
      const beginsMs = parseTime(body.contractBegins);
      const endsMs = parseTime(body.contractEnds);
      if (beginsMs === undefined) throw new PoolRefusal(400, 'contractBegins : is not a date');
      if (endsMs === undefined) throw new PoolRefusal(400, 'contractEnds : is not a date');
      if (endsMs <= nowMs) throw new PoolRefusal(400, 'The given contractEnds date is in the past.');
      if (endsMs <= beginsMs) throw new PoolRefusal(400, 'The given contractEnds date is before contractBegins.');
      const { pcid, metaData } = body;
      generateContract(world, { emaid, pcid, edition, beginsMs, endsMs, owner: claims.clientId, metaData }, nowMs);
      return empty(201);
    },
    signContractData(call) {
      const { contractData, pcid, xsdMsgDefNamespace } = call.body;
      const certificate = certificateIn('contractCertificate', contractData.contractCertificate);
      demandEmaid(call, nameValue(certificate.subject, 'CN') ?? '');
      const subCa2 = contractData.contractSubCa2Certificate;
      const contract = signForeign(
        world,
        {
          certificate,
          subCas: [
            ...(subCa2 === undefined ? [] : [certificateIn('contractSubCa2Certificate', subCa2)]),
            certificateIn('contractSubCa1Certificate', contractData.contractSubCa1Certificate),
          ],
          encryptedPrivateKey: contractData.contractSignatureEncryptedPrivateKey,
          dhPublicKey: contractData.dHpublickey,
          namespace: xsdMsgDefNamespace,
        },
        undefined,
        call.nowMs,
      );
      if (pcid !== undefined) store(contract, pcid, call.nowMs);
      return json(answerOf(contract, pcid), 201);
    },
    createSignedContractData(call) {
      return json(answerOf(signOld(call), call.body.pcid));
    },
    createAndForwardSignedContractData(call) {
      store(signOld(call), call.body.pcid, call.nowMs, call.body.metaData);
      return json({}, 201);
    },
    getAllCpsSigners() {
      const signers = (['ISO15118-2', 'ISO15118-20'] as const).map((edition) => {
        const { signer, chain, root } = cpsOf(world, edition);
        const { certificate } = signer;
        const [, ...subCas] = chain.map((der) => Buffer.from(der).toString('base64'));
        const [subCa1, subCa2] = subCas.toReversed();
        return {
          cpsDistinguishedName: nameText(certificate.subject),
          cpsCertificate: Buffer.from(certificate.der).toString('base64'),
          validFrom: isoTime(certificate.notBeforeMs),
          validTo: isoTime(certificate.notAfterMs),
          organizationName: nameValue(certificate.subject, 'O') ?? '',
          cpsV2GRootCertificateFingerprint: fingerprint(root.certificate),
          cpsRootDistinguishedName: nameText(root.certificate.subject),
          cpsSubCa1Certificate: subCa1 ?? '',
          ...(subCa2 === undefined ? {} : { cpsSubCa2Certificate: subCa2 }),
          xsdMsgDefNamespace: poolNamespace(edition),
        };
      });
      return json({ cpsCertificates: signers });
    },
  };
}
