import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import { type CallerClaims, readTokenPayload, tokenPayload } from '../../protocols/opcp/index.ts';
import type { KeyStore } from './pki/key-files.ts';
import type { ClientSettings } from './section.ts';

const KEY_NAME = 'access-tokens';

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function part(text: string | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(text ?? '', 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

export function claimsOf(client: ClientSettings): CallerClaims {
  const { id, callers, scopes, wmis, providers, operators, name } = client;
  return { clientId: id, callers, scopes, wmis, providers, operators, ...(name === undefined ? {} : { name }) };
}

/** Compares without telling by its time how much was right. */
export function isSecret(given: string, secret: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}

/** Signs and verifies access tokens: JWT with RS256, as the live token service issues them. */
export class AccessTokens {
  readonly #keys: KeyStore;
  #private: KeyObject | undefined;

  constructor(keys: KeyStore) {
    this.#keys = keys;
  }

  issue(order: Parameters<typeof tokenPayload>[0]): string {
    const signed = `${base64url({ alg: 'RS256', typ: 'JWT', kid: this.#keyId() })}.${base64url(tokenPayload(order))}`;
    return `${signed}.${sign('sha256', Buffer.from(signed), this.#key()).toString('base64url')}`;
  }

  /** What the holder may, or a sentence that says why the token is not taken. */
  verify(token: string, nowMs: number): CallerClaims | string {
    const [header, payload, signature, ...more] = token.split('.');
    if (signature === undefined || more.length > 0) return 'The access token is no JWT.';
    if (record(part(header))['alg'] !== 'RS256') return 'The access token is not signed with RS256.';
    const given = Buffer.from(signature, 'base64url');
    if (!verify('sha256', Buffer.from(`${header}.${payload}`), createPublicKey(this.#key()), given)) {
      return 'The access token was not issued here.';
    }
    const claims = record(part(payload));
    const expires = claims['exp'];
    if (typeof expires !== 'number' || expires * 1_000 <= nowMs) return 'The access token has expired.';
    return readTokenPayload(claims);
  }

  /** JSON Web Key Set (RFC 7517). */
  jwks(): { keys: Record<string, unknown>[] } {
    const jwk = createPublicKey(this.#key()).export({ format: 'jwk' });
    return { keys: [{ ...jwk, use: 'sig', alg: 'RS256', kid: this.#keyId() }] };
  }

  #keyId(): string {
    const der = createPublicKey(this.#key()).export({ format: 'der', type: 'spki' });
    return createHash('sha256').update(der).digest('hex').slice(0, 16);
  }

  /** Made on first use: an RSA key takes longer than all certificates together. */
  #key(): KeyObject {
    if (this.#private !== undefined) return this.#private;
    const kept = this.#keys.readSecret(KEY_NAME);
    const pem =
      kept ??
      generateKeyPairSync('rsa', {
        modulusLength: 2_048,
        publicKeyEncoding: { type: 'spki', format: 'pem' },
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      }).privateKey;
    if (kept === undefined) this.#keys.writeSecret(KEY_NAME, pem);
    this.#private = createPrivateKey(pem);
    return this.#private;
  }
}
