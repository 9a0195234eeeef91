import { seededEntropy } from '../../../core/entropy.ts';
import { Random } from '../../../core/random.ts';
import { wrapContractKeyIso2, wrapContractKeyIso20 } from '../keys/contract-key-transport.ts';
import {
  buildInstallationRequest,
  buildInstallationResponse,
  type SignedContractData,
  signContractData,
} from '../messages/installation-iso2.ts';
import {
  buildInstallationRequestIso20,
  buildInstallationResponseIso20,
  signContractDataIso20,
} from '../messages/installation-iso20.ts';
import { SAMPLE_NOW_MS, samplePki } from './sample-pki.ts';

/** A whole installation of a contract, from seeded keys: the same octets on every machine. */

export const SESSION = Uint8Array.of(0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88);
export const EMAID = 'DE8AAC12345678D';
export const PCID = 'WMI12345671234567A';

export function sampleDialogueIso2() {
  const pki = samplePki();
  const der = (role: keyof typeof pki) => pki[role].certificate.der;
  const contractChain = [der('contract'), der('mo-sub-ca-2'), der('mo-sub-ca-1')] as const;
  const wrapped = wrapContractKeyIso2(
    pki.contract.key,
    pki['oem-provisioning'].key.publicPoint,
    seededEntropy(new Random('wrap')),
  );
  const signed: SignedContractData = signContractData(
    { contractChain, ...wrapped, emaid: EMAID },
    [der('cps'), der('cps-sub-ca-2'), der('cps-sub-ca-1')],
    pki.cps.key,
  );
  const roots = [pki['v2g-root'].certificate];
  return {
    pki,
    signed,
    installRequest: buildInstallationRequest({
      sessionId: SESSION,
      roots,
      subject: { action: 'Install', provisioningCertificate: der('oem-provisioning') },
      signer: pki['oem-provisioning'].key,
    }),
    updateRequest: buildInstallationRequest({
      sessionId: SESSION,
      roots,
      subject: { action: 'Update', contractChain, emaid: EMAID },
      signer: pki.contract.key,
    }),
    installResponse: buildInstallationResponse(signed, { action: 'Install', sessionId: SESSION }),
    updateResponse: buildInstallationResponse(signed, { action: 'Update', sessionId: SESSION }),
  };
}

export function sampleDialogueIso20() {
  const pki = samplePki('ISO15118-20');
  const der = (role: keyof typeof pki) => pki[role].certificate.der;
  const timeStamp = BigInt(SAMPLE_NOW_MS / 1_000);
  const context = {
    pcid: PCID,
    contractSubjectKeyId: pki.contract.certificate.subjectKeyId ?? new Uint8Array(),
  };
  const wrapped = wrapContractKeyIso20(
    pki.contract.key,
    pki['oem-provisioning'].key.publicPoint,
    context,
    seededEntropy(new Random('wrap')),
  );
  const signed = signContractDataIso20(
    { contractChain: [der('contract'), der('mo-sub-ca-2'), der('mo-sub-ca-1')], ...wrapped },
    [der('cps'), der('cps-sub-ca-2'), der('cps-sub-ca-1')],
    pki.cps.key,
  );
  return {
    pki,
    context,
    wrapped,
    request: buildInstallationRequestIso20({
      sessionId: SESSION,
      timeStamp,
      provisioningChain: [der('oem-provisioning'), der('oem-sub-ca-2'), der('oem-sub-ca-1')],
      roots: [pki['v2g-root'].certificate],
      maximumContracts: 1,
      prioritizedEmaids: [EMAID],
      signer: pki['oem-provisioning'].key,
    }),
    response: buildInstallationResponseIso20(signed, { sessionId: SESSION, timeStamp, remainingContracts: 0 }),
  };
}
