import type { Clock } from '../../core/clock.ts';
import type { LinkNumber, Party, PartyRole, Recorder } from '../../journal/entry.ts';
import type { Caller, CallerClaims } from '../../protocols/opcp/index.ts';
import type { PoolRequest, PoolResponse } from './pool-server.ts';

const US: Party = { id: 'pnc', role: 'pnc' };
const NOBODY: Party = { id: 'unknown', role: 'ext' };

/** Which party of the journal a caller of the pools is. */
const PARTY_OF: Readonly<Record<Caller, PartyRole>> = {
  CPO: 'csms',
  MO_OWN_PKI: 'emp',
  MO_V2G_PKI: 'emp',
  OEM: 'ev',
  CPS: 'pnc',
  ADMIN: 'ui',
};

/** More than any configuration has clients; beyond it the oldest is forgotten. */
const MAX_LINKS = 200;

export interface RecordedRequest {
  readonly seq: number;
  readonly at: number;
  readonly link: LinkNumber;
  readonly action: string;
}

/** Records the exchanges of the pools, once per hop: the server's side. */
export class PoolTap {
  readonly #clock: Clock;
  readonly #recorder: Recorder;
  readonly #links = new Map<string, LinkNumber>();

  constructor(clock: Clock, recorder: Recorder) {
    this.#clock = clock;
    this.#recorder = recorder;
  }

  request(action: string, request: PoolRequest, claims: CallerClaims | undefined): RecordedRequest {
    const link = this.#link(partyOf(claims, request));
    const at = this.#clock.now();
    const { method, target, headers, body } = request;
    const seq = this.#recorder.record({
      link,
      toClient: false,
      time: at,
      kind: 'request',
      action,
      messageId: '',
      raw: rawOf(body),
      origin: 'peer',
      detail: JSON.stringify({ method, path: target, headers }),
      ...(action === '' ? { flags: ['malformed'] } : {}),
    });
    return { seq, at, link, action };
  }

  response({ seq, at, link, action }: RecordedRequest, { status, headers, body }: PoolResponse): void {
    const time = this.#clock.now();
    this.#recorder.record({
      link,
      toClient: true,
      time,
      kind: status >= 400 ? 'error' : 'response',
      action,
      messageId: '',
      raw: rawOf(body),
      partner: seq,
      latencyMs: time - at,
      code: String(status),
      origin: 'system',
      detail: JSON.stringify({ status, headers }),
    });
  }

  close(): void {
    for (const link of this.#links.values()) this.#recorder.closeLink(link);
    this.#links.clear();
  }

  #link(party: Party): LinkNumber {
    const key = `${party.role} ${party.id}`;
    const known = this.#links.get(key);
    if (known !== undefined) return known;
    for (const [oldest, link] of this.#links) {
      if (this.#links.size < MAX_LINKS) break;
      this.#recorder.closeLink(link);
      this.#links.delete(oldest);
    }
    const link = this.#recorder.openLink({
      a: party,
      b: US,
      protocol: 'pnc',
      version: '1.0',
      transport: 'http',
      conn: `http ${party.id} → pnc`,
      tap: 'trust',
    });
    this.#links.set(key, link);
    return link;
  }
}

/** OCSP carries octets; everything else is text. */
function rawOf(body: Uint8Array): string | Uint8Array {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return body;
  }
}

function partyOf(claims: CallerClaims | undefined, { target, body }: PoolRequest): Party {
  const [caller] = claims?.callers ?? [];
  if (claims !== undefined && caller !== undefined) return { id: claims.clientId, role: PARTY_OF[caller] };
  if (!target.startsWith('/oauth/')) return NOBODY;
  const id = /client_id["=:\s]+([\w.@-]{1,100})/.exec(Buffer.from(body.subarray(0, 4_096)).toString('latin1'))?.[1];
  return id === undefined ? NOBODY : { id, role: 'ext' };
}
