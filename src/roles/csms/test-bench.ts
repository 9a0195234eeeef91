import { SeededIds } from '../../core/ids.ts';
import { Random } from '../../core/random.ts';
import { VirtualClock } from '../../core/virtual-clock.ts';
import type { NewEntry, NewFinding, Recorder } from '../../journal/entry.ts';
import { loopback } from '../../link/loopback.ts';
import type { Transport } from '../../link/transport.ts';
import type { CallOutcome } from '../../protocols/ocpp/rpc-message.ts';
import { OcppSchemaSet } from '../../protocols/ocpp/schemas.ts';
import { type OcppVersion, SUBPROTOCOLS } from '../../protocols/ocpp/versions.ts';
import { CommitGroup } from '../../storage/commit-group.ts';
import { Database } from '../../storage/database.ts';
import { type CsmsConfig, DEFAULT_CSMS_CONFIG } from './config.ts';
import { type AskRoaming, Csms } from './csms.ts';
import type { CsmsChange } from './ocpp/handler.ts';
import type { VehicleCertificates } from './ocpp/vehicle-certificates.ts';
import { CsmsState } from './state/csms-state.ts';
import { ITEM_KINDS, type ItemKind, type StationItem } from './state/station-items.ts';

/** 2026-01-01T12:00:00Z. */
const START = 1_767_268_800_000;
const schemas = new OcppSchemaSet();
/** What keeps each command or transfer with its answer, whatever the answer was. */
const LOGS: ReadonlySet<ItemKind> = new Set(['commands', 'data-transfers']);

/** What the scripted station answers to a command: the payload text of a CALLRESULT, a CALLERROR, or nothing. */
export type Script = Readonly<Record<string, string | { readonly error: string } | 'silence'>>;

/**
 * A CSMS in virtual time with scripted stations on the loopback. Wire texts of the tests are written by hand; the CSMS is
 * strict in both directions, so that an answer of ours that breaks its schema shows as InternalError.
 */
export class CsmsTestBench {
  readonly clock = VirtualClock.install(START);
  readonly entries: NewEntry[] = [];
  readonly findings: NewFinding[] = [];
  readonly changes: CsmsChange[] = [];
  readonly defects: string[] = [];
  readonly csms: Csms;
  readonly database: Database;
  readonly recorder: Recorder;
  readonly afterCommit: (task: () => void) => void;

  constructor(
    config: Partial<CsmsConfig> = {},
    options: { askRoaming?: AskRoaming; vehicleCertificates?: VehicleCertificates; database?: Database } = {},
  ) {
    const { clock } = this;
    const group = new CommitGroup(clock, (cause) => {
      throw cause;
    });
    this.database = options.database ?? new Database({ path: ':memory:', group });
    this.afterCommit = (task) => group.afterCommit(task);
    this.recorder = {
      full: false,
      openLink: () => 1,
      closeLink: () => {},
      record: (entry) => this.entries.push(entry),
      finding: (finding) => void this.findings.push(finding),
      onceDrained: (resume) => resume(),
    };
    this.csms = new Csms({
      config: { ...DEFAULT_CSMS_CONFIG, validation: 'strict', ...config },
      state: new CsmsState(this.database),
      schemas,
      clock,
      ids: new SeededIds(new Random('test')),
      recorder: this.recorder,
      afterCommit: this.afterCommit,
      defect: (where, thrown) => void this.defects.push(`${where}: ${String(thrown)}`),
      ...(options.askRoaming === undefined ? {} : { askRoaming: options.askRoaming }),
      ...(options.vehicleCertificates === undefined ? {} : { vehicleCertificates: options.vehicleCertificates }),
    });
    this.csms.onChange((change) => void this.changes.push(change));
  }

  get state(): CsmsState {
    return this.csms.state;
  }

  /** Items of one kind of a station, without what is the same for all of them. */
  items(station: string, kind: ItemKind): Omit<StationItem, 'station' | 'kind' | 'at'>[] {
    return this.state.items.all(station, kind).map(({ station: _s, kind: _k, at: _a, ...item }) => item);
  }

