import type { v21 } from '../../../protocols/ocpp/messages.ts';

/**
 * Answers what a station asks on behalf of a car or about certificates (2.x blocks C07, M). Whoever runs Plug & Charge
 * gives one to the CSMS; without it the station is told that the service is not there. `done` is called once.
 */
export interface VehicleCertificates {
  /** Authorize with a contract certificate (C07). `undefined`: no word about the certificate. */
  contractStatus(
    question: {
      readonly station: string;
      readonly idToken: string;
      readonly certificate?: string;
      readonly hashData?: readonly v21.OCSPRequestDataType[];
    },
    done: (status: v21.AuthorizeCertificateStatusEnumType | undefined) => void,
  ): void;
  /** Certificate installation and update for an EV (M01, M02). */
  evCertificate(
    question: { readonly station: string; readonly request: v21.Get15118EVCertificateRequest },
    done: (answer: v21.Get15118EVCertificateResponse) => void,
  ): void;
  /** OCSP on behalf of the station (M06). */
  certificateStatus(
    question: { readonly station: string; readonly data: v21.OCSPRequestDataType },
    done: (answer: v21.GetCertificateStatusResponse) => void,
  ): void;
  /** CRL and OCSP of a chain (2.1 M07). */
  chainStatus(
    question: { readonly station: string; readonly requests: readonly v21.CertificateStatusRequestInfoType[] },
    done: (answers: v21.CertificateStatusType[]) => void,
  ): void;
}
