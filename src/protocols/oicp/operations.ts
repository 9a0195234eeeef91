import type { Static } from 'typebox';
import type { Leg, OicpRole, OperationRow } from './operation-row.ts';
import { AUTHENTICATION_DATA_OPERATIONS, PRICING_OPERATIONS } from './operations/authentication-and-pricing.ts';
import { AUTHORIZATION_OPERATIONS } from './operations/authorization.ts';
import { CHARGING_OPERATIONS } from './operations/charging.ts';
import { EVSE_OPERATIONS } from './operations/evse.ts';

/** The 20 operations of OICP 2.3. Routes, clients, documentation, forms and validation derive from these rows. */
export const OPERATIONS = {
  ...AUTHORIZATION_OPERATIONS,
  ...CHARGING_OPERATIONS,
  ...EVSE_OPERATIONS,
  ...AUTHENTICATION_DATA_OPERATIONS,
  ...PRICING_OPERATIONS,
} as const satisfies Record<string, OperationRow>;

/** An operation by its name without the prefix `eRoaming`: `AuthorizeStart`. */
export type OperationName = keyof typeof OPERATIONS;

export const OPERATION_NAMES = Object.keys(OPERATIONS) as OperationName[];

export type RequestOf<Name extends OperationName> = Static<(typeof OPERATIONS)[Name]['request']>;
export type ResponseOf<Name extends OperationName> = Static<(typeof OPERATIONS)[Name]['response']>;

/** Operations whose answer comes in pages. */
export type PagedOperation = {
  [Name in OperationName]: (typeof OPERATIONS)[Name]['paged'] extends true ? Name : never;
}[OperationName];

/** The ids that the path of an operation needs: `{ operatorID }`, `{ providerID }` or none. */
export type PathIdsOf<Name extends OperationName> = (typeof OPERATIONS)[Name] extends {
  readonly pathId: infer Id extends string;
}
  ? { readonly [Key in Id]: string }
  : Readonly<Record<never, string>>;

/** What a role must be able to send, a typed method each: derive clients from it. */
export type OicpClient = {
  readonly [Name in OperationName]: (ids: PathIdsOf<Name>, body: RequestOf<Name>) => Promise<ResponseOf<Name>>;
};

export function isOperationName(text: string): text is OperationName {
  return Object.hasOwn(OPERATIONS, text);
}

/** The row as any row has it, where the exact type of one operation does not matter. */
export function operationRow(name: OperationName): OperationRow {
  return OPERATIONS[name];
}

/** The leg of an operation between two roles; `undefined` when they do not call each other so. */
export function legOf(name: OperationName, from: OicpRole, to: OicpRole): Leg | undefined {
  return operationRow(name).legs.find((leg) => leg.from === from && leg.to === to);
}

/** The operations that a role calls on another. */
export function operationsBetween(from: OicpRole, to: OicpRole): OperationName[] {
  return OPERATION_NAMES.filter((name) => legOf(name, from, to) !== undefined);
}
