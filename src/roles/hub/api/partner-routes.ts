import Type, { type Static } from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { servedBy } from '../../../link/oicp-server.ts';
import { pageByKey, pageOf, pageQuery } from '../../../platform/http/paging.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import { type OperationName, operationRow, type ServiceType } from '../../../protocols/oicp/index.ts';
import { contractKey, usualContracts } from '../seed.ts';
import { PartnerInput, partnerOf } from '../state/partner-input.ts';
import { ALL_PARTNERS, type ContractRecord, HUB_KEY, type PartnerRecord } from '../state/records.ts';
import type { HubApi } from './hub-api.ts';

const { apiKey: _key, certificates: _certificates, services, ...members } = PartnerInput.properties;

const Partner = Type.Object({
  id: Type.String(),
  ...Type.Required(
    Type.Pick(Type.Object(members), [
      'name',
      'operatorIds',
      'providerIds',
      'subOperatorIds',
      'subProviderIds',
      'locked',
    ]),
  ).properties,
  baseUrl: members.baseUrl,
  services,
  address: Type.Optional(Type.String({ description: 'Where it is called: its own address, or that of our service.' })),
  certificateFingerprints: Type.Array(Type.String()),
  hasApiKey: Type.Boolean(),
});

const SERVICE_TYPES = [
  'eRoamingAuthorization',
  'eRoamingReservation',
  'eRoamingPushEvseData',
  'eRoamingPullEvseData',
  'eRoamingPullEvseStatus',
  'eRoamingPushAuthenticationData',
] as const satisfies readonly ServiceType[];

const ContractInput = Type.Object(
  {
    offerer: Type.String({ description: 'Partner, or `HUB`.' }),
    subscriber: Type.String({ description: 'Partner, `HUB`, or `*` for an offer to all.' }),
    service: oneOf(SERVICE_TYPES),
    pricing: Type.Optional(
      oneOf(['fixed', 'flexible', 'dynamic'], {
        description: 'Of an authorization: flexible and dynamic open the pricing operations.',
      }),
    ),
    validFromMs: Type.Optional(Type.Number({ description: 'Epoch milliseconds.' })),
    validToMs: Type.Optional(Type.Number({ description: 'Epoch milliseconds.' })),
  },
  { additionalProperties: false },
);
const Contract = Type.Object({ id: Type.String(), ...ContractInput.properties });

const id = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9][\\w.-]{0,63}$' }) });
const contractId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) });

/** Partners, and the contracts between them. */
export function partnerRoutes(api: HubApi): Route[] {
  const { partners } = api.hub.state;
  const must = (key: string): PartnerRecord => {
    const partner = partners.get(key);
    if (partner === undefined) throw new CompoteError('NOT_FOUND', { detail: `there is no partner ${key}` });
    return partner;
  };
  return [
    route({
      method: 'GET',
      path: '/hub/partners',
      summary: 'Partners',
      tags: ['Partners'],
      query: Type.Object({ ...pageQuery }),
      response: pageOf(Partner),
      handler: ({ query }) => {
        const all = partners.all().sort((a, b) => (a.key < b.key ? -1 : 1));
        const { items, ...page } = pageByKey(all, ({ key }) => key, query);
        return { ...page, items: items.map((partner) => shown(api, partner)) };
      },
    }),
    route({
      method: 'GET',
      path: '/hub/partners/{id}',
      summary: 'One partner',
      tags: ['Partners'],
      params: id,
      response: Partner,
      problems: ['NOT_FOUND'],
      handler: ({ params }) => shown(api, must(params.id)),
    }),
    route({
      method: 'PUT',
      path: '/hub/partners/{id}',
      summary: 'Register a partner, or change one',
      description:
        'A new partner gets every usual contract with `?contracts=all`. A key that is not given again stays.',
      tags: ['Partners'],
      access: 'admin',
      params: id,
      query: Type.Object({ contracts: Type.Optional(oneOf(['all', 'none'], { description: '`none` by default.' })) }),
      body: PartnerInput,
      response: Partner,
      problems: ['CONFLICT'],
      handler: ({ params, query, body }) => {
        if (params.id.toUpperCase() === HUB_KEY)
          throw new CompoteError('CONFLICT', { detail: `${HUB_KEY} is the hub itself` });
        const partner = partnerOf(params.id, body, partners.get(params.id));
        refuseTaken(partner, partners.all());
        partners.save(partner);
        if (query.contracts === 'all') for (const contract of usualContracts(partner)) partners.saveContract(contract);
        return shown(api, partner);
      },
    }),
    route({
      method: 'PATCH',
      path: '/hub/partners/{id}',
      summary: 'Lock or unlock a partner, or call it at another address',
      tags: ['Partners'],
      access: 'admin',
      params: id,
      body: Type.Object(
        {
          locked: Type.Optional(Type.Boolean()),
          baseUrl: Type.Optional(
            Type.Union([Type.String({ pattern: '^https?://', maxLength: 500 }), Type.Null()], {
              description: 'Where it is called from now on; null: at the service of this world, if there is one.',
            }),
          ),
        },
        { additionalProperties: false },
      ),
      response: Partner,
      problems: ['NOT_FOUND'],
      handler: ({ params, body }) => {
        const { baseUrl: before, ...known } = must(params.id);
        const baseUrl = body.baseUrl === undefined ? before : (body.baseUrl ?? undefined);
        const partner = {
          ...known,
          locked: body.locked ?? known.locked,
          ...(baseUrl === undefined ? {} : { baseUrl }),
        };
        partners.save(partner);
        return shown(api, partner);
      },
    }),
    route({
      method: 'DELETE',
      path: '/hub/partners/{id}',
      summary: 'Take a partner out, with its contracts',
      tags: ['Partners'],
      access: 'admin',
      params: id,
      problems: ['NOT_FOUND'],
      handler: ({ params }) => {
        must(params.id);
        partners.remove(params.id);
      },
    }),
    route({
      method: 'GET',
      path: '/hub/partners/{id}/onboarding',
      summary: 'What to enter on the partner’s side',
      tags: ['Partners'],
      params: id,
      response: Type.Object({
        baseUrls: Type.Array(Type.String()),
        shows: Type.Array(Type.String({ description: 'What the hub knows it by.' })),
        calls: Type.Array(Type.Object({ operation: Type.String(), url: Type.String() })),
        serves: Type.Array(Type.Object({ operation: Type.String(), url: Type.String() })),
      }),
      problems: ['NOT_FOUND'],
      handler: ({ params }) => onboarding(api, must(params.id)),
    }),
    route({
      method: 'GET',
      path: '/hub/contracts',
      summary: 'Contracts: accepted service offers',
      tags: ['Partners'],
      query: Type.Object({ ...pageQuery }),
      response: pageOf(Contract),
      handler: ({ query }) => {
        const all = partners.contracts().sort((a, b) => (a.key < b.key ? -1 : 1));
        const { items, ...page } = pageByKey(all, ({ key }) => key, query);
        return { ...page, items: items.map(shownContract) };
      },
    }),
    route({
      method: 'POST',
      path: '/hub/contracts',
      summary: 'Make a contract, or change the one between the two for this service',
      tags: ['Partners'],
      access: 'admin',
      body: ContractInput,
      response: Contract,
      problems: ['NOT_FOUND'],
      handler: ({ body }) => {
        for (const end of [body.offerer, body.subscriber]) if (end !== HUB_KEY && end !== ALL_PARTNERS) must(end);
        const contract = contractOf(body);
        partners.saveContract(contract);
        return shownContract(contract);
      },
    }),
    route({
      method: 'DELETE',
      path: '/hub/contracts/{id}',
      summary: 'End a contract',
      tags: ['Partners'],
      access: 'admin',
      params: contractId,
      problems: ['NOT_FOUND'],
      handler: ({ params }) => {
        if (!partners.removeContract(params.id)) {
          throw new CompoteError('NOT_FOUND', { detail: `there is no contract ${params.id}` });
        }
      },
    }),
  ];
}

