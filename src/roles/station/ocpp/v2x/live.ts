import type { Place } from '../../config/device-model-store.ts';
import type { LiveValue } from '../../config/variable-row.ts';
import { flowAt } from '../../physical/meter.ts';
import { meterUp } from '../../state/charging.ts';
import { status2x } from '../../state/status.ts';
import type { Side2x } from './side.ts';

/** Values of the device model that follow from the state of the station. */
export function readLive(side: Side2x, source: LiveValue, place: Place): string {
  const { core, host, template } = side;
  const evse = place.evseId === undefined ? undefined : core.evse(place.evseId);
  const connector = place.connectorId === undefined ? undefined : evse?.connectors[place.connectorId - 1];
  switch (source) {
    case 'available':
      return 'true';
    case 'availabilityState':
      if (evse !== undefined && connector !== undefined) return status2x(core, evse, connector);
      return stateOfMany(side, evse === undefined ? core.evses : [evse]);
    case 'problem':
      return String(
        (connector === undefined
          ? (evse === undefined ? core.evses : [evse]).flatMap((one) => one.connectors)
          : [connector]
        ).some((one) => one.fault !== undefined),
      );
    case 'power':
      if (evse === undefined) return '0';
      meterUp(core, evse);
      return String(Math.round(flowAt(evse.path, host.now()).powerW * 10) / 10);
    case 'phases':
      return String(evse?.template.rating.phases ?? Math.max(...template.evses.map((one) => one.rating.phases)));
    case 'connectorType':
      return connector?.template.type ?? '';
    case 'clock':
      return side.iso();
    case 'identity':
      return host.identity;
    case 'model':
      return template.model;
    case 'vendor':
      return template.vendor;
    case 'serialNumber':
      return host.serialNumber;
    case 'firmwareVersion':
      return host.firmwareVersion;
    case 'localListEntries':
      return String(core.list.size);
    case 'certificateEntries':
      return String(side.vault.all.length);
    case 'chargingProfileEntries':
      return String(core.profiles.all.length);
    case 'displayMessages':
      return String(side.messages.length);
    case 'securityProfile':
      return String(side.securityProfile);
    case 'activeNetworkProfile':
      return String(side.activeSlot);
    case 'monitoringBase':
      return side.monitoringBase;
    case 'monitoringLevel':
      return String(side.monitoringLevel);
  }
}

/** The state of a tier: what all its connectors share, else Available if one of them is. */
function stateOfMany(side: Side2x, evses: Side2x['core']['evses']): string {
  const states = evses.flatMap((evse) => evse.connectors.map((one) => status2x(side.core, evse, one)));
  const [first] = states;
  if (first !== undefined && states.every((one) => one === first)) return first;
  if (states.includes('Available')) return 'Available';
  return states.includes('Occupied') ? 'Occupied' : (first ?? 'Unavailable');
}
