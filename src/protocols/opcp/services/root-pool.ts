import Type, { type Static } from 'typebox';
import { CertificateBase64, Instant, oneOf, Uuid } from '../fields.ts';
import { callers, poolOperation } from '../operation.ts';

export const ROOT_TYPES = ['V2G', 'MO', 'OEM', 'PE'] as const;

const RootType = oneOf(ROOT_TYPES);

/** Old services leave most members out: a client may rely on certificate and type only. */
export const RootCertificate = Type.Object({
  rootCertificateId: Type.Optional(Uuid),
  distinguishedName: Type.Optional(Type.String()),
  rootType: RootType,
  caCertificate: CertificateBase64,
  commonName: Type.Optional(Type.String()),
  rootAuthorityKeyIdentifier: Type.Optional(Type.String({ description: 'Base64' })),
  rootAuthorityKeyIdentifierHex: Type.Optional(Type.String()),
  rootIssuerSerialNumber: Type.Optional(Type.String({ description: 'Hex without leading zeros' })),
  validFrom: Type.Optional(Instant),
  validTo: Type.Optional(Instant),
  organizationName: Type.Optional(Type.String()),
  certificateRevocationList: Type.Optional(Type.String()),
  crossCertificatePair: Type.Optional(Type.String()),
  labeledUri: Type.Optional(Type.String()),
  fingerprint: Type.Optional(Type.String({ description: 'SHA-256 over the DER, hex' })),
  fingerprintSha1: Type.Optional(Type.String()),
  xsdMsgDefNamespace: Type.Optional(Type.String()),
  signatureAlgorithm: Type.Optional(Type.String({ description: 'secp256r1, secp521r1 or ed448' })),
});

export type RootCertificate = Static<typeof RootCertificate>;

const ANYBODY = callers('OEM', 'CPO', 'MO_OWN_PKI', 'MO_V2G_PKI', 'CPS', 'ADMIN');
const NOT_FOUND = { status: 404, message: 'Root certificate with the given ID is not found' };
const EXAMPLE = { rootType: 'V2G', caCertificate: 'MIIB', commonName: 'V2G Root' };

export const rootPoolOperations = [
  poolOperation({
    name: 'getAllRootCerts',
    service: 'RCP',
    method: 'GET',
    paths: ['/v1/root/rootCerts'],
    opncPaths: ['/opnc/v1/rcp/rootcertificates'],
    summary: 'All root certificates',
    docs: 'Optionally of one type: lower case in the query, upper case in the answer.',
    access: ANYBODY,
    scope: 'rcpservice',
    query: Type.Object({ rootType: Type.Optional(Type.String({ description: 'mo, v2g or oem' })) }),
    request: { kind: 'none' },
    response: {
      status: 200,
      kind: 'json',
      schema: Type.Object({
        RootCertificateCollection: Type.Object({ rootCertificates: Type.Array(RootCertificate) }),
      }),
      example: { RootCertificateCollection: { rootCertificates: [EXAMPLE] } },
    },
    errors: [],
  }),
  poolOperation({
    name: 'getRootCert',
    service: 'RCP',
    method: 'GET',
    paths: ['/v1/root/rootCerts/{rootCertificateId}'],
    opncPaths: ['/opnc/v1/rcp/rootcertificates/{rootCertificateId}'],
    summary: 'One root certificate',
    docs: 'By the identifier under which the pool keeps it.',
    access: ANYBODY,
    scope: 'rcpservice',
    params: Type.Object({ rootCertificateId: Uuid }),
    request: { kind: 'none' },
    response: {
      status: 200,
      kind: 'json',
      schema: Type.Object({ RootResponse: RootCertificate }),
      example: { RootResponse: EXAMPLE },
    },
    errors: [NOT_FOUND],
  }),
  poolOperation({
    name: 'saveRootCa',
    service: 'RCP',
    method: 'PUT',
    paths: ['/v1/root/rootCerts'],
    opncPaths: ['/opnc/v1/rcp/rootcertificates'],
    summary: 'Add a root certificate',
    docs: 'For the administrator. Subscribers of root.cert.added are told.',
    access: callers('ADMIN'),
    scope: 'rcpservice',
    request: {
      kind: 'json',
      schema: Type.Object({ caCertificate: CertificateBase64, rootType: RootType }),
      example: { caCertificate: 'MIIB', rootType: 'V2G' },
    },
    response: { status: 200, kind: 'none' },
    errors: [{ status: 400, message: 'Invalid certificate format on caCertificate' }],
  }),
  poolOperation({
    name: 'deleteRootCa',
    service: 'RCP',
    method: 'DELETE',
    paths: ['/v1/root/rootCerts/{rootCertificateId}'],
    opncPaths: ['/opnc/v1/rcp/rootcertificates/{rootCertificateId}'],
    summary: 'Remove a root certificate',
    docs: 'For the administrator. Everybody is told; provisioning certificates and contracts below it stay.',
    access: callers('ADMIN'),
    scope: 'rcpservice',
    params: Type.Object({ rootCertificateId: Uuid }),
    request: { kind: 'none' },
    response: { status: 200, kind: 'none' },
    errors: [NOT_FOUND],
  }),
  poolOperation({
    name: 'getTrustList',
    service: 'RCP',
    method: 'GET',
    paths: ['/v1/root/ctl'],
    summary: 'Certificate trust list',
    docs: 'A placeholder of the published interface; 404 unless a list is configured.',
    access: ANYBODY,
    scope: 'rcpservice',
    request: { kind: 'none' },
    response: {
      status: 200,
      kind: 'json',
      schema: Type.Object({ signerCertificate: Type.String(), timeStamp: Type.String(), CTL: Type.String() }),
      example: { signerCertificate: 'MIIB', timeStamp: '2026-03-01T00:00:00Z', CTL: 'MIIB' },
    },
    errors: [{ status: 404, message: 'There is no certificate trust list.' }],
  }),
] as const;
