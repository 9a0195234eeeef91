import { contractPool } from './contract-pool.ts';
import { enrolment } from './enrolment.ts';
import type { PoolHandlers, PoolWorld } from './pool-call.ts';
import { provisioningPool } from './provisioning-pool.ts';
import { provisioningService } from './provisioning-service.ts';
import { rootPool } from './root-pool.ts';
import { statusService } from './status-service.ts';
import { tokenService } from './token-service.ts';
import { webhookEndpoints } from './webhook-endpoints.ts';

/** One handler per operation of the table; a missing one does not compile. */
export function poolHandlers(world: PoolWorld): PoolHandlers {
  return {
    ...tokenService(world),
    ...rootPool(world),
    ...provisioningPool(world),
    ...provisioningService(world),
    ...contractPool(world),
    ...enrolment(world),
    ...statusService(world),
    ...webhookEndpoints(world),
  };
}
