import Type from 'typebox';
import type { Station } from '../station.ts';
import { act, type CommandRow, evseId, evseOf, None, type Of } from './row.ts';

const RequestContract = Type.Object(
  {
    evseId,
    exiRequest: Type.String({ minLength: 1, maxLength: 43_692, description: 'EXI of the vehicle, base64' }),
    action: Type.Optional(Type.Union([Type.Literal('Install'), Type.Literal('Update')])),
    schemaVersion: Type.Optional(Type.String({ maxLength: 50, description: 'ISO 15118-2 when absent' })),
  },
  { additionalProperties: false },
);
const ShowContract = Type.Object(
  {
    evseId,
    emaid: Type.String({ minLength: 14, maxLength: 20 }),
    chainPem: Type.String({ maxLength: 40_000, description: 'Contract certificate with sub-CAs, leaf first' }),
  },
  { additionalProperties: false },
);

/** What a vehicle of ISO 15118 wants from its station. */
export const VEHICLE_COMMANDS = {
  'request-contract': {
    summary: 'A vehicle asks for its contract (CertificateInstallationReq); the answer stands in `vehicleAnswer`',
    params: RequestContract,
    run: (station: Station, p: Of<typeof RequestContract>) =>
      act(station, (_core, { side }) => {
        const evse = evseOf(station, p.evseId ?? 1);
        side.relay.answers.delete(evse.id);
        side.relayCertificateRequest(evse, {
          iso15118SchemaVersion: p.schemaVersion ?? 'urn:iso:15118:2:2013:MsgDef',
          action: p.action ?? 'Install',
          exiRequest: p.exiRequest,
        });
      }),
  },
  'show-contract': {
    summary: 'A vehicle shows its contract certificate: Plug & Charge instead of a card',
    params: ShowContract,
    run: (station: Station, p: Of<typeof ShowContract>) =>
      act(station, (_core, { side }) =>
        side.showContract(evseOf(station, p.evseId ?? 1), { emaid: p.emaid, chainPem: p.chainPem }),
      ),
  },
  'sign-v2g': {
    summary: 'The station asks for its ISO 15118 certificate with a fresh key',
    params: None,
    run: (station: Station) => act(station, (_core, { side }) => void side.requestV2gCertificate()),
  },
} as const satisfies Record<string, CommandRow>;
