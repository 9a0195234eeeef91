import { parseJson } from '../../../core/json.ts';
import { type LegEnds, legOf, type OicpRole, OPERATION_NAMES, operationRow } from '../../../protocols/oicp/index.ts';
import { isOperationName, type OperationName } from '../../../protocols/oicp/operations.ts';
import type { EntryFlag, EntryKind, LinkDescription, Party, PartyRole } from '../../entry.ts';
import { isObject, type Members, textAt } from '../payload-reader.ts';

const EMPTY: Members = {};
const PATH_PREFIX = /^[a-z][a-z0-9+.-]*:\/\/[^/]*/i;

/** One entry of the journal that is half of an exchange, its facts read only when a rule asks for them. */
export class ExchangeHalf {
  readonly seq: number;
  /** Epoch milliseconds at the tap. */
  readonly time: number;
  readonly kind: EntryKind;
  readonly raw: string;
  readonly code: string;
  readonly flags: readonly EntryFlag[];
  readonly #detail: string | undefined;
  #payload: unknown;
  #parsed: boolean;
  #facts: Members | undefined;

  constructor(half: {
    readonly seq: number;
    readonly time: number;
    readonly kind: EntryKind;
    readonly raw: string;
    readonly payload?: unknown;
    readonly code?: string | undefined;
    readonly flags?: readonly EntryFlag[] | undefined;
    readonly detail?: string | undefined;
  }) {
    this.seq = half.seq;
    this.time = half.time;
    this.kind = half.kind;
    this.raw = half.raw;
    this.code = half.code ?? '';
    this.flags = half.flags ?? [];
    this.#detail = half.detail;
    this.#payload = half.payload;
    this.#parsed = half.payload !== undefined;
  }

  /** The body as JSON; undefined when it is none. */
  get payload(): unknown {
    if (!this.#parsed) {
      this.#parsed = true;
      this.#payload = jsonOf(this.raw);
    }
    return this.#payload;
  }

  /** The body's members; none when it is no object. */
  get body(): Members {
    const value = this.payload;
    return isObject(value) ? value : EMPTY;
  }

  /** HTTP method, path, status, headers: what the tap or the archive kept of them. */
  get facts(): Members {
    if (this.#facts === undefined) {
      const value = this.#detail === undefined ? undefined : jsonOf(this.#detail);
      this.#facts = isObject(value) ? value : EMPTY;
    }
    return this.#facts;
  }

  /** A header in lower case; undefined when it was not sent, or no headers are known. */
  header(name: string): string | undefined {
    const headers = this.facts['headers'];
    if (!isObject(headers)) return undefined;
    for (const [key, value] of Object.entries(headers))
      if (key.toLowerCase() === name) return typeof value === 'string' ? value : undefined;
    return undefined;
  }

  get hasHeaders(): boolean {
    return isObject(this.facts['headers']);
  }
}

/** An answer, or what came instead of one. */
export class ExchangeAnswer extends ExchangeHalf {
  /** HTTP status; undefined when none is known, or none came. */
  get status(): number | undefined {
    const status = this.facts['status'];
    return typeof status === 'number' ? status : undefined;
  }

  /** `timeout`, `unreachable` or `broken` where no answer came. */
  get failure(): string | undefined {
    return textAt(this.payload, 'failure');
  }

  /** The OICP status code of the body. */
  get statusCode(): string | undefined {
    return textAt(this.payload, 'StatusCode', 'Code');
  }

  /** True when the other side did what it was asked: the body says it, never HTTP alone. */
  get granted(): boolean {
    if (this.failure !== undefined || (this.status ?? 200) >= 300 || !isObject(this.payload)) return false;
    const { Result, AuthorizationStatus } = this.body;
    if (Result !== undefined && Result !== null) return Result === true;
    if (AuthorizationStatus !== undefined && AuthorizationStatus !== null) return AuthorizationStatus === 'Authorized';
    return (this.statusCode ?? '000') === '000';
  }
}

