import Type, { type Static } from 'typebox';
import {
  BASE64_PATTERN,
  CertificateBase64,
  Emaid,
  ExiBase64,
  Fingerprint,
  MetaData,
  Namespace,
  Pcid,
} from '../fields.ts';
import { callers, poolOperation } from '../operation.ts';

const GetRequest = Type.Object({
  certificateInstallationReq: ExiBase64,
  xsdMsgDefNamespace: Namespace,
  metadata: Type.Optional(MetaData),
});

const MessageDef = Type.Object({
  certificateInstallationRes: ExiBase64,
  emaid: Type.Optional(Type.String()),
  metaData: Type.Optional(Type.String()),
  cpsV2GRootCertificateFingerprint: Type.Optional(Type.String()),
});

/** For -2 exactly one element, the default contract; several only in -20. Also the body of a 404 that carries EXI. */
export const ContractPoolAnswer = Type.Object({
  CCPResponse: Type.Object({
    emaidContent: Type.Array(Type.Object({ messageDef: MessageDef }), { minItems: 1 }),
  }),
});

export type ContractPoolAnswer = Static<typeof ContractPoolAnswer>;

const AddRequest = Type.Object({
  xsdMsgDefNamespace: Namespace,
  emaid: Emaid,
  pcid: Pcid,
  signedContractDataXML: Type.String({ pattern: BASE64_PATTERN, maxLength: 90_000, description: 'XML, base64' }),
  metadata: Type.Optional(MetaData),
  cpsV2GRootCertificateFingerprint: Type.Optional(Fingerprint),
});

const ContractList = Type.Object({
  XMLContracts: Type.Array(
    Type.Object({
      pcid: Type.String(),
      emaid: Type.String(),
      xsdMsgDefNamespace: Type.Optional(Type.String()),
      contractCertificate: Type.Optional(CertificateBase64),
      defaultContract: Type.Optional(Type.Boolean()),
      priority: Type.Optional(Type.Number({ description: 'What stood there before defaultContract' })),
      certValidFrom: Type.Optional(Type.String()),
      certValidTo: Type.Optional(Type.String()),
      cpsRootCertificateDN: Type.Optional(Type.String()),
      cpsV2GRootCertificateFingerprint: Type.Optional(Type.String()),
    }),
  ),
});

export type AddSignedContractDataRequest = Static<typeof AddRequest>;

const NAMESPACE = 'urn:iso:15118:2:2013:MsgDef';
const EMAID_NOT_FOUND = { status: 404, message: 'The contract for the given EMAID not found.' };
const BAD_PCID = { status: 400, message: 'pcid : must match "^[a-zA-Z0-9]{17,18}$"' };
const LIST_EXAMPLE = { XMLContracts: [{ pcid: 'WMI12345671234567', emaid: 'DE8AAC12345678D', defaultContract: true }] };

