import type { Entropy } from '../../../core/entropy.ts';
import type { Ids } from '../../../core/ids.ts';
import type {
  AnyPoolOperation,
  CallerClaims,
  CaName,
  ParamsOf,
  PoolErrorBody,
  RequestOf,
} from '../../../protocols/opcp/index.ts';
import type { AccessTokens } from '../access-tokens.ts';
import type { Faults } from '../faults.ts';
import type { Authorities } from '../pki/authorities.ts';
import type { Registrar } from '../pki/registrar.ts';
import type { ClientSettings } from '../section.ts';
import type { TrustState } from '../trust-state.ts';
import type { Events } from '../webhooks/events.ts';

/** What the handlers of the pools work with. They are synchronous and do no I/O. */
export interface PoolWorld {
  readonly state: TrustState;
  readonly authorities: Authorities;
  readonly registrar: Registrar;
  readonly tokens: AccessTokens;
  readonly clients: readonly ClientSettings[];
  readonly hasSandbox: boolean;
  readonly faults: Faults;
  readonly events: Events;
  readonly ids: Ids;
  readonly entropy: Entropy;
  readonly strict: boolean;
  readonly requireRegistration: boolean;
  readonly tokenLifetimeS: number;
  readonly webhookHosts: readonly string[];
  readonly baseUrl: () => string;
}

export type OperationName = AnyPoolOperation['name'];
type Operation<Name extends OperationName> = Extract<AnyPoolOperation, { readonly name: Name }>;

/** A call as a handler sees it: access and shapes have been checked. */
export interface PoolCall<Name extends OperationName = OperationName> {
  readonly params: ParamsOf<Operation<Name>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** JSON as declared; octets where the operation carries octets. */
  readonly body: RequestOf<Operation<Name>>;
  /** Empty claims for public operations. */
  readonly claims: CallerClaims;
  readonly ca: CaName | undefined;
  readonly nowMs: number;
  readonly clientCertificate: Uint8Array | undefined;
}

export type PoolReply =
  | { readonly kind: 'json'; readonly status: number; readonly value: unknown }
  | { readonly kind: 'empty'; readonly status: number }
  | { readonly kind: 'certificates'; readonly certificates: readonly Uint8Array[] }
  | { readonly kind: 'ocsp'; readonly der: Uint8Array };

export type PoolHandlers<Names extends OperationName = OperationName> = {
  readonly [Name in Names]: (call: PoolCall<Name>) => PoolReply;
};

/** A refusal with the published text; the server makes the published error body of it. */
export class PoolRefusal extends Error {
  readonly status: number;
  readonly messages: readonly string[];
  /** A body of another shape, for example the EXI answer of a 404. */
  readonly body: unknown;

  constructor(status: number, messages: string | readonly string[], body?: unknown) {
    const list = typeof messages === 'string' ? [messages] : messages;
    super(list.join(' '));
    this.name = 'PoolRefusal';
    this.status = status;
    this.messages = list;
    this.body = body;
  }
}

export type { PoolErrorBody };

export function json(value: unknown, status = 200): PoolReply {
  return { kind: 'json', status, value };
}

export function empty(status = 200): PoolReply {
  return { kind: 'empty', status };
}

/** Prefixes of a claim; an empty list restricts nothing unless the profile is strict. */
export function demandOwner(
  world: Pick<PoolWorld, 'strict'>,
  claims: CallerClaims,
  prefixes: readonly string[],
  owns: boolean,
  what: string,
): void {
  const unrestricted = (prefixes.length === 0 && !world.strict) || claims.callers.includes('ADMIN');
  if (!owns && !unrestricted) throw new PoolRefusal(403, `${what} does not belong to ${claims.clientId}.`);
}
