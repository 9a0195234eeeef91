import { SeededIds } from '../../../core/ids.ts';
import { Random } from '../../../core/random.ts';
import { isoTime } from '../../../core/time.ts';
import { VirtualClock } from '../../../core/virtual-clock.ts';
import type { Transport } from '../../../link/transport.ts';
import { OcppSchemaSet } from '../../../protocols/ocpp/schemas.ts';
import type { OcppVersion } from '../../../protocols/ocpp/versions.ts';
import { loopbackDialer } from '../dialer.ts';
import { Station } from '../station.ts';
import type { StationStore, StationWorld } from '../station-world.ts';
import type { StationTemplate } from '../template.ts';
import { BUILT_IN } from '../templates.ts';
import { FleetTimers } from '../timers.ts';
import type { FilePort } from '../transfer.ts';

/** 2026-03-02T08:00:00Z. */
export const START_MS = 1_772_438_400_000;

export interface Seen {
  readonly action: string;
  readonly payload: Record<string, never> & Record<string, unknown>;
  readonly id: string;
  readonly at: number;
}

/**
 * A CSMS made by hand for tests: it looks at the frames themselves, shares no code with the engine, and answers from a
 * table of texts. It checks one thing by itself: that a station never has two CALLs open.
 */
export class HandCsms {
  readonly clock: VirtualClock;
  readonly station: Station;
  readonly seen: Seen[] = [];
  readonly answers: unknown[][] = [];
  readonly happened: { readonly what: string; readonly data: Readonly<Record<string, unknown>> }[] = [];
  /** Answers by action, as JSON text or a function; undefined = no answer. */
  readonly replies: Record<string, string | ((payload: Record<string, unknown>) => string | undefined)>;
  refuseConnections = false;
  socket: Transport | undefined;
  connections = 0;
  #id = 0;
  #open: string | undefined;

  constructor(options: {
    readonly version: OcppVersion;
    readonly template?: StationTemplate;
    readonly replies?: HandCsms['replies'];
    readonly store?: StationStore;
    readonly files?: FilePort;
    readonly seed?: string;
    readonly clock?: VirtualClock;
    readonly crypto?: StationWorld['crypto'];
  }) {
    const clock = options.clock ?? new VirtualClock(START_MS);
    this.clock = clock;
    const now = (): string => isoTime(clock.now());
    this.replies = {
      ...COMMON[options.version === '1.6' ? '1.6' : '2.x'],
      BootNotification: () => `{"status":"Accepted","currentTime":"${now()}","interval":300}`,
      Heartbeat: () => `{"currentTime":"${now()}"}`,
      ...options.replies,
    };
    const random = new Random(options.seed ?? 'test');
    const ids = new SeededIds(random.fork('ids'));
    const world: StationWorld = {
      clock,
      ids,
      timers: new FleetTimers(clock),
      link: {
        clock,
        afterCommit: (task) => clock.soon(task),
        recorder: null,
        newId: () => ids.uuid(),
        defect: (_where, thrown) => {
          throw thrown;
        },
      },
      schemas: SCHEMAS,
      dialer: loopbackDialer(clock, (server) => this.#accept(server)),
      files: options.files ?? { run: async () => ({ ok: true, bytes: 10 }) },
      csms: { id: 'csms', role: 'csms' },
      validation: 'strict',
      store: options.store,
      crypto: options.crypto,
      observe: (_station, what, data) => this.happened.push({ what, data }),
    };
    this.station = new Station(world, {
      identity: 'SIM-0001',
      version: options.version,
      template: options.template ?? BUILT_IN['ac-22-duo'],
      endpoint: 'ws://csms.test/ocpp',
      random: random.fork('station'),
    });
  }

  async boot(): Promise<void> {
    this.station.start();
    await this.clock.settle();
  }

  act(act: Extract<Parameters<Station['input']>[0], { kind: 'act' }>['act']): void {
    this.station.input({ kind: 'act', act });
  }

  async run(ms: number): Promise<void> {
    await this.clock.runFor(ms);
  }

  /** Sends a CALL as text and gives back the answering frame. */
  async call(action: string, payload: string): Promise<unknown[]> {
    const id = `c${++this.#id}`;
    this.socket?.send(`[2,"${id}","${action}",${payload}]`);
    await this.clock.settle();
    const answer = this.answers.find((frame) => frame[1] === id);
    if (answer === undefined) throw new Error(`No answer to ${action}; seen ${this.actions().join(' ')}`);
    return answer;
  }

  /** The payload of the CALLRESULT. */
  async result(action: string, payload: string): Promise<Record<string, unknown>> {
    const frame = await this.call(action, payload);
    if (frame[0] !== 3) throw new Error(`${action} was answered with ${JSON.stringify(frame)}`);
    return frame[2] as Record<string, unknown>;
  }

  actions(): string[] {
    return this.seen.map((one) => one.action);
  }

  of(action: string): Record<string, unknown>[] {
    return this.seen.filter((one) => one.action === action).map((one) => one.payload);
  }

  /** What 2.x connectors said they are, by StatusNotification or by NotifyEvent. */
  statuses(): Record<string, unknown>[] {
    return this.seen.flatMap(({ action, payload }): Record<string, unknown>[] => {
      if (action === 'StatusNotification') return [payload];
      if (action !== 'NotifyEvent') return [];
      const events: unknown = payload['eventData'];
      return (events as EventData[])
        .filter((one) => one.variable.name === 'AvailabilityState')
        .map((one) => ({
          evseId: one.component.evse?.id,
          connectorId: one.component.evse?.connectorId,
          connectorStatus: one.actualValue,
        }));
    });
  }

  /** Forgets what was seen and gives it back. */
  take(): Seen[] {
    return this.seen.splice(0);
  }

  cut(): void {
    this.socket?.terminate();
  }

  #accept(server: Transport): string | undefined {
    if (this.refuseConnections) return 'refused by the test';
    this.connections++;
    this.socket = server;
    this.#open = undefined;
    server.listen({
      text: (text) => this.#text(server, text),
      unreadable: () => undefined,
      alive: () => undefined,
      pinged: () => undefined,
      disconnected: () => {
        if (this.socket === server) this.socket = undefined;
      },
    });
    return undefined;
  }

