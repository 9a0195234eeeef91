import type { StationInfo, StationRecord } from '../state/records.ts';
import type { InboundContext } from './handler.ts';

export interface BootDecision {
  readonly status: 'Accepted' | 'Pending' | 'Rejected';
  /** Accepted: heartbeat interval. Otherwise: the least time before the next BootNotification. */
  readonly intervalS: number;
}

/** Whether a station may charge: what a user said about it, else the policy (1.6 §4.2, 2.x B01-B03). */
export function bootDecision(context: InboundContext): BootDecision {
  const { boot } = context.services.config;
  const station = context.record();
  const admission =
    station.admission ??
    (boot.policy === 'accept-all' || (boot.policy === 'known-only' && station.registered)
      ? 'accept'
      : boot.policy === 'pending'
        ? 'pending'
        : 'reject');
  switch (admission) {
    case 'accept':
      return { status: 'Accepted', intervalS: station.heartbeatIntervalS ?? boot.heartbeatIntervalS };
    case 'pending':
      return { status: 'Pending', intervalS: boot.retryIntervalS };
    case 'reject':
      return { status: 'Rejected', intervalS: boot.retryIntervalS };
  }
}

type BootedInfo = { readonly [K in keyof StationInfo]?: string | undefined };

/** Takes note of a boot. What the station no longer says is forgotten: the data describes the machine as it is now. */
export function bootSeen(context: InboundContext, decision: BootDecision, info: BootedInfo, reason?: string): void {
  const known = Object.fromEntries(Object.entries(info).filter(([, value]) => value !== undefined)) as StationInfo;
  const change: Partial<StationRecord> = {
    boot: { status: decision.status, at: context.now, ...(reason === undefined ? {} : { reason }) },
    info: known,
    version: context.version,
  };
  context.state.stations.update(context.station, change);
  context.services.changed({ what: 'station', station: context.station });
}
