import { parseTime } from '../../../core/time.ts';
import type { OcppVersion } from '../../../protocols/ocpp/versions.ts';
import type { StationTemplate } from '../template.ts';
import { DEVICE_MODEL } from './device-model.ts';
import { type LiveValue, rowName, type VariableRow } from './variable-row.ts';

/** A component as the wire names it. */
export interface ComponentName {
  readonly name: string;
  readonly instance?: string;
  readonly evse?: { readonly id: number; readonly connectorId?: number };
}
export interface VariableName {
  readonly name: string;
  readonly instance?: string;
}

export type SetStatus =
  | 'Accepted'
  | 'Rejected'
  | 'UnknownComponent'
  | 'UnknownVariable'
  | 'NotSupportedAttributeType'
  | 'RebootRequired';
export type GetStatus = Exclude<SetStatus, 'RebootRequired'>;

/** One variable at one place. */
export interface Place {
  readonly row: VariableRow;
  readonly evseId: number | undefined;
  readonly connectorId: number | undefined;
}

/** Tells values that follow from the state. */
export type LiveReader = (source: LiveValue, place: Place) => string;

const BY_NAME: ReadonlyMap<string, VariableRow> = new Map(DEVICE_MODEL.map((row) => [rowName(row).toLowerCase(), row]));
const BY_COMPONENT: ReadonlyMap<string, readonly VariableRow[]> = groupByComponent();

