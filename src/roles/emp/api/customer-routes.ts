import Type, { type Static } from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { isoTime, parseTime } from '../../../core/time.ts';
import { pageOf, pageQuery } from '../../../platform/http/paging.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import {
  canonicalEvcoId,
  canonicalUid,
  evcoIdCheckCharacter,
  IDENTIFICATION_KINDS,
  type Identification,
  parseEvcoId,
} from '../../../protocols/oicp/index.ts';
import { decideAuthorization, mediumKey } from '../state/authorization.ts';
import type { ContractRecord, MediumRecord } from '../state/records.ts';
import type { EmpApi } from './emp-api.ts';
import { listPage } from './list-page.ts';

const Driver = Type.Object({
  id: Type.String(),
  name: Type.String(),
  email: Type.Optional(Type.String()),
  contracts: Type.Array(Type.String({ description: 'EVCO ids.' })),
  media: Type.Array(Type.String({ description: 'Ids of its cards and other media.' })),
});
const DriverInput = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 200 }), email: Type.Optional(Type.String({ maxLength: 200 })) },
  { additionalProperties: false },
);

const contractMembers = {
  driver: Type.String({ description: 'Driver.' }),
  locked: Type.Optional(Type.Boolean({ description: 'Its driver gets 200.' })),
  validFrom: Type.Optional(Type.String({ description: 'ISO 8601.' })),
  validTo: Type.Optional(Type.String({ description: 'ISO 8601.' })),
};
const Contract = Type.Object({
  id: Type.String({ description: 'EVCO id as it is sent.' }),
  ...contractMembers,
  locked: Type.Boolean(),
  checkCharacter: Type.String({ description: 'The character that belongs to the id, whatever stands in it.' }),
});
const ContractInput = Type.Object(contractMembers, { additionalProperties: false });

const Medium = Type.Object({
  id: Type.String(),
  kind: oneOf(IDENTIFICATION_KINDS),
  contract: Type.String({ description: 'EVCO id.' }),
  uid: Type.Optional(Type.String()),
  printedNumber: Type.Optional(Type.String()),
  hasPin: Type.Boolean(),
  locked: Type.Boolean(),
  lastUsedAt: Type.Optional(Type.String()),
});
const MediumInput = Type.Object(
  {
    kind: oneOf(IDENTIFICATION_KINDS),
    contract: Type.String({ description: 'EVCO id of its contract.' }),
    uid: Type.Optional(Type.String({ description: 'Of a card: 8, 14 or 20 hex digits.' })),
    pin: Type.Optional(
      Type.String({ minLength: 1, maxLength: 20, description: 'Of a QR code. Only its bcrypt hash is kept.' }),
    ),
    printedNumber: Type.Optional(Type.String({ maxLength: 150 })),
    locked: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

const id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) });

