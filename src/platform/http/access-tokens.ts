import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { Clock } from '../../core/clock.ts';
import { CompoteError, messageOf, systemCodeOf } from '../../core/errors.ts';
import type { Ids } from '../../core/ids.ts';
import { isoTime, parseTime } from '../../core/time.ts';
import { writeWhole } from '../../storage/whole-file.ts';
import type { AccessRole, Actor } from './access.ts';
import type { AccessScope } from './halves.ts';

/** An access token as it is kept: never the token itself. */
export interface AccessToken {
  readonly name: string;
  readonly role: AccessRole;
  /** Both halves of the world when absent. */
  readonly scope?: AccessScope;
  /** SHA-256 of the token, 64 hex digits. Enough, since tokens are long and drawn by chance. */
  readonly sha256: string;
}

/** A token that was made while the services run, as the file holds it. */
interface KeptToken extends AccessToken {
  readonly createdAt: string;
  readonly expiresAt?: string;
}

/** What an administrator sees of a token. Times are ISO 8601. */
export interface TokenInfo {
  readonly name: string;
  readonly role: AccessRole;
  readonly scope: AccessScope;
  /** Where it stands: only those of the file can be revoked here. */
  readonly source: 'configuration' | 'made here';
  readonly createdAt?: string;
  readonly expiresAt?: string;
  /** By this service since it runs. */
  readonly lastUsedAt?: string;
}

export interface NewToken {
  readonly name: string;
  readonly role: AccessRole;
  readonly scope: AccessScope;
  readonly expiresAt?: string;
}

const LOOK_EVERY_MS = 250;
const MAX_KEPT = 1_000;

export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * The access tokens that count: those of the configuration, and those made at run time, which all services of a data
 * folder read from one file. What one service adds or revokes counts at the others a moment later.
 */
export class AccessTokens {
  readonly #configured: readonly AccessToken[];
  readonly #file: string | undefined;
  readonly #clock: Clock;
  readonly #lastUsed = new Map<string, number>();
  #kept: readonly KeptToken[] = [];
  #seen = '';
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** @param file where tokens are kept; without it only those of the configuration count */
  constructor(configured: readonly AccessToken[], clock: Clock, file?: string) {
    this.#configured = configured;
    this.#clock = clock;
    this.#file = file;
  }

  get size(): number {
    this.#look();
    return this.#configured.length + this.#kept.length;
  }

