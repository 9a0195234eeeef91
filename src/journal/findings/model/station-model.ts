import type { Obligation } from '../obligations.ts';
import type { Observation } from '../observation.ts';
import { textAt, valueAt } from '../payload-reader.ts';
import { BootState } from './boot-state.ts';
import { ChargingProfiles, profileIn } from './charging-profiles.ts';
import { Commands, TransactionQueue } from './commands.ts';
import { Configuration } from './configuration.ts';
import { Connections } from './connections.ts';
import { Connectors } from './connectors.ts';
import { DeviceManagement, MANAGEMENT_UPDATES } from './device-management.ts';
import { EventStreams } from './event-streams.ts';
import { MessageIds } from './message-ids.ts';
import { type PasswordChange, passwordChange } from './password-change.ts';
import { ReportChains } from './report-chains.ts';
import { Reservations } from './reservations.ts';
import { Tariffs } from './tariffs.ts';
import { Tokens } from './tokens.ts';
import { Transactions2x, transactionId } from './transactions-2x.ts';
import { Transactions16 } from './transactions-16.ts';
import { Transactions21 } from './transactions-21.ts';
import { Triggers } from './triggers.ts';

/**
 * What the traffic has shown of one station, over all its connections. Rules read it as it was before the message at
 * hand; then the message is added.
 */
export class StationModel {
  readonly id: string;
  /** Until the first BootNotification we may have missed what came before. */
  truncated = true;
  readonly firstSeenAt: number;
  /** The latest message of the station, of any kind. */
  lastFromStationAt: number;
  lastHeartbeatAt = 0;
  lastHeartbeatSeq = 0;
  readonly boot = new BootState();
  readonly connections = new Connections();
  passwordChange: PasswordChange | undefined;
  /** Ids of answers that broke their schema, newest last. */
  invalidAnswers: readonly string[] = [];
  obligations: Obligation[] = [];
  /** When the first of them is due. */
  nextDueAt = Number.POSITIVE_INFINITY;
  // Parts are made when first asked for: most stations of a fleet never need most of them.
  #configuration: Configuration | undefined;
  #connectors: Connectors | undefined;
  #management: DeviceManagement | undefined;
  #triggers: Triggers | undefined;
  #stationIds: MessageIds | undefined;
  #csmsIds: MessageIds | undefined;
  #tokens: Tokens | undefined;
  #commands: Commands | undefined;
  #queue: TransactionQueue | undefined;
  #reservations: Reservations | undefined;
  #profiles: ChargingProfiles | undefined;
  #chains: ReportChains | undefined;
  #streams: EventStreams | undefined;
  #tariffs: Tariffs | undefined;
  #transactions21: Transactions21 | undefined;
  #transactions16: Transactions16 | undefined;
  #transactions2x: Transactions2x | undefined;

  constructor(id: string, at: number) {
    this.id = id;
    this.firstSeenAt = at;
    this.lastFromStationAt = at;
  }

  get configuration(): Configuration {
    this.#configuration ??= new Configuration();
    return this.#configuration;
  }
  get connectors(): Connectors {
    this.#connectors ??= new Connectors();
    return this.#connectors;
  }
  get management(): DeviceManagement {
    this.#management ??= new DeviceManagement();
    return this.#management;
  }
  get triggers(): Triggers {
    this.#triggers ??= new Triggers();
    return this.#triggers;
  }
  get tokens(): Tokens {
    this.#tokens ??= new Tokens();
    return this.#tokens;
  }
  get commands(): Commands {
    this.#commands ??= new Commands();
    return this.#commands;
  }
  get queue(): TransactionQueue {
    this.#queue ??= new TransactionQueue();
    return this.#queue;
  }
  get reservations(): Reservations {
    this.#reservations ??= new Reservations();
    return this.#reservations;
  }
  get transactions16(): Transactions16 {
    this.#transactions16 ??= new Transactions16();
    return this.#transactions16;
  }
  get transactions2x(): Transactions2x {
    this.#transactions2x ??= new Transactions2x();
    return this.#transactions2x;
  }

