import type { WatchedLink } from '../observation.ts';

/** The facts of an upgrade request and its answer that the tap has seen; undefined for what it has not. */
export class Handshake {
  readonly #facts: Readonly<Record<string, string>>;

  constructor({ description }: WatchedLink) {
    this.#facts = description.facts ?? {};
  }

  /** Subprotocols in the order of the station. */
  get offered(): readonly string[] | undefined {
    return this.#list('offered');
  }

  /** Subprotocols that the server is configured to serve. */
  get served(): readonly string[] | undefined {
    return this.#list('served');
  }

  /** Subprotocols that the answer names: one, or none, or more in a broken one. */
  get chosen(): readonly string[] | undefined {
    return this.#list('subprotocol');
  }

  get extensionsOffered(): string | undefined {
    return this.#facts['extensionsOffered'];
  }

  get extensions(): string | undefined {
    return this.#facts['extensions'];
  }

  /** `hex` for a password whose bytes are themselves hexadecimal digits. */
  get passwordForm(): string | undefined {
    return this.#facts['passwordForm'];
  }

  get passwordPrint(): string | undefined {
    return this.#facts['passwordPrint'];
  }

  /** `no`: the server has a list of identities, and this one is not on it. */
  get listed(): string | undefined {
    return this.#facts['listed'];
  }

  #list(name: string): readonly string[] | undefined {
    return this.#facts[name]
      ?.split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '');
  }
}

/** Prints of passwords compare only when they were made with the same key: the part before the point. */
export function samePassword(a: string, b: string): boolean | undefined {
  return keyOf(a) === keyOf(b) ? a === b : undefined;
}

function keyOf(print: string): string {
  return print.slice(0, print.indexOf('.'));
}