/** A link whose exchanges are watched. */
export interface ExchangeLink {
  readonly number: number;
  readonly protocol: 'oicp' | 'pnc';
  /** `a` asks, `b` serves. */
  readonly a: Party;
  readonly b: Party;
  /** Nobody has judged the bodies yet. */
  readonly judgeBodies: boolean;
  /** The times in the bodies say nothing about the times of the messages. */
  readonly ownClock: boolean;
  readonly description: LinkDescription;
}

/** One request with its answer, as the rules see it. */
export class Exchange extends ExchangeHalf {
  readonly link: ExchangeLink;
  readonly operation: string;
  /** The answer, once it is there. */
  answer: ExchangeAnswer | null = null;
  /** Its schema was broken so that it is refused: by whoever judged it first. */
  refusedBySchema = false;
  /** What a family of rules has worked out of it, for the next of its rules. */
  worked: unknown = undefined;
  #ends: LegEnds | undefined | null = null;
  #pathId: string | undefined | null = null;

  constructor(link: ExchangeLink, operation: string, half: ConstructorParameters<typeof ExchangeHalf>[0]) {
    super(half);
    this.link = link;
    this.operation = operation;
    this.refusedBySchema = this.flags.includes('invalid') || this.flags.includes('malformed');
  }

  get from(): Party {
    return this.link.a;
  }

  get to(): Party {
    return this.link.b;
  }

  get oicp(): OperationName | undefined {
    return this.link.protocol === 'oicp' && isOperationName(this.operation) ? this.operation : undefined;
  }

  /** Between whom it goes, by the parties' roles and else by what the operation allows. */
  get ends(): LegEnds | undefined {
    if (this.#ends === null) this.#ends = endsOf(this.oicp, this.from.role, this.to.role);
    return this.#ends;
  }

  /** The partner's side of the hub: what CPO and hub say to each other, or what EMP and hub do. */
  get side(): 'cpo' | 'emp' {
    const { ends } = this;
    return ends?.from === 'EMP' || ends?.to === 'EMP' ? 'emp' : 'cpo';
  }

  get toHub(): boolean {
    return this.ends?.to === 'HUB';
  }

  /** Path and query without the address; empty when it was not kept. */
  get target(): string {
    return (textAt(this.facts, 'path') ?? '').replace(PATH_PREFIX, '');
  }

  get path(): string {
    return this.target.replace(/\?.*$/, '');
  }

  get query(): URLSearchParams {
    return new URLSearchParams(this.target.replace(/^[^?]*\??/, ''));
  }

  get method(): string | undefined {
    return textAt(this.facts, 'method');
  }

  /** The decoded id of an OICP path; undefined when it has none, or the path was not kept. */
  get pathId(): string | undefined {
    if (this.#pathId === null) this.#pathId = pathIdOf(this.path, this.oicp);
    return this.#pathId;
  }

  get isRetry(): boolean {
    return this.flags.includes('retry');
  }
}

const ROLES: Readonly<Partial<Record<PartyRole, OicpRole>>> = { csms: 'CPO', hub: 'HUB', emp: 'EMP' };
const ALL: readonly OicpRole[] = ['CPO', 'EMP', 'HUB'];

function endsOf(operation: OperationName | undefined, from: PartyRole, to: PartyRole): LegEnds | undefined {
  if (operation === undefined) return undefined;
  const [a, b] = [ROLES[from], ROLES[to]];
  for (const one of a === undefined ? ALL : [a])
    for (const other of b === undefined ? ALL : [b])
      if (legOf(operation, one, other) !== undefined) return { from: one, to: other };
  return undefined;
}

function pathIdOf(path: string, operation: OperationName | undefined): string | undefined {
  if (operation === undefined || operationRow(operation).pathId === undefined) return undefined;
  const [, id] = /\/(?:operators|providers)\/([^/]+)\//.exec(path) ?? [];
  if (id === undefined) return undefined;
  try {
    return decodeURIComponent(id);
  } catch {
    return undefined;
  }
}

/** The operation of a path, with or without an address before it; undefined when it is none of OICP. */
export function isOicpPath(path: string): boolean {
  return /\/api\/oicp\//.test(path);
}

export { OPERATION_NAMES };

function jsonOf(text: string): unknown {
  if (text === '') return undefined;
  try {
    return parseJson(text) as unknown;
  } catch {
    return undefined;
  }
}
