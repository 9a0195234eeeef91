import type { Clock } from '../core/clock.ts';
import type { Ids } from '../core/ids.ts';
import type { EntryFlag, Party, Recorder } from '../journal/entry.ts';
import {
  eRoamingFault,
  OperationBodies,
  type OperationName,
  type ParamsOf,
  type RequestOf,
  type Strength,
} from '../protocols/oicp/index.ts';
import type { HttpPort } from './http-port.ts';
import { isTrustedCaller } from './oicp-caller-check.ts';
import { type CallOptions, OicpClient, type OicpOutcome } from './oicp-client.ts';
import { LastExchanges } from './oicp-last-exchanges.ts';
import { type CallerFacts, type OicpReply, OicpServer, type ReceivedCall } from './oicp-server.ts';

export interface HubConnectionOptions {
  readonly role: 'CPO' | 'EMP';
  readonly us: Party;
  /** The operator or provider id under which we are connected: it stands in the paths of our calls. */
  readonly ownId: string;
  readonly content: Strength;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly recorder: Recorder;
  readonly port: HttpPort;
  hubUrl(): string;
  /** Our own hub records the hop itself. */
  hubIsOurs(): boolean;
  /** Further headers of our calls: an API key. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** What the hub shows when it calls from another machine without a certificate that we trust. */
  readonly inboundKey?: string | undefined;
  /** How long the hub may take for an operation. */
  timeoutMs(operation: OperationName): number;
  /** Whether this very message has been here before. */
  isRepeated?(facts: CallerFacts): boolean;
  /** Decides about a call of the hub; whoever calls has been believed already. */
  answer(call: ReceivedCall): Promise<OicpReply>;
  readonly afterCommit: (task: () => void) => void;
  /** `debug`: as it should be, or known already. */
  log(level: 'info' | 'debug', facts: Readonly<Record<string, unknown>>, text: string): void;
  defect(where: string, thrown: unknown): void;
}

const HUB: Party = { id: 'hub', role: 'hub' };

/** A partner's seat at the hub, the same for operators and providers: calls it, is called by it, remembers the last of each. */
export class HubConnection {
  readonly role: 'CPO' | 'EMP';
  readonly ownId: string;
  readonly us: Party;
  readonly bodies = new OperationBodies();
  /** The last exchange of each operation, in both directions. */
  readonly last = new LastExchanges();
  readonly server: OicpServer;
  readonly #options: HubConnectionOptions;
  readonly #client: OicpClient;
  #isAway = false;

  constructor(options: HubConnectionOptions) {
    this.#options = options;
    const { role, us, ownId, content, clock, ids, recorder, port, afterCommit, defect } = options;
    this.role = role;
    this.us = us;
    this.ownId = ownId;
    this.server = new OicpServer({
      clock,
      ids,
      bodies: this.bodies,
      recorder,
      us,
      role,
      tap: us.id,
      transport: port.transport,
      strength: content,
      afterCommit,
      callerOf: () => HUB,
      flagsOf: (facts): EntryFlag[] => (options.isRepeated?.(facts) === true ? ['retry'] : []),
      answer: (call) => this.#answer(call),
      defect,
    });
    this.#client = new OicpClient({
      port,
      clock,
      ids,
      bodies: this.bodies,
      ends: { from: role, to: 'HUB' },
      us,
      peer: HUB,
      baseUrl: options.hubUrl,
      recorder,
      records: () => !options.hubIsOurs(),
      tap: us.id,
      timeoutMs: 60_000,
      ...(options.headers === undefined ? {} : { headers: options.headers }),
    });
  }

  /** Calls the hub. */
  call<Name extends OperationName>(
    name: Name,
    params: ParamsOf<Name>,
    body: RequestOf<Name>,
    options: CallOptions = {},
  ): Promise<OicpOutcome<Name>> {
    return this.callText(name, params, JSON.stringify(body), options);
  }

  /** Calls the hub with any text. */
  async callText<Name extends OperationName>(
    name: Name,
    params: Readonly<Record<string, unknown>>,
    text: string,
    options: CallOptions = {},
  ): Promise<OicpOutcome<Name>> {
    const { clock, log, timeoutMs } = this.#options;
    const atMs = clock.now();
    const wait = options.timeoutMs ?? timeoutMs(name);
    const outcome = await this.#client.callText(name, params, text, { ...options, timeoutMs: wait });
    const { kind, ms, status } = outcome;
    const code = kind === 'refused' ? outcome.code : kind === 'ok' ? '000' : undefined;
    this.last.note({
      operation: name,
      direction: 'sent',
      atMs,
      ms,
      request: text,
      trace: outcome.trace.trace,
      outcome: kind,
      ...(code === undefined ? {} : { code }),
      ...(status === undefined ? {} : { status }),
      ...(outcome.text === undefined ? {} : { response: outcome.text }),
    });
    const said = 'reason' in outcome ? outcome.reason : '';
    this.#noteWhetherThere(kind, said);
    const quiet = code === '000' || kind === 'unreachable';
    log(
      quiet ? 'debug' : 'info',
      { operation: name, outcome: kind, code, ms, traceId: outcome.trace.trace },
      `${name} to the hub: ${kind} ${code ?? ''} ${said}`.trim(),
    );
    return outcome;
  }

  close(): void {
    this.#client.close();
    this.server.close();
  }

  /** A hub that is not there is told once, and once more when it is back. */
  #noteWhetherThere(kind: OicpOutcome['kind'], reason: string): void {
    const isAway = kind === 'unreachable';
    if (isAway === this.#isAway) return;
    this.#isAway = isAway;
    const { log, hubUrl } = this.#options;
    const text = isAway
      ? `No hub answers at ${hubUrl()} (${reason}). What may be late waits and is sent when it does; charging goes on without it.`
      : `The hub at ${hubUrl()} answers.`;
    log('info', { hub: hubUrl() }, text);
  }

  async #answer(call: ReceivedCall): Promise<OicpReply> {
    const { clock, log } = this.#options;
    const atMs = clock.now();
    const reply = await this.#decide(call);
    const { operation, text, trace, caller, processId, seq } = call;
    this.last.note({
      operation,
      direction: 'received',
      atMs,
      ms: clock.now() - atMs,
      request: text,
      trace: trace.trace,
      outcome: reply.code === '000' ? 'ok' : 'refused',
      status: reply.status,
      response: typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? null),
      ...(reply.code === undefined ? {} : { code: reply.code }),
    });
    log(
      reply.code === '000' ? 'debug' : 'info',
      { operation, caller: caller.id, code: reply.code, messageId: processId, seq, traceId: trace.trace },
      `${operation} of the hub: ${reply.code}`,
    );
    return reply;
  }

  async #decide(call: ReceivedCall): Promise<OicpReply> {
    if (isTrustedCaller(call, this.#options.inboundKey)) return this.#options.answer(call);
    const text = `${call.remoteAddress} shows neither a certificate that we trust nor the key`;
    call.find({ rule: 'oicp.caller', severity: 'error', axis: 'security', text, clause: 'SRV-09' });
    return { status: 401, body: eRoamingFault('021', text), code: '021' };
  }
}