/** Drivers, their contracts and what they identify with. */
export function customerRoutes({ emp }: EmpApi): Route[] {
  const { state } = emp;
  const missing = (what: string, which: string): CompoteError =>
    new CompoteError('NOT_FOUND', { detail: `there is no ${what} ${which}` });
  const shownDriver = ({
    id: driver,
    name,
    email,
  }: {
    id: string;
    name: string;
    email?: string;
  }): Static<typeof Driver> => {
    const contracts = [...state.contracts.all({ driver })];
    return {
      id: driver,
      name,
      ...(email === undefined ? {} : { email }),
      contracts: contracts.map(({ evcoId }) => evcoId),
      media: contracts.flatMap(({ key }) => [...state.media.all({ contract: key })].map((medium) => medium.key)),
    };
  };
  const shownMedium = (medium: MediumRecord): Static<typeof Medium> => ({
    id: medium.key,
    kind: medium.kind,
    contract: state.contracts.get(medium.contract)?.evcoId ?? medium.contract,
    hasPin: medium.pinHash !== undefined,
    locked: medium.locked,
    ...(medium.uid === undefined ? {} : { uid: medium.uid }),
    ...(medium.printedNumber === undefined ? {} : { printedNumber: medium.printedNumber }),
    ...(medium.lastUsedMs === undefined ? {} : { lastUsedAt: isoTime(medium.lastUsedMs) }),
  });
  return [
    route({
      method: 'GET',
      path: '/emp/drivers',
      summary: 'Drivers with their contracts and media',
      tags: ['Customers'],
      query: Type.Object({ ...pageQuery }),
      response: pageOf(Driver),
      handler: ({ query }) => listPage(query, (options) => state.drivers.list(options), shownDriver),
    }),
    route({
      method: 'PUT',
      path: '/emp/drivers/{id}',
      summary: 'Add or change a driver',
      tags: ['Customers'],
      params: id,
      body: DriverInput,
      response: Driver,
      handler: ({ params, body: { name, email } }) => {
        const driver = { id: params.id, name, ...(email === undefined ? {} : { email }) };
        state.drivers.put(driver);
        return shownDriver(driver);
      },
    }),
    route({
      method: 'DELETE',
      path: '/emp/drivers/{id}',
      summary: 'Take a driver out, with contracts and media',
      tags: ['Customers'],
      params: id,
      problems: ['NOT_FOUND'],
      handler: ({ params }) => {
        if (!state.drivers.delete(params.id)) throw missing('driver', params.id);
        for (const { key } of state.contracts.all({ driver: params.id })) removeContract(emp, key);
      },
    }),
    route({
      method: 'GET',
      path: '/emp/contracts',
      summary: 'Contracts',
      tags: ['Customers'],
      query: Type.Object({ ...pageQuery }),
      response: pageOf(Contract),
      handler: ({ query }) => listPage(query, (options) => state.contracts.list(options), shownContract),
    }),
    route({
      method: 'PUT',
      path: '/emp/contracts/{id}',
      summary: 'Add, change or lock a contract',
      tags: ['Customers'],
      params: id,
      body: ContractInput,
      response: Contract,
      handler: ({ params, body }) => {
        const contract = contractOf(params.id, body);
        if (state.drivers.get(body.driver) === undefined) {
          throw new CompoteError('INVALID_REQUEST', {
            fields: [{ pointer: '/driver', msg: `there is no driver ${body.driver}` }],
          });
        }
        state.contracts.put(contract);
        return shownContract(contract);
      },
    }),
    route({
      method: 'DELETE',
      path: '/emp/contracts/{id}',
      summary: 'End a contract, with its media',
      tags: ['Customers'],
      params: id,
      problems: ['NOT_FOUND'],
      handler: ({ params }) => {
        if (state.contract(params.id) === undefined) throw missing('contract', params.id);
        removeContract(emp, canonicalEvcoId(params.id));
      },
    }),
    route({
      method: 'GET',
      path: '/emp/media',
      summary: 'Cards, QR codes, Plug & Charge and app identifications',
      tags: ['Customers'],
      query: Type.Object({ ...pageQuery }),
      response: pageOf(Medium),
      handler: ({ query }) => listPage(query, (options) => state.media.list(options), shownMedium),
    }),
    route({
      method: 'POST',
      path: '/emp/media',
      summary: 'Add a medium, or replace the one that is the same',
      tags: ['Customers'],
      body: MediumInput,
      response: Medium,
      handler: async ({ body }) => {
        const medium = await mediumOfInput(emp, body);
        state.media.put(medium);
        return shownMedium(medium);
      },
    }),
    route({
      method: 'PATCH',
      path: '/emp/media/{id}',
      summary: 'Lock or unlock a medium',
      tags: ['Customers'],
      params: id,
      body: Type.Object({ locked: Type.Boolean() }, { additionalProperties: false }),
      response: Medium,
      problems: ['NOT_FOUND'],
      handler: ({ params, body }) => {
        const known = state.media.get(params.id);
        if (known === undefined) throw missing('medium', params.id);
        const medium = { ...known, locked: body.locked };
        state.media.put(medium);
        return shownMedium(medium);
      },
    }),
    route({
      method: 'DELETE',
      path: '/emp/media/{id}',
      summary: 'Take a medium out',
      tags: ['Customers'],
      params: id,
      problems: ['NOT_FOUND'],
      handler: ({ params }) => {
        if (!state.media.delete(params.id)) throw missing('medium', params.id);
      },
    }),
    route({
      method: 'POST',
      path: '/emp/decision',
      summary: 'What this medium would get, and why; nothing is recorded',
      description: 'By the contracts, whatever the policy is. A PIN is not checked here.',
      tags: ['Customers'],
      body: Type.Object(
        { uid: Type.Optional(Type.String()), evcoId: Type.Optional(Type.String()) },
        { additionalProperties: false },
      ),
      response: Type.Object({ granted: Type.Boolean(), code: Type.String(), reason: Type.String() }),
      handler: ({ body: { uid, evcoId } }) => {
        const identification: Identification =
          uid === undefined
            ? { PlugAndChargeIdentification: { EvcoID: evcoId ?? '' } }
            : { RFIDMifareFamilyIdentification: { UID: uid } };
        const decision = decideAuthorization(identification, state, emp.nowMs(), () => false);
        return { granted: decision.granted, code: decision.granted ? '000' : decision.code, reason: decision.reason };
      },
    }),
  ];
}

