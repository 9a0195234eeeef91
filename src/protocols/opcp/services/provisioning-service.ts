import Type, { type Static } from 'typebox';
import {
  BASE64_PATTERN,
  CertificateBase64,
  Emaid,
  Fingerprint,
  Instant,
  MetaData,
  Namespace,
  Pcid,
} from '../fields.ts';
import { callers, poolOperation } from '../operation.ts';

const EncryptedKey = Type.String({
  pattern: BASE64_PATTERN,
  maxLength: 300,
  description: 'IV and encrypted contract key: 48 octets (-2) or 94 octets (-20, P-521) in base64',
});

const DhPublicKey = Type.String({
  pattern: BASE64_PATTERN,
  maxLength: 300,
  description: 'Ephemeral public key, uncompressed: 65 octets (-2) or 133 octets (-20, P-521) in base64',
});

const GenerateRequest = Type.Object({
  contractBegins: Instant,
  contractEnds: Instant,
  emaid: Emaid,
  pcid: Pcid,
  xsdMsgDefNamespace: Namespace,
  subscriptionUrl: Type.Optional(Type.String({ maxLength: 1_000 })),
  cpsV2GRootCertificateFingerprint: Type.Optional(Fingerprint),
  metaData: Type.Optional(MetaData),
});

const SignRequest = Type.Object({
  contractData: Type.Object({
    contractCertificate: CertificateBase64,
    contractSubCa2Certificate: Type.Optional(CertificateBase64),
    contractSubCa1Certificate: CertificateBase64,
    contractSignatureEncryptedPrivateKey: EncryptedKey,
    dHpublickey: DhPublicKey,
  }),
  pcid: Type.Optional(Pcid),
  xsdMsgDefNamespace: Namespace,
  cpsV2GRootCertificateFingerprint: Type.Optional(Fingerprint),
});

export const SignedContractDataAnswer = Type.Object({
  pcid: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  emaid: Type.String(),
  xsdMsgDefNamespace: Type.Optional(Type.String()),
  signedData: Type.String({ description: 'V2G_Message with a signed CertificateInstallationRes as XML, base64' }),
  cpsV2GRootCertificateFingerprint: Type.Optional(Type.String()),
  cpsRootDistinguishedName: Type.Optional(Type.String()),
  metaData: Type.Optional(Type.String()),
});

export type SignedContractDataAnswer = Static<typeof SignedContractDataAnswer>;

const OldSignRequest = Type.Object({
  xsdMsgDefNamespace: Namespace,
  pcid: Pcid,
  emaid: Emaid,
  contractData: Type.Object({
    emaid: Emaid,
    contractSignatureCertChain: Type.Object({
      contractSignatureCertChainCertificate: CertificateBase64,
      contractSignatureCertChainSubCertificates: Type.Array(CertificateBase64, { minItems: 1, maxItems: 4 }),
    }),
    contractSignatureEncryptedPrivateKey: EncryptedKey,
    dHpublickey: DhPublicKey,
  }),
  cpsV2GRootCertificateFingerprint: Type.Optional(Fingerprint),
  metaData: Type.Optional(MetaData),
});

export type GenerateSignedContractDataRequest = Static<typeof GenerateRequest>;
export type SignContractDataRequest = Static<typeof SignRequest>;
export type OldSignContractDataRequest = Static<typeof OldSignRequest>;

const CpsSigner = Type.Object({
  cpsDistinguishedName: Type.String(),
  cpsCertificate: CertificateBase64,
  validFrom: Type.String(),
  validTo: Type.String(),
  organizationName: Type.String(),
  cpsV2GRootCertificateFingerprint: Type.Optional(Type.String()),
  cpsRootDistinguishedName: Type.String(),
  cpsSubCa1Certificate: CertificateBase64,
  cpsSubCa2Certificate: Type.Optional(CertificateBase64),
  xsdMsgDefNamespace: Type.String(),
});

const OTHER_PCID = { status: 400, message: 'Invalid Tupple - EMAID is already used by other PCID.' };
const BAD_EMAID = { status: 400, message: 'emaid : must match "^[A-Za-z]{2}[-]?\\w{3}[-]?\\w{9}[-]?(\\w{1})?$"' };
const BAD_PCID = { status: 400, message: 'pcid : must match "^[a-zA-Z0-9]{17,18}$"' };
const NAMESPACE = 'urn:iso:15118:2:2013:MsgDef';
const KEY = Buffer.alloc(48, 1).toString('base64');
const POINT = Buffer.alloc(65, 4).toString('base64');

const OLD_EXAMPLE = {
  xsdMsgDefNamespace: NAMESPACE,
  pcid: 'WMI12345671234567',
  emaid: 'DE8AAC12345678D',
  contractData: {
    emaid: 'DE8AAC12345678D',
    contractSignatureCertChain: {
      contractSignatureCertChainCertificate: 'MIIB',
      contractSignatureCertChainSubCertificates: ['MIIB', 'MIIB'],
    },
    contractSignatureEncryptedPrivateKey: KEY,
    dHpublickey: POINT,
  },
};
const ANSWER_EXAMPLE = { pcid: 'WMI12345671234567', emaid: 'DE8AAC12345678D', signedData: 'PD94bWw=' };