  /** All that is known of a station as text, to see that nothing changed; logs of commands and transfers are left out. */
  snapshot(station: string): string {
    const kinds = (Object.keys(ITEM_KINDS) as ItemKind[]).filter((kind) => !LOGS.has(kind));
    return JSON.stringify({
      station: this.state.stations.get(station),
      items: kinds.map((kind) => this.state.items.all(station, kind)),
      transactions: this.state.transactions.page({ station }, 100, undefined).items,
    });
  }

  /** A connected station; `booted` stations have sent BootNotification and were answered. */
  async station(id: string, version: OcppVersion, script: Script = {}, booted = true): Promise<ScriptedStation> {
    const { client, server } = loopback({ clock: this.clock, subprotocol: SUBPROTOCOLS[version], conn: id });
    const station = new ScriptedStation(this, id, client, script);
    const refusal = this.csms.connections.connectInProcess(server, id, version);
    if (refusal !== undefined) throw new Error(`refused: ${refusal.reason}`);
    await this.clock.settle();
    if (booted) {
      const boot = {
        '1.6': '{"chargePointVendor":"ACME","chargePointModel":"AC22"}',
        '2.0.1': '{"reason":"PowerUp","chargingStation":{"vendorName":"ACME","model":"AC22"}}',
        '2.1': '{"reason":"PowerUp","chargingStation":{"vendorName":"ACME","model":"AC22"}}',
      }[version];
      await station.ask('BootNotification', boot);
    }
    return station;
  }

  /** Sends a command and lets virtual time pass until it has ended. */
  async command(station: string, action: string, payload: object): Promise<CallOutcome> {
    let ended: CallOutcome | undefined;
    this.csms.command(station, action, payload, {}, (outcome) => {
      ended = outcome;
    });
    await this.clock.settle();
    if (ended === undefined) await this.clock.runFor(this.csms.config.callTimeoutMs + 1);
    if (ended === undefined) throw new Error(`${action} never ended`);
    return ended;
  }
}

/** A station by hand: it sends the texts of the test, and answers commands as its script says. */
export class ScriptedStation {
  readonly id: string;
  readonly heard: string[] = [];
  readonly #bench: CsmsTestBench;
  readonly #transport: Transport;
  closedWith: number | undefined;
  #messages = 0;

  constructor(bench: CsmsTestBench, id: string, transport: Transport, script: Script) {
    this.id = id;
    this.#bench = bench;
    this.#transport = transport;
    transport.listen({
      text: (text) => this.#hear(text, script),
      unreadable() {},
      alive() {},
      pinged() {},
      disconnected: (code) => {
        this.closedWith = code;
      },
    });
  }

  /** Sends a CALL with this payload text; resolves with the answer's payload, or with `CODE: description` of a CALLERROR. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers member by member
  async ask(action: string, payload: string): Promise<any> {
    const id = `${this.id}-${++this.#messages}`;
    await this.tell(`[2,"${id}","${action}",${payload}]`);
    const answer = this.heard
      .map((text) => JSON.parse(text))
      .find((frame) => (frame[0] === 3 || frame[0] === 4) && frame[1] === id);
    if (answer === undefined) throw new Error(`${action} was not answered; heard ${this.heard.at(-1)}`);
    return answer[0] === 3 ? answer[2] : `${answer[2]}: ${answer[3]}`;
  }

  /** Sends any text. */
  async tell(text: string): Promise<void> {
    this.#transport.send(text);
    await this.#bench.clock.settle();
  }

  /** CALLs that the CSMS sent, as `Action payload`. */
  get commands(): string[] {
    return this.heard
      .map((text) => JSON.parse(text))
      .filter((frame) => frame[0] === 2)
      .map(([, , action, payload]) => `${action} ${JSON.stringify(payload)}`);
  }

  async disconnect(): Promise<void> {
    this.#transport.terminate();
    await this.#bench.clock.settle();
  }

  #hear(text: string, script: Script): void {
    this.heard.push(text);
    const [type, id, action] = JSON.parse(text);
    if (type !== 2) return;
    const answer = script[action] ?? { error: 'NotSupported' };
    if (answer === 'silence') return;
    this.#transport.send(
      typeof answer === 'string' ? `[3,"${id}",${answer}]` : `[4,"${id}","${answer.error}","scripted",{}]`,
    );
  }
}
