import type { OcppVersion } from '../../protocols/ocpp/versions.ts';
import type { EvTemplate } from './physical/ev.ts';
import type { Grid } from './physical/grid.ts';
import type { EvseRating } from './physical/power-flow.ts';

/** Parts of OCPP that a station may lack; without one its actions are answered as "not supported". */
export interface Features {
  readonly firmware: boolean;
  readonly localList: boolean;
  readonly reservation: boolean;
  readonly smartCharging: boolean;
  readonly remoteTrigger: boolean;
  /** 1.6 security whitepaper; 2.x stations always have it. */
  readonly security: boolean;
  readonly display: boolean;
  readonly monitoring: boolean;
  /** 2.1 local cost calculation. */
  readonly tariff: boolean;
  readonly der: boolean;
  readonly batterySwap: boolean;
}

export interface ConnectorTemplate {
  /** ConnectorEnumType of 2.0.1: `sType2`, `cType2`, `cCCS2` … */
  readonly type: string;
  /** The cable belongs to the station: it cannot be unplugged there, and there is nothing to unlock. */
  readonly fixedCable: boolean;
  /** A motor locks the plug. */
  readonly lock: boolean;
}

export interface EvseTemplate {
  readonly rating: EvseRating;
  readonly connectors: readonly ConnectorTemplate[];
}

/** How long things take, in ms. Fast templates shorten them; virtual time does not care. */
export interface Timing {
  /** From power-on to the first connection. */
  readonly bootMs: number;
  readonly softResetMs: number;
  readonly hardResetMs: number;
  readonly downloadMs: number;
  readonly installMs: number;
}

/** Everything that is the same for all stations of a kind. Immutable and shared by a whole fleet. */
export interface StationTemplate {
  readonly name: string;
  readonly title: string;
  /** In the order in which they are offered. */
  readonly versions: readonly OcppVersion[];
  readonly vendor: string;
  readonly model: string;
  readonly firmwareVersion: string;
  readonly evses: readonly EvseTemplate[];
  /** What all EVSEs together may draw; Infinity where the template says nothing. */
  readonly stationLimit: { readonly currentA: number; readonly powerW: number };
  readonly grid: Grid;
  readonly features: Features;
  /** Measurands that this station can measure. */
  readonly measurands: readonly string[];
  /** The car that arrives when nobody names one. */
  readonly car: EvTemplate;
  readonly timing: Timing;
  /** Values of 1.6 configuration keys that differ from the standard defaults. */
  readonly configuration: Readonly<Record<string, string>>;
  /** Values of 2.x variables that differ from the defaults: `Component.Variable` or `Component.Variable[instance]`. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Number of 1.6 connectors: every connector of every EVSE counts. */
export function connectorCount(template: StationTemplate): number {
  let count = 0;
  for (const evse of template.evses) count += evse.connectors.length;
  return count;
}
