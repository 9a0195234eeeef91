import type { ChaosWorld } from './world.ts';

/** What a party was told, against what is there afterwards. */
export interface Verdict {
  /** How many acknowledgements were looked at. */
  readonly checked: number;
  /** Acknowledged, and not there. */
  readonly lost: readonly string[];
  /** There more often than it happened. */
  readonly doubled: readonly string[];
}

/** Something that keeps a service busy, and remembers what was acknowledged. */
export interface Load {
  readonly name: string;
  /** Runs until `world.running` is false. Prepares first, and tells when it has begun. */
  run(world: ChaosWorld): Promise<void>;
  /** After all services run again and everything on the way has arrived. */
  verify(world: ChaosWorld): Promise<Verdict>;
}

/** Keys that occur more than once. */
export function repeated(keys: Iterable<string>): string[] {
  const seen = new Set<string>();
  const again = new Set<string>();
  for (const key of keys) {
    if (seen.has(key)) again.add(key);
    seen.add(key);
  }
  return [...again];
}

/** Compares what was acknowledged with what is there: each once. */
export function compare(acknowledged: Iterable<string>, there: readonly string[]): Verdict {
  const present = new Set(there);
  const wanted = [...acknowledged];
  return { checked: wanted.length, lost: wanted.filter((key) => !present.has(key)), doubled: repeated(there) };
}

export function sum(verdicts: readonly Verdict[]): Verdict {
  return {
    checked: verdicts.reduce((total, { checked }) => total + checked, 0),
    lost: verdicts.flatMap(({ lost }) => lost),
    doubled: verdicts.flatMap(({ doubled }) => doubled),
  };
}
