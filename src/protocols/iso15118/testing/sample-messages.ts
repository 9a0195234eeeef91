import type { CertificateInstallationResIso2, Iso2Message } from '../exi/iso2.ts';
import type { Iso20Message } from '../exi/messages.ts';

/** Messages with made-up content in every optional place, for codec tests. The binaries are no certificates. */

function filler(length: number, start: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (start + 37 * i) & 0xff);
}

const SIGNATURE = {
  SignedInfo: {
    CanonicalizationMethod: { Algorithm: 'http://www.w3.org/TR/canonical-exi/' },
    SignatureMethod: { Algorithm: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256' },
    Reference: [
      {
        URI: '#id1',
        Transforms: { Transform: [{ Algorithm: 'http://www.w3.org/TR/canonical-exi/' }] },
        DigestMethod: { Algorithm: 'http://www.w3.org/2001/04/xmlenc#sha256' },
        DigestValue: filler(32, 5),
      },
    ],
  },
  SignatureValue: { value: filler(64, 9) },
};

const CHAIN = { Certificate: filler(300, 1), SubCertificates: { Certificate: [filler(310, 2), filler(320, 3)] } };
const ROOTS = {
  RootCertificateID: [
    { X509IssuerName: 'CN=Root, O=Grünstrom, C=DE', X509SerialNumber: 12_345n },
    { X509IssuerName: 'CN=🔌', X509SerialNumber: -3n },
  ],
};

export const SAMPLE_INSTALLATION_RES: CertificateInstallationResIso2 = {
  ResponseCode: 'OK',
  SAProvisioningCertificateChain: CHAIN,
  ContractSignatureCertChain: { Id: 'id1', ...CHAIN },
  ContractSignatureEncryptedPrivateKey: { Id: 'id2', value: filler(48, 4) },
  DHpublickey: { Id: 'id3', value: filler(65, 6) },
  eMAID: { Id: 'id4', value: 'DE8AA1A2B3C4D5V' },
};

export const SAMPLE_ISO2: readonly Iso2Message[] = [
  {
    Header: { SessionID: filler(8, 7), Signature: SIGNATURE },
    Body: {
      CertificateInstallationReq: { Id: 'id1', OEMProvisioningCert: filler(500, 8), ListOfRootCertificateIDs: ROOTS },
    },
  },
  {
    Header: { SessionID: filler(8, 7), Signature: SIGNATURE },
    Body: { CertificateInstallationRes: SAMPLE_INSTALLATION_RES },
  },
  {
    Header: {
      SessionID: filler(1, 7),
      Notification: { FaultCode: 'ParsingError' },
      Signature: { Id: 's', ...SIGNATURE },
    },
    Body: {
      CertificateUpdateReq: {
        Id: 'id1',
        ContractSignatureCertChain: CHAIN,
        eMAID: 'DE8AA1A2B3C4D5V',
        ListOfRootCertificateIDs: ROOTS,
      },
    },
  },
  {
    Header: { SessionID: filler(8, 7), Signature: SIGNATURE },
    Body: { CertificateUpdateRes: { ...SAMPLE_INSTALLATION_RES, ResponseCode: 'FAILED', RetryCounter: -1n } },
  },
];

export const SAMPLE_ISO20: readonly Iso20Message[] = [
  {
    name: 'CertificateInstallationReq',
    value: {
      Header: { SessionID: filler(8, 7), TimeStamp: 1_790_000_000n, Signature: SIGNATURE },
      OEMProvisioningCertificateChain: { Id: 'id1', ...CHAIN },
      ListOfRootCertificateIDs: ROOTS,
      MaximumContractCertificateChains: 3,
      PrioritizedEMAIDs: { EMAID: ['DE8AA1A2B3C4D5V', 'DE8AA1A2B3C4D6'] },
    },
  },
  {
    name: 'CertificateInstallationRes',
    value: {
      Header: { SessionID: filler(8, 7), TimeStamp: 0n },
      ResponseCode: 'WARNING_NoContractMatchingPCIDFound',
      EVSEProcessing: 'Ongoing_WaitingForCustomerInteraction',
      CPSCertificateChain: { Certificate: filler(400, 3) },
      SignedInstallationData: {
        Id: 'id1',
        ContractCertificateChain: CHAIN,
        ECDHCurve: 'X448',
        DHPublicKey: filler(56, 2),
        X448_EncryptedPrivateKey: filler(84, 3),
      },
      RemainingContractCertificateChains: 255,
    },
  },
];
