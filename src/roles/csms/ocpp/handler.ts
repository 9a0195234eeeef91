import type { DEFERRED, OcppLink } from '../../../link/ocpp-link.ts';
import type { CsmsAction, SendAction, StationAction } from '../../../protocols/ocpp/actions.ts';
import type { RequestOf, ResponseOf } from '../../../protocols/ocpp/messages.ts';
import type { CallOutcome, RpcMessage } from '../../../protocols/ocpp/rpc-message.ts';
import type { OcppVersion } from '../../../protocols/ocpp/versions.ts';
import type { CsmsConfig } from '../config.ts';
import type { Authorization } from '../state/authorization.ts';
import type { CsmsState } from '../state/csms-state.ts';
import type { StationRecord } from '../state/records.ts';
import type { PresentedToken } from '../state/tokens.ts';
import type { InventoryQueue } from './inventory.ts';
import type { VehicleCertificates } from './vehicle-certificates.ts';

/** What a handler may use of the CSMS. */
export interface CsmsServices {
  readonly state: CsmsState;
  readonly config: CsmsConfig;
  readonly now: () => number;
  readonly isoNow: () => string;
  readonly newId: () => string;
  /** A number that was not used as a request id before (positive, 31 bits). */
  readonly nextRequestId: () => number;
  /** Sends a CALL to a station and applies its effect to the state; the outcome comes later. */
  readonly command: (station: string, action: string, payload: object, done?: (outcome: CallOutcome) => void) => void;
  /**
   * Decides about a token, asking others (roaming) when it is not ours. `done` may be called at once.
   * `starting`: a transaction is starting, so concurrent use counts.
   */
  readonly authorize: (
    question: {
      token: PresentedToken;
      station: string;
      evse?: number;
      starting: boolean;
      transactionKey?: string;
      /** The station's message that asks. */
      call?: RpcMessage;
    },
    done: (authorization: Authorization) => void,
  ) => void;
  /** Stations that are to be asked for what they have. */
  readonly inventory: InventoryQueue;
  /** Plug & Charge, where somebody runs it. */
  readonly vehicleCertificates?: VehicleCertificates;
  /** Common name of the client certificate by which the station is connected, if it is by one. */
  readonly certificateCn: (station: string) => string | undefined;
  /** Tells listeners (live events, roaming) that something of a station changed. */
  readonly changed: (change: CsmsChange) => void;
  /** Writes a finding on the message that is being handled. */
  readonly finding: (
    call: RpcMessage,
    station: string,
    finding: { rule: string; severity: 'error' | 'warning' | 'info'; text: string; clause?: string },
  ) => void;
}

/** What changed, for live events and for those who act on it. */
export type CsmsChange =
  | { readonly what: 'station'; readonly station: string }
  | { readonly what: 'connector'; readonly station: string; readonly evse: number; readonly connector: number }
  | { readonly what: 'transaction-started'; readonly station: string; readonly key: string }
  | { readonly what: 'transaction-updated'; readonly station: string; readonly key: string }
  | { readonly what: 'transaction-ended'; readonly station: string; readonly key: string }
  | { readonly what: 'item'; readonly station: string; readonly kind: string; readonly id: string }
  | { readonly what: 'token'; readonly idToken: string };

/** One message of a station that is being handled. */
export interface InboundContext {
  readonly services: CsmsServices;
  readonly state: CsmsState;
  readonly link: OcppLink;
  readonly call: RpcMessage;
  /** The station's identity. */
  readonly station: string;
  readonly version: OcppVersion;
  readonly now: number;
  /** The station as it is known now. */
  record(): StationRecord;
}

/** Documentation of a handler: the action table in docs/reference is generated from it. */
export interface HandlerNotes {
  /** What changes in the state, in a few words. */
  readonly changes: string;
  /** The REST path and field where that shows. */
  readonly shows: string;
}

/** How the CSMS handles an action that stations send. The answer may be DEFERRED. */
export interface Inbound<V extends OcppVersion, A extends StationAction<V>> extends HandlerNotes {
  handle(context: InboundContext, request: RequestOf<V, A>): ResponseOf<V, Exclude<A, SendAction<V>>> | typeof DEFERRED;
}

/** How it handles a SEND. */
export interface InboundSend<V extends OcppVersion, A extends SendAction<V>> extends HandlerNotes {
  handle(context: InboundContext, request: RequestOf<V, A>): void;
}

/** After a station answered a CALL of ours with a CALLRESULT. */
export interface OutboundContext {
  readonly services: CsmsServices;
  readonly state: CsmsState;
  readonly station: string;
  readonly version: OcppVersion;
  readonly now: number;
}

/**
 * What an accepted command changes. Called for every CALLRESULT; the handler looks at the status itself. CALLERROR,
 * time-out and a closed link change nothing.
 */
export interface Outbound<V extends OcppVersion, A extends CsmsAction<V>> extends HandlerNotes {
  answered(
    context: OutboundContext,
    request: RequestOf<V, A>,
    response: ResponseOf<V, Exclude<A, SendAction<V>>>,
  ): void;
}

/** A complete table: an action without its handler does not compile. */
export type InboundTable<V extends OcppVersion> = { readonly [A in StationAction<V>]: Inbound<V, A> };
export type SendTable<V extends OcppVersion> = { readonly [A in SendAction<V>]: InboundSend<V, A> };
export type OutboundTable<V extends OcppVersion> = { readonly [A in CsmsAction<V>]: Outbound<V, A> };
