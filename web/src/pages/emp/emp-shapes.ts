/** What the EMP's API answers (`/api/v1/emp/...`). */

export interface EvseEntry {
  readonly evseId: string;
  readonly operatorId: string;
  readonly status?: string;
  readonly statusSince?: string;
  readonly record: EvseRecord;
  readonly prices?: unknown;
}

/** Of the OICP record what the pages show. */
export interface EvseRecord {
  readonly ChargingStationID?: string;
  readonly ChargingStationNames?: readonly { readonly value?: string }[];
  readonly Address?: {
    readonly Country?: string;
    readonly City?: string;
    readonly Street?: string;
    readonly HouseNum?: string;
    readonly PostalCode?: string;
  };
  readonly GeoCoordinates?: {
    readonly DecimalDegree?: { readonly Latitude?: string; readonly Longitude?: string };
    readonly Google?: { readonly Coordinates?: string };
  };
  readonly Plugs?: readonly string[];
  readonly ChargingFacilities?: readonly { readonly PowerType?: string; readonly Power?: number }[];
  readonly AuthenticationModes?: readonly string[];
  readonly PaymentOptions?: readonly string[];
  readonly ValueAddedServices?: readonly string[];
  readonly IsOpen24Hours?: boolean;
  readonly OperatorName?: string;
  readonly lastUpdate?: string;
}

export interface Driver {
  readonly id: string;
  readonly name: string;
  readonly email?: string;
  readonly contracts: readonly string[];
  readonly media: readonly string[];
}

export interface Contract {
  readonly id: string;
  readonly driver: string;
  readonly locked: boolean;
  readonly validFrom?: string;
  readonly validTo?: string;
  readonly checkCharacter: string;
}

export interface Medium {
  readonly id: string;
  readonly kind: string;
  readonly contract: string;
  readonly uid?: string;
  readonly printedNumber?: string;
  readonly hasPin: boolean;
  readonly locked: boolean;
  readonly lastUsedAt?: string;
}

export interface EmpSession {
  readonly id: string;
  readonly kind: 'authorised' | 'remote' | 'reservation' | 'offline';
  readonly state: 'authorised' | 'accepted' | 'charging' | 'stopping' | 'ended' | 'settled';
  readonly contract?: string;
  readonly operatorId?: string;
  readonly evseId?: string;
  readonly energyKwh?: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Cdr {
  readonly id: string;
  readonly operatorId?: string;
  readonly contract?: string;
  readonly receivedAt: string;
  readonly source: 'pushed' | 'pulled';
  readonly deliveries: number;
  readonly plausible: boolean;
  readonly findings: readonly {
    readonly rule: string;
    readonly pointer: string;
    readonly text: string;
    readonly verdict: string;
  }[];
  readonly record: CdrRecord;
}

export interface CdrRecord {
  readonly EvseID?: string;
  readonly SessionStart?: string;
  readonly SessionEnd?: string;
  readonly ConsumedEnergy?: number;
  readonly MeterValueStart?: number;
  readonly MeterValueEnd?: number;
  readonly PartnerProductID?: string;
}

export interface ChargingNotification {
  readonly id: string;
  readonly at: string;
  readonly sessionId: string;
  readonly type: 'Start' | 'Progress' | 'End' | 'Error';
  readonly notification: Readonly<Record<string, unknown>>;
}

export interface Authorisation {
  readonly id: string;
  readonly at: string;
  readonly operation: string;
  readonly sessionId: string;
  readonly operatorId: string;
  readonly granted: boolean;
  readonly code: string;
  readonly reason: string;
}

/** One call to the hub, with how it went. */
export interface ActionStep {
  readonly operation: string;
  readonly outcome: string;
  readonly code?: string;
  readonly meaning?: string;
  readonly reason?: string;
  readonly ms: number;
  readonly trace: string;
}

export interface ActionAnswer {
  readonly done: boolean;
  readonly steps: readonly ActionStep[];
  readonly session?: EmpSession;
  readonly summary?: string;
}

export interface Pulls {
  readonly hub: string;
  readonly items: readonly {
    readonly kind: string;
    readonly lastTryAt?: string;
    readonly lastSuccessAt?: string;
    readonly failures: number;
    readonly outcome?: string;
  }[];
}

export interface Policy {
  readonly mode: 'contracts' | 'accept-all' | 'reject-all' | 'silent';
  readonly code: string;
  readonly delayMs: number;
}

/** Latitude and longitude in degrees, as far as the record tells them. */
export function placeOf(record: EvseRecord): { readonly lat: number; readonly lon: number } | undefined {
  const { DecimalDegree, Google } = record.GeoCoordinates ?? {};
  const [first, second] = Google?.Coordinates?.trim().split(/[ ,]+/) ?? [];
  const lat = Number(DecimalDegree?.Latitude ?? first ?? Number.NaN);
  const lon = Number(DecimalDegree?.Longitude ?? second ?? Number.NaN);
  return Number.isFinite(lat) && Number.isFinite(lon) && Math.abs(lat) < 85 && Math.abs(lon) <= 180
    ? { lat, lon }
    : undefined;
}

/** `AC 22 kW`, `DC 150 kW`; the strongest facility. */
export function facilityOf({ ChargingFacilities }: EvseRecord): string {
  const best = [...(ChargingFacilities ?? [])].sort((a, b) => (b.Power ?? 0) - (a.Power ?? 0))[0];
  return best === undefined ? '–' : `${(best.PowerType ?? '').split('_')[0]} ${best.Power ?? '?'} kW`.trim();
}

export function addressOf({ Address }: EvseRecord): string {
  if (Address === undefined) return '–';
  const street = [Address.Street, Address.HouseNum].filter(Boolean).join(' ');
  return [street, [Address.PostalCode, Address.City].filter(Boolean).join(' ')].filter(Boolean).join(', ');
}

/** A contract under one spelling: `DE-DCB-C12345678-X` and `DEDCBC12345678X` are one. */
export function samePlain(a: string | undefined, b: string | undefined): boolean {
  const plain = (text: string | undefined): string => (text ?? '').toUpperCase().replace(/[-*]/g, '');
  return plain(a) === plain(b);
}
