import type { Clock } from '../../core/clock.ts';
import type { LookAlikeOptions } from '../../roles/everest/look-alike-port.ts';
import type { VirtualCar } from './car.ts';
import type { VirtualEvse } from './evse.ts';
import type { OcppSide } from './ocpp-side.ts';

/** What a look-alike can be told beyond the options of a service; tests use them. */
export interface LookAlikeTraits {
  readonly dialects?: readonly ('N' | 'L' | 'E')[];
  /** Connectors without ISO 15118. */
  readonly withoutHlc?: readonly number[];
  /** False: the limit commands of dialect L are not wired, as in most simulator configurations. */
  readonly energySink?: boolean;
  /** Tokens that its own validator refuses, where no OCPP decides. */
  readonly refused?: readonly string[];
  /** The contract of its car. */
  readonly emaid?: string;
  /** The time by which meters and variables are told; the machine's when absent, also when the car's seconds are shorter. */
  readonly periods?: Clock;
}

/** One connector with what stands there. */
export interface Place {
  readonly evse: VirtualEvse;
  readonly car: VirtualCar;
  maxA: number;
  ownWh: number;
  lastMeterMs: number;
  startWh: number;
}

/** What the parts of a look-alike share. */
export interface LookAlikeWorld {
  readonly options: LookAlikeOptions;
  readonly traits: LookAlikeTraits;
  readonly dialects: readonly ('N' | 'L' | 'E')[];
  readonly places: ReadonlyMap<number, Place>;
  readonly ocpp: () => OcppSide | undefined;
  readonly publish: (topic: string, payload: string) => void;
  readonly say: (text: string) => void;
}

export const HARDWARE_A = 32;
