import type { Clock } from '../core/clock.ts';
import type { Ids } from '../core/ids.ts';
import { parseJson } from '../core/json.ts';
import type { EntryFlag, Party, Recorder } from '../journal/entry.ts';
import {
  type Finding,
  JSON_CONTENT_TYPE,
  legOf,
  matchRoute,
  type OicpRole,
  OPERATION_NAMES,
  type OperationBodies,
  type OperationName,
  operationRow,
  type PageQuery,
  PROCESS_ID_HEADER,
  type Reading,
  type RequestOf,
  readPageQuery,
  refusal,
  type Strength,
} from '../protocols/oicp/index.ts';
import type { HttpInterceptor, HttpVerdict } from './http-interception.ts';
import { bytesOf, type HttpHeaders, type HttpResponse, headerOf, type ServedRequest, textOf } from './http-port.ts';
import { HttpTap, type RecordedRequest, type TapFinding } from './http-tap.ts';
import { contextOf, httpServerHop, type TraceContext } from './trace-context.ts';

/** What a caller shows of itself, before anything is believed. */
export interface CallerFacts {
  readonly operation: OperationName;
  /** Decoded id of the path; undefined for the notifications. */
  readonly pathId: string | undefined;
  /** The parsed body; undefined when it is not JSON. */
  readonly json: unknown;
  readonly headers: ServedRequest['headers'];
  readonly remoteAddress: string;
  readonly clientCertificate?: ServedRequest['clientCertificate'];
}

/** A call of an operation, recorded and read; the role decides what it means. */
export interface ReceivedCall<Name extends OperationName = OperationName> extends CallerFacts {
  readonly operation: Name;
  readonly text: string;
  /** The body by its schema, with all deviations; the role decides whether it takes a body that is not `ok`. */
  readonly reading: Reading<RequestOf<Name>>;
  /** Of the paged operations. */
  readonly page?: PageQuery;
  readonly caller: Party;
  /** Its number in the journal. */
  readonly seq: number;
  /** Where what this call causes belongs. */
  readonly trace: TraceContext;
  /** The id of this processing; the hub sends it as a header. */
  readonly processId: string;
  /** Puts a finding on the request. */
  find(finding: Omit<TapFinding, 'party'>): void;
}

export interface OicpReply {
  readonly status: number;
  /** A JSON value, an exact text, or nothing. */
  readonly body?: object | string | undefined;
  /** OICP status code, for the journal. */
  readonly code?: string | undefined;
  readonly headers?: HttpHeaders;
}

export interface OicpServerOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly bodies: OperationBodies;
  readonly recorder: Recorder;
  readonly us: Party;
  readonly role: OicpRole;
  readonly tap: string;
  readonly transport?: 'http' | 'inproc';
  readonly strength: Strength;
  /** Runs `task` when what was decided in this turn is durable: answers wait for it. */
  readonly afterCommit: (task: () => void) => void;
  /** Who seems to call, for the journal. */
  callerOf(facts: CallerFacts): Party;
  /** Marks of the request beyond malformed and invalid, for example `retry`. */
  flagsOf?(facts: CallerFacts): readonly EntryFlag[];
  answer(call: ReceivedCall): Promise<OicpReply>;
  /** The answer of this call is on its way, or never will be: it is over, faults and delays included. */
  over?(call: ReceivedCall): void;
  readonly interceptor?: HttpInterceptor | undefined;
  /** Told about exceptions of the role: defects of ours. The caller gets 001 (hub) or 021. */
  defect(where: string, thrown: unknown): void;
}

/** How long a dropped answer is held back before the socket gets a 503: longer than any client waits. */
const DROPPED_MS = 120_000;

/** Serves OICP operations as one party: recognises, records, reads, lets the role decide, and answers when it is durable. */
export class OicpServer {
  readonly #options: OicpServerOptions;
  readonly #tap: HttpTap;

  constructor(options: OicpServerOptions) {
    this.#options = options;
    const { clock, recorder, tap, transport = 'http' } = options;
    this.#tap = new HttpTap({ clock, recorder, protocol: 'oicp', version: '2.3', tap, transport });
  }

  /** The operations that are called on this role. */
  get operations(): OperationName[] {
    return servedBy(this.#options.role);
  }

  /**
   * Answers a request whose target starts with `/api/oicp`. `synthetic`: it never crossed a wire, a person handed it in.
   */
  async serve(request: ServedRequest, synthetic = false): Promise<HttpResponse> {
    const match = matchRoute(request.method, request.url);
    if (!match.found) {
      return plain(match.reason === 'method' ? 405 : match.reason === 'encoding' ? 400 : 404);
    }
    if (!this.operations.includes(match.operation)) return plain(404);
    const { recorder } = this.#options;
    if (recorder.full) await new Promise<void>((resolve) => recorder.onceDrained(resolve));
    const { call, recorded } = this.#receive(match.operation, match.pathId, match.query, request, synthetic);
    try {
      const response = await this.#answered(call, recorded);
      await new Promise<void>((resolve) => this.#options.afterCommit(resolve));
      return response;
    } finally {
      this.#options.over?.(call);
    }
  }

  close(): void {
    this.#tap.close();
  }

  async #answered(call: ReceivedCall, recorded: RecordedRequest): Promise<HttpResponse> {
    const before = await this.#intercept('request', call, undefined);
    if (before !== undefined) {
      this.#record(recorded, before, undefined, true);
      return before;
    }
    const reply = await this.#reply(call);
    const response = this.#response(reply, call.processId);
    const instead = await this.#intercept('response', call, response);
    this.#record(recorded, instead ?? response, instead === undefined ? reply.code : undefined, instead !== undefined);
    return instead ?? response;
  }

  async #reply(call: ReceivedCall): Promise<OicpReply> {
    const { answer, defect, role } = this.#options;
    try {
      return await answer(call);
    } catch (thrown) {
      defect(`answering ${call.operation}`, thrown);
      const code = role === 'HUB' ? '001' : '021';
      return { status: 200, body: refusal(call.operation, code), code };
    }
  }

