import type { Collection, Page } from '../../../storage/collection.ts';
import type { TokenRecord } from './records.ts';

export type TokenIndex = 'status' | 'type' | 'groupId';

/** The token of a message, before anybody looked it up. 1.6 tags have no type. */
export interface PresentedToken {
  readonly idToken: string;
  readonly type?: string;
}

/** Tokens by their text without case (1.6: idTag is a CiString; 2.x: C01.FR.25 compares value and type). */
export class Tokens {
  readonly #collection: Collection<TokenRecord, TokenIndex>;

  constructor(collection: Collection<TokenRecord, TokenIndex>) {
    this.#collection = collection;
  }

  static keyOf(token: Pick<TokenRecord, 'idToken'>): string {
    return token.idToken.toLowerCase();
  }

  /** A token of that text; where both sides name a type, the types must be equal. */
  find(presented: PresentedToken): TokenRecord | undefined {
    const token = this.get(presented.idToken);
    if (token === undefined || presented.type === undefined) return token;
    return token.type === presented.type ? token : undefined;
  }

  get(idToken: string): TokenRecord | undefined {
    return this.#collection.get(idToken.toLowerCase());
  }

  put(token: TokenRecord): void {
    this.#collection.put(token);
  }

  delete(idToken: string): boolean {
    return this.#collection.delete(idToken.toLowerCase());
  }

  page(where: { status?: string; type?: string }, limit: number, after: string | undefined): Page<TokenRecord> {
    return this.#collection.list({ where, limit, ...(after === undefined ? {} : { after }) });
  }

  all(): IterableIterator<TokenRecord> {
    return this.#collection.all();
  }

  count(): number {
    return this.#collection.count();
  }
}
