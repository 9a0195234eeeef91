import type { EntryKind, Party, Protocol } from '../entry.ts';
import { isEverestSession } from './everest-facts.ts';
import type { Members } from './members.ts';

/** A message as the correlation reads it. */
export interface SessionMessage {
  readonly seq: number;
  /** Epoch milliseconds, by our clock. */
  readonly time: number;
  readonly kind: EntryKind;
  readonly protocol: Protocol;
  readonly version?: string | undefined;
  readonly action: string;
  readonly messageId: string;
  readonly from: Party;
  readonly to: Party;
  readonly payload: Members;
  /** The request's number, for an answer. */
  readonly partner?: number | undefined;
  readonly latencyMs?: number | undefined;
  readonly trace?: string | undefined;
  readonly imported?: boolean | undefined;
}

/** What the messages are that the correlation reads: everything else is passed over unread. */
export const SESSION_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  ocpp: [
    'Authorize',
    'StartTransaction',
    'StopTransaction',
    'MeterValues',
    'TransactionEvent',
    'RemoteStartTransaction',
    'RequestStartTransaction',
    'RemoteStopTransaction',
    'RequestStopTransaction',
    'ReserveNow',
    'CancelReservation',
    'CostUpdated',
  ],
  oicp: [
    'AuthorizeStart',
    'AuthorizeStop',
    'AuthorizeRemoteStart',
    'AuthorizeRemoteStop',
    'AuthorizeRemoteReservationStart',
    'AuthorizeRemoteReservationStop',
    'ChargingNotifications',
    'ChargeDetailRecord',
  ],
};

export function isOfSessions(protocol: string, action: string): boolean {
  // MQTT names topics instead of actions.
  if (protocol === 'mqtt') return isEverestSession(action);
  return SESSION_ACTIONS[protocol]?.includes(action) ?? false;
}

/** The station at an end of an OCPP message. */
export function stationOf({ from, to }: Pick<SessionMessage, 'from' | 'to'>): string {
  return from.role === 'csms' ? to.id : from.id;
}
