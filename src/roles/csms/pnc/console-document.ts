import Type from 'typebox';
import { systemEntropy } from '../../../core/entropy.ts';
import { CompoteError } from '../../../core/errors.ts';
import { demandPoolValue } from '../../../link/pool-client.ts';
import { tokenRow } from '../../../link/pool-console.ts';
import { consoleRoutes } from '../../../platform/http/console-routes.ts';
import { type ApiDocument, type Route, route } from '../../../platform/http/route.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import {
  createSigningRequest,
  EcPrivateKey,
  type OcspRequestData,
  readCertificate,
  toPem,
  toPemChain,
} from '../../../protocols/iso15118/index.ts';
import { PNC_VENDOR } from '../../../protocols/ocpp/pnc-transfer.ts';
import { isV2 } from '../../../protocols/ocpp/versions.ts';
import { POOL } from '../../../protocols/opcp/index.ts';
import type { Csms } from '../csms.ts';
import type { CertificateSigner } from './certificate-signer.ts';
import type { Pnc } from './index.ts';

const Entry = Type.Record(Type.String(), Type.Unknown());
const Station = Type.Object({ id: Type.String({ description: 'Identity of the station.' }) });
const NAMESPACE = 'urn:iso:15118:2:2013:MsgDef';
const HASH = { hashAlgorithm: oneOf(['SHA256', 'SHA384', 'SHA512']) };

const HashData = Type.Object({
  ...HASH,
  issuerNameHash: Type.String({ maxLength: 128 }),
  issuerKeyHash: Type.String({ maxLength: 128 }),
  serialNumber: Type.String({ maxLength: 40 }),
});

/** Documented at `/pnc_api/docs`: everything that a charge point operator does with a Plug & Charge environment. */
export function pncConsole(csms: Csms, pnc: Pnc | undefined, signer: CertificateSigner | undefined): ApiDocument {
  const demand = (): Pnc => {
    if (pnc !== undefined) return pnc;
    throw new CompoteError('NOT_AVAILABLE', {
      detail: 'the CSMS works with no Plug & Charge environment',
      hint: 'Start the trust service, or give csms.pnc.url.',
    });
  };
  return {
    title: 'Plug & Charge console of the CSMS',
    description:
      'Every operation of a charge point operator at a Plug & Charge environment, and at the certificates of its stations.',
    prefix: '/pnc_api',
    docsPath: '/pnc_api/docs',
    tags: [
      { name: 'Token', description: 'Access to the pools.' },
      { name: 'Pools', description: 'Roots, enrolment, contract data, status.' },
      { name: 'Stations', description: 'Certificates of a station; 1.6 in DataTransfer, 2.x native.' },
    ],
    routes: [
      ...consoleRoutes([tokenRow(() => demand().client)]),
      ...poolRoutes(demand, signer),
      ...stationRoutes(csms, demand),
    ],
  };
}