  #receive(
    operation: OperationName,
    pathId: string | undefined,
    query: URLSearchParams,
    request: ServedRequest,
    synthetic: boolean,
  ): { call: ReceivedCall; recorded: RecordedRequest } {
    const { bodies, ids, strength, us, role, callerOf, flagsOf } = this.#options;
    const text = textOf(request.body);
    const { headers, remoteAddress, clientCertificate } = request;
    const json = parse(text);
    const facts: CallerFacts = { operation, pathId, json, headers, remoteAddress, clientCertificate };
    const caller = callerOf(facts);
    const from = legFrom(operation, role);
    const reading = bodies.request(operation, json, strength, { from, to: role });
    const paging = operationRow(operation).paged ? readPageQuery(query, strength) : undefined;
    const findings: Finding[] = [...reading.findings, ...(paging?.findings ?? [])];
    const trace = httpServerHop(headers, ids);
    const processId = ids.uuid();
    const flags: EntryFlag[] = [...(flagsOf?.(facts) ?? [])];
    if (json === undefined) flags.push('malformed');
    else if (!reading.ok) flags.push('invalid');
    if (synthetic) flags.push('synthetic');
    const recorded = this.#tap.request(
      { a: caller, b: us },
      {
        action: operation,
        messageId: processId,
        method: request.method,
        target: request.url,
        headers,
        body: request.body,
        trace,
        flags,
        origin: synthetic ? 'user' : 'peer',
      },
    );
    const find = (finding: Omit<TapFinding, 'party'>): void =>
      this.#tap.finding(recorded.seq, { ...finding, party: caller.id });
    for (const { code, pointer, severity, text: said } of findings) {
      find({ rule: code, pointer, severity, text: said, axis: 'conformance' });
    }
    const contentType = headerOf(headers, 'content-type') ?? '';
    if (!/^application\/json\b/i.test(contentType)) {
      const said = `the content type is “${contentType}”, not application/json`;
      find({ rule: 'oicp.http.content-type', severity: 'warning', axis: 'conformance', text: said, clause: 'GEN-01' });
    }
    const call: ReceivedCall = {
      ...facts,
      text: text ?? '',
      reading,
      caller,
      seq: recorded.seq,
      trace: contextOf(trace),
      processId,
      find,
      ...(paging === undefined ? {} : { page: paging.query }),
    };
    return { call, recorded };
  }

  /** What an interceptor puts in the place of the answer; `undefined`: it goes on as it is. */
  async #intercept(
    direction: 'request' | 'response',
    call: ReceivedCall,
    response: HttpResponse | undefined,
  ): Promise<HttpResponse | undefined> {
    const { interceptor, clock } = this.#options;
    const { operation: action, caller } = call;
    let verdict: HttpVerdict =
      interceptor?.({ direction, peer: caller.id, action, ...(response === undefined ? {} : { response }) }) ?? 'pass';
    if (typeof verdict === 'object' && 'delayMs' in verdict) {
      await clock.sleep(verdict.delayMs);
      verdict = verdict.then ?? 'pass';
    }
    if (verdict === 'pass') return undefined;
    if (verdict === 'drop') {
      await clock.sleep(DROPPED_MS);
      return plain(503);
    }
    return 'answer' in verdict ? verdict.answer : undefined;
  }

  #response({ status, body, headers }: OicpReply, processId: string): HttpResponse {
    return {
      status,
      headers: {
        ...(body === undefined ? {} : { 'content-type': JSON_CONTENT_TYPE }),
        ...(this.#options.role === 'HUB' ? { [PROCESS_ID_HEADER.toLowerCase()]: processId } : {}),
        ...headers,
      },
      body: bytesOf(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)),
    };
  }

  #record(request: RecordedRequest, response: HttpResponse, code: string | undefined, changed: boolean): void {
    this.#tap.response(request, {
      ...response,
      code,
      origin: changed ? 'rule' : 'system',
      ...(changed ? { flags: ['intercepted'] } : {}),
    });
  }
}

/** The operations that are called on a role, each by whoever calls it there. */
export function servedBy(role: OicpRole): OperationName[] {
  return SERVED[role];
}

const ROLES: readonly OicpRole[] = ['CPO', 'EMP', 'HUB'];

const SERVED: Readonly<Record<OicpRole, OperationName[]>> = {
  CPO: operationsOn('CPO'),
  EMP: operationsOn('EMP'),
  HUB: operationsOn('HUB'),
};

function operationsOn(role: OicpRole): OperationName[] {
  return OPERATION_NAMES.filter((name) => ROLES.some((from) => legOf(name, from, role) !== undefined));
}

function legFrom(operation: OperationName, to: OicpRole): OicpRole {
  return ROLES.find((from) => legOf(operation, from, to) !== undefined) ?? 'HUB';
}

function parse(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function plain(status: number): HttpResponse {
  return { status, headers: {}, body: bytesOf('') };
}
