import Type from 'typebox';
import { isV2, type OcppVersion } from '../../../protocols/ocpp/versions.ts';
import { call, command, wrong } from './command.ts';

/** Names of 1.6 and 2.x for the same use of a certificate. */
const IN_2X: Readonly<Record<string, string>> = { CentralSystemRootCertificate: 'CSMSRootCertificate' };
const IN_16: Readonly<Record<string, string>> = { CSMSRootCertificate: 'CentralSystemRootCertificate' };

const useIn = (version: OcppVersion, use: string): string => (isV2(version) ? IN_2X : IN_16)[use] ?? use;

const use = Type.String({
  minLength: 1,
  description: 'CSMSRootCertificate, ManufacturerRootCertificate, V2GRootCertificate, MORootCertificate …',
});

/** Whitepaper M03, 2.x M03. */
export const getCertificates = command({
  name: 'get-certificates',
  summary: 'Ask which certificates are installed',
  bodyOptional: true,
  body: Type.Object({ uses: Type.Optional(Type.Array(use, { minItems: 1 })) }, { additionalProperties: false }),
  translate({ uses }, { version }) {
    const named = uses?.map((each) => useIn(version, each));
    if (isV2(version)) return call('GetInstalledCertificateIds', { certificateType: named });
    // 1.6 asks for one use at a time.
    if (named === undefined) throw wrong('/uses', 'is needed in OCPP 1.6');
    return named.map((certificateType) => call('GetInstalledCertificateIds', { certificateType }));
  },
});

/** Whitepaper M05, 2.x M05. */
export const installCertificate = command({
  name: 'install-certificate',
  summary: 'Install a root certificate',
  body: Type.Object(
    { use, certificate: Type.String({ minLength: 1, description: 'PEM.' }) },
    { additionalProperties: false },
  ),
  translate: (input, { version }) =>
    call('InstallCertificate', { certificateType: useIn(version, input.use), certificate: input.certificate }),
});

/** Whitepaper M04, 2.x M04. */
export const deleteCertificate = command({
  name: 'delete-certificate',
  summary: 'Delete a certificate',
  body: Type.Object(
    {
      hashAlgorithm: Type.String({ description: 'SHA256, SHA384 or SHA512.' }),
      issuerNameHash: Type.String(),
      issuerKeyHash: Type.String(),
      serialNumber: Type.String(),
    },
    { additionalProperties: false },
  ),
  translate: (certificateHashData) => call('DeleteCertificate', { certificateHashData }),
});
