import { charging } from './charging.ts';
import type { Demo } from './demo.ts';
import { everest } from './everest.ts';
import { plugAndCharge } from './plug-and-charge.ts';
import { roaming } from './roaming.ts';

/** The demos by name; the first one is what `compote demo` runs. */
export const DEMOS: readonly Demo[] = [charging, roaming, plugAndCharge, everest];

export type { Demo, DemoService, DemoWorld, Narrator } from './demo.ts';