function removeContract({ state }: EmpApi['emp'], key: string): void {
  for (const medium of state.media.all({ contract: key })) state.media.delete(medium.key);
  state.contracts.delete(key);
}

function contractOf(evcoId: string, input: Static<typeof ContractInput>): ContractRecord {
  if (parseEvcoId(evcoId) === undefined) {
    throw new CompoteError('INVALID_REQUEST', {
      fields: [{ pointer: '/path/id', msg: `“${evcoId}” is not an EVCO id, for example DE-DCB-C12345678-X` }],
    });
  }
  const time = (member: 'validFrom' | 'validTo'): number | undefined => {
    const text = input[member];
    if (text === undefined) return undefined;
    const parsed = parseTime(text);
    if (parsed === undefined) {
      throw new CompoteError('INVALID_REQUEST', { fields: [{ pointer: `/${member}`, msg: 'is not a time' }] });
    }
    return parsed;
  };
  const [validFromMs, validToMs] = [time('validFrom'), time('validTo')];
  return {
    key: canonicalEvcoId(evcoId),
    evcoId,
    driver: input.driver,
    locked: input.locked ?? false,
    ...(validFromMs === undefined ? {} : { validFromMs }),
    ...(validToMs === undefined ? {} : { validToMs }),
  };
}

function shownContract({ evcoId, driver, locked, validFromMs, validToMs }: ContractRecord): Static<typeof Contract> {
  const parsed = parseEvcoId(evcoId);
  return {
    id: evcoId,
    driver,
    locked,
    checkCharacter: parsed === undefined ? '' : evcoIdCheckCharacter(parsed),
    ...(validFromMs === undefined ? {} : { validFrom: isoTime(validFromMs) }),
    ...(validToMs === undefined ? {} : { validTo: isoTime(validToMs) }),
  };
}

async function mediumOfInput(emp: EmpApi['emp'], input: Static<typeof MediumInput>): Promise<MediumRecord> {
  const wrong = (pointer: string, msg: string): CompoteError =>
    new CompoteError('INVALID_REQUEST', { fields: [{ pointer, msg }] });
  const contract = emp.state.contract(input.contract);
  if (contract === undefined) throw wrong('/contract', `there is no contract ${input.contract}`);
  const isCard = input.kind === 'RFIDMifareFamilyIdentification' || input.kind === 'RFIDIdentification';
  const uid = input.uid === undefined ? undefined : canonicalUid(input.uid);
  if (isCard && uid === undefined) throw wrong('/uid', 'a card needs a UID of 8, 14 or 20 hex digits');
  const isQr = input.kind === 'QRCodeIdentification';
  if (isQr && input.pin === undefined) throw wrong('/pin', 'a QR code needs a PIN');
  const identification = isCard
    ? { RFIDMifareFamilyIdentification: { UID: uid ?? '' } }
    : ({ [input.kind]: { EvcoID: contract.evcoId } } as Identification);
  const pinHash = isQr && input.pin !== undefined ? await emp.hashOfPin(input.pin) : undefined;
  return {
    key: mediumKey(identification),
    kind: input.kind,
    contract: contract.key,
    locked: input.locked ?? false,
    ...(isCard && uid !== undefined ? { uid } : {}),
    ...(pinHash === undefined ? {} : { pinHash }),
    ...(input.printedNumber === undefined ? {} : { printedNumber: input.printedNumber }),
  };
}
