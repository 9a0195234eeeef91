import type { LinkDescription, Party, Protocol } from './entry.ts';

/** Who talks to whom in which protocol: what many connections of one station have in common. */
export interface Route {
  readonly number: number;
  readonly a: Party;
  readonly b: Party;
  readonly protocol: Protocol;
  readonly version: string;
}

const UNKNOWN: LinkDescription = {
  a: { id: 'unknown', role: 'ext' },
  b: { id: 'unknown', role: 'ext' },
  protocol: 'api',
  transport: 'file',
  conn: 'unknown',
  tap: 'unknown',
};

/** Links by number, and the few routes that they run on. */
export class Routes {
  readonly #routes: Route[] = [];
  readonly #byKey = new Map<string, Route>();
  readonly #links = new Map<number, { readonly description: LinkDescription; readonly route: Route }>();

  get count(): number {
    return this.#routes.length;
  }

  addLink(link: number, description: LinkDescription): void {
    this.#links.set(link, { description, route: this.#routeOf(description) });
  }

  removeLink(link: number): void {
    this.#links.delete(link);
  }

  links(): IterableIterator<number> {
    return this.#links.keys();
  }

  /** A damaged file may have lost a link's description: its messages are still worth showing. */
  link(link: number): LinkDescription {
    return this.#links.get(link)?.description ?? UNKNOWN;
  }

  routeOfLink(link: number): Route {
    return this.#links.get(link)?.route ?? this.#routeOf(UNKNOWN);
  }

  route(number: number): Route {
    return this.#routes[number] ?? this.#routeOf(UNKNOWN);
  }

  /** A route of a party, for what is about no message. */
  ofParty(id: string): Route | undefined {
    return this.#routes.find(({ a, b }) => a.id === id || b.id === id);
  }

  #routeOf(description: LinkDescription): Route {
    const { a, b, protocol } = description;
    const version = description.version ?? '';
    const key = JSON.stringify([a.id, a.role, b.id, b.role, protocol, version]);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const route = { number: this.#routes.length, a, b, protocol, version };
    this.#routes.push(route);
    this.#byKey.set(key, route);
    return route;
  }
}

export function sender(route: Pick<Route, 'a' | 'b'>, toClient: boolean): Party {
  return toClient ? route.b : route.a;
}

export function receiver(route: Pick<Route, 'a' | 'b'>, toClient: boolean): Party {
  return toClient ? route.a : route.b;
}

/** The identities of the stations at the ends. */
export function stationsOf(route: Pick<Route, 'a' | 'b'>): string[] {
  return [route.a, route.b].filter((party) => party.role === 'cs').map((party) => party.id);
}
