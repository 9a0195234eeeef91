import { broken } from './broken.ts';
import { charging } from './charging.ts';
import type { Demo } from './demo.ts';
import { everest } from './everest.ts';
import { plugAndCharge } from './plug-and-charge.ts';
import { remoteStart } from './remote-start.ts';
import { roaming } from './roaming.ts';
import { wrongBill } from './wrong-bill.ts';

/** The demos; the first one is what `compote demo` runs. */
export const DEMOS: readonly Demo[] = [charging, remoteStart, broken, roaming, wrongBill, plugAndCharge, everest];

export type { Demo, DemoService, DemoWorld } from './demo.ts';
