import type { Clock, Timer } from '../../../core/clock.ts';
import type { Ids } from '../../../core/ids.ts';
import type { Random } from '../../../core/random.ts';
import { DAY_MS, SECOND_MS } from '../../../core/time.ts';
import type { Recorder } from '../../../journal/entry.ts';
import type { HttpPort } from '../../../link/http-port.ts';
import { HubConnection } from '../../../link/hub-connection.ts';
import { OicpOutbox } from '../../../link/oicp-outbox.ts';
import { operationRow } from '../../../protocols/oicp/index.ts';
import type { Database } from '../../../storage/database.ts';
import type { AskRoaming, Csms } from '../csms.ts';
import type { CsmsChange } from '../ocpp/handler.ts';
import { AskHub } from './ask-hub.ts';
import type { CpoConfig, CpoContext } from './cpo-context.ts';
import { EvseMap } from './evse-map.ts';
import { EvsePush } from './evse-push.ts';
import { InboundOicp } from './inbound.ts';
import { PriceList } from './price-list.ts';
import { QrLogins } from './qr-logins.ts';
import { RoamingSessions } from './roaming-sessions.ts';
import { SessionFlow } from './session-flow.ts';

export interface CpoOptions {
  readonly config: CpoConfig;
  readonly csms: Csms;
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  readonly recorder: Recorder;
  readonly port: HttpPort;
  hubUrl(): string;
  /** Our own hub records the hop itself. */
  hubIsOurs(): boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly afterCommit: (task: () => void) => void;
  log(level: 'info' | 'debug', facts: Readonly<Record<string, unknown>>, text: string): void;
  defect(where: string, thrown: unknown): void;
  changed(what: string, id: string): void;
}

const SWEEP_MS = 5 * SECOND_MS;

/**
 * The CSMS as an operator in e-roaming: EVSEs told to the hub, foreign drivers asked for, remote starts carried out, records
 * delivered. It acts on changes of the CSMS and never in the way of an OCPP answer but the one that asks about a token.
 */
export class Cpo {
  readonly config: CpoConfig;
  readonly hub: HubConnection;
  readonly evses: EvseMap;
  readonly sessions: RoamingSessions;
  readonly push: EvsePush;
  readonly flow: SessionFlow;
  readonly prices: PriceList;
  readonly logins: QrLogins;
  readonly outbox: OicpOutbox;
  readonly #options: CpoOptions;
  readonly #asking: AskHub;
  readonly #inbound: InboundOicp;
  readonly #timers = new Set<Timer>();
  #isStopped = false;
  #stopListening: () => void = () => {};

  constructor(options: CpoOptions) {
    const { config, csms, database, clock, ids, recorder, port, afterCommit, defect } = options;
    this.#options = options;
    this.config = config;
    this.evses = new EvseMap(database, config.operatorId);
    this.sessions = new RoamingSessions(database);
    this.hub = new HubConnection({
      role: 'CPO',
      us: { id: 'csms', role: 'csms' },
      ownId: config.operatorId,
      content: config.content,
      clock,
      ids,
      recorder,
      port,
      hubUrl: options.hubUrl,
      hubIsOurs: options.hubIsOurs,
      headers: options.headers,
      inboundKey: config.inboundKey,
      timeoutMs: () => config.otherMs,
      answer: (call) => this.#inbound.answer(call),
      afterCommit,
      log: options.log,
      defect,
    });
    const context: CpoContext = {
      config,
      csms,
      sessions: this.sessions,
      evses: this.evses,
      now: () => clock.now(),
      newId: () => ids.uuid(),
      after: (delayMs, task) => this.#after(delayMs, task),
      call: (name, params, body, more) => this.hub.call(name, params, body, more),
      later: ({ body, ...item }) => {
        if (config.enabled) this.outbox.add({ ...item, peer: 'hub', text: JSON.stringify(body) });
      },
      finding: (finding) => recorder.finding({ ...finding, time: clock.now() }),
      changed: (id) => options.changed('roaming-session', id),
    };
    this.push = new EvsePush(context, () => this.outbox, this.hub.bodies);
    this.flow = new SessionFlow(context);
    this.#asking = new AskHub(context, (session, key) => this.flow.authorised(session, key));
    this.#inbound = new InboundOicp(context, this.flow);
    this.prices = new PriceList(context, this.hub.bodies, database);
    this.logins = new QrLogins(context, this.#asking);
    this.outbox = new OicpOutbox({
      database,
      name: 'oicp_outbox',
      clock,
      random: options.random,
      backoff: config.retry,
      // The published limits of hubs (GEN-14).
      perMinute: (operation) => operationRow(operation).perMinute,
      afterCommit,
      send: (item, more) => this.hub.callText(item.operation, item.params, item.text, more),
      done: (item, outcome) => {
        this.push.answered(item, outcome);
        this.flow.answered(item, outcome);
      },
      defect,
    });
  }

  /** Begins to tell the hub, also what an earlier run left. */
  start(): void {
    const { csms, clock } = this.#options;
    if (!this.config.enabled) return;
    this.#stopListening = csms.onChange((change) => this.#changed(change));
    this.outbox.start();
    this.push.soon();
    this.#timers.add(clock.every(SWEEP_MS, () => this.flow.sweep()));
    this.#timers.add(clock.every(DAY_MS, () => this.push.fullLoad()));
  }

  stop(): void {
    this.#isStopped = true;
    this.#stopListening();
    this.outbox.stop();
    for (const timer of this.#timers) timer.cancel();
    this.hub.close();
  }

  /** A token that the CSMS does not know: see {@link AskHub}. */
  readonly askRoaming: AskRoaming = (question, done) => this.#asking.ask(question, done);

  #changed(change: CsmsChange): void {
    const { transactions } = this.#options.csms.state;
    switch (change.what) {
      case 'station':
        return this.push.stationChanged(change.station);
      case 'connector':
        this.push.connectorChanged(change.station, change.evse);
        return this.flow.connectorChanged(change.station, change.evse);
      case 'transaction-started':
      case 'transaction-updated': {
        const transaction = transactions.byKey(change.key);
        if (transaction !== undefined) this.flow.transactionChanged(transaction);
        return;
      }
      case 'transaction-ended': {
        const transaction = transactions.byKey(change.key);
        if (transaction !== undefined) this.flow.transactionEnded(transaction);
        return;
      }
      case 'item':
        if (change.kind !== 'reservations') return;
        this.flow.reservationChanged(change.station, change.id);
        return this.push.soon();
      default:
        return;
    }
  }

  #after(delayMs: number, task: () => void): void {
    const timer = this.#options.clock.after(delayMs, () => {
      this.#timers.delete(timer);
      if (!this.#isStopped) task();
    });
    this.#timers.add(timer);
  }
}
