import Type from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { parseTime } from '../../../core/time.ts';
import { created } from '../../../platform/http/answers.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import {
  certificateProfile,
  EcPrivateKey,
  type Edition,
  emaidCore,
  Iso15118Error,
  parseEmaid,
  poolNamespace,
  readSigningRequest,
  toPemChain,
} from '../../../protocols/iso15118/index.ts';
import { PCID_PATTERN } from '../../../protocols/opcp/index.ts';
import { contractView, makeDefault } from '../pools/contract-pool.ts';
import { generateContract } from '../pools/contract-signing.ts';
import { contractKey, contractsOfCore, contractsOfVehicle, dropContract } from '../pools/contract-store.ts';
import { PoolRefusal } from '../pools/pool-call.ts';
import { storeVehicle, vehicleOf } from '../pools/provisioning-pool.ts';
import type { Trust } from '../trust.ts';

const Entry = Type.Record(Type.String(), Type.Unknown());
const YEAR_MS = 365 * 86_400_000;
const edition = Type.Optional(oneOf(['ISO15118-2', 'ISO15118-20'], { default: 'ISO15118-2' }));

/** A refusal of the pools in the words of our own API. */
function asProblem<T>(task: () => T): T {
  try {
    return task();
  } catch (thrown) {
    if (!(thrown instanceof PoolRefusal)) throw thrown;
    throw new CompoteError(thrown.status === 404 ? 'NOT_FOUND' : 'CONFLICT', { detail: thrown.message, cause: thrown });
  }
}

