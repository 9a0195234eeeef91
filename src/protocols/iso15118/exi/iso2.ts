import { base64Binary, enumeration, hexBinary, integer, text } from './datatypes.ts';
import {
  attribute,
  complex,
  many,
  one,
  oneOf,
  optional,
  optionalAttribute,
  refused,
  type SchemaSet,
  type ValueOf,
  withAttributes,
} from './grammar.ts';
import { RootCertificateIds, Signature } from './xmldsig.ts';

/** The certificate messages of ISO 15118-2:2014 (V2G_CI_MsgDef) as EXI grammar tables. */

export const RESPONSE_CODES_ISO2 = [
  'OK',
  'OK_NewSessionEstablished',
  'OK_OldSessionJoined',
  'OK_CertificateExpiresSoon',
  'FAILED',
  'FAILED_SequenceError',
  'FAILED_ServiceIDInvalid',
  'FAILED_UnknownSession',
  'FAILED_ServiceSelectionInvalid',
  'FAILED_PaymentSelectionInvalid',
  'FAILED_CertificateExpired',
  'FAILED_SignatureError',
  'FAILED_NoCertificateAvailable',
  'FAILED_CertChainError',
  'FAILED_ChallengeInvalid',
  'FAILED_ContractCanceled',
  'FAILED_WrongChargeParameter',
  'FAILED_PowerDeliveryNotApplied',
  'FAILED_TariffSelectionInvalid',
  'FAILED_ChargingProfileInvalid',
  'FAILED_MeteringSignatureNotValid',
  'FAILED_NoChargeServiceSelected',
  'FAILED_WrongEnergyTransferMode',
  'FAILED_ContactorError',
  'FAILED_CertificateNotAllowedAtThisEVSE',
  'FAILED_CertificateRevoked',
] as const;

export type ResponseCodeIso2 = (typeof RESPONSE_CODES_ISO2)[number];

const responseCode = enumeration('response code', RESPONSE_CODES_ISO2);
const faultCode = enumeration('fault code', ['ParsingError', 'NoTLSRootCertificatAvailable', 'UnknownError']);

const Notification = complex([], [one('FaultCode', faultCode), optional('FaultMsg', text)]);

const Header = complex(
  [],
  [one('SessionID', hexBinary), optional('Notification', Notification), optional('Signature', Signature)],
);

const SubCertificates = complex([], [many('Certificate', base64Binary, 1, 4)]);

const CertificateChain = complex(
  [optionalAttribute('Id')],
  [one('Certificate', base64Binary), optional('SubCertificates', SubCertificates)],
);

const EncryptedPrivateKey = withAttributes([attribute('Id')], base64Binary);
const DHpublickey = withAttributes([attribute('Id')], base64Binary);
const EMAID = withAttributes([attribute('Id')], text);

const CertificateInstallationReq = complex(
  [attribute('Id')],
  [one('OEMProvisioningCert', base64Binary), one('ListOfRootCertificateIDs', RootCertificateIds)],
);

const CertificateUpdateReq = complex(
  [attribute('Id')],
  [
    one('ContractSignatureCertChain', CertificateChain),
    one('eMAID', text),
    one('ListOfRootCertificateIDs', RootCertificateIds),
  ],
);

const responseParticles = [
  one('ResponseCode', responseCode),
  one('SAProvisioningCertificateChain', CertificateChain),
  one('ContractSignatureCertChain', CertificateChain),
  one('ContractSignatureEncryptedPrivateKey', EncryptedPrivateKey),
  one('DHpublickey', DHpublickey),
  one('eMAID', EMAID),
] as const;

const CertificateInstallationRes = complex([], responseParticles);
const CertificateUpdateRes = complex([], [...responseParticles, optional('RetryCounter', integer)]);

/** The substitution group of BodyElement, sorted by name: the place in this list is the event code. */
const BodyElement = oneOf(false, [
  refused('AuthorizationReq'),
  refused('AuthorizationRes'),
  refused('BodyElement'),
  refused('CableCheckReq'),
  refused('CableCheckRes'),
  optional('CertificateInstallationReq', CertificateInstallationReq),
  optional('CertificateInstallationRes', CertificateInstallationRes),
  optional('CertificateUpdateReq', CertificateUpdateReq),
  optional('CertificateUpdateRes', CertificateUpdateRes),
  refused('ChargeParameterDiscoveryReq'),
  refused('ChargeParameterDiscoveryRes'),
  refused('ChargingStatusReq'),
  refused('ChargingStatusRes'),
  refused('CurrentDemandReq'),
  refused('CurrentDemandRes'),
  refused('MeteringReceiptReq'),
  refused('MeteringReceiptRes'),
  refused('PaymentDetailsReq'),
  refused('PaymentDetailsRes'),
  refused('PaymentServiceSelectionReq'),
  refused('PaymentServiceSelectionRes'),
  refused('PowerDeliveryReq'),
  refused('PowerDeliveryRes'),
  refused('PreChargeReq'),
  refused('PreChargeRes'),
  refused('ServiceDetailReq'),
  refused('ServiceDetailRes'),
  refused('ServiceDiscoveryReq'),
  refused('ServiceDiscoveryRes'),
  refused('SessionSetupReq'),
  refused('SessionSetupRes'),
  refused('SessionStopReq'),
  refused('SessionStopRes'),
  refused('WeldingDetectionReq'),
  refused('WeldingDetectionRes'),
]);

const Body = complex([], [BodyElement]);

export const V2G_Message = complex([], [one('Header', Header), one('Body', Body)]);

export type Iso2Message = ValueOf<typeof V2G_Message>;
export type Iso2Header = Iso2Message['Header'];
export type Iso2CertificateChain = ValueOf<typeof CertificateChain>;
export type CertificateInstallationReqIso2 = ValueOf<typeof CertificateInstallationReq>;
export type CertificateInstallationResIso2 = ValueOf<typeof CertificateInstallationRes>;
export type CertificateUpdateReqIso2 = ValueOf<typeof CertificateUpdateReq>;
export type CertificateUpdateResIso2 = ValueOf<typeof CertificateUpdateRes>;

export const ISO2: SchemaSet = {
  name: 'ISO 15118-2',
  globalElements: 80,
  elementNames: 243,
  attributeNames: 10,
  roots: { V2G_Message: { code: 76, type: V2G_Message } },
  fragments: {
    CertificateInstallationReq: { code: 15, type: CertificateInstallationReq },
    CertificateUpdateReq: { code: 17, type: CertificateUpdateReq },
    ContractSignatureCertChain: { code: 33, type: CertificateChain },
    ContractSignatureEncryptedPrivateKey: { code: 34, type: EncryptedPrivateKey },
    DHpublickey: { code: 45, type: DHpublickey },
    // The message body has eMAID with two types (plain text in the update request), hence the relaxed grammar.
    eMAID: { code: 236, type: EMAID, relaxedIdAttribute: 4 },
  },
};
