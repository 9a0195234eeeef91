import type { Clock } from '../../core/clock.ts';
import type { Ids } from '../../core/ids.ts';
import type { Recorder } from '../../journal/entry.ts';
import type { HttpPort } from '../../link/http-port.ts';
import { type CallOptions, OicpClient, type OicpOutcome } from '../../link/oicp-client.ts';
import type { TraceContext } from '../../link/trace-context.ts';
import { type OicpRole, type OperationBodies, type OperationName, operationRow } from '../../protocols/oicp/index.ts';
import type { HubConfig } from './hub-options.ts';
import type { Forward, ForwardOutcome } from './state/hub-call.ts';
import type { Partners } from './state/partners.ts';
import type { ForwardService, PartnerRecord } from './state/records.ts';

export interface PartnerCallsOptions {
  readonly port: HttpPort;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly bodies: OperationBodies;
  readonly recorder: Recorder;
  readonly partners: Partners;
  /** The address of our own service that stands for a partner without one of its own (`csms`, `emp`). */
  addressOf(partner: string): string | undefined;
  /** Whether the service at an address is ours, so that it records the hop itself. */
  isOurs(baseUrl: string): boolean;
  /** On purpose: whether this call arrives twice. */
  duplicates(partner: string, operation: OperationName): boolean;
  /** On purpose: the message as it goes out instead. */
  onTheWay(partner: string, operation: OperationName, text: string): string;
  /** How long a partner may take. */
  timeoutMs(operation: OperationName): number;
}

const SERVICE_OF: Readonly<Partial<Record<OperationName, ForwardService>>> = {
  AuthorizeStart: 'authorization',
  AuthorizeStop: 'authorization',
  AuthorizeRemoteReservationStart: 'reservation',
  AuthorizeRemoteReservationStop: 'reservation',
  ChargingNotifications: 'notifications',
  ChargeDetailRecord: 'charge-detail-records',
};

/** More clients than partners have addresses; when there are more, the oldest is made anew when it is needed. */
const MAX_CLIENTS = 500;

/** The hub's calls to its partners. */
export class PartnerCalls {
  readonly #options: PartnerCallsOptions;
  readonly #clients = new Map<string, OicpClient>();

  constructor(options: PartnerCallsOptions) {
    this.#options = options;
  }

  /** Where a partner is called for an operation; `undefined` where it has no address. */
  addressFor(partner: PartnerRecord, operation: OperationName): string | undefined {
    const service = SERVICE_OF[operation];
    const own = service === undefined ? undefined : partner.services[service]?.baseUrl;
    return own ?? partner.baseUrl ?? this.#options.addressOf(partner.key);
  }

  async call(
    { partner: key, operation, pathId, text }: Forward,
    options: CallOptions & { readonly trace: TraceContext | undefined },
  ): Promise<OicpOutcome> {
    const partner = this.#options.partners.get(key);
    const address = partner && this.addressFor(partner, operation);
    if (partner === undefined || address === undefined) {
      const reason = partner === undefined ? 'the partner is not registered any more' : 'the partner has no address';
      return { kind: 'unreachable', reason, ms: 0, findings: [], trace: options.trace ?? { trace: '', span: '' } };
    }
    const { pathId: parameter } = operationRow(operation);
    const params = parameter === undefined || pathId === undefined ? {} : { [parameter]: pathId };
    const sent = this.#options.onTheWay(key, operation, text);
    const call = (retry: boolean): Promise<OicpOutcome> =>
      this.#client(partner, operation, address).callText(operation, params, sent, {
        ...options,
        timeoutMs: options.timeoutMs ?? this.#options.timeoutMs(operation),
        retry,
      });
    const outcome = await call(options.retry === true);
    // The answer to the second delivery is nobody's; the journal has it.
    if (this.#options.duplicates(key, operation)) void call(true);
    return outcome;
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }

  #client(partner: PartnerRecord, operation: OperationName, baseUrl: string): OicpClient {
    const to: OicpRole = operationRow(operation).legs[0].from === 'CPO' ? 'EMP' : 'CPO';
    const key = `${partner.key} ${to} ${baseUrl}`;
    let client = this.#clients.get(key);
    if (client !== undefined) return client;
    for (const [oldest, each] of this.#clients) {
      if (this.#clients.size < MAX_CLIENTS) break;
      each.close();
      this.#clients.delete(oldest);
    }
    const { port, clock, ids, bodies, recorder, isOurs } = this.#options;
    client = new OicpClient({
      port,
      clock,
      ids,
      bodies,
      ends: { from: 'HUB', to },
      us: { id: 'hub', role: 'hub' },
      peer: { id: partner.key, role: to === 'CPO' ? 'csms' : 'emp' },
      baseUrl,
      recorder: isOurs(baseUrl) ? null : recorder,
      tap: 'hub',
      timeoutMs: this.#options.timeoutMs(operation),
    });
    this.#clients.set(key, client);
    return client;
  }
}

/** How long a partner may take for an operation, in ms. */
export function timeoutOf(operation: OperationName, deadlines: HubConfig['deadlines']): number {
  switch (operation) {
    case 'AuthorizeStart':
    case 'AuthorizeStop':
      return deadlines.authorizeMs;
    case 'ChargeDetailRecord':
      return deadlines.cdrMs;
    case 'ChargingNotifications':
      return deadlines.notificationMs;
    default:
      return deadlines.remoteMs;
  }
}

/** What the decision needs to know of a call. Only the operation's own message under HTTP 2xx is an answer. */
export function forwardOutcome(outcome: OicpOutcome): ForwardOutcome {
  switch (outcome.kind) {
    case 'ok':
      return { kind: 'answered', message: outcome.message as Readonly<Record<string, unknown>> };
    case 'refused':
      return outcome.message === undefined
        ? { kind: 'invalid', text: `the partner refused with ${outcome.code}, in a message of another kind` }
        : { kind: 'answered', message: outcome.message as Readonly<Record<string, unknown>> };
    case 'timeout':
      return { kind: 'timeout', text: outcome.reason };
    case 'unreachable':
    case 'broken':
      return { kind: 'unreachable', text: outcome.reason };
    case 'busy':
    case 'invalid':
      return { kind: 'invalid', text: outcome.reason };
  }
}
