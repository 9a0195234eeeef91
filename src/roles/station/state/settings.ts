import type { AuthorizationRules } from '../authorization/decide.ts';

/**
 * What governs the core, whichever version set it: each version's store reads its own keys or variables into this.
 */
export interface Settings extends AuthorizationRules {
  /** Facts that start and stop a transaction, as bits of `FACTS`. */
  readonly startPoints: number;
  readonly stopPoints: number;
  /** From authorization to plug (and in 1.6 from plug to authorization), seconds. 0 = no limit. */
  readonly connectionTimeoutS: number;
  readonly authorizeRemote: boolean;
  readonly stopOnInvalidId: boolean;
  readonly maxEnergyOnInvalidIdWh: number;
  readonly stopOnEvDisconnect: boolean;
  readonly unlockOnEvDisconnect: boolean;
  readonly localListMaxEntries: number;
  readonly localListMaxPerUpdate: number;
  /** 2.x MasterPassGroupId; empty = none. */
  readonly masterPassGroup: string;
}
