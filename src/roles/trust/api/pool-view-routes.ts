import Type from 'typebox';
import { isoTime } from '../../../core/time.ts';
import { pageByKey, pageOf, pageQuery } from '../../../platform/http/paging.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import { nameText, readCertificate } from '../../../protocols/iso15118/index.ts';
import { CALLERS, POOL_OPERATIONS, type PoolOperation } from '../../../protocols/opcp/index.ts';
import { contractView } from '../pools/contract-pool.ts';
import { contractsOfVehicle } from '../pools/contract-store.ts';
import { rootView } from '../pools/root-pool.ts';
import { endpointView } from '../pools/webhook-endpoints.ts';
import type { ContractRecord, VehicleRecord } from '../records.ts';
import type { Trust } from '../trust.ts';

const Entry = Type.Record(Type.String(), Type.Unknown());
const POOLS = ['roots', 'vehicles', 'contracts', 'end-entities', 'clients', 'access'] as const;

export function poolViewRoutes(trust: Trust): Route[] {
  const { world } = trust;
  const { state } = world;

  const contractEntry = (contract: ContractRecord): Record<string, unknown> => {
    const issued = world.registrar.recordOf(readCertificate(contract.contractCertificate));
    const isRevoked = issued?.revoked !== undefined;
    return {
      ...contractView(contract),
      state: isRevoked ? 'revoked' : contract.deliveredAtMs === undefined ? 'in-pool' : 'delivered',
      createdAt: isoTime(contract.createdAtMs),
      ...(contract.deliveredAtMs === undefined ? {} : { deliveredAt: isoTime(contract.deliveredAtMs) }),
      ...(issued === undefined ? {} : { certificateId: issued.id }),
    };
  };
  const vehicleEntry = (vehicle: VehicleRecord): Record<string, unknown> => {
    const certificate = readCertificate(vehicle.vehicleCertificate);
    return {
      pcid: vehicle.pcid,
      owner: vehicle.owner,
      subject: nameText(certificate.subject),
      keyKind: certificate.keyKind,
      validTo: isoTime(certificate.notAfterMs),
      changedAt: isoTime(vehicle.changedAtMs),
      contracts: contractsOfVehicle(world, vehicle.pcid).map(({ emaid, isDefault }) => ({ emaid, isDefault })),
    };
  };
  const entries: Readonly<Record<(typeof POOLS)[number], () => Record<string, unknown>[]>> = {
    roots: () => [...state.roots.all()].map((root) => ({ id: root.id, ...rootView(root) })),
    vehicles: () => [...state.vehicles.all()].map((vehicle) => ({ id: vehicle.pcid, ...vehicleEntry(vehicle) })),
    contracts: () => [...state.contracts.all()].map((contract) => ({ id: contract.key, ...contractEntry(contract) })),
    'end-entities': () =>
      [...state.endEntities.all()].map(({ commonName, owner, entity }) => ({ id: commonName, owner, ...entity })),
    clients: () =>
      world.clients.map(({ id, callers, scopes, wmis, providers, operators, name }) => ({
        id,
        callers,
        scopes,
        wmis,
        providers,
        operators,
        ...(name === undefined ? {} : { name }),
      })),
    access: () =>
      (POOL_OPERATIONS as readonly PoolOperation[]).map(({ name, service, method, paths, access, scope }) => ({
        id: name,
        service,
        method,
        path: paths[0],
        access: access.kind,
        callers: access.kind === 'callers' ? access.callers : access.kind === 'public' ? CALLERS : [],
        ...(access.kind === 'by-ca' ? { byCa: access.callers } : {}),
        ...(scope === undefined ? {} : { scope }),
      })),
  };
  const page = (list: Record<string, unknown>[], query: { cursor?: string; limit?: number }) => {
    const sorted = list.sort((a, b) => (String(a['id']) < String(b['id']) ? -1 : 1));
    return pageByKey(sorted, (item) => String(item['id']), query);
  };

  return [
    route({
      method: 'GET',
      path: '/pnc/pools/{pool}',
      summary: 'What a pool holds: roots, vehicles, contracts, registered stations, clients, the access matrix',
      tags: ['Pools'],
      params: Type.Object({ pool: oneOf(POOLS) }),
      query: Type.Object(pageQuery),
      response: pageOf(Entry),
      handler: ({ params, query }) => page(entries[params.pool](), query),
    }),
    route({
      method: 'GET',
      path: '/pnc/contracts',
      summary: 'Contracts of the contract pool with their state',
      tags: ['Pools'],
      query: Type.Object(pageQuery),
      response: pageOf(Entry),
      handler: ({ query }) => page(entries.contracts(), query),
    }),
    route({
      method: 'GET',
      path: '/pnc/vehicles',
      summary: 'Vehicles of the provisioning pool with their contracts',
      tags: ['Pools'],
      query: Type.Object(pageQuery),
      response: pageOf(Entry),
      handler: ({ query }) => page(entries.vehicles(), query),
    }),
    route({
      method: 'GET',
      path: '/pnc/ocsp',
      summary: 'What the OCSP responder was asked, the newest first, and its switches',
      tags: ['Certificates'],
      response: Type.Object({ url: Type.String(), faults: Entry, questions: Type.Array(Entry) }),
      handler: () => {
        const { ocsp, ocspDelayMs } = world.faults.now;
        return {
          url: `${world.baseUrl()}/ocsp`,
          faults: { ocsp, ocspDelayMs },
          questions: state.ocspLog.toReversed().map(({ atMs, ...entry }) => ({ at: isoTime(atMs), ...entry })),
        };
      },
    }),
    route({
      method: 'GET',
      path: '/pnc/webhooks',
      summary: 'Subscribers of events, and the newest deliveries',
      tags: ['Pools'],
      response: Type.Object({ endpoints: Type.Array(Entry), deliveries: Type.Array(Entry) }),
      handler: () => ({
        endpoints: [...state.endpoints.all()].map((endpoint) => ({ ...endpointView(endpoint), owner: endpoint.owner })),
        deliveries: state.deliveries
          .list({ by: 'createdAtMs', order: 'descending', limit: 200 })
          .items.map(({ createdAtMs, dueAtMs, ...delivery }) => ({
            ...delivery,
            createdAt: isoTime(createdAtMs),
            dueAt: isoTime(dueAtMs),
          })),
      }),
    }),
  ];
}
