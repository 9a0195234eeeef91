import { CompoteError } from '../../../core/errors.ts';
import { bytesOf, textOf } from '../../../link/http-port.ts';
import type { OicpOutcome } from '../../../link/oicp-client.ts';
import { servedBy } from '../../../link/oicp-server.ts';
import {
  isOperationName,
  JSON_CONTENT_TYPE,
  type OperationName,
  operationRow,
  operationsBetween,
  requestWithText,
} from '../../../protocols/oicp/index.ts';
import type { Emp } from '../emp.ts';

/** The worked example of an operation, with our own provider id in it. */
export function exampleFor(operation: OperationName, providerId: string): unknown {
  const { example } = operationRow(operation);
  const ours = JSON.stringify(example.request).replaceAll(
    '"ProviderID":"DE-DCB"',
    `"ProviderID":${JSON.stringify(providerId)}`,
  );
  return JSON.parse(ours);
}

/** @throws SCHEMA_VIOLATION with the place of everything that is wrong with a body */
export function checked(emp: Emp, operation: OperationName, text: string): void {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new CompoteError('SCHEMA_VIOLATION', { fields: [{ pointer: '', msg: 'the body is not JSON' }] });
  }
  const [leg] = operationRow(operation).legs;
  const reading = emp.bodies.request(operation, json, 'strict', leg);
  const errors = reading.findings.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  throw new CompoteError('SCHEMA_VIOLATION', {
    detail: `${operation} does not fit its schema`,
    fields: errors.map(({ pointer, text: msg }) => ({ pointer, msg })),
  });
}

export interface Wish {
  readonly from: 'emp' | 'hub';
  readonly to: 'emp' | 'hub';
  readonly action: string;
  readonly mode: 'wire' | 'inbound';
  readonly payload?: unknown;
  readonly raw?: string | undefined;
  readonly allowInvalid?: boolean | undefined;
  readonly pathId?: string | undefined;
  readonly timeoutMs?: number | undefined;
}

/** Sends to the hub, or hands in what the hub would have sent. */
export async function sentOf(
  emp: Emp,
  wish: Wish,
): Promise<OicpOutcome | { readonly outcome: 'answered'; readonly status: number; readonly answer: unknown }> {
  const { from, to, action, mode, raw, allowInvalid, timeoutMs } = wish;
  const inbound = mode === 'inbound';
  if (from === to || (from === 'hub') !== inbound) {
    throw new CompoteError('INVALID_REQUEST', {
      fields: [{ pointer: '/from', msg: 'is `emp` on the wire, and `hub` for `inbound`' }],
    });
  }
  const known = inbound ? servedBy('EMP') : operationsBetween('EMP', 'HUB');
  if (!isOperationName(action) || !known.includes(action)) {
    throw new CompoteError('UNKNOWN_ACTION', {
      detail: `${action} is not an operation that ${inbound ? 'an EMP serves' : 'an EMP sends'}`,
      hint: `There are ${known.join(', ')}.`,
    });
  }
  const payload = wish.payload ?? exampleFor(action, emp.config.providerId);
  const text = raw ?? JSON.stringify(payload);
  if (allowInvalid !== true && raw === undefined) checked(emp, action, text);
  if (!inbound) {
    const params = { providerID: wish.pathId ?? emp.config.providerId };
    return emp.callText(action, params, text, { origin: 'user', ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  }
  const request = requestWithText(action, { operatorID: wish.pathId ?? operatorIn(payload) }, text);
  const response = await emp.server.serve(
    {
      method: request.method,
      url: request.path,
      headers: { 'content-type': JSON_CONTENT_TYPE },
      body: bytesOf(text),
      remoteAddress: '127.0.0.1',
    },
    true,
  );
  const body = textOf(response.body) ?? '';
  return { outcome: 'answered', status: response.status, answer: JSON.parse(body === '' ? 'null' : body) };
}

function operatorIn(payload: unknown): string {
  const { OperatorID } = (typeof payload === 'object' && payload !== null ? payload : {}) as { OperatorID?: unknown };
  return typeof OperatorID === 'string' ? OperatorID : 'DE*ABC';
}
