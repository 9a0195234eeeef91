import type { v21 } from '../../../../protocols/ocpp/messages.ts';

/** What only 2.1 keeps; plain data, stored with the station. */
export interface Extras21 {
  readonly tariffs: readonly StoredTariff[];
  readonly derControls: readonly StoredDerControl[];
  readonly streams: readonly v21.ConstantStreamDataType[];
}

export interface StoredTariff {
  /** 0 = every EVSE. */
  readonly evseId: number;
  readonly tariff: v21.TariffType;
}

export interface StoredDerControl {
  readonly request: v21.SetDERControlRequest;
  readonly superseded: boolean;
}

/** When the Dynamic profiles ask again. */
export type DynamicState = readonly { readonly id: number; readonly nextMs: number }[];

export const NO_EXTRAS: Extras21 = { tariffs: [], derControls: [], streams: [] };
