import type { PoolOperation } from './operation.ts';
import { contractPoolOperations } from './services/contract-pool.ts';
import { enrolmentOperations } from './services/enrolment.ts';
import { provisioningPoolOperations } from './services/provisioning-pool.ts';
import { provisioningServiceOperations } from './services/provisioning-service.ts';
import { registryOperations } from './services/registry.ts';
import { rootPoolOperations } from './services/root-pool.ts';
import { statusOperations } from './services/status.ts';
import { tokenOperations } from './services/token.ts';
import { webhookOperations } from './services/webhooks.ts';

/** Every operation of the pools, in the order of the documentation. */
export const POOL_OPERATIONS = [
  ...tokenOperations,
  ...rootPoolOperations,
  ...provisioningPoolOperations,
  ...provisioningServiceOperations,
  ...contractPoolOperations,
  ...enrolmentOperations,
  ...registryOperations,
  ...statusOperations,
  ...webhookOperations,
] as const;

export type AnyPoolOperation = (typeof POOL_OPERATIONS)[number];

type OperationsByName = { readonly [O in AnyPoolOperation as O['name']]: O };

/** The operations by name, for typed calls: `buildPoolRequest(POOL.getAllRootCerts, { token })`. */
export const POOL = Object.fromEntries(
  POOL_OPERATIONS.map((operation) => [operation.name, operation]),
) as unknown as OperationsByName;

/** The operation of a name that came from outside; `undefined` when there is none. */
export function findPoolOperation(name: string): PoolOperation | undefined {
  return POOL_OPERATIONS.find((operation) => operation.name === name);
}
