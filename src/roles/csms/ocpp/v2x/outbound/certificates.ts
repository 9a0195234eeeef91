import {
  certificateDeleted,
  certificateInstalled,
  certificateSignedAccepted,
  certificatesListed,
} from '../../certificates.ts';
import type { OutboundV2 } from '../handlers.ts';

/** A02, A03. */
export const certificateSigned: OutboundV2<'CertificateSigned'> = {
  changes: 'the signing request is Signed, once Accepted',
  shows: '/stations/{id}/certificates',
  answered(context, { certificateChain, certificateType = 'ChargingStationCertificate' }, { status }) {
    if (status === 'Accepted') certificateSignedAccepted(context, certificateType, certificateChain);
  },
};

/** M05. */
export const installCertificate: OutboundV2<'InstallCertificate'> = {
  changes: 'the certificate, once Accepted',
  shows: '/stations/{id}/certificates',
  answered(context, { certificateType, certificate }, { status }) {
    if (status === 'Accepted') certificateInstalled(context, certificateType, certificate);
  },
};

/** M04. NotFound: it is not there either. */
export const deleteCertificate: OutboundV2<'DeleteCertificate'> = {
  changes: 'removes the certificate, once Accepted or NotFound',
  shows: '/stations/{id}/certificates',
  answered(context, { certificateHashData }, { status }) {
    if (status !== 'Failed') certificateDeleted(context, certificateHashData);
  },
};

/** M03. Without types all are asked for; NotFound means that there is none. */
export const getInstalledCertificateIds: OutboundV2<'GetInstalledCertificateIds'> = {
  changes: 'the installed certificates of the types that were asked for',
  shows: '/stations/{id}/certificates',
  answered(context, { certificateType }, { certificateHashDataChain = [] }) {
    const found = certificateHashDataChain.map((each) => ({
      type: each.certificateType,
      hash: each.certificateHashData,
      children: each.childCertificateHashData,
    }));
    certificatesListed(context, certificateType, found);
  },
};
