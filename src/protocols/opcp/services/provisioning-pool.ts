import Type, { type Static } from 'typebox';
import { BroadcastHeader, CertificateBase64, Namespace, Pcid } from '../fields.ts';
import { callers, poolOperation } from '../operation.ts';

/** What an OEM stores for a vehicle. Members of the 2018 interface beyond these are accepted and ignored. */
export const ProvisioningCertificate = Type.Object({
  subCA1Certificate: CertificateBase64,
  subCA2Certificate: Type.Optional(CertificateBase64),
  vehicleCertificate: CertificateBase64,
  xsdMsgDefNamespace: Type.Optional(Namespace),
  v2gRootAuthorityKeyIdentifiers: Type.Optional(
    Type.Array(Type.String({ maxLength: 200 }), { maxItems: 50, description: 'Hex with colons' }),
  ),
  previousPcid: Type.Optional(Type.String({ maxLength: 40 })),
});

export type ProvisioningCertificate = Static<typeof ProvisioningCertificate>;

const StoredProvisioningCertificate = Type.Interface([ProvisioningCertificate], {
  rootIssuerDistinguishedName: Type.Optional(Type.String()),
  rootIssuerSerialNumber: Type.Optional(Type.String({ description: 'Hex in lower case' })),
  rootAuthorityKeyIdentifier: Type.Optional(Type.String()),
  fingerprint: Type.Optional(Type.String()),
});

const PcidParams = Type.Object({ pcid: Pcid });
const READERS = callers('OEM', 'MO_OWN_PKI', 'MO_V2G_PKI', 'CPS');
const NOT_FOUND = { status: 404, message: 'The OEM provisioning certificate with given PCID is not found.' };
const BAD_PCID = { status: 400, message: 'pcid : must match "^[a-zA-Z0-9]{17,18}$"' };
const EXAMPLE = { subCA1Certificate: 'MIIB', subCA2Certificate: 'MIIB', vehicleCertificate: 'MIIB' };

export const provisioningPoolOperations = [
  poolOperation({
    name: 'addOemProvCert',
    service: 'PCP',
    method: 'PUT',
    paths: ['/v1/oem/provCerts'],
    opncPaths: ['/opnc/v1/pcp/provisioningcertificates'],
    summary: 'Store a provisioning certificate',
    docs: 'Checked in this order, and the first failure is answered: manufacturer id of the common name, end of validity of every certificate, revocation of every certificate, chain to an OEM or V2G root of the pool. The PCID is the common name. The same PCID overwrites; a new key drops the contracts of the PCID.',
    access: callers('OEM'),
    scope: 'pcpservice',
    ownership: 'pcid',
    request: { kind: 'json', schema: ProvisioningCertificate, example: EXAMPLE },
    response: { status: 200, kind: 'json', schema: ProvisioningCertificate, example: EXAMPLE },
    errors: [
      { status: 400, message: 'Invalid certificate format on vehicleCertificate' },
      { status: 400, message: 'Invalid certificate format on subCa2Certificate' },
      { status: 400, message: 'Invalid certificate format on subCa1Certificate' },
    ],
  }),
  poolOperation({
    name: 'getOEMProvCert',
    service: 'PCP',
    method: 'GET',
    paths: ['/v1/oem/provCerts/{pcid}'],
    opncPaths: ['/opnc/v1/pcp/provisioningcertificates/{pcid}'],
    summary: 'Provisioning certificate of a vehicle',
    docs: 'Revocation and chain are checked again before it is handed out.',
    access: READERS,
    scope: 'pcpservice',
    params: PcidParams,
    query: Type.Object({ signatureAlgorithm: Type.Optional(Type.String()) }),
    headers: BroadcastHeader,
    request: { kind: 'none' },
    response: {
      status: 200,
      kind: 'json',
      schema: Type.Object({ OEMMessage: StoredProvisioningCertificate }),
      example: {
        OEMMessage: { ...EXAMPLE, rootIssuerDistinguishedName: 'CN=OEM Root,O=Demo', rootIssuerSerialNumber: '1a2b' },
      },
    },
    errors: [BAD_PCID, NOT_FOUND],
  }),
  poolOperation({
    name: 'lookupVehicle',
    service: 'PCP',
    method: 'GET',
    paths: ['/v1/oem/provCerts/lookupVehicle/{pcid}'],
    opncPaths: ['/opnc/v1/pcp/lookupvehicle/{pcid}'],
    summary: 'Whether the pool knows a vehicle',
    docs: 'An empty 200 or a 404.',
    access: READERS,
    scope: 'pcpservice',
    params: PcidParams,
    request: { kind: 'none' },
    response: { status: 200, kind: 'none' },
    errors: [BAD_PCID, NOT_FOUND],
  }),
  poolOperation({
    name: 'deleteOemProvCert',
    service: 'PCP',
    method: 'DELETE',
    paths: ['/v1/oem/provCerts/{pcid}'],
    opncPaths: ['/opnc/v1/pcp/provisioningcertificates/{pcid}'],
    summary: 'Remove a provisioning certificate',
    docs: 'All contracts of the PCID leave the contract pool, those issued by the environment are revoked, and subscribers of mo.prov.cert.deleted are told.',
    access: callers('OEM'),
    scope: 'pcpservice',
    ownership: 'pcid',
    params: PcidParams,
    request: { kind: 'none' },
    response: { status: 200, kind: 'none' },
    errors: [BAD_PCID, NOT_FOUND],
  }),
] as const;
