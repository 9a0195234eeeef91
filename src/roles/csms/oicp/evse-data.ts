import type { Static } from 'typebox';
import type { EvseDataRecord, enums } from '../../../protocols/oicp/index.ts';
import type { ConnectorStatus, StationRecord } from '../state/records.ts';
import type { EvseMapEntry } from './evse-map.ts';
import type { OicpSection } from './section.ts';

export type EvseStatus = Static<typeof enums.EvseStatus>;

/** The record of an EVSE as it is pushed: the site's data, what the station said of itself, and what its entry overrides. */
export function evseDataRecord(
  entry: EvseMapEntry,
  station: StationRecord | undefined,
  { site }: Pick<OicpSection, 'site'>,
): EvseDataRecord {
  const vendor = station?.info.vendor;
  return {
    EvseID: entry.evseId,
    ChargingStationID: entry.station.slice(0, 50),
    ChargingStationNames: [{ lang: 'en', value: entry.station.slice(0, 150) }],
    ...(vendor === undefined ? {} : { HardwareManufacturer: vendor.slice(0, 50) }),
    Address: {
      Country: site.country,
      City: site.city,
      Street: site.street,
      PostalCode: site.postalCode,
      HouseNum: site.houseNumber,
      TimeZone: site.timeZone,
    },
    GeoCoordinates: {
      DecimalDegree: { Latitude: site.latitude.toFixed(6), Longitude: site.longitude.toFixed(6) },
    },
    Plugs: [...site.plugs],
    ChargingFacilities: [{ PowerType: site.powerType, Power: site.powerKW }],
    RenewableEnergy: false,
    CalibrationLawDataAvailability: 'Not Available',
    AuthenticationModes: ['NFC RFID Classic', 'REMOTE'],
    PaymentOptions: ['Contract'],
    ValueAddedServices: ['Reservation'],
    Accessibility: 'Test Station',
    HotlinePhoneNumber: site.hotline,
    IsOpen24Hours: true,
    IsHubjectCompatible: true,
    DynamicInfoAvailable: 'true',
    ...entry.data,
  };
}

const ORDER: readonly EvseStatus[] = ['Occupied', 'Reserved', 'Available', 'OutOfService', 'Unknown'];

/** What one connector means for its EVSE (OCPP status -> EvseStatus). */
export function statusOfConnector(status: ConnectorStatus): EvseStatus {
  switch (status) {
    case 'Available':
    case 'Reserved':
    case 'Unknown':
      return status;
    case 'Unavailable':
    case 'Faulted':
      return 'OutOfService';
    default:
      return 'Occupied';
  }
}

/** The status of an EVSE: one connector in use makes it occupied, one that is free makes it available. */
export function statusOfEvse(station: StationRecord | undefined, evse: number): EvseStatus {
  const connectors = station?.evses.find(({ id }) => id === evse)?.connectors ?? [];
  const states = connectors.map(({ status }) => statusOfConnector(status));
  const own = ORDER.find((status) => states.includes(status)) ?? 'Unknown';
  // 1.6 §4.9: connector 0 is the station as a whole.
  const whole = station?.evses.find(({ id }) => id === 0)?.connectors[0]?.status;
  return own !== 'Occupied' && whole !== undefined && statusOfConnector(whole) === 'OutOfService'
    ? 'OutOfService'
    : own;
}

/** Whether a car is at the EVSE, as far as its connectors tell: only a plugged connector is neither free nor out of order. */
export function hasCar(station: StationRecord | undefined, evse: number): boolean {
  const connectors = station?.evses.find(({ id }) => id === evse)?.connectors ?? [];
  return connectors.some(({ status }) => statusOfConnector(status) === 'Occupied');
}
