import type { DisplayMessage } from './display.ts';
import type { Extras21 } from './extras21.ts';
import type { Monitor, MonitoringBase } from './monitoring.ts';
import type { NetworkProfile } from './network.ts';
import type { Side2x } from './side.ts';

/** What a 2.x station keeps over a restart beside configuration and certificates. */
export interface Extras2x {
  readonly monitors: readonly Monitor[];
  readonly monitoringBase: MonitoringBase;
  readonly monitoringLevel: number;
  readonly messages: readonly DisplayMessage[];
  readonly networkProfiles: Readonly<Record<number, NetworkProfile>>;
  readonly activeSlot: number;
  readonly securityProfile: number;
  readonly extras21: Extras21 | undefined;
}

export function extrasOf(side: Side2x): Extras2x {
  const {
    monitors,
    monitoringBase,
    monitoringLevel,
    messages,
    networkProfiles,
    activeSlot,
    securityProfile,
    extras21,
  } = side;
  return {
    monitors,
    monitoringBase,
    monitoringLevel,
    messages,
    networkProfiles,
    activeSlot,
    securityProfile,
    extras21,
  };
}

export function restoreExtras(side: Side2x, saved: Extras2x): void {
  side.monitors = saved.monitors;
  side.monitoringBase = saved.monitoringBase;
  side.monitoringLevel = saved.monitoringLevel;
  side.messages = saved.messages;
  side.networkProfiles = saved.networkProfiles;
  side.activeSlot = saved.activeSlot;
  side.securityProfile = saved.securityProfile;
  side.extras21 = saved.extras21;
}
