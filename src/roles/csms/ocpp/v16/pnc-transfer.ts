import { parseJson } from '../../../../core/json.ts';
import { isoTime } from '../../../../core/time.ts';
import { DEFERRED } from '../../../../link/ocpp-link.ts';
import { parseEmaid } from '../../../../protocols/iso15118/index.ts';
import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import { type PncFromStation, pncFromCsms, pncFromStation } from '../../../../protocols/ocpp/pnc-transfer.ts';
import { certificateQuestionAnswered } from '../certificate-questions.ts';
import { certificateRequested } from '../certificate-requests.ts';
import {
  type CertificateHash,
  certificateDeleted,
  certificateInstalled,
  certificateSignedAccepted,
  certificatesListed,
} from '../certificates.ts';
import { authorizeContract } from '../contract-authorization.ts';
import type { InboundContext, OutboundContext } from '../handler.ts';
import type { VehicleCertificates } from '../vehicle-certificates.ts';
import { idTagInfo } from './id-tag-info.ts';

/**
 * ISO 15118 Plug & Charge of a 1.6 station, wrapped into DataTransfer. The status of the transfer speaks of the transport;
 * the outcome stands in the inner message.
 */
interface Transfer {
  readonly messageId?: string | undefined;
  readonly data?: unknown;
}

const read = pncFromStation();
const readOwn = pncFromCsms();

/** 1.6 answers an inner message: at once, or when somebody has decided. */
export function pncTransferReceived(
  context: InboundContext,
  transfer: Transfer,
  decide: VehicleCertificates,
): { readonly status: 'Rejected' | 'UnknownMessageId' } | typeof DEFERRED {
  const { link, call, station } = context;
  const reading = read(transfer.messageId, transfer.data);
  if (reading.name === undefined) {
    // OCPP16-PNC-001 finds it.
    return { status: reading.status };
  }
  const answer = (inner: object): void => link.answer(call, { status: 'Accepted', data: JSON.stringify(inner) });
  const seen = (facts: object, status: string): void =>
    certificateQuestionAnswered(context, reading.name, facts, status);
  switch (reading.name) {
    case 'Authorize':
      authorizeWrapped(context, reading.message, answer);
      break;
    case 'SignCertificate': {
      const { csr } = reading.message;
      answer({ status: certificateRequested(context, { csr, certificateType: 'V2GCertificate' }) });
      break;
    }
    case 'Get15118EVCertificate':
      decide.evCertificate({ station, request: reading.message }, ({ status, exiResponse }) => {
        const { action, iso15118SchemaVersion } = reading.message;
        seen({ action, iso15118SchemaVersion }, status);
        answer({ status, exiResponse });
      });
      break;
    case 'GetCertificateStatus': {
      const { ocspRequestData } = reading.message;
      decide.certificateStatus({ station, data: ocspRequestData }, ({ status, ocspResult }) => {
        seen({ ocspRequestData }, status);
        answer({ status, ...(ocspResult === undefined ? {} : { ocspResult }) });
      });
      break;
    }
  }
  return DEFERRED;
}

function authorizeWrapped(
  { services, station, call }: InboundContext,
  { idToken, certificate, iso15118CertificateHashData: hashData }: PncFromStation['Authorize'],
  answer: (inner: object) => void,
): void {
  const text = typeof idToken === 'string' ? idToken : idToken.idToken;
  if (parseEmaid(text) === undefined && certificate === undefined && hashData === undefined) {
    services.finding(call, station, {
      rule: 'PNC16-EIM',
      severity: 'error',
      text: `${text} is no account of a contract: external identification is authorised with a plain Authorize`,
      clause: 'Using ISO 15118 Plug & Charge with OCPP 1.6, section 4',
    });
  }
  authorizeContract(
    services,
    {
      station,
      call,
      token: { idToken: text, type: 'eMAID' },
      certificate,
      hashData: hashData as v21.OCSPRequestDataType[] | undefined,
    },
    (authorization, certificateStatus) => {
      const { status, expiryDate } = idTagInfo(authorization);
      const cacheExpiryDateTime = expiryDate ?? (authorization.expiresAt && isoTime(authorization.expiresAt));
      answer({
        ...(certificateStatus === undefined ? {} : { certificateStatus }),
        idTokenInfo: { status, ...(cacheExpiryDateTime === undefined ? {} : { cacheExpiryDateTime }) },
      });
    },
  );
}

/** What a wrapped command of ours changed, once the station answered it. */
export function pncTransferAnswered(
  context: OutboundContext,
  transfer: Transfer,
  answer: { readonly data?: unknown },
): void {
  const request = readOwn(transfer.messageId, transfer.data);
  const inner = innerOf(answer.data);
  if (request.name === undefined || inner === undefined) return;
  const status = inner['status'];
  switch (request.name) {
    case 'CertificateSigned':
      if (status === 'Accepted') {
        certificateSignedAccepted(context, 'V2GCertificate', request.message.certificateChain);
      }
      break;
    case 'InstallCertificate':
      if (status === 'Accepted') {
        certificateInstalled(context, request.message.certificateType, request.message.certificate);
      }
      break;
    case 'DeleteCertificate':
      if (status === 'Accepted' || status === 'NotFound')
        certificateDeleted(context, request.message.certificateHashData);
      break;
    case 'GetInstalledCertificateIds': {
      const listed = inner['certificateHashDataChain'];
      const types = request.message.certificateType ?? WRAPPED_TYPES;
      certificatesListed(context, types, Array.isArray(listed) ? listed.flatMap(entryOf) : []);
      break;
    }
    case 'TriggerMessage':
      break;
  }
}

/** The wrapped list never speaks of the certificates of the security whitepaper. */
const WRAPPED_TYPES = ['V2GRootCertificate', 'MORootCertificate', 'V2GCertificateChain'] as const;

function innerOf(data: unknown): Record<string, unknown> | undefined {
  try {
    const inner: unknown = typeof data === 'string' ? parseJson(data) : data;
    return typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function entryOf(entry: unknown): { type: string; hash: CertificateHash; children?: readonly CertificateHash[] }[] {
  if (typeof entry !== 'object' || entry === null) return [];
  const { certificateType, certificateHashData, childCertificateHashData } = entry as Record<string, unknown>;
  if (typeof certificateType !== 'string' || !isHash(certificateHashData)) return [];
  const children = Array.isArray(childCertificateHashData) ? childCertificateHashData.filter(isHash) : undefined;
  return [{ type: certificateType, hash: certificateHashData, ...(children === undefined ? {} : { children }) }];
}

function isHash(value: unknown): value is CertificateHash {
  if (typeof value !== 'object' || value === null) return false;
  const members = value as Record<string, unknown>;
  return ['hashAlgorithm', 'issuerNameHash', 'issuerKeyHash', 'serialNumber'].every(
    (name) => typeof members[name] === 'string',
  );
}
