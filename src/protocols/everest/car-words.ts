import type { CarGrammar } from './releases.ts';

/** What an argument of a word must be. */
export type ArgumentRule =
  | { readonly is: 'number'; readonly min?: number; readonly max?: number; readonly what: string }
  | { readonly is: 'word'; readonly of: readonly string[]; readonly what: string };

export interface CarWord {
  /** The accepted argument lists; most words have one. */
  readonly forms: readonly (readonly ArgumentRule[])[];
  /** What the word does, for help. */
  readonly does: string;
  /** It needs the car's ISO 15118 side; an EVSE without one does not know the word. */
  readonly hlc?: true;
  /** It holds the list until something happens; the countdown of these two belongs to the car, not to the word. */
  readonly countsDown?: true;
}

const number = (what: string, min?: number, max?: number): ArgumentRule => ({
  is: 'number',
  what,
  ...(min === undefined ? {} : { min }),
  ...(max === undefined ? {} : { max }),
});
const word = (what: string, ...of: string[]): ArgumentRule => ({ is: 'word', what, of });

const SECONDS = number('seconds', 0);
const DRAW = [number('amperes', 0), number('phases (3, or 1)', 1, 3)];

/** Words that every grammar knows. */
const ALWAYS: Readonly<Record<string, CarWord>> = {
  sleep: { forms: [[SECONDS]], does: 'waits', countsDown: true },
  iec_wait_pwr_ready: { forms: [[]], does: 'plugs in and waits for the offer of basic charging' },
  iso_wait_pwm_is_running: { forms: [[]], does: 'plugs in and waits for any offer, the 5 % of ISO 15118 too' },
  draw_power_regulated: { forms: [DRAW], does: 'draws what is offered, up to these amperes' },
  draw_power_fixed: { forms: [DRAW], does: 'draws whatever is offered or not' },
  pause: { forms: [[]], does: 'the car stops drawing' },
  unplug: { forms: [[]], does: 'the plug is pulled' },
  error_e: { forms: [[]], does: 'control pilot shorted; stays until the car is reset' },
  diode_fail: { forms: [[]], does: 'control pilot diode fails; stays until the car is reset' },
  rcd_current: { forms: [[number('milliamperes')]], does: 'residual current; above 5 mA is a fault' },
  iso_wait_slac_matched: { forms: [[]], does: 'plugs in and waits for SLAC', hlc: true },
  iso_wait_pwr_ready: { forms: [[]], does: 'waits until the charger is ready', hlc: true },
  iso_draw_power_regulated: { forms: [DRAW], does: 'charges with AC under ISO 15118', hlc: true },
  iso_wait_for_stop: { forms: [[SECONDS]], does: 'charges until the charger stops', hlc: true, countsDown: true },
  iso_stop_charging: { forms: [[]], does: 'the car ends the session', hlc: true },
  iso_wait_v2g_session_stopped: { forms: [[]], does: 'waits for the end of the ISO 15118 session', hlc: true },
  iso_pause_charging: { forms: [[]], does: 'the car pauses the ISO 15118 session', hlc: true },
  iso_wait_for_resume: { forms: [[]], does: 'waits for ever, until a new list comes', hlc: true },
};

const START_DOES = 'starts the ISO 15118 session';
const MODE = word('AC or DC', 'ac', 'dc');
const PAYMENT = word('auto, externalpayment or contract', 'auto', 'externalpayment', 'contract');
const DEPARTURE = number('seconds until departure', 0);
const ENERGY = number('energy in Wh', 0);

/** `iso_start_v2g_session` by grammar. */
const START: Readonly<Record<CarGrammar, CarWord>> = {
  A1: {
    forms: [
      [
        word('ExternalPayment or contract', 'externalpayment', 'contract'),
        word(
          'the energy transfer mode',
          'ac_single_phase_core',
          'ac_three_phase_core',
          'dc_core',
          'dc_extended',
          'dc_combo_core',
          'dc_unique',
        ),
      ],
    ],
    does: START_DOES,
    hlc: true,
  },
  A1b: { forms: [[MODE]], does: START_DOES, hlc: true },
  A2: { forms: [[MODE]], does: START_DOES, hlc: true },
  A3: { forms: [[MODE], [MODE, DEPARTURE, ENERGY]], does: START_DOES, hlc: true },
  A4: {
    forms: [[MODE], [MODE, PAYMENT], [MODE, DEPARTURE, ENERGY], [MODE, PAYMENT, DEPARTURE, ENERGY]],
    does: START_DOES,
    hlc: true,
  },
  // The patched demo image takes exactly three arguments; a negative number means its default.
  demo: { forms: [[MODE, number('seconds until departure'), number('energy in Wh')]], does: START_DOES, hlc: true },
};

const TOGGLE: CarWord = { forms: [[number('how often', 1)]], does: 'wakes the charger by B-C-B', hlc: true };
const DC_POWER: CarWord = { forms: [[]], does: 'waits for DC power and charges', hlc: true };
const PLUGIN: CarWord = { forms: [[]], does: 'runs the plug-in commands of the configuration' };
const SET_SOC: CarWord = { forms: [[number('percent', 0, 100)]], does: 'sets the state of charge' };

/** Words that came or went, by grammar. */
const FURTHER: Readonly<Record<CarGrammar, Readonly<Record<string, CarWord>>>> = {
  A1: {
    iso_start_bcb_toogle: TOGGLE,
    cp: { forms: [[number('volts')]], does: 'sets the control pilot voltage' },
    pp_resistor: { forms: [[number('ohms', 0)]], does: 'sets the proximity resistor' },
  },
  A1b: { iso_start_bcb_toogle: TOGGLE },
  A2: { iso_start_bcb_toggle: TOGGLE, iso_dc_power_on: DC_POWER },
  A3: { iso_start_bcb_toggle: TOGGLE, iso_dc_power_on: DC_POWER, plugin: PLUGIN },
  A4: { iso_start_bcb_toggle: TOGGLE, iso_dc_power_on: DC_POWER, plugin: PLUGIN, set_soc: SET_SOC },
  demo: { iso_start_bcb_toggle: TOGGLE, iso_dc_power_on: DC_POWER },
};

/** The word of a grammar, or `undefined`. Without a grammar only the words that mean the same in all of them. */
export function carWord(grammar: CarGrammar | undefined, name: string): CarWord | undefined {
  const always = Object.hasOwn(ALWAYS, name) ? ALWAYS[name] : undefined;
  if (always !== undefined || grammar === undefined) return always;
  if (name === 'iso_start_v2g_session') return START[grammar];
  return Object.hasOwn(FURTHER[grammar], name) ? FURTHER[grammar][name] : undefined;
}

/** All words of a grammar, for help and forms. */
export function carWordsOf(grammar: CarGrammar): Readonly<Record<string, CarWord>> {
  return { ...ALWAYS, iso_start_v2g_session: START[grammar], ...FURTHER[grammar] };
}

/** True for a word that some grammar knows. */
export function isKnownSomewhere(name: string): boolean {
  return (
    name === 'iso_start_v2g_session' ||
    Object.hasOwn(ALWAYS, name) ||
    Object.values(FURTHER).some((words) => Object.hasOwn(words, name))
  );
}