  get profiles(): ChargingProfiles {
    this.#profiles ??= new ChargingProfiles();
    return this.#profiles;
  }
  /** The same, for busy paths: undefined for a station that never had to do with profiles. */
  get profilesIfAny(): ChargingProfiles | undefined {
    return this.#profiles;
  }
  get chains(): ReportChains {
    this.#chains ??= new ReportChains();
    return this.#chains;
  }

  get streams(): EventStreams {
    this.#streams ??= new EventStreams();
    return this.#streams;
  }
  get streamsIfAny(): EventStreams | undefined {
    return this.#streams;
  }
  get tariffs(): Tariffs {
    this.#tariffs ??= new Tariffs();
    return this.#tariffs;
  }
  get transactions21(): Transactions21 {
    this.#transactions21 ??= new Transactions21();
    return this.#transactions21;
  }

  messageIds(fromStation: boolean): MessageIds {
    if (fromStation) {
      this.#stationIds ??= new MessageIds();
      return this.#stationIds;
    }
    this.#csmsIds ??= new MessageIds();
    return this.#csmsIds;
  }

  /** Number of connectors of a 1.6 station: what it says, else the highest it spoke of. */
  get connectorCount(): number {
    return this.configuration.number('NumberOfConnectors') ?? this.connectors.highest;
  }

  /** What time alone has changed before this message: an earlier one that nobody answered. */
  beforeRules(o: Observation): void {
    if (o.kind === 'request' && QUEUED.has(o.action)) this.queue.beforeRequest(o.time);
  }

  /** Adds a message that the rules have seen. */
  update(o: Observation): void {
    if (o.fromStation) this.lastFromStationAt = o.time;
    if (o.kind === 'send') {
      if (o.action === 'NotifyPeriodicEventStream') this.streams.sent(o);
      return;
    }
    if (o.kind === 'response' && o.flags.length > 0 && o.flags.includes('invalid'))
      this.invalidAnswers = [...this.invalidAnswers.slice(-REMEMBERED), o.messageId];
    if (o.kind === 'request' && o.messageId !== '') this.messageIds(o.fromStation).add(o);
    const update = UPDATES.get(o.action);
    if (update !== undefined && (o.kind === 'request' || o.kind === 'response' || o.kind === 'error')) update(this, o);
  }
}

const REMEMBERED = 15;

type Update = (model: StationModel, o: Observation) => void;

const onAnswer =
  (update: Update): Update =>
  (model, o) => {
    if (o.kind === 'response') update(model, o);
  };
const onRequest =
  (update: Update): Update =>
  (model, o) => {
    if (o.kind === 'request') update(model, o);
  };
const configured = onAnswer((model, o) => model.configuration.update(o));
const setting: Update = (model, o) => {
  configured(model, o);
  if (o.kind !== 'request') model.passwordChange = passwordChange(o) ?? model.passwordChange;
};
const firmware = onRequest((model, o) => model.boot.update(o));
const trigger: Update = (model, o) => model.triggers.update(o);
const reservation: Update = (model, o) => model.reservations.update(o);

const command = onAnswer((model, o) => model.commands.update(o));
const profile: Update = (model, o) => model.profiles.update(o);
const remoteStart = onAnswer((model, o) => {
  model.commands.update(o);
  if (profileIn(o.request?.payload) !== undefined) model.profiles.update(o);
});
const stream: Update = (model, o) => model.streams.update(o);
const tariff = onAnswer((model, o) => model.tariffs.update(o));
const chain: Update = (model, o) => model.chains.update(o);

/** Actions that wait in the transaction queue of a station. */
const QUEUED: ReadonlySet<string> = new Set(['StartTransaction', 'StopTransaction', 'TransactionEvent']);

