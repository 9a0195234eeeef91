import type { Clock } from '../../core/clock.ts';
import { CompoteError } from '../../core/errors.ts';
import type { Ids } from '../../core/ids.ts';
import { type AccessTokens, sha256Hex } from './access-tokens.ts';
import { type AccessScope, HALF_NAMES, type Half, outOfScope } from './halves.ts';

/** What somebody may do: look, act, change who may. Each includes the ones before it. */
export type AccessRole = 'viewer' | 'operator' | 'admin';
export type Access = AccessRole | 'public';

export interface Actor {
  readonly name: string;
  readonly role: AccessRole;
  readonly scope: AccessScope;
}

/** Everybody at this machine, where no token is asked for. */
const LOCAL: Actor = { name: 'local', role: 'admin', scope: 'all' };

const RANK: Readonly<Record<Access, number>> = { public: 0, viewer: 1, operator: 2, admin: 3 };
const SESSION_MS = 12 * 3_600_000;
const MAX_SESSIONS = 1_000;

/**
 * Who is asking. Without tokens everybody is the person at this machine (`local`, admin); the service refuses to listen
 * elsewhere then. With tokens each request shows one, or the cookie that it was exchanged for (`EventSource` cannot send
 * headers).
 */
export class AccessControl {
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #tokens: AccessTokens;
  readonly #half: Half | undefined;
  readonly #exposed: boolean;
  /** SHA-256 of the cookie's value -> who it is. */
  readonly #sessions = new Map<string, { token: string; until: number }>();
  readonly cookieName: string;

  /** @param exposed other machines reach the service: it never does without tokens, even when the last is revoked */
  constructor(
    serviceName: string,
    tokens: AccessTokens,
    clock: Clock,
    ids: Ids,
    { half, exposed = false }: { readonly half?: Half | undefined; readonly exposed?: boolean } = {},
  ) {
    this.#exposed = exposed;
    this.#clock = clock;
    this.#ids = ids;
    this.#tokens = tokens;
    this.#half = half;
    // Cookies do not keep the ports of one host apart: the service's name does.
    this.cookieName = `compote-${serviceName}`;
  }

  get required(): boolean {
    return this.#exposed || this.#tokens.size > 0;
  }

  get exposed(): boolean {
    return this.#exposed;
  }

  get tokens(): AccessTokens {
    return this.#tokens;
  }

  /** The actor of a request, or UNAUTHORIZED. */
  identify(authorization: string | undefined, cookie: string | undefined): Actor {
    if (!this.required) return LOCAL;
    const bearer = bearerOf(authorization);
    const token = bearer ?? this.#session(cookie)?.token;
    const actor = token === undefined ? undefined : this.#tokens.actorOf(token);
    if (actor === undefined) {
      throw new CompoteError('UNAUTHORIZED', {
        detail: authorization === undefined ? 'no token came with the request' : 'the token is not known here',
      });
    }
    return actor;
  }

  /** The access token that a request shows, or that its cookie was given for: to ask another service in the same name. */
  tokenOf(authorization: string | undefined, cookie: string | undefined): string | undefined {
    if (!this.required) return undefined;
    return bearerOf(authorization) ?? this.#session(cookie)?.token;
  }

  /** Throws FORBIDDEN when the actor may not use something that asks for `access`, OUT_OF_SCOPE in the other half. */
  demand(actor: Actor, access: Access): void {
    if (this.#half !== undefined && actor.scope !== 'all' && actor.scope !== this.#half) {
      throw outOfScope(
        `${actor.name} belongs to the ${HALF_NAMES[actor.scope]}; this service is the ${HALF_NAMES[this.#half]}'s`,
      );
    }
    if (RANK[actor.role] >= RANK[access]) return;
    throw new CompoteError('FORBIDDEN', {
      detail: `${actor.name} has the role ${actor.role}; this asks for ${access}`,
    });
  }

  /** Exchanges a token for a session; the result is the cookie to set. */
  login(token: string, secure: boolean): { actor: Actor; cookie: string } {
    const actor = this.required ? this.#tokens.actorOf(token) : LOCAL;
    if (actor === undefined) throw new CompoteError('UNAUTHORIZED', { detail: 'the token is not known here' });
    const value = `${this.#ids.uuid()}${this.#ids.uuid()}`.replaceAll('-', '');
    const oldest = this.#sessions.keys().next().value;
    if (this.#sessions.size >= MAX_SESSIONS && oldest !== undefined) this.#sessions.delete(oldest);
    this.#sessions.set(sha256Hex(value), { token, until: this.#clock.monotonic() + SESSION_MS });
    return { actor, cookie: this.#cookie(value, SESSION_MS / 1_000, secure) };
  }

  /** Ends the session of this cookie; the result is the cookie that removes it. */
  logout(cookie: string | undefined, secure: boolean): string {
    const value = cookieValue(cookie, this.cookieName);
    if (value !== undefined) this.#sessions.delete(sha256Hex(value));
    return this.#cookie('', 0, secure);
  }

  #cookie(value: string, maxAgeS: number, secure: boolean): string {
    return `${this.cookieName}=${value}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
  }

  #session(cookie: string | undefined): { readonly token: string } | undefined {
    const value = cookieValue(cookie, this.cookieName);
    if (value === undefined) return undefined;
    const key = sha256Hex(value);
    const session = this.#sessions.get(key);
    if (session === undefined) return undefined;
    if (session.until > this.#clock.monotonic()) return session;
    this.#sessions.delete(key);
    return undefined;
  }
}

function bearerOf(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
}

function cookieValue(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const split = part.indexOf('=');
    if (split > 0 && part.slice(0, split).trim() === name) return part.slice(split + 1).trim();
  }
  return undefined;
}
