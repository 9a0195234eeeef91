import type { Edition } from './pki/profiles.ts';

/** The names under which pools, OCPP and standards speak of the two editions. */
export const NAMESPACES = {
  /** The namespace of the -2 messages; pools and OCPP use it alike. */
  iso2: 'urn:iso:15118:2:2013:MsgDef',
  /** What the pools call -20. */
  iso20Pool: 'urn:iso:15118:20:2022:MsgDef',
  /** An older spelling of the pools. */
  iso20PoolOld: 'urn:iso:15118:20:2020:MsgDef',
  /** The schema namespace of the -20 certificate messages, which OCPP carries. */
  iso20: 'urn:iso:std:iso:15118:-20:CommonMessages',
} as const;

const EDITIONS: ReadonlyMap<string, Edition> = new Map([
  [NAMESPACES.iso2, 'ISO15118-2'],
  ['ISO15118-2', 'ISO15118-2'],
  ['15118-2', 'ISO15118-2'],
  [NAMESPACES.iso20Pool, 'ISO15118-20'],
  [NAMESPACES.iso20PoolOld, 'ISO15118-20'],
  [NAMESPACES.iso20, 'ISO15118-20'],
  ['ISO15118-20', 'ISO15118-20'],
  ['15118-20', 'ISO15118-20'],
]);

/** The edition that a schema version, namespace or path segment names; `undefined` when it names none. */
export function editionOf(name: string): Edition | undefined {
  return EDITIONS.get(name.trim());
}

/** The `xsdMsgDefNamespace` of the pools. */
export function poolNamespace(edition: Edition): string {
  return edition === 'ISO15118-2' ? NAMESPACES.iso2 : NAMESPACES.iso20Pool;
}

/** The `iso15118SchemaVersion` of OCPP. */
export function ocppSchemaVersion(edition: Edition): string {
  return edition === 'ISO15118-2' ? NAMESPACES.iso2 : NAMESPACES.iso20;
}
