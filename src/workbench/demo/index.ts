import { charging } from './charging.ts';
import type { Demo } from './demo.ts';

/** The demos by name; the first one is what `compote demo` runs. */
export const DEMOS: readonly Demo[] = [charging];

export type { Demo, DemoWorld, Narrator } from './demo.ts';
