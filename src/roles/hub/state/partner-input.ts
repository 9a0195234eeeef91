import { createHash, X509Certificate } from 'node:crypto';
import Type, { type Static } from 'typebox';
import { CompoteError, type FieldError, messageOf } from '../../../core/errors.ts';
import { parseOperatorId, parseProviderId } from '../../../protocols/oicp/index.ts';
import type { ForwardService, PartnerRecord, ServiceEndpoint } from './records.ts';

/** Without user and password: nobody would send them, and whoever lists partners would read them. */
const ADDRESS = '^https?://[^/@\\s]+(/[^@\\s]*)?$';

const ids = (description: string) => Type.Optional(Type.Array(Type.String(), { description }));

const endpoint = (description: string) =>
  Type.Optional(
    Type.Object(
      {
        online: Type.Boolean({ description: 'The hub calls it; otherwise it decides from uploads, or stores.' }),
        broadcast: Type.Optional(Type.Boolean({ description: 'Asked for cards that nobody is known for.' })),
        baseUrl: Type.Optional(Type.String({ pattern: ADDRESS, description: 'Instead of the partner’s.' })),
      },
      { additionalProperties: false, description },
    ),
  );

/** A partner as REST and the configuration write it. */
export const PartnerInput = Type.Object(
  {
    name: Type.Optional(Type.String({ maxLength: 100, description: 'For people; the id when absent.' })),
    operatorIds: ids('Operator ids under which it is connected as a CPO.'),
    providerIds: ids('Provider ids under which it is connected as an EMP.'),
    subOperatorIds: ids('Operator ids that occur in its EVSE ids only.'),
    subProviderIds: ids('Provider ids that occur in its contract ids only.'),
    locked: Type.Optional(Type.Boolean({ description: 'Its calls get 017, and it is not called.' })),
    baseUrl: Type.Optional(
      Type.String({ pattern: ADDRESS, description: 'Where the hub calls it; `/api/oicp/...` is appended.' }),
    ),
    apiKey: Type.Optional(
      Type.String({ minLength: 8, description: 'It sends it as `x-api-key`. Only its hash is kept.' }),
    ),
    certificates: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Its client certificates: PEM text, or SHA-256 fingerprints in hex digits.',
      }),
    ),
    services: Type.Optional(
      Type.Object(
        {
          authorization: endpoint('AuthorizeStart and AuthorizeStop of an EMP.'),
          reservation: endpoint('Reservations.'),
          notifications: endpoint('Charging notifications of an EMP.'),
          'charge-detail-records': endpoint('Charge detail records of an EMP.'),
        },
        { additionalProperties: false, description: 'What the hub may call; an EMP has all of it when absent.' },
      ),
    ),
  },
  { additionalProperties: false },
);
export type PartnerInput = Static<typeof PartnerInput>;

/** What an EMP serves unless it says otherwise. */
const ALL_SERVICES: PartnerRecord['services'] = {
  authorization: { online: true, broadcast: true },
  notifications: { online: true },
  'charge-detail-records': { online: true },
};

/** The record of an input. A key that is not given again stays. @throws INVALID_REQUEST for ids and certificates */
export function partnerOf(key: string, input: PartnerInput, known?: PartnerRecord): PartnerRecord {
  const wrong: FieldError[] = [];
  const check = (member: keyof PartnerInput, list: readonly string[], fits: (id: string) => boolean, form: string) => {
    for (const [index, id] of list.entries()) {
      if (!fits(id)) wrong.push({ pointer: `/${member}/${index}`, msg: `“${id}” is not ${form}` });
    }
  };
  const { operatorIds = [], providerIds = [], subOperatorIds = [], subProviderIds = [] } = input;
  const { certificates = [], apiKey, baseUrl, services } = input;
  check('operatorIds', operatorIds, (id) => parseOperatorId(id) !== undefined, 'an operator id, for example DE*ABC');
  check(
    'subOperatorIds',
    subOperatorIds,
    (id) => parseOperatorId(id) !== undefined,
    'an operator id, for example DE*ABC',
  );
  check('providerIds', providerIds, (id) => parseProviderId(id) !== undefined, 'a provider id, for example DE-DCB');
  check(
    'subProviderIds',
    subProviderIds,
    (id) => parseProviderId(id) !== undefined,
    'a provider id, for example DE-DCB',
  );
  const certificateFingerprints = certificates.map((text, index) => {
    const fingerprint = fingerprintOf(text);
    if (fingerprint === undefined) {
      wrong.push({ pointer: `/certificates/${index}`, msg: 'is neither PEM text nor a SHA-256 fingerprint' });
    }
    return fingerprint ?? '';
  });
  if (operatorIds.length + providerIds.length === 0) {
    wrong.push({ pointer: '/operatorIds', msg: 'a partner needs an operator id or a provider id' });
  }
  if (wrong.length > 0) throw new CompoteError('INVALID_REQUEST', { fields: wrong });
  const hash = apiKey === undefined ? known?.apiKeySha256 : sha256(apiKey);
  return {
    key,
    name: input.name ?? key,
    operatorIds,
    providerIds,
    subOperatorIds,
    subProviderIds,
    locked: input.locked ?? false,
    certificateFingerprints,
    services: services === undefined ? (providerIds.length > 0 ? ALL_SERVICES : {}) : endpointsOf(services),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(hash === undefined ? {} : { apiKeySha256: hash }),
  };
}

function endpointsOf(services: NonNullable<PartnerInput['services']>): PartnerRecord['services'] {
  const known: Partial<Record<ForwardService, ServiceEndpoint>> = {};
  for (const [name, given] of Object.entries(services)) {
    if (given === undefined) continue;
    const { online, broadcast, baseUrl } = given;
    known[name as ForwardService] = {
      online,
      ...(broadcast === undefined ? {} : { broadcast }),
      ...(baseUrl === undefined ? {} : { baseUrl }),
    };
  }
  return known;
}

/** 64 hex digits in lower case, of PEM text or of a fingerprint with or without colons. */
export function fingerprintOf(text: string): string | undefined {
  const digits = text.replaceAll(':', '').trim().toLowerCase();
  if (/^[0-9a-f]{64}$/.test(digits)) return digits;
  if (!text.includes('-----BEGIN CERTIFICATE-----')) return undefined;
  try {
    return createHash('sha256').update(new X509Certificate(text).raw).digest('hex');
  } catch (cause) {
    throw new CompoteError('INVALID_REQUEST', {
      fields: [{ pointer: '/certificates', msg: `a certificate cannot be read: ${messageOf(cause)}` }],
      cause,
    });
  }
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