/** Which parts of the model a message belongs to. */
const UPDATES = withManagement(
  Object.entries<Update>({
    BootNotification(model, o) {
      if (o.kind === 'request') model.truncated = false;
      model.boot.update(o);
      configured(model, o);
    },
    Heartbeat: onRequest((model, o) => {
      model.lastHeartbeatAt = o.time;
      model.lastHeartbeatSeq = o.seq;
    }),
    Reset(model, o) {
      model.boot.update(o);
      command(model, o);
    },
    FirmwareStatusNotification: firmware,
    SignedFirmwareStatusNotification: firmware,
    StatusNotification: onRequest((model, o) => model.connectors.update(o)),
    NotifyEvent: onRequest((model, o) => model.connectors.update(o)),
    GetConfiguration: configured,
    ChangeConfiguration: setting,
    GetVariables: configured,
    SetVariables: setting,
    NotifyReport: onRequest((model, o) => model.configuration.update(o)),
    TriggerMessage: trigger,
    ExtendedTriggerMessage: trigger,
    GetBaseReport: trigger,
    GetReport: trigger,
    Authorize: onAnswer((model, o) => model.tokens.update(o)),
    SendLocalList: onAnswer((model, o) => model.tokens.update(o)),
    StartTransaction(model, o) {
      model.queue.update(o);
      model.transactions16.update(o);
      model.tokens.update(o);
      model.reservations.update(o);
    },
    StopTransaction(model, o) {
      model.queue.update(o);
      if (o.kind === 'request' && model.profilesIfAny !== undefined) {
        const stopped = model.transactions16.stoppedBy(o);
        if (stopped !== undefined) model.profilesIfAny.transactionEnded(stopped.connector, undefined, o.time);
      }
      model.transactions16.update(o);
      model.tokens.update(o);
    },
    MeterValues(model, o) {
      if (o.link.version === '1.6') model.transactions16.update(o);
    },
    TransactionEvent(model, o) {
      model.queue.update(o);
      model.transactions2x.update(o);
      if (o.link.version === '2.1') model.transactions21.update(o);
      if (o.kind === 'request' && model.profilesIfAny !== undefined && textAt(o.payload, 'eventType') === 'Ended') {
        const id = transactionId(o);
        model.profilesIfAny.transactionEnded(model.transactions2x.get(id)?.evse, id, o.time);
      }
      // Most events have to do with neither.
      if (valueAt(o.payload, 'idTokenInfo') !== undefined) model.tokens.update(o);
      if (valueAt(o.payload, 'reservationId') !== undefined) model.reservations.update(o);
    },
    RemoteStartTransaction: remoteStart,
    RemoteStopTransaction: command,
    RequestStartTransaction: remoteStart,
    RequestStopTransaction: command,
    SetChargingProfile: onAnswer(profile),
    ClearChargingProfile: onAnswer(profile),
    NotifyEVChargingNeeds: onRequest(profile),
    GetChargingProfiles: chain,
    ReportChargingProfiles: onRequest((model, o) => {
      model.profiles.update(o);
      model.chains.update(o);
    }),
    OpenPeriodicEventStream: stream,
    ClosePeriodicEventStream: stream,
    AdjustPeriodicEventStream: stream,
    GetPeriodicEventStream: stream,
    SetDefaultTariff: tariff,
    ClearTariffs: tariff,
    GetTariffs: tariff,
    NotifyPriorityCharging: onRequest((model, o) => model.transactions21.update(o)),
    PullDynamicScheduleUpdate: onRequest(profile),
    GetDERControl: chain,
    ReportDERControl: chain,
    UnlockConnector: command,
    ChangeAvailability: command,
    ReserveNow: reservation,
    CancelReservation: reservation,
    ReservationStatusUpdate: reservation,
  }),
);

/** An action may belong to parts of both kinds. */
function withManagement(updates: [string, Update][]): ReadonlyMap<string, Update> {
  const all = new Map(updates);
  for (const [action, add] of MANAGEMENT_UPDATES) {
    const update = all.get(action);
    all.set(action, (model, o) => {
      update?.(model, o);
      add(model.management, o);
    });
  }
  return all;
}
