import { checkCarList } from '../../protocols/everest/car-grammar.ts';
import type { CarGrammar } from '../../protocols/everest/releases.ts';

/** What the car sees at its inlet, and what it may ask of the EVSE. */
export interface CarSocket {
  /** Offer on the control pilot: none, the 5 % of ISO 15118, or a current. */
  readonly pwm: 'off' | 'digital' | 'nominal';
  readonly slacMatched: boolean;
  /** ISO 15118: authorized, and ready for power. */
  readonly v2gReady: boolean;
  readonly v2gRunning: boolean;
  readonly chargerStopped: boolean;
  plug(): void;
  unplug(): void;
  startSlac(): void;
  startV2g(payment: 'auto' | 'eim' | 'contract', mode: 'ac' | 'dc'): void;
  stopV2g(): void;
  rcd(milliA: number): void;
  diodeFails(): void;
}

/** EVerest's car looks at its list so often. */
export const CAR_TICK_MS = 250;
const TICKS_A_SECOND = 1000 / CAR_TICK_MS;
/** Words that say nothing about the plug; a list that begins with one pulls it first. */
const STATELESS = ['sleep', 'set_soc', 'rcd_current'];

interface Item {
  readonly word: string;
  readonly args: readonly string[];
}

/**
 * The simulated car: runs a command list as EVerest's does, with its ways: the countdown belongs to the car and outlives a
 * modify; a running list refuses another one; at the end of a list the car keeps its last state.
 */
export class VirtualCar {
  readonly #socket: CarSocket;
  readonly #grammar: CarGrammar;
  readonly #hlc: boolean;
  readonly #log: (text: string) => void;
  #enabled = true;
  #list: Item[] = [];
  #running = false;
  #countdown: number | undefined;
  #wantsDraw = false;
  #regulated = true;
  #latched = false;
  amps = 16;
  phases: 1 | 3 = 3;
  soc = 30;
  rejected = 0;
  /** What a wrong word would have done to a real station. */
  terminated = 0;

  constructor(socket: CarSocket, grammar: CarGrammar, hlc: boolean, log: (text: string) => void) {
    this.#socket = socket;
    this.#grammar = grammar;
    this.#hlc = hlc;
    this.#log = log;
  }

  /** True when the car closes its contactor: CP C. */
  get drawing(): boolean {
    if (!this.#wantsDraw || this.#latched) return false;
    return !this.#regulated || this.#socket.pwm !== 'off';
  }

  get latched(): boolean {
    return this.#latched;
  }

  enable(on: boolean): void {
    if (on === this.#enabled) return this.#log(`car is ${on ? 'enabled' : 'disabled'} already: ignored`);
    this.#enabled = on;
    this.#reset();
    this.#latched = false;
    this.#running = false;
    this.#list = [];
    if (!on) {
      this.#wantsDraw = false;
      this.#socket.unplug();
    }
  }

  execute(text: string): void {
    if (!this.#enabled || this.#running) {
      this.rejected++;
      return this.#log(this.#enabled ? 'a list is still running: ignored' : 'the car is disabled: ignored');
    }
    const items = this.#read(text, 'execute');
    if (items === undefined) return;
    this.#reset();
    if (STATELESS.includes(items[0]?.word ?? '')) this.#socket.unplug();
    this.#begin(items);
  }

  modify(text: string): void {
    if (!this.#enabled) return this.#log('the car is disabled: ignored');
    const items = this.#read(text, 'modify');
    if (items !== undefined) this.#begin(items);
  }

  /** A quarter of a second passes. */
  tick(): void {
    while (this.#running) {
      const [item] = this.#list;
      if (item === undefined) {
        this.#running = false;
        this.#countdown = undefined;
        return;
      }
      if (!this.#run(item)) return;
      this.#list.shift();
    }
  }

  #begin(items: Item[]): void {
    this.#list = items;
    this.#running = true;
    const draw = items.find(({ word }) => /draw_power/.test(word));
    if (draw !== undefined) this.#setDraw(draw);
  }

  #reset(): void {
    this.#countdown = undefined;
    this.#wantsDraw = false;
    this.amps = 16;
    this.phases = 3;
    this.soc = 30;
  }

  #read(text: string, how: 'execute' | 'modify'): Item[] | undefined {
    const { list, problems } = checkCarList(text, { grammar: this.#grammar, hlc: this.#hlc, how });
    const [problem] = problems;
    if (problem !== undefined) {
      this.terminated++;
      this.#log(`a real station could end here: ${problem.text} (at ${problem.at} of ${JSON.stringify(text)})`);
      return undefined;
    }
    return list.split(';').map((item) => {
      const [word = '', ...rest] = item.toLowerCase().split(/[ ,]/);
      return { word, args: rest };
    });
  }

  #setDraw({ args }: Item): void {
    this.amps = Number(args[0]);
    this.phases = args[1] === '3' ? 3 : 1;
  }

  /** Returns false while the word holds the list. */
  #run(item: Item): boolean {
    const { word, args } = item;
    const socket = this.#socket;
    switch (word) {
      case 'sleep':
        return this.#count(Number(args[0]));
      case 'iec_wait_pwr_ready':
        socket.plug();
        return socket.pwm === 'nominal';
      case 'iso_wait_pwm_is_running':
        socket.plug();
        return socket.pwm !== 'off';
      case 'draw_power_regulated':
      case 'iso_draw_power_regulated':
      case 'draw_power_fixed':
        this.#setDraw(item);
        this.#regulated = word !== 'draw_power_fixed';
        this.#wantsDraw = true;
        return true;
      case 'pause':
      case 'iso_pause_charging':
        this.#wantsDraw = false;
        return true;
      case 'unplug':
        this.#wantsDraw = false;
        socket.unplug();
        return true;
      case 'error_e':
        this.#latched = true;
        return true;
      case 'diode_fail':
        this.#latched = true;
        socket.diodeFails();
        return true;
      case 'rcd_current':
        socket.rcd(Number(args[0]));
        return true;
      case 'set_soc':
        this.soc = Number(args[0]);
        return true;
      case 'iso_wait_slac_matched':
        socket.plug();
        socket.startSlac();
        return socket.slacMatched;
      case 'iso_start_v2g_session':
        socket.startV2g(paymentOf(args), args.some((arg) => arg.startsWith('dc')) ? 'dc' : 'ac');
        return true;
      case 'iso_wait_pwr_ready':
        return socket.v2gReady;
      case 'iso_dc_power_on':
        this.#wantsDraw = true;
        return socket.pwm !== 'off';
      case 'iso_wait_for_stop':
        return socket.chargerStopped || this.#count(Number(args[0]));
      case 'iso_stop_charging':
        this.#wantsDraw = false;
        socket.stopV2g();
        return true;
      case 'iso_wait_v2g_session_stopped':
        return !socket.v2gRunning;
      case 'iso_wait_for_resume':
        return false;
      default:
        // Words that need no board of ours: wake-up, plug-in commands of a configuration.
        return true;
    }
  }

  #count(seconds: number): boolean {
    // The quirk: a countdown that runs already goes on, whatever this word says.
    this.#countdown ??= Math.round(seconds * TICKS_A_SECOND);
    if (this.#countdown-- > 0) return false;
    this.#countdown = undefined;
    return true;
  }
}

function paymentOf(args: readonly string[]): 'auto' | 'eim' | 'contract' {
  if (args.includes('contract')) return 'contract';
  return args.includes('externalpayment') ? 'eim' : 'auto';
}
