import type { ErrorSeen } from '../../../protocols/everest/payloads.ts';

const MAX_ERRORS = 200;

/** The errors that EVerest says are active. */
export class ActiveErrors {
  readonly #byKey = new Map<string, ErrorSeen>();

  get all(): readonly ErrorSeen[] {
    return [...this.#byKey.values()];
  }

  /** Those of one EVSE: raised by a module of its own, or by one that cannot be told from others where there is one EVSE only. */
  of(modules: readonly (string | undefined)[], only: boolean): readonly ErrorSeen[] {
    return only ? this.all : this.all.filter(({ module }) => module !== undefined && modules.includes(module));
  }

  replace(errors: readonly ErrorSeen[]): void {
    this.#byKey.clear();
    for (const error of errors) this.raise(error);
  }

  raise(error: ErrorSeen): void {
    if (this.#byKey.size < MAX_ERRORS) this.#byKey.set(keyOf(error), error);
  }

  clearOne(error: ErrorSeen): void {
    if (this.#byKey.delete(keyOf(error))) return;
    for (const [key, known] of this.#byKey) {
      if (known.type === error.type && known.module === error.module) this.#byKey.delete(key);
    }
  }

  clear(): void {
    this.#byKey.clear();
  }
}

function keyOf({ uuid, type, module, subType }: ErrorSeen): string {
  return uuid ?? `${module ?? ''}/${type}/${subType ?? ''}`;
}
