import type { CarGrammar } from './releases.ts';

/** How the simulated car charges. */
export type CarMode = 'ac-iec' | 'ac-iso2' | 'dc-iso2';
export type Payment = 'auto' | 'eim' | 'contract';

export interface CarPlan {
  readonly mode: CarMode;
  /** The car's own maximum. */
  readonly currentA: number;
  readonly phases: 1 | 3;
  readonly payment: Payment;
  readonly departureS?: number;
  readonly energyWh?: number;
}

/** What cannot be written in this grammar, with the reason for a person. */
export interface NotInGrammar {
  readonly unsupported: string;
}

export type CarList = string | NotInGrammar;

/** Ends a list: the car keeps its state only while a list runs. */
const HOLD = 'sleep 36000';

/** The list of `execute_charging_session` that plugs the car in and charges. */
export function startList(plan: CarPlan, grammar: CarGrammar | undefined): CarList {
  if (plan.mode === 'ac-iec') {
    return `sleep 1;iec_wait_pwr_ready;sleep 1;draw_power_regulated ${plan.currentA},${plan.phases};${HOLD}`;
  }
  const session = startWord(plan, grammar);
  if (typeof session !== 'string') return session;
  return `sleep 1;iso_wait_slac_matched;${session};iso_wait_pwr_ready;${isoDraw(plan, grammar)}iso_wait_for_stop 36000`;
}

/** The lists of `modify_charging_session`, by what the car shall do. No wait stands anywhere but last (see the grammar). */
export function pauseList({ mode }: CarPlan): string {
  return mode === 'ac-iec' ? `pause;${HOLD}` : 'iso_pause_charging;iso_wait_for_resume';
}

export function resumeList(plan: CarPlan, grammar: CarGrammar | undefined): CarList {
  if (plan.mode === 'ac-iec') return drawList(plan);
  const session = startWord(plan, grammar);
  if (typeof session !== 'string') return session;
  const toggle = grammar === 'A1' || grammar === 'A1b' ? 'iso_start_bcb_toogle' : 'iso_start_bcb_toggle';
  return `${toggle} 3;iso_wait_pwm_is_running;${session};iso_wait_pwr_ready;${isoDraw(plan, grammar)}iso_wait_for_stop 36000`;
}

/** The car ends charging and stays plugged; IEC 61851 has no such thing beyond the pause. */
export function stopList({ mode }: CarPlan): string {
  return mode === 'ac-iec' ? `pause;${HOLD}` : 'iso_stop_charging;iso_wait_v2g_session_stopped';
}

export function unplugList(hlcSession: boolean): string {
  return hlcSession ? 'iso_stop_charging;iso_wait_v2g_session_stopped;unplug' : 'unplug';
}

/** The car takes another current. */
export function drawList({ mode, currentA, phases }: Pick<CarPlan, 'mode' | 'currentA' | 'phases'>): string {
  return mode === 'ac-iec'
    ? `draw_power_regulated ${currentA},${phases};${HOLD}`
    : `iso_draw_power_regulated ${currentA},${phases};iso_wait_for_stop 36000`;
}

export function socList(soCPercent: number, plan: CarPlan, grammar: CarGrammar | undefined): CarList {
  if (grammar !== 'A4') return { unsupported: `the car’s state of charge can be set from grammar A4 (2026.02) on` };
  return `set_soc ${soCPercent};${drawList(plan)}`;
}

export type CarFault = { readonly rcdMilliA: number } | 'diode' | 'cp-e';

export function faultList(fault: CarFault, plan: CarPlan | undefined): string {
  if (typeof fault === 'string') return `${fault === 'diode' ? 'diode_fail' : 'error_e'};${HOLD}`;
  const draw = plan?.mode === 'ac-iec' ? `draw_power_regulated ${plan.currentA},${plan.phases};` : '';
  return `${draw}rcd_current ${fault.rcdMilliA};${HOLD}`;
}

/** `iso_start_v2g_session` in the words of the release: never stored, always written anew. */
function startWord(plan: CarPlan, grammar: CarGrammar | undefined): CarList {
  const { mode, payment, departureS, energyWh } = plan;
  const timed = departureS !== undefined || energyWh !== undefined;
  const current = mode === 'dc-iso2' ? 'DC' : 'AC';
  const numbers = `${departureS ?? 86_400},${energyWh ?? 0}`;
  const word = 'iso_start_v2g_session';
  if (grammar === undefined) {
    return {
      unsupported: 'the words of ISO 15118 differ between releases: choose `carGrammar` or `release` of the station',
    };
  }
  if (grammar === 'A1') {
    if (timed) return noNumbers(grammar);
    const transfer =
      mode === 'dc-iso2' ? 'DC_extended' : plan.phases === 3 ? 'AC_three_phase_core' : 'AC_single_phase_core';
    return `${word} ${payment === 'contract' ? 'contract' : 'ExternalPayment'},${transfer}`;
  }
  if (grammar === 'A4') {
    const paid = payment === 'auto' ? '' : payment === 'eim' ? ',externalpayment' : ',contract';
    return `${word} ${current}${paid}${timed ? `,${numbers}` : ''}`;
  }
  if (payment !== 'auto') {
    return {
      unsupported:
        `grammar ${grammar} leaves the payment to the car: contract if it has a certificate and TLS, else external payment. ` +
        'Send `payment: auto` and configure EVerest for what you want',
    };
  }
  if (grammar === 'demo') return `${word} ${current},${numbers}`;
  if (grammar === 'A3') return `${word} ${current}${timed ? `,${numbers}` : ''}`;
  return timed ? noNumbers(grammar) : `${word} ${current}`;
}

function noNumbers(grammar: CarGrammar): NotInGrammar {
  return { unsupported: `grammar ${grammar} takes no departure time and no energy amount` };
}

function isoDraw(plan: CarPlan, grammar: CarGrammar | undefined): string {
  if (plan.mode === 'ac-iso2') return `iso_draw_power_regulated ${plan.currentA},${plan.phases};`;
  // The first two grammars had no word for DC power.
  return grammar === 'A1' || grammar === 'A1b' ? '' : 'iso_dc_power_on;';
}
