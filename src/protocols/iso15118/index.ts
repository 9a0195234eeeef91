/**
 * ISO 15118 Plug & Charge as it crosses a wire: no sockets, no role state, no clock, no chance of its own. Everything is
 * synchronous and, with seeded entropy, gives the same octets on every machine.
 *
 * Map of the room:
 *
 * - `exi/`        the EXI codec. `grammar.ts` has the words, `iso2.ts`, `iso20.ts` and `xmldsig.ts` the tables of the
 *                 certificate messages, `codec.ts` reads and writes them, `messages.ts` is the typed door.
 * - `messages/`   the certificate dialogue: XML signatures over EXI, requests, answers, refusals of -2 and -20, and the
 *                 XML form of signed contract data that pools exchange.
 * - `keys/`       EC keys whose signatures are deterministic, and the transport of a contract key to the vehicle.
 * - `pki/`        certificates: profiles as data, issuing, reading, path validation and profile linting in plain words,
 *                 CSR, OCSP, CRL, PKCS#7, PEM, and the hash data of OCPP.
 * - `identifiers/` EMAID and PCID with their check characters.
 * - `namespaces.ts` the many names of the two editions.
 * - `testing/`, `vectors/` samples from seeded keys; vectors of other makers are read from `COMPOTE_VECTORS`.
 *
 * Bad input of a peer ends in an `Iso15118Error` with a code, or in a result that says what is wrong; never in a hang.
 */
export { Iso15118Error, type Iso15118ErrorCode } from './error.ts';
export { DEFAULT_EXI_LIMITS, type ExiLimits } from './exi/bits.ts';
export {
  type CertificateInstallationReqIso2,
  type CertificateInstallationResIso2,
  type CertificateUpdateReqIso2,
  type CertificateUpdateResIso2,
  type Iso2Message,
  RESPONSE_CODES_ISO2,
  type ResponseCodeIso2,
} from './exi/iso2.ts';
export {
  type CertificateInstallationReqIso20,
  type CertificateInstallationResIso20,
  RESPONSE_CODES_ISO20,
  type ResponseCodeIso20,
} from './exi/iso20.ts';
export {
  decodeIso2,
  decodeIso20,
  encodeIso2,
  encodeIso20,
  type Iso2BodyName,
  type Iso20Message,
  iso2BodyName,
} from './exi/messages.ts';
export type { RootCertificateId } from './exi/xmldsig.ts';
export {
  compactEmaid,
  type Emaid,
  emaidCheckCharacter,
  emaidCore,
  emaidOwner,
  evcoIdOf,
  isEmaidConsistent,
  parseEmaid,
  requireEmaid,
  sameEmaid,
} from './identifiers/emaid.ts';
export {
  compactPcid,
  isPcidConsistent,
  type Pcid,
  parsePcid,
  pcidCheckCharacter,
  requirePcid,
} from './identifiers/pcid.ts';
export {
  type KeyTransportContext,
  unwrapContractKeyIso2,
  unwrapContractKeyIso20,
  type WrappedContractKey,
  wrapContractKeyIso2,
  wrapContractKeyIso20,
} from './keys/contract-key-transport.ts';
export { type Curve, EcPrivateKey, publicKeyOfPoint, type Signer } from './keys/ec-key.ts';
export { fromContractXml, toContractXml } from './messages/contract-xml.ts';
export {
  buildInstallationFailure,
  buildInstallationRequest,
  buildInstallationResponse,
  type ChainDer,
  type ContractData,
  checkContractData,
  type InstallationAction,
  type InstallationRequest,
  type InstallationResponse,
  openInstallationResponse,
  readInstallationRequest,
  readInstallationResponse,
  type SignedContractData,
  signContractData,
} from './messages/installation-iso2.ts';
export {
  buildInstallationRequestIso20,
  buildInstallationResponseIso20,
  type ContractDataIso20,
  checkInstallationResponseIso20,
  type InstallationRequestIso20,
  readInstallationRequestIso20,
  type SignedContractDataIso20,
  signContractDataIso20,
} from './messages/installation-iso20.ts';
export type { DigestCheck, DigestVerdict, SignatureCheck } from './messages/signature.ts';
export { editionOf, NAMESPACES, ocppSchemaVersion, poolNamespace } from './namespaces.ts';
export {
  type Certificate,
  describeCertificate,
  fingerprint,
  isSelfIssued,
  isSignedBy,
  type KeyUsageName,
  parseCertificate,
  parseCertificateChainPem,
  readCertificate,
  serialNumberHex,
} from './pki/certificate.ts';
export { buildCrl, type Crl, readCrl } from './pki/crl.ts';
export {
  type CertificateWishes,
  createSigningRequest,
  lintSigningRequest,
  readSigningRequest,
  type SigningRequest,
} from './pki/csr.ts';
export {
  type CertificateHashData,
  type HashAlgorithm,
  hashDataOf,
  hashDataOfChain,
  isSameHashData,
  type OcspRequestData,
  ocspRequestDataOfChain,
} from './pki/hash-data.ts';
export { type IssueOrder, issueCertificate } from './pki/issue.ts';
export { type LintRemark, lintCertificate } from './pki/lint.ts';
export { type DistinguishedName, isNamedBy, nameText, nameValue, parseNameText } from './pki/names.ts';
export {
  buildOcspFailure,
  buildOcspRequest,
  buildOcspResponse,
  type OcspAnswer,
  type OcspFailure,
  type OcspQuestion,
  parseOcspRequest,
  parseOcspResponse,
} from './pki/ocsp.ts';
export { type OcspVerdict, verifyOcspResponse } from './pki/ocsp-verify.ts';
export { orderChain, type PathProblem, type PathProblemCode, type PathResult, validatePath } from './pki/path.ts';
export { fromBase64, fromPem, toPem, toPemChain, wrapBase64 } from './pki/pem.ts';
export { decodeCertsOnly, encodeCertsOnly } from './pki/pkcs7.ts';
export {
  CERTIFICATE_ROLES,
  type CertificateProfile,
  type CertificateRole,
  certificateProfile,
  type Edition,
  EXTENDED_KEY_USAGE,
} from './pki/profiles.ts';
export {
  type CertificateId,
  type CertificateState,
  certificateIdOf,
  isIssuedBy,
  REVOCATION_REASONS,
  type RevocationReason,
} from './pki/status.ts';
