import { BASE_VARIABLES } from './base-variables.ts';
import { BLOCK_VARIABLES } from './block-variables.ts';
import { HARDWARE_VARIABLES } from './hardware-variables.ts';
import type { VariableRow } from './variable-row.ts';

/**
 * The 2.x device model as data: components, variables, their types, limits and defaults (2.0.1 appendix "Referenced
 * components and variables", 2.1 additions). Values that follow from the state name a `live` source instead of a default.
 */
export const DEVICE_MODEL: readonly VariableRow[] = [...HARDWARE_VARIABLES, ...BASE_VARIABLES, ...BLOCK_VARIABLES];
