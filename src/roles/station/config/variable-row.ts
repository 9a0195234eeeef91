import type { OcppVersion } from '../../../protocols/ocpp/versions.ts';
import type { Features } from '../template.ts';

/** What a row of the 2.x device model says, and short words to write rows with. */
export type DataType =
  | 'string'
  | 'decimal'
  | 'integer'
  | 'dateTime'
  | 'boolean'
  | 'OptionList'
  | 'SequenceList'
  | 'MemberList';
export type Mutability = 'ReadOnly' | 'WriteOnly' | 'ReadWrite';

/** Where a value comes from that nobody stores. */
export type LiveValue =
  | 'available'
  | 'availabilityState'
  | 'clock'
  | 'connectorType'
  | 'firmwareVersion'
  | 'identity'
  | 'model'
  | 'phases'
  | 'power'
  | 'problem'
  | 'serialNumber'
  | 'vendor'
  | 'localListEntries'
  | 'certificateEntries'
  | 'chargingProfileEntries'
  | 'displayMessages'
  | 'securityProfile'
  | 'activeNetworkProfile'
  | 'monitoringBase'
  | 'monitoringLevel';

export interface VariableRow {
  readonly component: string;
  readonly componentInstance?: string;
  readonly variable: string;
  readonly instance?: string;
  /** Where it exists: once, at every EVSE, at every connector. */
  readonly tier: 'station' | 'evse' | 'connector';
  readonly type: DataType;
  readonly access: Mutability;
  readonly default?: string;
  readonly live?: LiveValue;
  readonly unit?: string;
  readonly min?: number;
  /** Largest number, longest text, or most entries. */
  readonly max?: number;
  /** Allowed words; `measurands`: what the template measures. */
  readonly values?: readonly string[] | 'measurands';
  readonly reboot?: true;
  readonly feature?: keyof Features;
  readonly versions?: readonly OcppVersion[];
  readonly monitorable?: true;
}

export type More = Partial<Omit<VariableRow, 'component' | 'variable' | 'type' | 'access' | 'tier'>>;

export const row =
  (type: DataType, access: Mutability) =>
  (component: string, variable: string, value?: string, more: More = {}): VariableRow => ({
    component,
    variable,
    tier: 'station',
    type,
    access,
    ...(value === undefined ? {} : { default: value }),
    ...more,
  });
export const flag = row('boolean', 'ReadWrite');
export const fixedFlag = row('boolean', 'ReadOnly');
export const number = row('integer', 'ReadWrite');
export const fixedNumber = row('integer', 'ReadOnly');
export const words = row('MemberList', 'ReadWrite');
export const text = row('string', 'ReadWrite');
export const fixedText = row('string', 'ReadOnly');

export const SECONDS: More = { unit: 's', min: 0 };
export const V21: readonly OcppVersion[] = ['2.1'];

export const tiered = (tier: VariableRow['tier'], component: string, rows: readonly VariableRow[]): VariableRow[] =>
  rows.map((one) => ({ ...one, component, tier }));

/** `Component.Variable` or `Component.Variable[instance]`: how templates and stores name a row. */
export function rowName(row: VariableRow): string {
  return row.instance === undefined
    ? `${row.component}.${row.variable}`
    : `${row.component}.${row.variable}[${row.instance}]`;
}
