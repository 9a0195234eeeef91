import type { Configuration16 } from '../../config/v16-configuration.ts';
import { FACTS } from '../../state/facts.ts';
import type { Settings } from '../../state/settings.ts';

/** The core's settings as 1.6 configuration keys say them. Read on every use: a change is in force at once. */
export class Settings16 implements Settings {
  readonly #keys: Configuration16;
  readonly startPoints = FACTS.PowerPathClosed;
  readonly listDisablePostAuthorize = false;
  readonly cacheDisablePostAuthorize = false;
  readonly disableRemoteAuthorization = false;
  readonly masterPassGroup = '';

  constructor(keys: Configuration16) {
    this.#keys = keys;
  }

  /** A transaction ends with the authorization, and with the cable if StopTransactionOnEVSideDisconnect (1.6 §9.1.29). */
  get stopPoints(): number {
    return FACTS.Authorized | (this.stopOnEvDisconnect ? FACTS.EVConnected : 0);
  }

  get connectionTimeoutS(): number {
    return this.#keys.int('ConnectionTimeOut');
  }

  get authorizeRemote(): boolean {
    return this.#keys.bool('AuthorizeRemoteTxRequests');
  }

  get stopOnInvalidId(): boolean {
    return this.#keys.bool('StopTransactionOnInvalidId');
  }

  get maxEnergyOnInvalidIdWh(): number {
    return this.#keys.int('MaxEnergyOnInvalidId');
  }

  get stopOnEvDisconnect(): boolean {
    return this.#keys.bool('StopTransactionOnEVSideDisconnect');
  }

  get unlockOnEvDisconnect(): boolean {
    return this.#keys.bool('UnlockConnectorOnEVSideDisconnect');
  }

  get localListEnabled(): boolean {
    return this.#keys.has('LocalAuthListEnabled') && this.#keys.bool('LocalAuthListEnabled');
  }

  get localListMaxEntries(): number {
    return this.#keys.int('LocalAuthListMaxLength');
  }

  get localListMaxPerUpdate(): number {
    return this.#keys.int('SendLocalListMaxLength');
  }

  get cacheEnabled(): boolean {
    return this.#keys.bool('AuthorizationCacheEnabled');
  }

  get localPreAuthorize(): boolean {
    return this.#keys.bool('LocalPreAuthorize');
  }

  get localAuthorizeOffline(): boolean {
    return this.#keys.bool('LocalAuthorizeOffline');
  }

  get offlineUnknown(): boolean {
    return this.#keys.bool('AllowOfflineTxForUnknownId');
  }
}
