import type { Observation } from '../observation.ts';
import { listAt, textAt } from '../payload-reader.ts';

/** The latest that a CSMS said about a token. */
export interface TokenAnswer {
  /** As it was written. */
  readonly token: string;
  readonly status: string;
  /** parentIdTag of 1.6, groupIdToken of 2.x. */
  readonly group: string | undefined;
  /** EVSEs that it is restricted to (2.x C01.FR.20 to 22); empty: none. */
  readonly evses: readonly number[];
  readonly requestedAt: number;
  readonly at: number;
  readonly seq: number;
  readonly link: number;
}

const LIMIT = 200;

/** What the traffic of one station shows about tokens. Tokens compare case-insensitively (1.6 §7.28, 2.x C01). */
export class Tokens {
  readonly #answers = new Map<string, TokenAnswer>();
  /** Token -> group, from any message, lists included. */
  readonly #groups = new Map<string, string>();
  /** Tokens of local lists that were sent. */
  readonly #listed = new Set<string>();

  /** The answer to the latest Authorize of this token. */
  authorize(token: string): TokenAnswer | undefined {
    return this.#answers.get(token.toLowerCase());
  }

  group(token: string): string | undefined {
    return this.#groups.get(token.toLowerCase());
  }

  listed(token: string): boolean {
    return this.#listed.has(token.toLowerCase());
  }

  sameGroup(a: string, b: string): boolean {
    const group = this.group(a);
    return group !== undefined && group.toLowerCase() === this.group(b)?.toLowerCase();
  }

  update(o: Observation): void {
    if (o.kind !== 'response' || o.request === null) return;
    const request = o.request.payload;
    switch (o.action) {
      case 'SendLocalList':
        if (textAt(o.payload, 'status') === 'Accepted')
          for (const entry of listAt(request, 'localAuthorizationList')) this.#entry(entry);
        return;
      case 'Authorize':
      case 'StartTransaction':
      case 'StopTransaction':
      case 'TransactionEvent': {
        const token = textAt(request, 'idTag') ?? textAt(request, 'idToken', 'idToken');
        const status = textAt(o.payload, 'idTagInfo', 'status') ?? textAt(o.payload, 'idTokenInfo', 'status');
        if (token === undefined || status === undefined) return;
        const group =
          textAt(o.payload, 'idTagInfo', 'parentIdTag') ?? textAt(o.payload, 'idTokenInfo', 'groupIdToken', 'idToken');
        if (group !== undefined) remember(this.#groups, token, group);
        if (o.action !== 'Authorize') return;
        const { time: requestedAt } = o.request;
        const evses = listAt(o.payload, 'idTokenInfo', 'evseId').filter((evse) => typeof evse === 'number');
        remember(this.#answers, token, {
          token,
          status,
          group,
          evses,
          requestedAt,
          at: o.time,
          seq: o.seq,
          link: o.link.number,
        });
      }
    }
  }

  #entry(entry: unknown): void {
    const token = textAt(entry, 'idTag') ?? textAt(entry, 'idToken', 'idToken');
    if (token === undefined) return;
    if (this.#listed.size < LIMIT * 10) this.#listed.add(token.toLowerCase());
    const group = textAt(entry, 'idTagInfo', 'parentIdTag') ?? textAt(entry, 'idTokenInfo', 'groupIdToken', 'idToken');
    if (group !== undefined) remember(this.#groups, token, group);
  }
}

function remember<T>(map: Map<string, T>, token: string, value: T): void {
  const key = token.toLowerCase();
  map.delete(key);
  map.set(key, value);
  if (map.size <= LIMIT) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