export const provisioningServiceOperations = [
  poolOperation({
    name: 'generateSignedContractData',
    service: 'CPS',
    method: 'PUT',
    paths: ['/v1/cps/generate/signedContractData'],
    opncPaths: ['/opnc/v1/cps/contractData/generateandsign'],
    summary: 'Make, sign and store contract data',
    docs: 'For a mobility operator without a PKI of its own: the environment makes key and certificate, encrypts the key for the vehicle, signs and stores. The same EMAID and PCID replace what was there.',
    access: callers('MO_V2G_PKI'),
    scope: 'cpservice',
    ownership: 'emaid',
    request: {
      kind: 'json',
      schema: GenerateRequest,
      example: {
        contractBegins: '2026-03-01T00:00:00Z',
        contractEnds: '2028-03-01T00:00:00Z',
        emaid: 'DE8AAC12345678D',
        pcid: 'WMI12345671234567',
        xsdMsgDefNamespace: NAMESPACE,
      },
    },
    response: { status: 201, kind: 'none' },
    errors: [
      OTHER_PCID,
      { status: 400, message: 'The given contractEnds date is in the past.' },
      { status: 400, message: 'The OEM provisioning certificate with the given PCID is not available.' },
      BAD_EMAID,
      BAD_PCID,
    ],
  }),
  poolOperation({
    name: 'signContractData',
    service: 'CPS',
    method: 'PUT',
    paths: ['/v1/cps/contractData/signed'],
    opncPaths: ['/opnc/v1/cps/contractData/sign'],
    summary: 'Sign contract data',
    docs: 'For a mobility operator with its own PKI. With a PCID the result is also stored in the contract pool.',
    access: callers('MO_OWN_PKI'),
    scope: 'cpservice',
    ownership: 'emaid',
    request: {
      kind: 'json',
      schema: SignRequest,
      example: {
        contractData: {
          contractCertificate: 'MIIB',
          contractSubCa2Certificate: 'MIIB',
          contractSubCa1Certificate: 'MIIB',
          contractSignatureEncryptedPrivateKey: KEY,
          dHpublickey: POINT,
        },
        pcid: 'WMI12345671234567',
        xsdMsgDefNamespace: NAMESPACE,
      },
    },
    response: { status: 201, kind: 'json', schema: SignedContractDataAnswer, example: ANSWER_EXAMPLE },
    errors: [BAD_PCID, OTHER_PCID],
  }),
  poolOperation({
    name: 'createSignedContractData',
    service: 'CPS',
    method: 'PUT',
    paths: ['/v1/cps/signedContractData'],
    summary: 'Sign contract data (older form)',
    docs: 'Signs and returns without storing. The common name of the contract certificate must be the EMAID.',
    access: callers('MO_OWN_PKI'),
    scope: 'cpservice',
    ownership: 'emaid',
    request: { kind: 'json', schema: OldSignRequest, example: OLD_EXAMPLE },
    response: { status: 200, kind: 'json', schema: SignedContractDataAnswer, example: ANSWER_EXAMPLE },
    errors: [
      { status: 400, message: 'Invalid certificate format on contractSignatureCertChainSubCertificates list' },
      BAD_EMAID,
      BAD_PCID,
    ],
    deprecated: true,
  }),
  poolOperation({
    name: 'createAndForwardSignedContractData',
    service: 'CPS',
    method: 'PUT',
    paths: ['/v1/cps/forward/signedContractData'],
    summary: 'Sign and store contract data (older form)',
    docs: 'Signs and stores in the contract pool.',
    access: callers('MO_OWN_PKI'),
    scope: 'cpservice',
    ownership: 'emaid',
    request: { kind: 'json', schema: OldSignRequest, example: OLD_EXAMPLE },
    response: { status: 201, kind: 'json', schema: Type.Object({}), example: {} },
    errors: [
      OTHER_PCID,
      { status: 400, message: 'Invalid certificate format on contractSignatureCertChainSubCertificates list' },
      BAD_EMAID,
      BAD_PCID,
    ],
    deprecated: true,
  }),
  poolOperation({
    name: 'getAllCpsSigners',
    service: 'CPS',
    method: 'GET',
    paths: ['/cps/signer', '/v1/cps/signer'],
    opncPaths: ['/opnc/v1/cps/cpsCertificates'],
    summary: 'Signers of the provisioning service',
    docs: 'The published path has no version; both are served.',
    access: callers('OEM', 'CPO', 'MO_OWN_PKI', 'MO_V2G_PKI', 'CPS'),
    scope: 'cpservice',
    request: { kind: 'none' },
    response: {
      status: 200,
      kind: 'json',
      schema: Type.Object({ cpsCertificates: Type.Array(CpsSigner) }),
      example: {
        cpsCertificates: [
          {
            cpsDistinguishedName: 'DC=CPS,CN=CPS 1,O=Demo',
            cpsCertificate: 'MIIB',
            validFrom: '2026-03-01T00:00:00Z',
            validTo: '2026-06-01T00:00:00Z',
            organizationName: 'Demo',
            cpsRootDistinguishedName: 'DC=V2G,CN=V2G Root,O=Demo',
            cpsSubCa1Certificate: 'MIIB',
            xsdMsgDefNamespace: NAMESPACE,
          },
        ],
      },
    },
    errors: [],
  }),
] as const;
