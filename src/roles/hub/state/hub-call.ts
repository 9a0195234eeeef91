import {
  type AnswerProfile,
  type AnswerSituation,
  DEFAULT_PAGE_SIZE,
  type OperationName,
  type PageQuery,
  type RequestOf,
  type StatusCodeValue,
} from '../../../protocols/oicp/index.ts';
import type { HubState } from './hub-state.ts';
import type { PartnerRecord, SessionRecord } from './records.ts';

/** A request to the hub, read and validated; `body` and `operation` belong together. */
export type HubCall = {
  [Name in OperationName]: {
    readonly operation: Name;
    /** The id in the path; undefined for notifications. */
    readonly pathId: string | undefined;
    readonly body: RequestOf<Name>;
    /** The body exactly as it was received: it is forwarded so. */
    readonly text: string;
    /** Of the paged operations; the first 20 when it is left out. */
    readonly page?: PageQuery;
  };
}[OperationName];

/** What a decision may not make up itself. */
export interface Surroundings {
  readonly state: HubState;
  readonly nowMs: number;
  /** A new session id. */
  readonly newId: () => string;
  /** How the overall code of a broadcast without a yes is chosen. */
  readonly profile: AnswerProfile;
  /** Whether a clear PIN is the one of a stored hash. */
  readonly pinMatches: (pin: string, hash: string) => boolean;
  /** The bcrypt hash under which a clear PIN is kept. */
  readonly hashPin: (pin: string) => string;
}

/** The parties of a call, as far as they are known. */
export interface Parties {
  /** The operator by its own id, or of the EVSE. */
  readonly operator: PartnerRecord | undefined;
  readonly provider: PartnerRecord | undefined;
  readonly session: SessionRecord | undefined;
}

/** What the hub answers; how it stands in HTTP is the profile's matter (`httpMapping`). */
export interface HubAnswer {
  readonly situation: AnswerSituation;
  readonly code: StatusCodeValue;
  /** The operation's own message. */
  readonly message: Readonly<Record<string, unknown>>;
}

/** A call of the hub to a partner. */
export interface Forward {
  readonly partner: string;
  readonly operation: OperationName;
  readonly pathId: string | undefined;
  readonly text: string;
}

/** What came of a forwarded call. `answered`: a valid message of the operation. */
export type ForwardOutcome =
  | { readonly kind: 'answered'; readonly message: Readonly<Record<string, unknown>> }
  | { readonly kind: 'unreachable' | 'timeout' | 'invalid'; readonly text: string };

export type HubDecision =
  | { readonly kind: 'answer'; readonly answer: HubAnswer; readonly forwards: readonly Forward[] }
  /** Ask these, then `settle` each outcome until there is an answer. */
  | { readonly kind: 'ask'; readonly asks: readonly Forward[]; readonly pending: PendingAsk };

/** A question that waits for partners. It is a value: each settled outcome gives the next one. */
export interface PendingAsk {
  readonly operation: OperationName;
  readonly sessionId: string;
  /** Partners that have not answered yet. */
  readonly waiting: readonly string[];
  /** Refusals so far, by partner. */
  readonly refusals: readonly { readonly partner: string; readonly code: StatusCodeValue; readonly text?: string }[];
  readonly answered: boolean;
}

export const FIRST_PAGE: PageQuery = { page: 0, size: DEFAULT_PAGE_SIZE };