function contractOf(input: Static<typeof ContractInput>): ContractRecord {
  const { offerer, subscriber, service, pricing, validFromMs, validToMs } = input;
  return {
    key: contractKey(offerer, subscriber, service),
    offerer,
    subscriber,
    service,
    ...(pricing === undefined ? {} : { pricing }),
    ...(validFromMs === undefined ? {} : { validFromMs }),
    ...(validToMs === undefined ? {} : { validToMs }),
  };
}

function shownContract({ key, ...contract }: ContractRecord): Static<typeof Contract> {
  return { id: key, ...contract };
}

function shown({ hub }: HubApi, partner: PartnerRecord): unknown {
  const { key, apiKeySha256, ...rest } = partner;
  const operation: OperationName = partner.providerIds.length > 0 ? 'AuthorizeStart' : 'AuthorizeRemoteStart';
  const address = hub.calls.addressFor(partner, operation);
  return { id: key, ...rest, hasApiKey: apiKeySha256 !== undefined, ...(address === undefined ? {} : { address }) };
}

/** Two partners under one id would get each other's calls. @throws CONFLICT */
function refuseTaken(partner: PartnerRecord, all: readonly PartnerRecord[]): void {
  const plain = (text: string): string => text.toUpperCase().replace(/[*-]/g, '');
  for (const other of all) {
    if (other.key === partner.key) continue;
    for (const list of ['operatorIds', 'providerIds'] as const) {
      const taken = partner[list].find((each) => other[list].some((theirs) => plain(theirs) === plain(each)));
      if (taken !== undefined)
        throw new CompoteError('CONFLICT', { detail: `${taken} belongs to the partner ${other.key}` });
    }
  }
}

function onboarding({ hub, baseUrl }: HubApi, partner: PartnerRecord): unknown {
  const base = baseUrl();
  const own = { operatorID: partner.operatorIds[0], providerID: partner.providerIds[0] };
  const url = (root: string, operation: OperationName): string => {
    const { path, pathId } = operationRow(operation);
    const value = pathId === undefined ? undefined : own[pathId];
    return root + (value === undefined ? path : path.replace(/\{\w+\}/, encodeURIComponent(value)));
  };
  const asCpo = partner.operatorIds.length > 0;
  const asEmp = partner.providerIds.length > 0;
  const isIts = (operation: OperationName): boolean => (operationRow(operation).legs[0].from === 'CPO' ? asCpo : asEmp);
  const serves = [...(asCpo ? servedBy('CPO') : []), ...(asEmp ? servedBy('EMP') : [])];
  return {
    baseUrls: [base, `${base}/oicp`],
    shows: [
      ...(partner.certificateFingerprints.length > 0 ? ['its client certificate'] : []),
      ...(partner.apiKeySha256 === undefined ? [] : ['its key in the header x-api-key']),
      ...(hub.config.callers.modes.has('path') ? ['nothing, from this machine'] : []),
    ],
    calls: servedBy('HUB')
      .filter(isIts)
      .map((operation) => ({ operation, url: url(base, operation) })),
    serves: serves.map((operation) => ({
      operation,
      url: `${hub.calls.addressFor(partner, operation) ?? '(no address yet)'}${operationRow(operation).path}`,
    })),
  };
}
