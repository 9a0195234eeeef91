import { base64Binary, enumeration, hexBinary, text, unsigned, unsignedByte } from './datatypes.ts';
import { attribute, complex, many, one, oneOf, optional, type SchemaSet, type ValueOf } from './grammar.ts';
import { RootCertificateIds, Signature } from './xmldsig.ts';

/** The certificate messages of ISO 15118-20:2022 (V2G_CI_CommonMessages) as EXI grammar tables. */

export const RESPONSE_CODES_ISO20 = [
  'OK',
  'OK_CertificateExpiresSoon',
  'OK_NewSessionEstablished',
  'OK_OldSessionJoined',
  'OK_PowerToleranceConfirmed',
  'WARNING_AuthorizationSelectionInvalid',
  'WARNING_CertificateExpired',
  'WARNING_CertificateNotYetValid',
  'WARNING_CertificateRevoked',
  'WARNING_CertificateValidationError',
  'WARNING_ChallengeInvalid',
  'WARNING_EIMAuthorizationFailure',
  'WARNING_eMSPUnknown',
  'WARNING_EVPowerProfileViolation',
  'WARNING_GeneralPnCAuthorizationError',
  'WARNING_NoCertificateAvailable',
  'WARNING_NoContractMatchingPCIDFound',
  'WARNING_PowerToleranceNotConfirmed',
  'WARNING_ScheduleRenegotiationFailed',
  'WARNING_StandbyNotAllowed',
  'WARNING_WPT',
  'FAILED',
  'FAILED_AssociationError',
  'FAILED_ContactorError',
  'FAILED_EVPowerProfileInvalid',
  'FAILED_EVPowerProfileViolation',
  'FAILED_MeteringSignatureNotValid',
  'FAILED_NoEnergyTransferServiceSelected',
  'FAILED_NoServiceRenegotiationSupported',
  'FAILED_PauseNotAllowed',
  'FAILED_PowerDeliveryNotApplied',
  'FAILED_PowerToleranceNotConfirmed',
  'FAILED_ScheduleRenegotiation',
  'FAILED_ScheduleSelectionInvalid',
  'FAILED_SequenceError',
  'FAILED_ServiceIDInvalid',
  'FAILED_ServiceSelectionInvalid',
  'FAILED_SignatureError',
  'FAILED_UnknownSession',
  'FAILED_WrongChargeParameter',
] as const;

export type ResponseCodeIso20 = (typeof RESPONSE_CODES_ISO20)[number];

const responseCode = enumeration('response code', RESPONSE_CODES_ISO20);
const processing = enumeration('EVSE processing', ['Finished', 'Ongoing', 'Ongoing_WaitingForCustomerInteraction']);
const ecdhCurve = enumeration('ECDH curve', ['SECP521', 'X448']);

const Header = complex([], [one('SessionID', hexBinary), one('TimeStamp', unsigned), optional('Signature', Signature)]);

const SubCertificates = complex([], [many('Certificate', base64Binary, 1, 3)]);
const CertificateChain = complex([], [one('Certificate', base64Binary), optional('SubCertificates', SubCertificates)]);
const SignedCertificateChain = complex(
  [attribute('Id')],
  [one('Certificate', base64Binary), optional('SubCertificates', SubCertificates)],
);
const ContractCertificateChain = complex(
  [],
  [one('Certificate', base64Binary), one('SubCertificates', SubCertificates)],
);

const SignedInstallationData = complex(
  [attribute('Id')],
  [
    one('ContractCertificateChain', ContractCertificateChain),
    one('ECDHCurve', ecdhCurve),
    one('DHPublicKey', base64Binary),
    oneOf(true, [
      optional('SECP521_EncryptedPrivateKey', base64Binary),
      optional('X448_EncryptedPrivateKey', base64Binary),
      optional('TPM_EncryptedPrivateKey', base64Binary),
    ]),
  ],
);

const PrioritizedEMAIDs = complex([], [many('EMAID', text, 1, 8)]);

const CertificateInstallationReq = complex(
  [],
  [
    one('Header', Header),
    one('OEMProvisioningCertificateChain', SignedCertificateChain),
    one('ListOfRootCertificateIDs', RootCertificateIds),
    one('MaximumContractCertificateChains', unsignedByte),
    optional('PrioritizedEMAIDs', PrioritizedEMAIDs),
  ],
);

const CertificateInstallationRes = complex(
  [],
  [
    one('Header', Header),
    one('ResponseCode', responseCode),
    one('EVSEProcessing', processing),
    one('CPSCertificateChain', CertificateChain),
    one('SignedInstallationData', SignedInstallationData),
    one('RemainingContractCertificateChains', unsignedByte),
  ],
);

export type CertificateInstallationReqIso20 = ValueOf<typeof CertificateInstallationReq>;
export type CertificateInstallationResIso20 = ValueOf<typeof CertificateInstallationRes>;
export type SignedInstallationDataIso20 = ValueOf<typeof SignedInstallationData>;
export type SignedCertificateChainIso20 = ValueOf<typeof SignedCertificateChain>;

export const ISO20: SchemaSet = {
  name: 'ISO 15118-20',
  globalElements: 54,
  elementNames: 281,
  attributeNames: 9,
  roots: {
    CertificateInstallationReq: { code: 7, type: CertificateInstallationReq },
    CertificateInstallationRes: { code: 8, type: CertificateInstallationRes },
  },
  fragments: {
    OEMProvisioningCertificateChain: { code: 128, type: SignedCertificateChain },
    SignedInstallationData: { code: 231, type: SignedInstallationData },
  },
};