function groupByComponent(): Map<string, VariableRow[]> {
  const groups = new Map<string, VariableRow[]>();
  for (const row of DEVICE_MODEL) {
    const key = row.component.toLowerCase();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

/** The device model of one station: the table, the template's values, and only what was changed. */
export class DeviceModel {
  readonly #template: StationTemplate;
  readonly #version: OcppVersion;
  readonly #live: LiveReader;
  #overrides: Map<string, string> | undefined;
  #afterReboot: Map<string, string> | undefined;

  constructor(template: StationTemplate, version: OcppVersion, live: LiveReader) {
    this.#template = template;
    this.#version = version;
    this.#live = live;
  }

  // --- reading by our own code ----------------------------------------------------------------------------------

  /** The stored value of a row by its name; empty when unset. */
  text(name: string): string {
    const row = BY_NAME.get(name.toLowerCase());
    return row === undefined ? '' : this.#stored(row);
  }

  int(name: string): number {
    return Number(this.text(name) || '0');
  }

  bool(name: string): boolean {
    return this.text(name).toLowerCase() === 'true';
  }

  list(name: string): string[] {
    return this.text(name)
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '');
  }

  set(name: string, value: string): void {
    this.#overrides ??= new Map();
    this.#overrides.set(name, value);
  }

  // --- the wire -------------------------------------------------------------------------------------------------

  exists(row: VariableRow): boolean {
    return (
      (row.feature === undefined || this.#template.features[row.feature]) &&
      (row.versions === undefined || row.versions.includes(this.#version))
    );
  }

  /** Where a wire name points to, or what is unknown about it. Names are compared without case. */
  find(component: ComponentName, variable: VariableName): Place | 'UnknownComponent' | 'UnknownVariable' {
    const rows = this.rowsOf(component);
    if (rows.length === 0) return 'UnknownComponent';
    const row = rows.find(
      (one) =>
        one.variable.toLowerCase() === variable.name.toLowerCase() &&
        (one.instance ?? '').toLowerCase() === (variable.instance ?? '').toLowerCase(),
    );
    if (row === undefined) return 'UnknownVariable';
    return { row, evseId: component.evse?.id, connectorId: component.evse?.connectorId };
  }

  /** The rows of a component at exactly that place. */
  rowsOf(component: ComponentName): VariableRow[] {
    const { evse } = component;
    const tier = evse === undefined ? 'station' : evse.connectorId === undefined ? 'evse' : 'connector';
    if (evse !== undefined) {
      const part = this.#template.evses[evse.id - 1];
      if (part === undefined) return [];
      if (evse.connectorId !== undefined && part.connectors[evse.connectorId - 1] === undefined) return [];
    }
    return (BY_COMPONENT.get(component.name.toLowerCase()) ?? []).filter(
      (row) => row.tier === tier && this.exists(row) && (row.componentInstance ?? '') === (component.instance ?? ''),
    );
  }

  /** The Actual value as it may be told: empty for what is unset. */
  read(place: Place): string {
    const { row } = place;
    return row.live === undefined ? this.#stored(row) : this.#live(row.live, place);
  }

  /** GetVariables of one item (2.0.1 B06). */
  get(
    component: ComponentName,
    variable: VariableName,
    attribute = 'Actual',
  ): { readonly status: GetStatus; readonly value?: string } {
    const place = this.find(component, variable);
    if (typeof place === 'string') return { status: place };
    if (attribute !== 'Actual') return { status: 'NotSupportedAttributeType' };
    if (place.row.access === 'WriteOnly') return { status: 'Rejected' };
    return { status: 'Accepted', value: this.read(place).slice(0, 2500) };
  }

  /** SetVariables of one item (2.0.1 B05). */
  change(
    component: ComponentName,
    variable: VariableName,
    value: string,
    attribute = 'Actual',
  ): { readonly status: SetStatus; readonly reason?: string; readonly row?: VariableRow } {
    const place = this.find(component, variable);
    if (typeof place === 'string') return { status: place };
    const { row } = place;
    if (attribute !== 'Actual') return { status: 'NotSupportedAttributeType', row };
    if (row.access === 'ReadOnly') return { status: 'Rejected', reason: 'ReadOnly', row };
    const fault = valueFault(row, value, this.#template);
    if (fault !== undefined) return { status: 'Rejected', reason: fault, row };
    const written = row.type === 'boolean' ? value.toLowerCase() : value;
    if (row.reboot === true) {
      this.#afterReboot ??= new Map();
      this.#afterReboot.set(rowName(row), written);
      return { status: 'RebootRequired', row };
    }
    this.set(rowName(row), written);
    return { status: 'Accepted', row };
  }

  /** Every variable at every place, in the order of the table. */
  *places(): Generator<Place> {
    for (const row of DEVICE_MODEL) {
      if (!this.exists(row)) continue;
      if (row.tier === 'station') {
        yield { row, evseId: undefined, connectorId: undefined };
        continue;
      }
      for (const [i, evse] of this.#template.evses.entries()) {
        if (row.tier === 'evse') yield { row, evseId: i + 1, connectorId: undefined };
        else for (const j of evse.connectors.keys()) yield { row, evseId: i + 1, connectorId: j + 1 };
      }
    }
  }

  rebooted(): void {
    for (const [name, value] of this.#afterReboot ?? []) this.set(name, value);
    this.#afterReboot = undefined;
  }

  toJSON(): Readonly<Record<string, string>> {
    return Object.fromEntries([...(this.#overrides ?? []), ...(this.#afterReboot ?? [])]);
  }

  restore(saved: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(saved)) if (BY_NAME.has(name.toLowerCase())) this.set(name, value);
  }

  #stored(row: VariableRow): string {
    const name = rowName(row);
    return this.#overrides?.get(name) ?? this.#template.variables[name] ?? row.default ?? '';
  }
}

/** The wire name of a place. */
export function componentOf(place: Place): ComponentName {
  const { row, evseId, connectorId } = place;
  return {
    name: row.component,
    ...(row.componentInstance === undefined ? {} : { instance: row.componentInstance }),
    ...(evseId === undefined ? {} : { evse: { id: evseId, ...(connectorId === undefined ? {} : { connectorId }) } }),
  };
}

export function variableOf(place: Place): VariableName {
  return { name: place.row.variable, ...(place.row.instance === undefined ? {} : { instance: place.row.instance }) };
}

/** What is wrong with a value, as a reason code of the appendix (2.0.1 B05.FR.07, FR.08); undefined = nothing. */
export function valueFault(row: VariableRow, value: string, template: StationTemplate): string | undefined {
  switch (row.type) {
    case 'boolean':
      return /^(true|false)$/i.test(value) ? undefined : 'InvalidValue';
    case 'integer':
      return /^-?(0|[1-9]\d{0,9})$/.test(value) ? rangeFault(row, Number(value)) : 'InvalidValue';
    case 'decimal':
      return /^-?\d+(\.\d{1,6})?$/.test(value) ? rangeFault(row, Number(value)) : 'InvalidValue';
    case 'dateTime':
      return parseTime(value) === undefined ? 'InvalidValue' : undefined;
    case 'string':
      if (row.min !== undefined && value.length < row.min) return 'InvalidValue';
      return value.length > (row.max ?? 1000) ? 'TooLargeElement' : undefined;
    case 'OptionList':
      return allowed(row, value, template) ? undefined : 'InvalidValue';
    case 'MemberList':
    case 'SequenceList': {
      const words = value === '' ? [] : value.split(',').map((word) => word.trim());
      if (new Set(words).size !== words.length) return 'InvalidValue';
      return words.every((word) => allowed(row, word, template)) ? undefined : 'InvalidValue';
    }
  }
}

function allowed(row: VariableRow, word: string, template: StationTemplate): boolean {
  if (row.values === undefined) return true;
  return row.values === 'measurands' ? template.measurands.includes(word) : row.values.includes(word);
}

function rangeFault(row: VariableRow, value: number): string | undefined {
  if (row.min !== undefined && value < row.min) return 'ValueTooLow';
  if (row.max !== undefined && value > row.max) return 'ValueTooHigh';
  return undefined;
}