  /** Who shows this token; nobody where it is unknown, revoked or expired. */
  actorOf(token: string): Actor | undefined {
    this.#look();
    const digest = createHash('sha256').update(token).digest();
    let found: AccessToken | undefined;
    // Every token is compared, in constant time: how long it takes tells nothing.
    for (const known of [...this.#configured, ...this.#kept]) {
      const theirs = Buffer.from(known.sha256, 'hex');
      if (theirs.length === digest.length && timingSafeEqual(theirs, digest)) found = known;
    }
    if (found === undefined || this.#expired(found)) return undefined;
    this.#lastUsed.set(found.sha256, this.#clock.now());
    return { name: found.name, role: found.role, scope: found.scope ?? 'all' };
  }

  list(): TokenInfo[] {
    this.#look();
    const info = (each: AccessToken & Partial<KeptToken>, source: TokenInfo['source']): TokenInfo => {
      const used = this.#lastUsed.get(each.sha256);
      return {
        name: each.name,
        role: each.role,
        scope: each.scope ?? 'all',
        source,
        ...(each.createdAt === undefined ? {} : { createdAt: each.createdAt }),
        ...(each.expiresAt === undefined ? {} : { expiresAt: each.expiresAt }),
        ...(used === undefined ? {} : { lastUsedAt: isoTime(used) }),
      };
    };
    return [
      ...this.#configured.map((each) => info(each, 'configuration')),
      ...this.#kept.map((each) => info(each, 'made here')),
    ];
  }

  /**
   * Makes a token; it is not kept and cannot be read again.
   * @throws CONFLICT for a name that is taken, INVALID_REQUEST for a first token that would lock everybody out
   */
  add({ name, role, scope, expiresAt }: NewToken, ids: Ids): string {
    this.#look(true);
    if (this.list().some((each) => each.name === name)) {
      throw new CompoteError('CONFLICT', {
        detail: `there is a token of the name ${name}`,
        hint: 'Revoke it, or take another name.',
      });
    }
    if (expiresAt !== undefined && (parseTime(expiresAt) ?? 0) <= this.#clock.now()) {
      throw invalid('/expiresAt', 'is over already: give a time to come');
    }
    // With the first token everybody needs one: somebody must be able to make the next.
    if (this.size === 0 && (role !== 'admin' || scope !== 'all' || expiresAt !== undefined)) {
      throw invalid(
        '/role',
        'the first token must be an admin’s over all that does not expire: from then on everybody needs one',
      );
    }
    if (this.#kept.length >= MAX_KEPT) throw invalid('/name', `there are ${MAX_KEPT} tokens already: revoke some`);
    const token = `${ids.uuid()}${ids.uuid()}`.replaceAll('-', '');
    this.#keep([
      ...this.#kept,
      {
        name,
        role,
        ...(scope === 'all' ? {} : { scope }),
        sha256: sha256Hex(token),
        createdAt: isoTime(this.#clock.now()),
        ...(expiresAt === undefined ? {} : { expiresAt }),
      },
    ]);
    return token;
  }

  /**
   * From now on the token opens nothing, nor do cookies that it was exchanged for.
   * @param mayOpen whether nobody needs a token any more once the last one is gone
   * @throws NOT_FOUND, and CONFLICT for a token of the configuration or the last admin's
   */
  revoke(name: string, mayOpen: boolean): void {
    this.#look(true);
    if (this.#configured.some((each) => each.name === name)) {
      throw new CompoteError('CONFLICT', {
        detail: `the token of ${name} stands in the configuration`,
        hint: 'Take it out of `access.tokens` and start anew.',
      });
    }
    if (!this.#kept.some((each) => each.name === name)) {
      throw new CompoteError('NOT_FOUND', { detail: `there is no token of the name ${name}` });
    }
    const left = this.#kept.filter((each) => each.name !== name);
    const others = [...this.#configured, ...left];
    if (
      (others.length > 0 || !mayOpen) &&
      !others.some((each) => each.role === 'admin' && (each.scope ?? 'all') === 'all')
    ) {
      throw new CompoteError('CONFLICT', {
        detail: `${name} has the last token of an admin: nobody could make another`,
        hint: 'Make one for another admin before, or revoke all others first.',
      });
    }
    this.#keep(left);
  }

  #expired(token: AccessToken & Partial<KeptToken>): boolean {
    return token.expiresAt !== undefined && (parseTime(token.expiresAt) ?? 0) <= this.#clock.now();
  }

  /** Reads the file when it changed; at most a few times a second unless `now`. */
  #look(now = false): void {
    if (this.#file === undefined) return;
    const at = this.#clock.monotonic();
    if (!now && at - this.#lookedAt < LOOK_EVERY_MS) return;
    this.#lookedAt = at;
    try {
      const { mtimeMs, size, ino } = statSync(this.#file);
      const stamp = `${mtimeMs} ${size} ${ino}`;
      if (stamp === this.#seen) return;
      this.#kept = (JSON.parse(readFileSync(this.#file, 'utf8')) as { readonly tokens: readonly KeptToken[] }).tokens;
      this.#seen = stamp;
    } catch (cause) {
      if (systemCodeOf(cause) === 'ENOENT') {
        this.#kept = [];
        this.#seen = '';
        return;
      }
      // Whoever cannot read who may, lets nobody in.
      throw new CompoteError('INTERNAL', {
        detail: `the access tokens in ${this.#file} cannot be read: ${messageOf(cause)}`,
        cause,
      });
    }
  }

  #keep(tokens: readonly KeptToken[]): void {
    const file = this.#file;
    if (file === undefined) {
      throw new CompoteError('NOT_AVAILABLE', {
        detail: 'this service has no place to keep tokens',
        hint: 'Put them into `access.tokens`.',
      });
    }
    writeWhole(file, `${JSON.stringify({ tokens }, null, 2)}\n`);
    this.#look(true);
  }
}

function invalid(pointer: string, msg: string): CompoteError {
  return new CompoteError('INVALID_REQUEST', { fields: [{ pointer, msg }] });
}
