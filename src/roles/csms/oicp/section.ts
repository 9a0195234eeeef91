import Type, { type Static } from 'typebox';
import { section } from '../../../platform/config/shared-config.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import { enums } from '../../../protocols/oicp/index.ts';

/** With the lengths of OICP's address: what does not fit is refused at the start, not by the hub. */
const text = (value: string, [minLength, maxLength]: readonly [number, number], description: string) =>
  Type.String({ minLength, maxLength, default: value, description });

/** The section `csms.oicp`: the CSMS as an operator in e-roaming. */
export const oicpSection = section(
  {
    enabled: Type.Optional(
      Type.Boolean({ description: 'Whether roaming is on. Absent: on where this configuration knows a hub.' }),
    ),
    hubUrl: Type.Optional(
      Type.String({ pattern: '^https?://', description: 'A hub that is not ours; `/api/oicp/...` is appended.' }),
    ),
    apiKey: Type.Optional(Type.String({ description: 'Sent to the hub as `x-api-key`.' })),
    inboundKey: Type.Optional(
      Type.String({
        minLength: 8,
        description:
          'What a hub on another machine sends as `x-api-key`, unless it shows a certificate that `tls.clientCa` trusts.',
      }),
    ),
    cert: Type.Optional(Type.String({ description: 'PEM file of our client certificate.' })),
    key: Type.Optional(Type.String({ description: 'PEM file of its key.' })),
    ca: Type.Optional(Type.Array(Type.String(), { description: 'PEM files of the hub’s authorities.' })),
    verify: Type.Boolean({ default: true, description: 'Whether the hub’s certificate is verified.' }),
    operatorId: Type.String({
      pattern: '^([A-Za-z]{2}[*]?[A-Za-z0-9]{3}|[+]?[0-9]{1,3}[*][0-9]{3})$',
      default: 'DE*ABC',
      description: 'The operator id under which we are connected to the hub.',
    }),
    operatorName: Type.String({ maxLength: 100, default: 'ABC', description: 'Name of the operator in pushed data.' }),
    content: oneOf(['lenient', 'strict'], {
      default: 'lenient',
      description: 'Calls of the hub that deviate from their schema: `lenient` takes what is usual and reports it.',
    }),
    lateAnswerMs: Type.Integer({
      minimum: 0,
      default: 48_000,
      description:
        'How long after `deadlines.hubMs` an answer to AuthorizeStart is still awaited, so that a late yes is cancelled.',
    }),
    otherMs: Type.Integer({ minimum: 1, default: 30_000, description: 'How long everything else may take.' }),
    pendingS: Type.Integer({
      minimum: 1,
      default: 180,
      description: 'How long an authorised driver or a remote start may take until the transaction starts.',
    }),
    withoutCar: oneOf(['refuse', 'accept'], {
      default: 'refuse',
      description: 'Remote start at an EVSE without a car: 510, or the station decides.',
    }),
    reservationMinutes: Type.Integer({
      minimum: 1,
      maximum: 99,
      default: 15,
      description: 'How long a reservation without `Duration` lasts.',
    }),
    notifications: Type.Boolean({ default: true, description: 'Whether charging notifications are sent.' }),
    retry: section(
      {
        firstMs: Type.Integer({ minimum: 1, default: 2_000, description: 'Waiting time after the first failed try.' }),
        maxMs: Type.Integer({ minimum: 1, default: 300_000, description: 'The longest waiting time.' }),
      },
      'What may be late is sent again until the hub has answered.',
    ),
    site: section(
      {
        street: text('Test Street', [2, 100], 'Street.'),
        houseNumber: text('1', [1, 10], 'House number.'),
        postalCode: text('10115', [1, 10], 'Postal code.'),
        city: text('Berlin', [1, 50], 'City.'),
        country: Type.String({ pattern: '^[A-Z]{3}$', default: 'DEU', description: 'ISO 3166-1 alpha-3.' }),
        timeZone: Type.String({
          pattern: '^UTC[+-][0-9]{2}:[0-9]{2}$',
          default: 'UTC+01:00',
          description: 'Offset of the stations; times in records bear it.',
        }),
        latitude: Type.Number({ minimum: -90, maximum: 90, default: 52.520008, description: 'Degrees.' }),
        longitude: Type.Number({ minimum: -180, maximum: 180, default: 13.404954, description: 'Degrees.' }),
        hotline: Type.String({ pattern: '^\\+[0-9]{5,15}$', default: '+49301234567', description: 'Phone number.' }),
        plugs: Type.Array(enums.Plug, {
          minItems: 1,
          default: ['Type 2 Outlet'],
          description: 'Plugs of an EVSE where its map entry says nothing else.',
        }),
        powerType: oneOf(['AC_1_PHASE', 'AC_3_PHASE', 'DC'], { default: 'AC_3_PHASE', description: 'Kind of power.' }),
        powerKW: Type.Number({ minimum: 0, maximum: 999, default: 22, description: 'Power of an EVSE in kW.' }),
      },
      'What is pushed about an EVSE where its entry in the EVSE map says nothing else.',
    ),
  },
  'E-roaming (OICP 2.3) as an operator: EVSE data and status, foreign cards, remote start, records.',
);

export type OicpSection = Static<typeof oicpSection>;
