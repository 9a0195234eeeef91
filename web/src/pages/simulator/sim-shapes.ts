/** Simulated stations as `/sim/stations` shows them. */
export interface SimConnector {
  readonly id: number;
  readonly number: number;
  readonly status: string;
  readonly plug: 'empty' | 'cable' | 'ev';
  readonly locked: boolean;
  readonly operative: boolean;
  readonly fault?: string;
}

export interface SimEvse {
  readonly id: number;
  readonly meterWh: number;
  readonly powerW: number;
  readonly currentA: readonly number[];
  readonly voltageV: readonly number[];
  readonly offeredA: number | null;
  readonly soCPercent?: number;
  readonly transaction?: {
    readonly id: string;
    readonly number?: number;
    readonly chargingState: string;
    readonly energyWh: number;
    readonly since: string;
  };
  readonly connectors: readonly SimConnector[];
}

/** What an EVSE does: a connector of 2.x only says Occupied. */
export function statusOf(evse: SimEvse, connector: SimConnector | undefined): string {
  const status = connector?.status ?? 'Unknown';
  return status === 'Occupied' && evse.transaction?.chargingState === 'Charging' ? 'Charging' : status;
}

export interface SimStation {
  readonly identity: string;
  readonly version: string;
  readonly template: string;
  readonly endpoint: string;
  readonly powered: boolean;
  readonly connected: boolean;
  readonly registration: string;
  readonly firmwareVersion: string;
  readonly clock: string;
  readonly queued: number;
  readonly chargingProfiles: number;
  readonly reservations: readonly { readonly id: number }[];
  readonly evses: readonly SimEvse[];
}

export interface Templates {
  readonly items: readonly {
    readonly name: string;
    readonly title: string;
    readonly versions: readonly string[];
    readonly evses: number;
  }[];
  readonly cars: readonly { readonly name: string; readonly capacityWh: number }[];
}
