import type { OicpReply, ReceivedCall } from '../../../link/oicp-server.ts';
import {
  type OperationName,
  operationRow,
  type RequestOf,
  refusal,
  type StatusCodeValue,
  sameOperatorId,
} from '../../../protocols/oicp/index.ts';
import type { EmpState } from '../state/emp-state.ts';

/** What a handler of a call of the hub works with. */
export interface Inbound<Name extends OperationName> {
  readonly call: ReceivedCall<Name>;
  readonly body: RequestOf<Name>;
  readonly state: EmpState;
  readonly nowMs: number;
  /** As it stands in every authorization: the one that talks to the hub. */
  readonly providerId: string;
  newId(): string;
  changed(what: string, id: string): void;
}

/** HTTP 200 and the message, whatever it says (a partner's 4xx counts as a technical failure). */
export function reply(body: Readonly<Record<string, unknown>>, code: StatusCodeValue): OicpReply {
  return { status: 200, body, code };
}

/** Refuses in the operation's own words; authorizations name their provider in a refusal too. */
export function refuse(
  operation: OperationName,
  code: Exclude<StatusCodeValue, '000'>,
  reason: string,
  providerId: string,
  ids: Readonly<Record<string, string>> = {},
): OicpReply {
  const authorizes = operation === 'AuthorizeStart' || operation === 'AuthorizeStop';
  const message = refusal(operation, code, reason, ids);
  return reply(authorizes ? { ...message, ProviderID: providerId } : message, code);
}

/** The operator of the path and the one of the body must be one (SRV-02). */
export function operatorMismatch(call: ReceivedCall, operatorId: string | undefined): string | undefined {
  if (operationRow(call.operation).pathId !== 'operatorID') return undefined;
  if (operatorId === undefined || call.pathId === undefined || sameOperatorId(call.pathId, operatorId))
    return undefined;
  return `the path names the operator ${call.pathId}, the body ${operatorId}`;
}
