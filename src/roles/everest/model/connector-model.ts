import type { Observation } from '../../../protocols/everest/decode.ts';
import type { ErrorSeen, Json, LimitSeen, MeterReading } from '../../../protocols/everest/payloads.ts';
import { type ConnectorState, isFatalError, releaseHint, stateOfEvent } from '../../../protocols/everest/states.ts';

/** Who told a state, in rising authority. `event` is dialect E's session event, `info` session_info of L and E, `N` the text. */
const SOURCES = ['N', 'info', 'event'] as const;
type Source = (typeof SOURCES)[number];

interface Told {
  readonly state: ConnectorState;
  readonly word: string;
  /** Since when this source says so. */
  readonly sinceMs: number;
}

/** States for which dialect N has no word of its own, with the one that it says instead. */
const COARSE: Readonly<Partial<Record<ConnectorState, ConnectorState>>> = { authTimeout: 'waitAuth', reserved: 'idle' };

/** After this time sources that disagree are not just late. */
const DISAGREE_MS = 2_000;
/** `FinishedEV` follows each StoppingCharging, also on the way into a pause: it counts when it stays. */
const FINISH_HOLD_MS = 1_000;
const MAX_PARTS = 20;
const MAX_METERS = 600;

export interface ConnectorView {
  readonly n: number;
  readonly state: ConnectorState;
  /** Epoch ms since when; absent while unknown. */
  readonly sinceMs?: number;
  /** The station's own word. */
  readonly word?: string;
  readonly told: Readonly<Partial<Record<Source, { readonly state: ConnectorState; readonly word: string }>>>;
  /** Two dialects have said different things for more than 2 s. */
  readonly inconsistent: boolean;
  readonly fault: boolean;
  readonly pauseReasons: readonly string[];
  readonly meter?: MeterReading & { readonly atMs: number };
  readonly limit?: LimitSeen & { readonly atMs: number };
  readonly limitZero: boolean;
  readonly protocol?: string;
  readonly evInfo?: Json;
  readonly capabilities?: Json;
  /** Values of the board and the telemetry, by part, with their time. */
  readonly telemetry?: Readonly<Record<string, { readonly atMs: number; readonly values: Json }>>;
  readonly releaseHint?: string;
  readonly lastHeardMs?: number;
  readonly lastInvalid?: {
    readonly reason: string;
    readonly topic: string;
    readonly atMs: number;
    readonly count: number;
  };
}

/**
 * What one connector is, from what EVerest said about it and nothing else: a command changes nothing here. Pure: time comes
 * in with each observation and with `tick`.
 */
export class ConnectorModel {
  readonly n: number;
  readonly #told = new Map<Source, Told>();
  #held: { readonly word: string; readonly atMs: number } | undefined;
  #state: ConnectorState = 'unknown';
  #word: string | undefined;
  #sinceMs: number | undefined;
  #inconsistent = false;
  #permanentFault = false;
  #oldFault = false;
  #pauseReasons: readonly string[] = [];
  #meter: ConnectorView['meter'];
  #limit: ConnectorView['limit'];
  #protocol: string | undefined;
  #evInfo: Json | undefined;
  #capabilities: Json | undefined;
  readonly #telemetry = new Map<string, { readonly atMs: number; readonly values: Json }>();
  #releaseHint: string | undefined;
  #lastHeardMs: number | undefined;
  #lastInvalid: ConnectorView['lastInvalid'];
  #offline = false;
  readonly meters: { readonly atMs: number; readonly energyWh?: number; readonly powerW?: number }[] = [];

  constructor(n: number) {
    this.n = n;
  }

  get state(): ConnectorState {
    return this.#offline ? 'offline' : this.#state;
  }

  get meterWh(): number | undefined {
    return this.#meter?.energyWh;
  }

  get currentLimitA(): number | undefined {
    return this.#limit?.currentA;
  }

  get protocol(): string | undefined {
    return this.#protocol;
  }

  /** Forgets everything that may have changed unseen: after a lost broker, or a restart of the station. */
  forget(): void {
    this.#told.clear();
    this.#held = undefined;
    this.#set('unknown', undefined, undefined);
    this.#inconsistent = false;
    this.#permanentFault = false;
    this.#oldFault = false;
    this.#pauseReasons = [];
    this.#limit = undefined;
    this.#offline = false;
  }

