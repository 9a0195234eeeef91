import { valuesAt } from './filter/index.ts';

/** Fields whose values stand in payloads: the members that hold them, at any depth, in all protocols. */
const PAYLOAD_FIELDS: Readonly<Record<string, readonly string[]>> = {
  connector: ['connectorId'],
  evseid: ['EvseID', 'evseID', 'evseIdOicp', 'EVSEID', 'evseid'],
  operator: ['OperatorID', 'operatorID', 'operatorId'],
  provider: ['ProviderID', 'providerID', 'providerId'],
  tx: ['transactionId'],
  token: ['idTag', 'idToken', 'UID', 'parentIdTag', 'groupIdToken'],
  emaid: ['EvcoID', 'evcoID', 'emaid', 'eMAID', 'contractId'],
  cert: ['certificate', 'certificateChain', 'csr', 'serialNumber', 'rootCertificate'],
};

/** Whether a field's values stand in payloads. */
export function isPayloadField(field: string): boolean {
  return field === 'evse' || PAYLOAD_FIELDS[field] !== undefined;
}

/** The values of such a field in one payload. @param version of the protocol, as the link has it. */
export function payloadFieldValues(payload: unknown, field: string, version: string | undefined): (string | number)[] {
  return field === 'evse' ? evses(payload, version) : deep(payload, PAYLOAD_FIELDS[field] ?? []);
}

/** 2.x: `evse.id` and `evseId`; 1.6 numbers connectors only, one on each EVSE. */
function evses(payload: unknown, version: string | undefined): (string | number)[] {
  const ids = valuesAt(payload, [
    { kind: 'deep', key: 'evse' },
    { kind: 'key', key: 'id' },
  ]).filter(isScalar);
  const own = [...ids, ...deep(payload, ['evseId'])];
  return own.length > 0 || version !== '1.6' ? own : deep(payload, ['connectorId']);
}

function deep(payload: unknown, names: readonly string[]): (string | number)[] {
  return names.flatMap((key) => valuesAt(payload, [{ kind: 'deep', key }])).filter(isScalar);
}

function isScalar(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