export function worldRoutes(trust: Trust): Route[] {
  const { world } = trust;
  const now = () => trust.nowMs();
  const timeOf = (name: string, text: string | undefined, otherwise: number): number => {
    const ms = text === undefined ? otherwise : parseTime(text);
    if (ms !== undefined) return ms;
    throw new CompoteError('INVALID_REQUEST', { fields: [{ pointer: `/${name}`, msg: 'is not a date and time' }] });
  };
  const coreOf = (emaid: string): string => {
    const parsed = parseEmaid(emaid);
    if (parsed !== undefined) return emaidCore(parsed);
    throw new CompoteError('INVALID_REQUEST', { fields: [{ pointer: '/emaid', msg: 'is no EMAID' }] });
  };

  return [
    route({
      method: 'POST',
      path: '/pnc/vehicles',
      summary: 'A vehicle as its manufacturer makes it: provisioning certificate issued and put into the pool',
      description: 'With a `csr` the key stays where it is; without one it is made here and told once, as `keyPem`.',
      tags: ['World'],
      status: 201,
      body: Type.Object({
        pcid: Type.String({ pattern: PCID_PATTERN, description: 'Provisioning certificate id.' }),
        edition,
        csr: Type.Optional(Type.String({ maxLength: 20_000, description: 'PKCS#10 as PEM or base64.' })),
      }),
      response: Entry,
      handler: ({ body }) => {
        const { edition: wanted = 'ISO15118-2', csr } = body;
        const pcid = body.pcid.toUpperCase();
        const { curve } = certificateProfile('oem-provisioning', wanted);
        const key = csr === undefined ? EcPrivateKey.generate(curve, world.entropy) : undefined;
        const publicKey = key ?? keyOfRequest(csr ?? '');
        const { certificate, issuer } = world.registrar.issueLeaf({
          role: 'oem-provisioning',
          edition: wanted,
          subject: [
            { type: 'O', value: 'Vehicles' },
            { type: 'CN', value: pcid },
          ],
          publicKey,
          owner: 'api',
        });
        const [subCa2, subCa1] = world.authorities.chainOf(issuer).map((each) => each.certificate.der);
        const base64 = (der: Uint8Array | undefined): string => Buffer.from(der ?? new Uint8Array()).toString('base64');
        const vehicle = asProblem(() =>
          storeVehicle(
            world,
            {
              vehicleCertificate: base64(certificate.der),
              subCA2Certificate: base64(subCa2),
              subCA1Certificate: base64(subCa1),
              xsdMsgDefNamespace: poolNamespace(wanted),
            },
            'api',
            now(),
          ),
        );
        const chain = [
          certificate.der,
          ...(subCa2 === undefined ? [] : [subCa2]),
          ...(subCa1 === undefined ? [] : [subCa1]),
        ];
        return created(`/api/v1/pnc/vehicles`, {
          pcid: vehicle.pcid,
          certificatePem: toPemChain(chain),
          ...(key === undefined ? {} : { keyPem: key.exportPem() }),
        });
      },
    }),
    route({
      method: 'DELETE',
      path: '/pnc/vehicles/{pcid}',
      summary: 'Remove a vehicle; its contracts are revoked',
      tags: ['World'],
      params: Type.Object({ pcid: Type.String() }),
      problems: ['NOT_FOUND'],
      handler: ({ params }) => {
        const vehicle = vehicleOf(world, params.pcid);
        if (vehicle === undefined)
          throw new CompoteError('NOT_FOUND', { detail: `no vehicle with the PCID ${params.pcid}` });
        world.events.vehicle('mo.prov.cert.deleted', vehicle.pcid, now());
        for (const contract of contractsOfVehicle(world, vehicle.pcid)) dropContract(world, contract, now(), 'revoke');
        world.state.vehicles.delete(vehicle.pcid);
      },
    }),
    route({
      method: 'POST',
      path: '/pnc/contracts',
      summary: 'A contract for a vehicle: certificate made, key encrypted, data signed, stored in the pool',
      tags: ['World'],
      status: 201,
      body: Type.Object({
        emaid: Type.String({ maxLength: 40 }),
        pcid: Type.String({ pattern: PCID_PATTERN }),
        edition,
        contractBegins: Type.Optional(Type.String({ description: 'RFC 3339; now when absent.' })),
        contractEnds: Type.Optional(Type.String({ description: 'RFC 3339; in a year when absent.' })),
        isDefault: Type.Optional(Type.Boolean({ description: 'Delivered first, whatever there was before.' })),
      }),
      response: Entry,
      problems: ['CONFLICT'],
      handler: ({ body }) => {
        const { pcid, edition: wanted = 'ISO15118-2' } = body;
        coreOf(body.emaid);
        const emaid = parseEmaid(body.emaid);
        if (emaid === undefined) throw new CompoteError('INVALID_REQUEST');
        const contract = asProblem(() =>
          generateContract(
            world,
            {
              emaid,
              pcid,
              edition: wanted,
              beginsMs: timeOf('contractBegins', body.contractBegins, now() - 60_000),
              endsMs: timeOf('contractEnds', body.contractEnds, now() + YEAR_MS),
              owner: 'api',
            },
            now(),
          ),
        );
        if (body.isDefault === true) makeDefault(world, contract);
        return created('/api/v1/pnc/contracts', contractView(contract));
      },
    }),
    route({
      method: 'DELETE',
      path: '/pnc/contracts/{emaid}',
      summary: 'Delete and revoke a contract',
      tags: ['World'],
      params: Type.Object({ emaid: Type.String() }),
      query: Type.Object({ skipRevocation: Type.Optional(Type.Boolean({ default: false })) }),
      problems: ['NOT_FOUND'],
      handler: ({ params, query }) => {
        const found = contractsOfCore(world, coreOf(params.emaid));
        if (found.length === 0) throw new CompoteError('NOT_FOUND', { detail: `no contract of ${params.emaid}` });
        for (const contract of found)
          dropContract(world, contract, now(), query.skipRevocation === true ? 'skip' : 'revoke');
      },
    }),
    route({
      method: 'POST',
      path: '/pnc/contracts/{emaid}/default',
      summary: 'Make it the contract that stations deliver',
      tags: ['World'],
      params: Type.Object({ emaid: Type.String() }),
      body: Type.Object({ edition }),
      bodyOptional: true,
      problems: ['NOT_FOUND'],
      handler: ({ params, body }) => {
        const wanted: Edition = body?.edition ?? 'ISO15118-2';
        const contract = world.state.contracts.get(contractKey(coreOf(params.emaid), wanted));
        if (contract === undefined) throw new CompoteError('NOT_FOUND', { detail: `no contract of ${params.emaid}` });
        makeDefault(world, contract);
      },
    }),
  ];
}

function keyOfRequest(csr: string): NonNullable<ReturnType<typeof readSigningRequest>['issuableKey']> {
  let msg = 'is not signed by a key on P-256 or P-521';
  try {
    const request = readSigningRequest(csr);
    if (request.isSignatureValid && request.issuableKey !== undefined) return request.issuableKey;
  } catch (cause) {
    if (!(cause instanceof Iso15118Error)) throw cause;
    msg = cause.message;
  }
  throw new CompoteError('INVALID_REQUEST', { fields: [{ pointer: '/csr', msg }] });
}