function poolRoutes(demand: () => Pnc, signer: CertificateSigner | undefined): Route[] {
  return [
    route({
      method: 'GET',
      path: '/root-certificates',
      summary: 'Roots of the root pool',
      tags: ['Pools'],
      query: Type.Object({ rootType: Type.Optional(oneOf(['mo', 'v2g', 'oem'])) }),
      response: Type.Object({ roots: Type.Array(Entry) }),
      problems: ['PEER_UNREACHABLE', 'NOT_AVAILABLE'],
      handler: async ({ query: { rootType } }) => {
        const answer = demandPoolValue(
          await demand().client.call(POOL.getAllRootCerts, rootType === undefined ? {} : { query: { rootType } }),
        );
        return {
          roots: answer.RootCertificateCollection.rootCertificates.map((root) => ({
            ...root,
            pem: toPem('CERTIFICATE', new Uint8Array(Buffer.from(root.caCertificate, 'base64'))),
          })),
        };
      },
    }),
    route({
      method: 'GET',
      path: '/ca-certificates',
      summary: 'Chain of the authority that issues station certificates, as PEM',
      tags: ['Pools'],
      response: Type.Object({ chainPem: Type.String() }),
      problems: ['PEER_UNREACHABLE', 'NOT_AVAILABLE'],
      handler: async () => ({
        chainPem: toPemChain(
          demandPoolValue(
            await demand().client.call(POOL.caCerts, { params: { ca: 'cpo' }, path: '/.well-known/{ca}/cacerts' }),
          ),
        ),
      }),
    }),
    route({
      method: 'POST',
      path: '/enroll',
      summary: 'Enrol a signing request: leaf and sub-CAs as PEM',
      tags: ['Pools'],
      body: Type.Object({ csr: Type.String({ maxLength: 20_000, description: 'PKCS#10 as PEM or base64.' }) }),
      response: Type.Object({ certificateChain: Type.String() }),
      problems: ['CONFLICT', 'NOT_AVAILABLE'],
      handler: async ({ body: { csr } }) => {
        demand();
        const chain = await signer?.enrol(csr);
        if (chain?.ok === true) return { certificateChain: chain.pem };
        throw new CompoteError('CONFLICT', { detail: chain?.problem ?? 'nothing signs here' });
      },
    }),
    route({
      method: 'POST',
      path: '/csms-certificate',
      summary: 'A key and a certificate for the CSMS itself; the key is told once and kept nowhere',
      tags: ['Pools'],
      body: Type.Object({
        commonName: Type.String({ minLength: 1, maxLength: 64, default: 'CSMS' }),
        organization: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
      }),
      response: Type.Object({ csr: Type.String(), keyPem: Type.String(), certificateChain: Type.String() }),
      problems: ['CONFLICT', 'NOT_AVAILABLE'],
      handler: async ({ body: { commonName, organization = 'Compote' } }) => {
        demand();
        const key = EcPrivateKey.generate('secp256r1', systemEntropy);
        const subject = [
          { type: 'O', value: organization },
          { type: 'CN', value: commonName },
        ];
        const csr = toPem('CERTIFICATE REQUEST', createSigningRequest(subject, key));
        const chain = await signer?.enrol(csr);
        if (chain?.ok === true) return { csr, keyPem: key.exportPem(), certificateChain: chain.pem };
        throw new CompoteError('CONFLICT', { detail: chain?.problem ?? 'nothing signs here' });
      },
    }),
    route({
      method: 'POST',
      path: '/contract-data',
      summary: 'Get signed contract data for a vehicle’s request',
      tags: ['Pools'],
      body: Type.Object({
        exiRequest: Type.String({ minLength: 1, maxLength: 43_692, description: 'EXI, base64.' }),
        schemaVersion: Type.Optional(Type.String({ default: NAMESPACE, description: 'As OCPP or the pools name it.' })),
      }),
      response: Type.Object({ exiResponse: Type.String(), refusal: Type.Optional(Type.String()) }),
      problems: ['CONFLICT', 'PEER_UNREACHABLE', 'NOT_AVAILABLE'],
      handler: async ({ body: { exiRequest, schemaVersion = NAMESPACE } }) => {
        const { exi, text } = await demand().plugAndCharge.contractData(exiRequest, schemaVersion);
        if (exi === undefined) throw new CompoteError('CONFLICT', { detail: text });
        return { exiResponse: exi, ...(text === '' ? {} : { refusal: text }) };
      },
    }),
    route({
      method: 'POST',
      path: '/ocsp',
      summary: 'Ask an OCSP responder that the configuration allows',
      tags: ['Pools'],
      body: Type.Interface([HashData], { responderURL: Type.String({ maxLength: 512 }) }),
      response: Entry,
      problems: ['CONFLICT', 'NOT_AVAILABLE'],
      handler: async ({ body }) => {
        const answer = await demand().status.ofHash(body as OcspRequestData, false);
        if (!answer.ok) throw new CompoteError('CONFLICT', { detail: answer.problem });
        return { ...answer.state, ocspResult: Buffer.from(answer.der).toString('base64') };
      },
    }),
  ];
}

