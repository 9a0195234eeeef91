import { CAR_OPERATIONS } from './car-operations.ts';
import { EVSE_OPERATIONS } from './evse-operations.ts';

export type { Place } from './operation.ts';

/** What can be done at a connector: REST routes, the UI's actions and the documentation come from these rows. */
export const OPERATIONS = { ...EVSE_OPERATIONS, ...CAR_OPERATIONS } as const;
export type OperationName = keyof typeof OPERATIONS;
