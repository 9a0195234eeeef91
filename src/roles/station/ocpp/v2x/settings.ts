import type { DeviceModel } from '../../config/device-model-store.ts';
import { factMask } from '../../state/facts.ts';
import type { Settings } from '../../state/settings.ts';
import type { StationTemplate } from '../../template.ts';

/** The core's settings as the 2.x device model says them. */
export class Settings2x implements Settings {
  readonly #model: DeviceModel;
  readonly #template: StationTemplate;

  constructor(model: DeviceModel, template: StationTemplate) {
    this.#model = model;
    this.#template = template;
  }

  get startPoints(): number {
    return factMask(this.#model.list('TxCtrlr.TxStartPoint'));
  }

  get stopPoints(): number {
    return factMask(this.#model.list('TxCtrlr.TxStopPoint'));
  }

  get connectionTimeoutS(): number {
    return this.#model.int('TxCtrlr.EVConnectionTimeOut');
  }

  get authorizeRemote(): boolean {
    return this.#model.bool('AuthCtrlr.AuthorizeRemoteStart');
  }

  get stopOnInvalidId(): boolean {
    return this.#model.bool('TxCtrlr.StopTxOnInvalidId');
  }

  get maxEnergyOnInvalidIdWh(): number {
    return this.#model.int('TxCtrlr.MaxEnergyOnInvalidId');
  }

  get stopOnEvDisconnect(): boolean {
    return this.#model.bool('TxCtrlr.StopTxOnEVSideDisconnect');
  }

  get unlockOnEvDisconnect(): boolean {
    return this.#model.bool('OCPPCommCtrlr.UnlockOnEVSideDisconnect');
  }

  get localListEnabled(): boolean {
    return this.#template.features.localList && this.#model.bool('LocalAuthListCtrlr.Enabled');
  }

  get localListMaxEntries(): number {
    return 1000;
  }

  get localListMaxPerUpdate(): number {
    return this.#model.int('LocalAuthListCtrlr.ItemsPerMessage');
  }

  get cacheEnabled(): boolean {
    return this.#model.bool('AuthCacheCtrlr.Enabled');
  }

  get localPreAuthorize(): boolean {
    return this.#model.bool('AuthCtrlr.LocalPreAuthorize');
  }

  get localAuthorizeOffline(): boolean {
    return this.#model.bool('AuthCtrlr.LocalAuthorizeOffline');
  }

  get offlineUnknown(): boolean {
    return this.#model.bool('AuthCtrlr.OfflineTxForUnknownIdEnabled');
  }

  get listDisablePostAuthorize(): boolean {
    return this.#model.bool('LocalAuthListCtrlr.DisablePostAuthorize');
  }

  get cacheDisablePostAuthorize(): boolean {
    return this.#model.bool('AuthCacheCtrlr.DisablePostAuthorize');
  }

  get disableRemoteAuthorization(): boolean {
    return this.#model.bool('AuthCtrlr.DisableRemoteAuthorization');
  }

  get masterPassGroup(): string {
    return this.#model.text('AuthCtrlr.MasterPassGroupId');
  }
}
