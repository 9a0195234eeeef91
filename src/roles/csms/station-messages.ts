import type { DEFERRED, OcppLink, OcppRole } from '../../link/ocpp-link.ts';
import { RpcRefusal } from '../../link/ocpp-link.ts';
import type { RpcMessage } from '../../protocols/ocpp/rpc-message.ts';
import type { PayloadSchema } from '../../protocols/ocpp/schemas.ts';
import { isV2, type OcppVersion } from '../../protocols/ocpp/versions.ts';
import type { CsmsServices, InboundContext } from './ocpp/handler.ts';
import { readablePayload } from './ocpp/readable-payload.ts';
import { inboundHandler, sendHandler } from './ocpp/tables.ts';
import type { CsmsState } from './state/csms-state.ts';
import type { StationRecord } from './state/records.ts';
import type { StationConnections } from './station-connections.ts';

/** Hands the messages of stations to the handler tables: the boot gate, what a broken payload still says, who was at fault. */
export class StationMessages implements OcppRole {
  readonly #services: CsmsServices;
  readonly #connections: StationConnections;

  constructor(services: CsmsServices, connections: StationConnections) {
    this.#services = services;
    this.#connections = connections;
  }

  request(link: OcppLink, call: RpcMessage): object | typeof DEFERRED {
    const context = this.#context(link, call);
    this.#gate(context);
    const handler = inboundHandler(link.version, call.action);
    if (handler === undefined) throw new RpcRefusal('NotSupported', `${call.action} is not handled here`);
    try {
      return handler.handle(context, this.readable(call, call.schemas?.request));
    } catch (thrown) {
      if (thrown instanceof RpcRefusal || this.fitsSchema(call)) throw thrown;
      // A message that breaks its schema (lenient) and cannot be made sense of: the peer's fault, not a defect of ours.
      throw new RpcRefusal('Format', `${call.action} does not fit its schema and could not be handled`);
    }
  }

  notification(link: OcppLink, message: RpcMessage): void {
    try {
      const payload = this.readable(message, message.schemas?.request);
      sendHandler(link.version, message.action)?.handle(this.#context(link, message), payload);
    } catch (thrown) {
      if (this.fitsSchema(message)) throw thrown;
    }
  }

  answerRejected(): void {
    // The answer stands. Whether the station is right to refuse it is a rule's affair (OCPP21-CRE-002).
  }

  alive(): void {
    // The link keeps when it was last heard; nothing to store per frame.
  }

  closed(link: OcppLink): void {
    this.#connections.closed(link);
  }

  /** Nothing but BootNotification before the station is accepted (1.6 errata J 3.10; 2.x B01.FR.10, B02.FR.09, B03.FR.07). */
  #gate(context: InboundContext): void {
    const { call, station, version, now } = context;
    const { status } = context.record().boot;
    if (status === 'Accepted' || call.action === 'BootNotification') return;
    if (status === 'Pending' && this.#connections.sessions.get(station)?.mayCallWhilePending(call.action, now) === true)
      return;
    const text =
      status === 'none'
        ? `${call.action} came before the station was accepted by BootNotification`
        : `${call.action} came while the station is ${status}`;
    // Pending and Rejected stand in the traffic, and the rules see them. Only we know that there was no boot before it.
    if (status === 'none') {
      this.#services.finding(call, station, {
        rule: 'OCPP-BOOT-002',
        severity: 'error',
        text,
        clause: isV2(version) ? 'B01.FR.08' : '1.6 §4.2',
      });
    }
    if (this.#services.config.boot.gate === 'enforce') throw new RpcRefusal('SecurityError', text);
  }

  /** Whether handlers may rely on the payload. */
  fitsSchema(message: RpcMessage): boolean {
    return this.#services.config.validation !== 'off' && !message.flags.includes('invalid');
  }

  /** The payload as handlers may rely on it: what is there has the type of its schema. */
  readable(message: RpcMessage, schema: PayloadSchema | undefined): unknown {
    return schema === undefined || this.fitsSchema(message)
      ? message.payload
      : readablePayload(schema, message.payload);
  }

  #context(link: OcppLink, call: RpcMessage): InboundContext {
    return new MessageContext(this.#services, link, call);
  }
}

/** One message in its surroundings. A class, and not a literal with closures: one is made for every message. */
class MessageContext implements InboundContext {
  readonly services: CsmsServices;
  readonly state: CsmsState;
  readonly link: OcppLink;
  readonly call: RpcMessage;
  readonly station: string;
  readonly version: OcppVersion;
  readonly now: number;

  constructor(services: CsmsServices, link: OcppLink, call: RpcMessage) {
    this.services = services;
    this.state = services.state;
    this.link = link;
    this.call = call;
    this.station = link.station.id;
    this.version = link.version;
    this.now = call.at;
  }

  record(): StationRecord {
    const record = this.state.stations.get(this.station);
    if (record === undefined) throw new Error(`The station ${this.station} was deleted while it was connected`);
    return record;
  }
}
