import type { Static, TSchema } from 'typebox';

/** Who stands at an end of a call. */
export type OicpRole = 'CPO' | 'EMP' | 'HUB';

/**
 * One direction in which an operation is called. The body is the same schema on every leg; what a leg demands beyond it
 * stands here, as top-level member names.
 */
export interface Leg {
  readonly from: OicpRole;
  readonly to: OicpRole;
  /** Optional in the schema, mandatory on this leg. */
  readonly required?: readonly string[];
  /** Should not be sent on this leg (the hub fills it in). */
  readonly absent?: readonly string[];
  /** Optional in the answer's schema, mandatory in an answer on this leg. */
  readonly answerRequired?: readonly string[];
}

/**
 * What the hub does: `answer` answers by itself, `forward` asks the partner and relays, `answer-or-forward` decides from
 * uploaded data or asks, `answer-then-forward` acknowledges first and forwards afterwards.
 */
export type HubHandling = 'answer' | 'forward' | 'answer-or-forward' | 'answer-then-forward';

/** The service types of contracts between partners (offers and subscriptions); undefined: none is checked. */
export type ServiceType =
  | 'eRoamingAuthorization'
  | 'eRoamingReservation'
  | 'eRoamingPushEvseData'
  | 'eRoamingPullEvseData'
  | 'eRoamingPullEvseStatus'
  | 'eRoamingPushAuthenticationData';

/** Mandatory, optional, or not this role's. */
export interface Obligation {
  readonly cpo?: 'mandatory' | 'optional';
  readonly emp?: 'mandatory' | 'optional';
}

export interface OperationRow {
  /** The name with its service version, as documents and contracts write it. */
  readonly service: string;
  /** Functional block, for menus and documentation. */
  readonly block:
    | 'Authorization'
    | 'Remote start and stop'
    | 'Reservation'
    | 'Charge detail records'
    | 'EVSE data'
    | 'EVSE status'
    | 'Authentication data'
    | 'Pricing'
    | 'Notifications';
  readonly method: 'POST';
  /** Below the base address, with at most one `{operatorID}` or `{providerID}`. Forwarded calls use the same path. */
  readonly path: string;
  /** The parameter of the path: the caller's own id, also on the forwarded leg. */
  readonly pathId?: 'operatorID' | 'providerID';
  readonly hub: HubHandling;
  readonly legs: readonly [Leg, ...Leg[]];
  readonly obligation: Obligation;
  readonly request: TSchema;
  readonly response: TSchema;
  /** Takes `page`, `size` and `sort`. */
  readonly paged: boolean;
  readonly contract?: ServiceType;
  /** Published limit of calls per partner and minute. */
  readonly perMinute?: number;
  readonly summary: string;
  readonly description: string;
  /** One worked request and answer, as JSON values. */
  readonly example: { readonly request: unknown; readonly response: unknown };
}

/** Checks that the example fits the schemas, and keeps the row's exact type. */
export function operation<Request extends TSchema, Response extends TSchema, const Row extends OperationRow>(
  row: Row & {
    readonly request: Request;
    readonly response: Response;
    readonly example: { readonly request: Static<Request>; readonly response: Static<Response> };
  },
): Row & { readonly request: Request; readonly response: Response } {
  return row;
}
