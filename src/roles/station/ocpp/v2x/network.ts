import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import type { ConnectionWishes } from '../side.ts';
import type { Side2x } from './side.ts';
import { type Answer, info, type Request } from './wire.ts';

export type NetworkProfile = v21.NetworkConnectionProfileType;

/** Slots of this station; slot 1 is what it was started with (2.0.1 B09.FR.06 wants at least two). */
const SLOTS = [1, 2, 3];

export function setNetworkProfile(side: Side2x, request: Request<'SetNetworkProfile'>): Answer<'SetNetworkProfile'> {
  const { configurationSlot, connectionData } = request;
  if (!SLOTS.includes(configurationSlot))
    return { status: 'Rejected', ...info('InvalidValue', `Slots are ${SLOTS.join(', ')}`) };
  if (!/^wss?:\/\/[^/]+/i.test(connectionData.ocppCsmsUrl)) return { status: 'Rejected', ...info('InvalidURL') };
  if (connectionData.ocppTransport !== 'JSON') return { status: 'Rejected', ...info('UnsupportedParam', 'Only JSON') };
  if (connectionData.securityProfile < side.securityProfile && !mayGoDown(side, connectionData.securityProfile)) {
    return { status: 'Rejected', ...info('InvalidValue', 'The security profile cannot go down') };
  }
  side.networkProfiles = { ...side.networkProfiles, [configurationSlot]: connectionData };
  side.host.touched('extras');
  return { status: 'Accepted' };
}

/** Only 3 → 2, and only when allowed (2.0.1 errata §2.5, A05.FR.08). */
function mayGoDown(side: Side2x, wanted: number): boolean {
  return side.securityProfile === 3 && wanted === 2 && side.model.bool('SecurityCtrlr.AllowSecurityProfileDowngrade');
}

/** NetworkConfigurationPriority may name only slots that hold something (B10.FR.02) and whose certificates are there (A05). */
export function networkPriorityFault(side: Side2x, value: string): string | undefined {
  for (const word of value.split(',')) {
    const slot = Number(word.trim());
    const profile = side.networkProfiles[slot];
    if (slot !== 1 && profile === undefined) return 'InvalidValue';
    const wanted = profile?.securityProfile ?? side.securityProfile;
    if (wanted >= 2 && !side.vault.has('CSMSRootCertificate')) return 'InvalidCertificate';
    if (wanted === 3 && !side.vault.has('ChargingStationCertificate')) return 'InvalidCertificate';
  }
  return undefined;
}

/** After a reboot the first slot of the priority list is used (B10). */
export function applyFirstSlot(side: Side2x): void {
  const slot = Number(side.model.list('OCPPCommCtrlr.NetworkConfigurationPriority')[0] ?? '1');
  if (slot !== side.activeSlot) switchTo(side, slot);
}

/** Too many failures in a row: the next slot of the list, round and round (B10.FR.03, E B10.FR.09). */
export function connectFailed(side: Side2x, failures: number): void {
  const attempts = side.model.int('OCPPCommCtrlr.NetworkProfileConnectionAttempts');
  const order = side.model.list('OCPPCommCtrlr.NetworkConfigurationPriority').map(Number);
  if (order.length < 2 || failures === 0 || failures % attempts !== 0) return;
  const next = order[(order.indexOf(side.activeSlot) + 1) % order.length];
  if (next !== undefined && next !== side.activeSlot) switchTo(side, next);
}

function switchTo(side: Side2x, slot: number): void {
  side.activeSlot = slot;
  side.host.touched('extras');
  side.host.happened('network-slot', { slot });
  // Another CSMS may stand there (2.0.1 errata §2.13, B10.FR.10).
  side.host.bootOnConnect();
}

/** What the active slot says; slot 1 is what the station was started with until somebody fills it. */
export function connectionWishes(side: Side2x): ConnectionWishes {
  const profile = side.networkProfiles[side.activeSlot];
  const securityProfile = profile?.securityProfile ?? side.factory.securityProfile;
  const changed = side.model.text('SecurityCtrlr.BasicAuthPassword');
  return {
    url: profile?.ocppCsmsUrl,
    password: profile?.basicAuthPassword ?? (changed === '' ? undefined : changed),
    securityProfile,
    tls: side.vault.tls('CSMSRootCertificate', 'ChargingStationCertificate', securityProfile === 3),
  };
}

/** A new password holds for the slot in use. */
export function passwordChanged(side: Side2x, basicAuthPassword: string): void {
  const profile = side.networkProfiles[side.activeSlot];
  if (profile?.basicAuthPassword === undefined) return;
  side.networkProfiles = { ...side.networkProfiles, [side.activeSlot]: { ...profile, basicAuthPassword } };
  side.host.touched('extras');
}

/** Accepted through a slot with a higher profile: that profile holds now, and slots below it are gone (A05.FR.06). */
export function slotWorks(side: Side2x): void {
  const reached = connectionWishes(side).securityProfile;
  if (reached <= side.securityProfile) return;
  side.securityProfile = reached;
  side.networkProfiles = Object.fromEntries(
    Object.entries(side.networkProfiles).filter(([, profile]) => profile.securityProfile >= reached),
  );
  const left = side.model
    .list('OCPPCommCtrlr.NetworkConfigurationPriority')
    .filter((slot) => side.networkProfiles[Number(slot)] !== undefined || side.factory.securityProfile >= reached);
  side.model.set('OCPPCommCtrlr.NetworkConfigurationPriority', left.join(','));
  side.host.touched('extras');
  side.host.touched('configuration');
  side.host.happened('security-profile', { securityProfile: reached });
}
