import type { DEFERRED } from '../../../../link/ocpp-link.ts';
import type { CsmsAction, StationAction } from '../../../../protocols/ocpp/actions.ts';
import type { RequestOf, ResponseOf } from '../../../../protocols/ocpp/messages.ts';
import type { HandlerNotes, InboundContext, OutboundContext } from '../handler.ts';

type StationActionV2 = StationAction<'2.0.1'> & StationAction<'2.1'>;
type CsmsActionV2 = CsmsAction<'2.0.1'> & CsmsAction<'2.1'>;

/**
 * A handler of both 2.x versions. A request of 2.1 may hold all that one of 2.0.1 may, so it is read as 2.1; an answer of
 * 2.0.1 fits 2.1 too, so it is written as 2.0.1. What only 2.1 has in an answer needs a look at `context.version`.
 */
export interface InboundV2<A extends StationActionV2> extends HandlerNotes {
  handle(context: InboundContext, request: RequestOf<'2.1', A>): ResponseOf<'2.0.1', A> | typeof DEFERRED;
}

/** The same for the answer to a command of both versions: read as 2.1. */
export interface OutboundV2<A extends CsmsActionV2> extends HandlerNotes {
  answered(context: OutboundContext, request: RequestOf<'2.1', A>, response: ResponseOf<'2.1', A>): void;
}

// What the two interfaces rely on, held by the compiler: 2.0.1 fits where 2.1 is read. One request does not, and its
// handler reads both: a monitor of 2.1 must say of what kind it is.
type ReadsBoth = 'NotifyMonitoringReport';
type ActionV2 = StationActionV2 | CsmsActionV2;
type UnfitRequest = {
  [A in ActionV2]: RequestOf<'2.0.1', A> extends RequestOf<'2.1', A> ? never : A;
}[ActionV2];
type UnfitResponse = {
  [A in ActionV2]: ResponseOf<'2.0.1', A> extends ResponseOf<'2.1', A> ? never : A;
}[ActionV2];
type None<T extends never> = T;
export type EveryMessageOf201Fits21 = None<Exclude<UnfitRequest | UnfitResponse, ReadsBoth>>;
