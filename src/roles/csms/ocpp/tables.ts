import type { DEFERRED } from '../../../link/ocpp-link.ts';
import type { OcppVersion } from '../../../protocols/ocpp/versions.ts';
import type { HandlerNotes, InboundContext, OutboundContext } from './handler.ts';
import { INBOUND_21, INBOUND_201, SENDS_21 } from './v2x/inbound/index.ts';
import { OUTBOUND_21, OUTBOUND_201 } from './v2x/outbound/index.ts';
import { INBOUND_16 } from './v16/inbound/index.ts';
import { OUTBOUND_16 } from './v16/outbound/index.ts';

/** The handlers as the CSMS calls them: payloads were checked against their schema by the engine, so types are erased. */
export interface AnyInbound extends HandlerNotes {
  handle(context: InboundContext, request: unknown): object | typeof DEFERRED;
}
export interface AnySend extends HandlerNotes {
  handle(context: InboundContext, request: unknown): void;
}
export interface AnyOutbound extends HandlerNotes {
  answered(context: OutboundContext, request: unknown, response: unknown): void;
}

type Erased<T> = Readonly<Record<string, T>>;

// The typed tables are complete per version; here only their names and calling forms matter.
const INBOUND: Readonly<Record<OcppVersion, Erased<AnyInbound>>> = {
  '1.6': INBOUND_16 as unknown as Erased<AnyInbound>,
  '2.0.1': INBOUND_201 as unknown as Erased<AnyInbound>,
  '2.1': INBOUND_21 as unknown as Erased<AnyInbound>,
};
const OUTBOUND: Readonly<Record<OcppVersion, Erased<AnyOutbound>>> = {
  '1.6': OUTBOUND_16 as unknown as Erased<AnyOutbound>,
  '2.0.1': OUTBOUND_201 as unknown as Erased<AnyOutbound>,
  '2.1': OUTBOUND_21 as unknown as Erased<AnyOutbound>,
};
const SENDS: Readonly<Record<OcppVersion, Erased<AnySend>>> = {
  '1.6': {},
  '2.0.1': {},
  '2.1': SENDS_21 as unknown as Erased<AnySend>,
};

export const inboundHandler = (version: OcppVersion, action: string): AnyInbound | undefined =>
  INBOUND[version][action];
export const outboundHandler = (version: OcppVersion, action: string): AnyOutbound | undefined =>
  OUTBOUND[version][action];
export const sendHandler = (version: OcppVersion, action: string): AnySend | undefined => SENDS[version][action];
