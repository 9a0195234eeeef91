import Type from 'typebox';
import { callers, poolOperation } from '../operation.ts';

/**
 * Registration of stations before they may enrol. Undocumented, but live environments refuse unregistered common names;
 * the spelling `manufacture` is theirs.
 */
const EndEntity = Type.Object({
  commonName: Type.String({ minLength: 1, maxLength: 64 }),
  manufacture: Type.Optional(Type.String({ maxLength: 200 })),
  deviceName: Type.Optional(Type.String({ maxLength: 200 })),
  deviceSWVersion: Type.Optional(Type.String({ maxLength: 200 })),
  evseSerialNumber: Type.Optional(Type.String({ maxLength: 200 })),
  evseID: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 500 })),
  evseISOversion: Type.Optional(Type.String({ description: '15118-2 or 15118-20' })),
  ocppVersion: Type.Optional(Type.String({ maxLength: 20 })),
  chargeBoxSerialNumber: Type.Optional(Type.String({ maxLength: 200 })),
});

const EXAMPLE = {
  commonName: 'DE8AAE12345',
  manufacture: 'Demo',
  deviceName: 'Station 1',
  evseID: ['DE*8AA*E12345'],
  evseISOversion: '15118-2',
  ocppVersion: '2.0.1',
};

export const registryOperations = [
  poolOperation({
    name: 'registerEndEntity',
    service: 'Registry',
    method: 'PUT',
    paths: ['/v1/vra/cpo/endEntities'],
    summary: 'Register a station for enrolment',
    docs: 'With requireRegistration, enrolment refuses common names that were not registered (403).',
    access: callers('CPO'),
    scope: 'pkigateway',
    ownership: 'operator',
    request: { kind: 'json', schema: EndEntity, example: EXAMPLE },
    response: { status: 200, kind: 'none' },
    errors: [],
  }),
  poolOperation({
    name: 'listEndEntities',
    service: 'Registry',
    method: 'GET',
    paths: ['/v1/vra/cpo/endEntities'],
    summary: 'Registered stations',
    docs: 'Those of the caller.',
    access: callers('CPO'),
    scope: 'pkigateway',
    request: { kind: 'none' },
    response: { status: 200, kind: 'json', schema: Type.Array(EndEntity), example: [EXAMPLE] },
    errors: [],
  }),
] as const;
