/**
 * Charging profiles, neutral of the OCPP version. Limits are per phase in A, or the sum of the phases in W.
 */

export type RateUnit = 'A' | 'W';

/**
 * What a profile is for. 1.6 `ChargePointMaxProfile` and 2.x `ChargingStationMaxProfile` are `StationMax`;
 * `ChargingStationExternalConstraints` is `External`; `PriorityCharging` and `LocalGeneration` exist in 2.1.
 */
export type Purpose = 'StationMax' | 'External' | 'TxDefault' | 'Tx' | 'Priority' | 'LocalGeneration';

export type ProfileKind = 'Absolute' | 'Recurring' | 'Relative' | 'Dynamic';

export interface Period {
  /** Seconds from the start of the schedule. */
  readonly startS: number;
  /** Absent (2.1 only): this period does not limit. */
  readonly limit?: number;
  readonly phases?: number;
}

export interface Schedule {
  readonly unit: RateUnit;
  readonly startMs?: number;
  readonly durationS?: number;
  /** First starts at 0, ascending. */
  readonly periods: readonly Period[];
  readonly minRate?: number;
}

export interface Profile {
  readonly id: number;
  /** 0 = the whole station (for `TxDefault`: every EVSE). In 1.6 the connector. */
  readonly evseId: number;
  readonly stackLevel: number;
  readonly purpose: Purpose;
  readonly kind: ProfileKind;
  readonly recurrency?: 'Daily' | 'Weekly';
  readonly validFromMs?: number;
  readonly validToMs?: number;
  /** The station's own name of the transaction (not the 1.6 number). */
  readonly transactionId?: string;
  readonly schedule: Schedule;
  /** Who set it: `CSO` through OCPP, `EMS` or `SO` by an external system. */
  readonly source: 'CSO' | 'EMS' | 'SO' | 'Other';
  /** The profile in its own wire shape, for reports. */
  readonly wire: unknown;
}

/** What a profile says at one instant. */
export interface Segment {
  /** Undefined: it says nothing (not valid, a gap, or over). */
  readonly limit: number | undefined;
  readonly phases: number | undefined;
  readonly covers: boolean;
  /** The next instant at which that may change; Infinity = never. */
  readonly untilMs: number;
}
