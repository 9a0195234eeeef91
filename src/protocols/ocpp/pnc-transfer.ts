import Type, { type Static, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { parseJson } from '../../core/json.ts';

/**
 * ISO 15118 Plug & Charge over DataTransfer of OCPP 1.6 (application note of the Open Charge Alliance, version 1.0): the
 * inner messages as JSON text in `data`. What stations in the field add to them is taken: full 2.0.1 shapes, an
 * `idToken` with `type`, a `certificateType` in SignCertificate.
 */
export const PNC_VENDOR = 'org.openchargealliance.iso15118pnc';

const text = (maxLength: number) => Type.String({ maxLength });

const HashData = Type.Object({
  hashAlgorithm: Type.Union([Type.Literal('SHA256'), Type.Literal('SHA384'), Type.Literal('SHA512')]),
  issuerNameHash: text(128),
  issuerKeyHash: text(128),
  serialNumber: text(40),
});

const OcspRequestData = Type.Interface([HashData], { responderURL: text(512) });

/** Requests of the station, by inner message id. */
export const PNC_FROM_STATION = {
  Authorize: Type.Object({
    certificate: Type.Optional(text(5_500)),
    // A bare text in a few stations.
    idToken: Type.Union([Type.Object({ idToken: text(36), type: Type.Optional(Type.String()) }), text(36)]),
    iso15118CertificateHashData: Type.Optional(Type.Array(OcspRequestData, { maxItems: 4 })),
  }),
  SignCertificate: Type.Object({ csr: text(5_500), certificateType: Type.Optional(Type.String()) }),
  Get15118EVCertificate: Type.Object({
    iso15118SchemaVersion: text(50),
    action: Type.Union([Type.Literal('Install'), Type.Literal('Update')]),
    exiRequest: text(5_600),
  }),
  GetCertificateStatus: Type.Object({ ocspRequestData: OcspRequestData }),
} as const satisfies Record<string, TSchema>;

const RootType = Type.Union([Type.Literal('V2GRootCertificate'), Type.Literal('MORootCertificate')]);

/** Requests of the CSMS. */
export const PNC_FROM_CSMS = {
  CertificateSigned: Type.Object({ certificateChain: text(10_000) }),
  DeleteCertificate: Type.Object({ certificateHashData: HashData }),
  GetInstalledCertificateIds: Type.Object({
    certificateType: Type.Optional(Type.Array(Type.Union([...RootType.anyOf, Type.Literal('V2GCertificateChain')]))),
  }),
  InstallCertificate: Type.Object({ certificateType: RootType, certificate: text(5_500) }),
  TriggerMessage: Type.Object({ requestedMessage: Type.Optional(Type.String()) }),
} as const satisfies Record<string, TSchema>;

export type PncFromStation = { [Name in keyof typeof PNC_FROM_STATION]: Static<(typeof PNC_FROM_STATION)[Name]> };
export type PncFromCsms = { [Name in keyof typeof PNC_FROM_CSMS]: Static<(typeof PNC_FROM_CSMS)[Name]> };

/** What came in: a message, or the DataTransfer status that says what was wrong with it. */
export type PncReading<Messages> =
  | { [Name in keyof Messages]: { readonly name: Name; readonly message: Messages[Name] } }[keyof Messages]
  | { readonly name: undefined; readonly status: 'UnknownMessageId' | 'Rejected'; readonly problem: string };

function reader<Messages>(table: Readonly<Record<string, TSchema>>) {
  const compiled = new Map<string, ReturnType<typeof Compile>>();
  return (messageId: string | undefined, data: unknown): PncReading<Messages> => {
    const schema = messageId !== undefined && Object.hasOwn(table, messageId) ? table[messageId] : undefined;
    if (messageId === undefined || schema === undefined) {
      const problem = `${messageId ?? 'no message id'} is no message of this vendor for this direction`;
      return { name: undefined, status: 'UnknownMessageId', problem };
    }
    let message: unknown;
    try {
      // The note wants JSON text; a few stations put the object itself there.
      message = typeof data === 'string' ? parseJson(data) : data;
    } catch {
      return { name: undefined, status: 'Rejected', problem: `The data of ${messageId} are not JSON` };
    }
    let check = compiled.get(messageId);
    if (check === undefined) {
      check = Compile(schema);
      compiled.set(messageId, check);
    }
    if (!check.Check(message)) {
      const [error] = check.Errors(message);
      const where = error === undefined ? '' : `: ${error.instancePath || '/'} ${error.message}`;
      return { name: undefined, status: 'Rejected', problem: `The data of ${messageId} do not fit${where}` };
    }
    return { name: messageId, message } as PncReading<Messages>;
  };
}

/** Makes the reader of what stations send. */
export function pncFromStation(): (messageId: string | undefined, data: unknown) => PncReading<PncFromStation> {
  return reader<PncFromStation>(PNC_FROM_STATION);
}

/** Makes the reader of what a CSMS sends. */
export function pncFromCsms(): (messageId: string | undefined, data: unknown) => PncReading<PncFromCsms> {
  return reader<PncFromCsms>(PNC_FROM_CSMS);
}