/** A command about certificates in the words of the station's version. */
function stationRoutes(csms: Csms, demand: () => Pnc): Route[] {
  const send = async (station: string, action: string, payload: object): Promise<Record<string, unknown>> => {
    const session = csms.sessions.get(station);
    if (session === undefined) throw new CompoteError('STATION_NOT_CONNECTED', { detail: station });
    const wrapped = !isV2(session.version);
    const [outer, body] = wrapped
      ? (['DataTransfer', { vendorId: PNC_VENDOR, messageId: action, data: JSON.stringify(payload) }] as const)
      : ([action, payload] as const);
    const { outcome } = await csms.commandAsync(station, outer, body, { origin: 'user' });
    if (outcome.kind !== 'result') {
      throw new CompoteError('CONFLICT', { detail: `${station} did not answer ${outer}: ${outcome.kind}` });
    }
    const answer = outcome.message.payload as Record<string, unknown>;
    if (!wrapped) return answer;
    const { status, data } = answer;
    if (status !== 'Accepted' || typeof data !== 'string') return { transfer: status };
    return JSON.parse(data) as Record<string, unknown>;
  };
  return [
    route({
      method: 'POST',
      path: '/stations/{id}/trigger',
      summary: 'Ask a station for a signing request of its ISO 15118 certificate',
      tags: ['Stations'],
      params: Station,
      response: Entry,
      problems: ['STATION_NOT_CONNECTED', 'CONFLICT'],
      handler: ({ params: { id } }) => {
        const isOld = csms.sessions.get(id)?.version === '1.6';
        // The note's table has no field in it; its figure has one. Nothing is the safer reading.
        return send(id, 'TriggerMessage', isOld ? {} : { requestedMessage: 'SignV2GCertificate' });
      },
    }),
    route({
      method: 'POST',
      path: '/stations/{id}/roots',
      summary: 'Install the roots of the root pool at a station',
      tags: ['Stations'],
      params: Station,
      response: Type.Object({ installed: Type.Array(Entry) }),
      problems: ['STATION_NOT_CONNECTED', 'CONFLICT', 'NOT_AVAILABLE'],
      handler: async ({ params: { id } }) => {
        const answer = demandPoolValue(await demand().client.call(POOL.getAllRootCerts, {}));
        const installed: Record<string, unknown>[] = [];
        for (const { rootType, caCertificate, commonName } of answer.RootCertificateCollection.rootCertificates) {
          if (rootType !== 'V2G' && rootType !== 'MO') continue;
          const certificate = toPem('CERTIFICATE', readCertificate(caCertificate).der);
          const certificateType = rootType === 'V2G' ? 'V2GRootCertificate' : 'MORootCertificate';
          const { status } = await send(id, 'InstallCertificate', { certificateType, certificate });
          installed.push({ certificateType, commonName, status });
        }
        return { installed };
      },
    }),
    route({
      method: 'GET',
      path: '/stations/{id}/installed-certificates',
      summary: 'What a station has installed',
      tags: ['Stations'],
      params: Station,
      response: Entry,
      problems: ['STATION_NOT_CONNECTED', 'CONFLICT'],
      handler: ({ params: { id } }) => send(id, 'GetInstalledCertificateIds', {}),
    }),
    route({
      method: 'POST',
      path: '/stations/{id}/delete-certificate',
      summary: 'Delete a certificate of a station, by the hash data that the station reported',
      tags: ['Stations'],
      params: Station,
      body: HashData,
      response: Entry,
      problems: ['STATION_NOT_CONNECTED', 'CONFLICT'],
      handler: ({ params: { id }, body }) => send(id, 'DeleteCertificate', { certificateHashData: body }),
    }),
  ];
}
