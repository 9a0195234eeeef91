/** The state of a connector in one vocabulary, whatever dialect told it. */
export const CONNECTOR_STATES = [
  'unknown',
  'offline',
  'disabled',
  'idle',
  'reserved',
  'waitAuth',
  'authTimeout',
  'preparing',
  'charging',
  'pausedEv',
  'pausedEvse',
  'stopping',
  'finished',
  'switchingPhases',
] as const;
export type ConnectorState = (typeof CONNECTOR_STATES)[number];

/** Words of `state/state_string` (dialect N). `fault` marks words of old releases that were faults. */
const N_STATES: Readonly<Record<string, ConnectorState | 'fault'>> = {
  Disabled: 'disabled',
  Idle: 'idle',
  'Wait for Auth': 'waitAuth',
  WaitAuth: 'waitAuth',
  PrepareCharging: 'preparing',
  'Wait for energy': 'preparing',
  T_step_EF: 'preparing',
  T_step_X1: 'preparing',
  Charging: 'charging',
  'Car Paused': 'pausedEv',
  'EVSE Paused': 'pausedEvse',
  StoppingCharging: 'stopping',
  Finished: 'finished',
  SwitchPhases: 'switchingPhases',
  Replug: 'switchingPhases',
  Error: 'fault',
  Faulted: 'fault',
};

/** Words of `session_info.state` (dialects L and E). */
const SESSION_STATES: Readonly<Record<string, ConnectorState>> = {
  Unplugged: 'idle',
  Disabled: 'disabled',
  Preparing: 'preparing',
  WaitingForEnergy: 'preparing',
  Reserved: 'reserved',
  AuthRequired: 'waitAuth',
  AuthTimeout: 'authTimeout',
  Charging: 'charging',
  ChargingPausedEV: 'pausedEv',
  ChargingPausedEVSE: 'pausedEvse',
  Finished: 'finished',
  FinishedEV: 'finished',
  FinishedEVSE: 'finished',
};

/** What a session event says about the state (dialect E, internal bus); events that say nothing are missing. */
const EVENT_STATES: Readonly<Record<string, ConnectorState>> = {
  Enabled: 'idle',
  Disabled: 'disabled',
  AuthRequired: 'waitAuth',
  PluginTimeout: 'authTimeout',
  ReservationStart: 'reserved',
  ReservationEnd: 'idle',
  SessionStarted: 'waitAuth',
  TransactionStarted: 'preparing',
  PrepareCharging: 'preparing',
  WaitingForEnergy: 'preparing',
  ChargingStarted: 'charging',
  ChargingResumed: 'charging',
  ChargingPausedEV: 'pausedEv',
  ChargingPausedEVSE: 'pausedEvse',
  StoppingCharging: 'stopping',
  ChargingFinished: 'finished',
  TransactionFinished: 'finished',
  SessionFinished: 'idle',
  SwitchingPhases: 'switchingPhases',
};

const own = <T>(table: Readonly<Record<string, T>>, word: string): T | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined;

/** A word that nobody knows gives `unknown`; the raw word is kept by whoever asks. */
export function stateOfN(word: string): ConnectorState | 'fault' {
  return own(N_STATES, word) ?? 'unknown';
}
export function stateOfSession(word: string): ConnectorState {
  return own(SESSION_STATES, word) ?? 'unknown';
}
export function stateOfEvent(word: string): ConnectorState | undefined {
  return own(EVENT_STATES, word);
}

/**
 * The number beside `Charging` tells the numbering, and with it how old the release can be: 4 from 2026.02 on (and 2023.1/2),
 * 5 from 2023.3 to 2025.12. Numbers are never decoded otherwise.
 */
export function releaseHint(word: string, number: number): string | undefined {
  if (word !== 'Charging') return undefined;
  if (number === 4) return '2026.02 or newer (or 2023.1, 2023.2)';
  return number === 5 ? '2023.3 to 2025.12' : undefined;
}

/** Errors that EVerest only lists; all others make the EVSE inoperative. */
export function isFatalError(type: string): boolean {
  return !['MREC3HighTemperature', 'MREC18CableOverTempDerate', 'VendorWarning'].includes(
    type.slice(type.indexOf('/') + 1),
  );
}
