/** Readers of EVerest's JSON objects. They never throw: what is missing or of another type is left out. */

export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
export const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

/** An object without the members that are undefined. */
export function present<T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

export type Phases = Readonly<Partial<Record<'total' | 'DC' | 'L1' | 'L2' | 'L3' | 'N', number>>>;

export interface MeterReading {
  readonly timestamp?: string;
  readonly meterId?: string;
  /** Imported, exported; total of the phases, Wh. */
  readonly energyWh?: number;
  readonly exportWh?: number;
  readonly powerW?: number;
  readonly currentA?: Phases;
  readonly voltageV?: Phases;
}

/** Powermeter of N, L and E. */
export function meterOf(json: Json): MeterReading {
  return present({
    timestamp: textOf(json['timestamp']),
    meterId: textOf(json['meter_id']),
    energyWh: total(json['energy_Wh_import']),
    exportWh: total(json['energy_Wh_export']),
    powerW: total(json['power_W']),
    currentA: phasesOf(json['current_A']),
    voltageV: phasesOf(json['voltage_V']),
  });
}

function total(value: unknown): number | undefined {
  return isObject(value) ? numberOf(value['total']) : undefined;
}

function phasesOf(value: unknown): Phases | undefined {
  if (!isObject(value)) return undefined;
  return present({
    total: numberOf(value['total']),
    DC: numberOf(value['DC']),
    L1: numberOf(value['L1']),
    L2: numberOf(value['L2']),
    L3: numberOf(value['L3']),
    N: numberOf(value['N']),
  });
}

export interface TokenSeen {
  readonly value: string;
  /** `ISO14443`, `eMAID` … */
  readonly type?: string;
  /** `RFID`, `OCPP`, `PlugAndCharge` … */
  readonly authorizationType?: string;
}

/** ProvidedIdToken in its three shapes: object (2024.3 and newer), text with `id_token_type`, and `{id_token,type}`. */
export function tokenOf(value: unknown): TokenSeen | undefined {
  if (!isObject(value)) return undefined;
  const token = value['id_token'];
  const text = isObject(token) ? textOf(token['value']) : textOf(token);
  if (text === undefined) return undefined;
  const type = isObject(token) ? textOf(token['type']) : textOf(value['id_token_type']);
  return {
    value: text,
    ...present({ type, authorizationType: textOf(value['authorization_type']) ?? textOf(value['type']) }),
  };
}

export interface ErrorSeen {
  /** `evse_board_support/MREC8EmergencyStop`. */
  readonly type: string;
  readonly uuid?: string;
  readonly subType?: string;
  readonly message?: string;
  readonly severity?: string;
  readonly module?: string;
}

export function errorOf(value: unknown): ErrorSeen | undefined {
  if (!isObject(value)) return undefined;
  const type = textOf(value['type']);
  if (type === undefined) return undefined;
  const origin = value['origin'];
  return {
    type,
    ...present({
      uuid: textOf(value['uuid']),
      subType: textOf(value['sub_type']),
      message: textOf(value['message']),
      severity: textOf(value['severity']),
      module: isObject(origin) ? textOf(origin['module_id']) : undefined,
    }),
  };
}

export interface LimitSeen {
  readonly currentA?: number;
  readonly powerW?: number;
  readonly phases?: number;
}

/** EnforcedLimits of dialect E; each limit is a number, or an object with its source. */
export function enforcedLimitOf(json: Json): LimitSeen {
  const root = isObject(json['limits_root_side']) ? json['limits_root_side'] : {};
  const value = (name: string): number | undefined => {
    const member = root[name];
    return isObject(member) ? numberOf(member['value']) : numberOf(member);
  };
  return present({
    currentA: value('ac_max_current_A'),
    powerW: value('total_power_W'),
    phases: value('ac_max_phase_count'),
  });
}

export interface SessionEventSeen {
  readonly event: string;
  /** The session: for the whole time that the car is plugged in. */
  readonly sessionId?: string;
  readonly timestamp?: string;
  readonly connectorId?: number;
  /** Why the session started (`EVConnected`, `Authorized`) or the transaction ended (`Local`, `EVDisconnected` …). */
  readonly reason?: string;
  /** Why the EVSE pauses: UserPause, Error, NoEnergy. */
  readonly pauseReasons?: readonly string[];
  readonly token?: TokenSeen;
  readonly meterWh?: number;
}

/** SessionEvent of dialect E. Members of the event stand in an object of its own name. */
export function sessionEventOf(json: Json): SessionEventSeen | undefined {
  const event = textOf(json['event']);
  if (event === undefined) return undefined;
  const part =
    [
      'session_started',
      'session_finished',
      'transaction_started',
      'transaction_finished',
      'charging_state_changed_event',
      'authorization_event',
    ]
      .map((name) => json[name])
      .find(isObject) ?? {};
  const paused = json['charging_paused_evse'];
  const reasons = isObject(paused) && Array.isArray(paused['reasons']) ? paused['reasons'].filter(isText) : undefined;
  const meter = part['meter_value'];
  return {
    event,
    ...present({
      sessionId: textOf(json['uuid']) || undefined,
      timestamp: textOf(json['timestamp']),
      connectorId: numberOf(json['connector_id']),
      reason: textOf(part['reason']),
      pauseReasons: reasons,
      token: tokenOf(part['id_tag']),
      meterWh: isObject(meter) ? total(meter['energy_Wh_import']) : undefined,
    }),
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';