export const contractPoolOperations = [
  poolOperation({
    name: 'getSignedContractData',
    service: 'CCP',
    method: 'POST',
    paths: ['/v1/ccp/signedContractData'],
    opncPaths: ['/opnc/v1/ccp/signedcontractdata'],
    summary: 'Answer a vehicle’s certificate request',
    docs: 'The request of the vehicle goes in as EXI and the answer for the vehicle comes out as EXI, in the vehicle’s session. With alwaysReturnEXI (the default) a 404 carries EXI with a FAILED code, otherwise an error body.',
    access: callers('CPO'),
    scope: 'ccpservice',
    headers: Type.Object({
      alwaysReturnEXI: Type.Optional(Type.String({ description: 'true (default) or false' })),
      broadcast: Type.Optional(Type.String()),
    }),
    request: {
      kind: 'json',
      schema: GetRequest,
      example: { certificateInstallationReq: 'gJgC', xsdMsgDefNamespace: NAMESPACE },
    },
    response: {
      status: 200,
      kind: 'json',
      schema: ContractPoolAnswer,
      example: {
        CCPResponse: {
          emaidContent: [{ messageDef: { certificateInstallationRes: 'gJgC', emaid: 'DE8AAC12345678D' } }],
        },
      },
    },
    errors: [
      { status: 400, message: 'EXI format is invalid!' },
      { status: 404, message: 'Contract or Vehicle not found.' },
    ],
  }),
  poolOperation({
    name: 'addSignedContractData',
    service: 'CCP',
    method: 'PUT',
    paths: ['/v1/ccp/signedContractData'],
    opncPaths: ['/opnc/v1/ccp/signedcontractdata'],
    summary: 'Store signed contract data',
    docs: 'From a provisioning service that the pool trusts.',
    access: callers('CPS'),
    scope: 'ccpservice',
    request: {
      kind: 'json',
      schema: AddRequest,
      example: {
        xsdMsgDefNamespace: NAMESPACE,
        emaid: 'DE8AAC12345678D',
        pcid: 'WMI12345671234567',
        signedContractDataXML: 'PD94bWw=',
      },
    },
    response: { status: 201, kind: 'none' },
    errors: [{ status: 400, message: 'The validUntil date of contract certificate is in the past.' }],
  }),
  poolOperation({
    name: 'deleteSignedContractData',
    service: 'CCP',
    method: 'DELETE',
    paths: ['/v1/ccp/signedContractData/{emaid}'],
    opncPaths: ['/opnc/v1/ccp/signedcontractdata/{emaid}'],
    summary: 'Delete and revoke a contract',
    docs: 'A certificate of the environment’s own CA is revoked first, and kept when that fails; with X-Skip-Revocation: true it is only deleted.',
    access: callers('MO_OWN_PKI', 'MO_V2G_PKI'),
    scope: 'ccpservice',
    ownership: 'emaid',
    params: Type.Object({ emaid: Emaid }),
    query: Type.Object({
      cpsV2GRootCertificateFingerprint: Type.Optional(Type.String()),
      xsdMsgDefNamespace: Type.Optional(Type.String()),
    }),
    headers: Type.Object({
      'X-Skip-Revocation': Type.Optional(Type.String({ description: 'true or false (default)' })),
    }),
    request: { kind: 'none' },
    response: { status: 200, kind: 'none' },
    errors: [EMAID_NOT_FOUND],
  }),
  poolOperation({
    name: 'provideSignedContractData',
    service: 'CCP',
    method: 'GET',
    paths: ['/v1/ccp/provideSignedContractData/{emaid}/{pcid}'],
    opncPaths: ['/opnc/v1/ccp/signedcontractdata/{emaid}/{pcid}'],
    summary: 'Contract data for the OEM',
    docs: 'For an OEM that brings the contract into the vehicle by its own way. Without a session id the session is 00.',
    access: callers('OEM'),
    scope: 'ccpservice',
    ownership: 'pcid',
    params: Type.Object({ emaid: Emaid, pcid: Pcid }),
    query: Type.Object({
      sessionID: Type.Optional(Type.String({ description: 'Hex, at most 8 octets' })),
      xsdMsgDefNamespace: Type.Optional(Type.String()),
      cpsV2GRootCertificateFingerprint: Type.Optional(Type.String()),
    }),
    request: { kind: 'none' },
    response: {
      status: 200,
      kind: 'json',
      schema: Type.Object({
        certificateInstallationRes: ExiBase64,
        xsdMsgDefNamespace: Type.Optional(Type.String()),
        cpsV2GRootCertificateFingerprint: Type.Optional(Type.String()),
      }),
      example: { certificateInstallationRes: 'gJgC', xsdMsgDefNamespace: NAMESPACE },
    },
    errors: [
      { status: 400, message: 'Invalid SessionID format, …' },
      { status: 404, message: 'Contract or Vehicle not found.' },
    ],
  }),
  poolOperation({
    name: 'setDefaultContract',
    service: 'CCP',
    method: 'POST',
    paths: ['/v1/ccp/signedContractData/{pcid}/{emaid}/default'],
    opncPaths: ['/opnc/v1/ccp/signedcontractdata/{emaid}/{pcid}/setdefault'],
    summary: 'Choose the contract that a station delivers',
    docs: 'The first contract of a vehicle is the default by itself; when the default is deleted, none takes its place.',
    access: callers('OEM'),
    scope: 'ccpservice',
    ownership: 'pcid',
    params: Type.Object({ pcid: Pcid, emaid: Emaid }),
    request: { kind: 'none' },
    response: { status: 200, kind: 'none' },
    errors: [{ status: 404, message: 'Contract or Vehicle not found.' }],
  }),
  poolOperation({
    name: 'lookupContract',
    service: 'CCP',
    method: 'GET',
    paths: ['/v1/ccp/lookupContract/{emaid}'],
    opncPaths: ['/opnc/v1/ccp/contractData/emaid/{emaid}'],
    summary: 'Contracts of an EMAID',
    docs: 'For the mobility operator. (The published security block says OEM and CPO; the published matrix is followed.)',
    access: callers('MO_OWN_PKI', 'MO_V2G_PKI'),
    scope: 'ccpservice',
    ownership: 'emaid',
    params: Type.Object({ emaid: Emaid }),
    request: { kind: 'none' },
    response: { status: 200, kind: 'json', schema: ContractList, example: LIST_EXAMPLE },
    errors: [EMAID_NOT_FOUND],
  }),
  poolOperation({
    name: 'getContracts',
    service: 'CCP',
    method: 'GET',
    paths: ['/v1/ccp/signedContractData/{pcid}'],
    opncPaths: ['/opnc/v1/ccp/contractData/pcid/{pcid}'],
    summary: 'Contracts of a vehicle',
    docs: 'For the OEM. The same path with DELETE means an EMAID.',
    access: callers('OEM'),
    scope: 'ccpservice',
    ownership: 'pcid',
    params: Type.Object({ pcid: Pcid }),
    request: { kind: 'none' },
    response: { status: 200, kind: 'json', schema: ContractList, example: LIST_EXAMPLE },
    errors: [BAD_PCID, { status: 404, message: 'Contract or Vehicle not found.' }],
  }),
] as const;
