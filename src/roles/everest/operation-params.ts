import Type from 'typebox';
import { oneOf } from '../../platform/schema/words.ts';
import { BOARD_ERRORS } from '../../protocols/everest/board-errors.ts';

/** What each operation takes: for REST, its documentation and the forms of the UI. */
export const None = Type.Object({}, { additionalProperties: false });
const closed = <P extends Parameters<typeof Type.Object>[0]>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });
const currentA = Type.Number({ minimum: 0, maximum: 500, default: 16, description: 'The car’s own maximum, A.' });
const phases = oneOf([1, 3], { default: 3 });

export const Authorize = closed({
  idToken: Type.String({ minLength: 1, maxLength: 36, default: 'DEADBEEF' }),
  type: oneOf(['Central', 'eMAID', 'MacAddress', 'ISO14443', 'ISO15693', 'KeyCode', 'Local', 'NoAuthorization'], {
    default: 'ISO14443',
  }),
  authorizationType: oneOf(['OCPP', 'RFID', 'Autocharge', 'PlugAndCharge', 'BankCard'], { default: 'RFID' }),
  prevalidated: Type.Boolean({ default: false, description: 'EVerest asks nobody.' }),
  anyConnector: Type.Boolean({ default: false, description: 'Not only for this connector.' }),
});
export const Start = closed({
  mode: oneOf(['ac-iec', 'ac-iso2', 'dc-iso2'], { default: 'ac-iec' }),
  currentA,
  phases,
  payment: oneOf(['auto', 'eim', 'contract'], { default: 'auto', description: 'ISO 15118: who pays.' }),
  departureS: Type.Optional(Type.Integer({ minimum: 0 })),
  energyWh: Type.Optional(Type.Number({ minimum: 0 })),
  force: Type.Boolean({ default: false, description: 'Unplugs first, if a car is there.' }),
});
export const Unplug = closed({
  force: Type.Boolean({ default: false, description: 'Pulls the plug without an ISO 15118 stop.' }),
});
export const Current = closed({ currentA, phases });
export const Soc = closed({ soc: Type.Number({ minimum: 0, maximum: 100 }) });
export const Commands = closed({
  commands: Type.String({ maxLength: 4096 }),
  how: oneOf(['execute', 'modify'], { default: 'execute' }),
  unsafe: Type.Boolean({ default: false, description: 'Sends it unchecked. A wrong word can end the station.' }),
});
export const Stop = closed({ reason: Type.String({ default: 'Local', maxLength: 40 }) });
export const Enable = closed({
  priority: Type.Integer({ minimum: 0, maximum: 10_000, default: 100 }),
  source: oneOf(
    [
      'Unspecified',
      'LocalAPI',
      'LocalKeyLock',
      'ServiceTechnician',
      'RemoteKeyLock',
      'MobileApp',
      'FirmwareUpdate',
      'CSMS',
    ],
    { default: 'LocalAPI' },
  ),
});
export const Unlock = closed({ connectorId: Type.Integer({ minimum: 1, default: 1 }) });
export const Limit = closed({
  amps: Type.Optional(Type.Number({ minimum: -500, maximum: 500 })),
  watts: Type.Optional(Type.Number({ minimum: -500_000, maximum: 500_000 })),
  phases: Type.Optional(oneOf([1, 3])),
});
export const BoardError = closed({ type: oneOf(BOARD_ERRORS, { default: 'MREC8EmergencyStop' }) });
export const Rcd = closed({
  mA: Type.Number({ minimum: 0, maximum: 1000, default: 10.5, description: 'Above 5 is a fault.' }),
});
