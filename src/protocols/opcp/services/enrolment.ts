import Type from 'typebox';
import { CertificateBase64 } from '../fields.ts';
import { type Access, CA_NAMES, type CaName, poolOperation } from '../operation.ts';

/**
 * Enrolment over secure transport (RFC 7030) as the environments serve it. Published and live paths differ, and clients
 * use all of them: a service answers on every one.
 */

/** An authority in a path, with an optional prefix of the environment: `cpo`, `xxx-cpo`. */
export const CA_FORM = /^(?:[A-Za-z0-9]+-)?(cpo|mo|oem|veh|cps)$/i;
const ISO_FORM = /^ISO15118-(?:2|20)$/i;
const CURVE_FORM = /^(?:secp256r1|secp521r1|ed448)$/i;
const FORMS = { ca: CA_FORM, iso: ISO_FORM, curve: CURVE_FORM };

/** The authority that a path part or OPNC's `caDomain` names. */
export function caOf(text: string): CaName | undefined {
  const name = CA_FORM.exec(text)?.[1]?.toLowerCase();
  return CA_NAMES.find((each) => each === name);
}

const ACCESS: Access = {
  kind: 'by-ca',
  callers: {
    cpo: ['CPO'],
    mo: ['MO_V2G_PKI'],
    oem: ['OEM'],
    veh: ['OEM'],
    cps: ['MO_V2G_PKI', 'CPS'],
  },
};

const PathParams = Type.Object({
  ca: Type.Optional(Type.String({ description: 'cpo, mo, oem, veh or cps, with an optional prefix' })),
  iso: Type.Optional(Type.String({ description: 'ISO15118-2 (default) or ISO15118-20' })),
  curve: Type.Optional(Type.String({ description: 'secp256r1, secp521r1 or ed448' })),
});

const EnrolQuery = Type.Object({
  xsdMsgDefNamespace: Type.Optional(Type.String()),
  caDomain: Type.Optional(Type.String({ description: 'OPNC: the authority' })),
  iso15118Version: Type.Optional(Type.String({ description: 'OPNC: the edition' })),
});

const ENROL_ERRORS = [
  { status: 400, message: 'The request is not base64 of a PKCS#10, is not signed by its key, or names another curve.' },
  { status: 403, message: 'The operator id is not the caller’s, or the common name is not registered.' },
] as const;

export const enrolmentOperations = [
  poolOperation({
    name: 'simpleEnroll',
    service: 'EST',
    method: 'POST',
    paths: [
      '/.well-known/{ca}/simpleenroll',
      '/.well-known/{ca}/simpleenroll/{iso}',
      '/.well-known/est/{ca}/simpleenroll/{iso}',
      '/.well-known/est/{ca}/simpleenroll',
      '/{ca}/simpleenroll/{iso}',
      '/{ca}/simpleenroll',
    ],
    opncPaths: ['/opnc/v1/pki/est/simpleenroll', '/est/simpleenroll'],
    summary: 'Get a certificate for a signing request',
    docs: 'The body is base64 of a PKCS#10 in DER, wrapped or not; PEM is accepted. The answer is a PKCS#7 with exactly the leaf, base64 in lines of 76 columns.',
    access: ACCESS,
    scope: 'pkigateway',
    ownership: 'operator',
    params: PathParams,
    paramForms: FORMS,
    query: EnrolQuery,
    request: { kind: 'pkcs10' },
    response: { status: 200, kind: 'pkcs7' },
    errors: ENROL_ERRORS,
  }),
  poolOperation({
    name: 'simpleReenroll',
    service: 'EST',
    method: 'POST',
    paths: [
      '/.well-known/{ca}/simplereenroll',
      '/.well-known/{ca}/simplereenroll/{iso}',
      '/.well-known/est/{ca}/simplereenroll',
      '/.well-known/est/{ca}/simplereenroll/{iso}',
    ],
    summary: 'Renew a certificate',
    docs: 'The still valid leaf authenticates as TLS client certificate; no token is asked for.',
    access: { kind: 'client-certificate' },
    params: PathParams,
    paramForms: FORMS,
    query: EnrolQuery,
    request: { kind: 'pkcs10' },
    response: { status: 200, kind: 'pkcs7' },
    errors: ENROL_ERRORS,
  }),
  poolOperation({
    name: 'caCerts',
    service: 'EST',
    method: 'GET',
    paths: [
      '/.well-known/{ca}/cacerts',
      '/.well-known/{ca}/cacerts/{iso}',
      '/.well-known/est/{ca}/cacerts',
      '/.well-known/est/{ca}/cacerts/{iso}',
      '/{ca}/cacerts/{iso}/{curve}',
      '/{ca}/cacerts/{iso}',
      '/{ca}/cacerts',
    ],
    opncPaths: ['/opnc/v1/pki/est/cacerts', '/est/cacerts'],
    summary: 'Certificates of an authority',
    docs: 'Sub-CA 2, sub-CA 1 and root, in this order, as PKCS#7.',
    access: ACCESS,
    scope: 'pkigateway',
    params: PathParams,
    paramForms: FORMS,
    query: EnrolQuery,
    request: { kind: 'none' },
    response: { status: 200, kind: 'pkcs7' },
    errors: [],
  }),
  poolOperation({
    name: 'revokeCertificate',
    service: 'EST',
    method: 'POST',
    paths: ['/pki/revokeCertificate'],
    opncPaths: ['/opnc/v1/pki/revokeCertificate'],
    summary: 'Revoke a certificate',
    docs: 'OPNC’s operation: a certificate that the environment issued to the caller.',
    access: { kind: 'callers', callers: ['OEM', 'CPO', 'MO_V2G_PKI', 'CPS', 'ADMIN'] },
    scope: 'pkigateway',
    request: {
      kind: 'json',
      schema: Type.Object({
        certificate: CertificateBase64,
        revocationReason: Type.Optional(Type.String({ maxLength: 40, description: 'A reason of RFC 5280' })),
      }),
      example: { certificate: 'MIIB', revocationReason: 'superseded' },
    },
    response: { status: 200, kind: 'none' },
    errors: [{ status: 404, message: 'The certificate was not issued here.' }],
  }),
] as const;