  set offline(offline: boolean) {
    if (offline === this.#offline) return;
    this.#offline = offline;
    // What it does meanwhile nobody sees.
    if (offline) {
      this.#told.clear();
      this.#held = undefined;
      this.#set('unknown', undefined, undefined);
    }
  }

  /** Returns true when the state or a fault changed. */
  observe({ family, topic, said }: Observation, atMs: number): boolean {
    const before = `${this.state} ${this.#permanentFault || this.#oldFault}`;
    if (said.kind !== 'command') {
      this.#lastHeardMs = atMs;
      this.#offline = false;
    }
    switch (said.kind) {
      case 'state':
        this.#oldFault = said.state === 'fault';
        if (said.state !== 'fault') this.#tell('N', said.state, said.word, atMs);
        break;
      case 'stateNumber': {
        const told = this.#told.get('N');
        this.#releaseHint = releaseHint(told?.word ?? '', said.number) ?? this.#releaseHint;
        break;
      }
      case 'sessionInfo':
        if (said.fault !== undefined) this.#permanentFault = said.fault;
        if (said.protocol !== undefined) this.#protocol = said.protocol;
        this.#tellInfo(said.state, said.word, atMs);
        break;
      case 'sessionEvent': {
        const state = family === 'E' ? stateOfEvent(said.event) : undefined;
        if (state !== undefined) this.#tell('event', state, said.event, atMs);
        this.#pauseReasons = said.event === 'ChargingPausedEVSE' ? (said.pauseReasons ?? []) : [];
        break;
      }
      case 'meter': {
        const { kind: _, ...reading } = said;
        this.#meter = { ...reading, atMs };
        this.meters.push({
          atMs,
          ...(reading.energyWh === undefined ? {} : { energyWh: reading.energyWh }),
          ...(reading.powerW === undefined ? {} : { powerW: reading.powerW }),
        });
        if (this.meters.length > MAX_METERS) this.meters.shift();
        break;
      }
      case 'limit': {
        const { kind: _, ...limit } = said;
        this.#limit = { ...this.#limit, ...limit, atMs };
        break;
      }
      case 'protocol':
        this.#protocol = said.protocol;
        break;
      case 'evInfo':
        this.#evInfo = said.values;
        break;
      case 'capabilities':
        this.#capabilities = said.values;
        break;
      case 'telemetry': {
        // The parts are named by topics, so by anybody.
        const { part, values } = said;
        if (!this.#telemetry.has(part) && this.#telemetry.size >= MAX_PARTS) break;
        this.#telemetry.set(part, { atMs, values: { ...this.#telemetry.get(part)?.values, ...values } });
        break;
      }
      case 'invalid':
        this.#lastInvalid = { reason: said.reason, topic, atMs, count: (this.#lastInvalid?.count ?? 0) + 1 };
        break;
      default:
    }
    this.tick(atMs);
    return `${this.state} ${this.#permanentFault || this.#oldFault}` !== before;
  }

  /** Time passes: a held `FinishedEV` becomes true, a disagreement is noticed. Returns true when the state changed. */
  tick(atMs: number): boolean {
    const before = this.state;
    if (this.#held !== undefined && atMs - this.#held.atMs >= FINISH_HOLD_MS) {
      const { word } = this.#held;
      this.#held = undefined;
      this.#tell('info', 'finished', word, atMs);
    }
    this.#decide(atMs);
    return this.state !== before;
  }

  #tellInfo(state: ConnectorState, word: string, atMs: number): void {
    const before = this.#told.get('info')?.state;
    // `FinishedEV` passes by whenever charging stops. It is an end when it stays.
    if (word === 'FinishedEV' && before !== 'finished') {
      this.#held ??= { word, atMs };
      return;
    }
    this.#held = undefined;
    this.#tell('info', state, word, atMs);
  }

  #tell(source: Source, state: ConnectorState, word: string, atMs: number): void {
    const before = this.#told.get(source);
    if (before?.state === state && before.word === word) return;
    this.#told.set(source, { state, word, sinceMs: before?.state === state ? before.sinceMs : atMs });
  }

  /** The latest news counts; who still disagrees 2 s later yields to the higher authority. */
  #decide(atMs: number): void {
    let latest: Told | undefined;
    let highest: Told | undefined;
    let disagree = false;
    for (const source of SOURCES) {
      const told = this.#told.get(source);
      if (told === undefined) continue;
      if (latest !== undefined && !agree(latest.state, told.state)) disagree = true;
      if (latest === undefined || told.sinceMs >= latest.sinceMs) latest = told;
      highest = told;
    }
    if (latest === undefined || highest === undefined) return;
    this.#inconsistent = disagree && atMs - latest.sinceMs > DISAGREE_MS;
    const decided = this.#inconsistent ? highest : latest;
    this.#set(decided.state, decided.word, decided.sinceMs);
  }

  #set(state: ConnectorState, word: string | undefined, sinceMs: number | undefined): void {
    if (state !== this.#state) this.#sinceMs = sinceMs;
    this.#state = state;
    this.#word = word;
  }

  /** @param errors active errors of this connector */
  view(errors: readonly ErrorSeen[]): ConnectorView {
    const told = Object.fromEntries([...this.#told].map(([source, { state, word }]) => [source, { state, word }]));
    const optional = {
      sinceMs: this.#sinceMs,
      word: this.#word,
      meter: this.#meter,
      limit: this.#limit,
      protocol: this.#protocol,
      evInfo: this.#evInfo,
      capabilities: this.#capabilities,
      telemetry: this.#telemetry.size === 0 ? undefined : Object.fromEntries(this.#telemetry),
      releaseHint: this.#releaseHint,
      lastHeardMs: this.#lastHeardMs,
      lastInvalid: this.#lastInvalid,
    };
    return {
      n: this.n,
      state: this.state,
      told,
      inconsistent: this.#inconsistent,
      fault: this.#permanentFault || this.#oldFault || errors.some((error) => isFatalError(error.type)),
      pauseReasons: this.#pauseReasons,
      limitZero: this.#limit?.currentA !== undefined && this.#limit.currentA < 6,
      ...(Object.fromEntries(
        Object.entries(optional).filter(([, value]) => value !== undefined),
      ) as Partial<ConnectorView>),
    };
  }
}

function agree(a: ConnectorState, b: ConnectorState): boolean {
  return a === b || COARSE[a] === b || COARSE[b] === a;
}