  #text(socket: Transport, text: string): void {
    const frame = JSON.parse(text) as unknown[];
    if (frame[0] === 3 || frame[0] === 4) {
      this.answers.push(frame);
      return;
    }
    const [type, id, action, payload] = frame as [number, string, string, Seen['payload']];
    this.seen.push({ action, payload, id, at: this.clock.now() });
    if (type !== 2) return;
    if (this.#open !== undefined) throw new Error(`${action} while ${this.#open} is open`);
    const reply = this.replies[action];
    const answer = typeof reply === 'function' ? reply(payload) : reply;
    if (answer === undefined) return;
    this.#open = action;
    this.clock.soon(() => {
      this.#open = undefined;
      socket.send(answer.startsWith('[') ? answer.replace('ID', id) : `[3,"${id}",${answer}]`);
    });
  }
}

interface EventData {
  readonly actualValue: string;
  readonly component: { readonly evse?: { readonly id: number; readonly connectorId?: number } };
  readonly variable: { readonly name: string };
}

const SCHEMAS = new OcppSchemaSet();

const acceptEvent = (payload: Record<string, unknown>): string =>
  payload['idToken'] === undefined ? '{}' : '{"idTokenInfo":{"status":"Accepted"}}';

const COMMON: Readonly<Record<'1.6' | '2.x', HandCsms['replies']>> = {
  '1.6': {
    StatusNotification: '{}',
    Authorize: '{"idTagInfo":{"status":"Accepted"}}',
    StartTransaction: '{"transactionId":42,"idTagInfo":{"status":"Accepted"}}',
    StopTransaction: '{}',
    MeterValues: '{}',
    SecurityEventNotification: '{}',
    FirmwareStatusNotification: '{}',
    DiagnosticsStatusNotification: '{}',
    SignedFirmwareStatusNotification: '{}',
    LogStatusNotification: '{}',
    DataTransfer: '{"status":"Accepted"}',
    SignCertificate: '{"status":"Accepted"}',
  },
  '2.x': {
    StatusNotification: '{}',
    Authorize: '{"idTokenInfo":{"status":"Accepted"}}',
    TransactionEvent: acceptEvent,
    MeterValues: '{}',
    SecurityEventNotification: '{}',
    FirmwareStatusNotification: '{}',
    LogStatusNotification: '{}',
    NotifyReport: '{}',
    NotifyMonitoringReport: '{}',
    NotifyEvent: '{}',
    NotifyDisplayMessages: '{}',
    NotifyCustomerInformation: '{}',
    NotifyChargingLimit: '{}',
    ClearedChargingLimit: '{}',
    ReportChargingProfiles: '{}',
    ReservationStatusUpdate: '{}',
    DataTransfer: '{"status":"Accepted"}',
    SignCertificate: '{"status":"Accepted"}',
    ReportDERControl: '{}',
    NotifyDERStartStop: '{}',
    NotifyPriorityCharging: '{}',
    NotifyEVChargingNeeds: '{"status":"Accepted"}',
    NotifyEVChargingSchedule: '{"status":"Accepted"}',
    BatterySwap: '{}',
    OpenPeriodicEventStream: '{"status":"Accepted"}',
    ClosePeriodicEventStream: '{}',
    PublishFirmwareStatusNotification: '{}',
    PullDynamicScheduleUpdate: '{"status":"Rejected"}',
  },
};

/** A CSMS that only answers, and refuses the card `0BADCA4D`; `frames` gets every text that came. */
export function answering(server: Transport, clock: VirtualClock, version: OcppVersion, frames: string[]): void {
  const replies = COMMON[version === '1.6' ? '1.6' : '2.x'];
  server.listen({
    text(text) {
      frames.push(`${clock.now()} ${text}`);
      const [type, id, action, payload] = JSON.parse(text) as [number, string, string, Record<string, unknown>];
      if (type !== 2) return;
      server.send(`[3,"${id}",${replyTo(action, payload)}]`);
    },
    unreadable: () => undefined,
    alive: () => undefined,
    pinged: () => undefined,
    disconnected: () => undefined,
  });
  const replyTo = (action: string, payload: Record<string, unknown>): string | undefined => {
    if (action === 'BootNotification')
      return `{"status":"Accepted","currentTime":"${isoTime(clock.now())}","interval":300}`;
    if (action === 'Heartbeat') return `{"currentTime":"${isoTime(clock.now())}"}`;
    if (action === 'Authorize' && JSON.stringify(payload).includes('0BADCA4D')) {
      return version === '1.6' ? '{"idTagInfo":{"status":"Invalid"}}' : '{"idTokenInfo":{"status":"Invalid"}}';
    }
    const reply = replies[action];
    return typeof reply === 'function' ? reply(payload) : reply;
  };
}
