import type { StationAction } from '../../../../protocols/ocpp/actions.ts';
import { DeviceModel } from '../../config/device-model-store.ts';
import { FirmwareJob } from '../../jobs/firmware-job.ts';
import { LogJob } from '../../jobs/log-job.ts';
import type { Lane, RetryRules } from '../../outbox.ts';
import { isBadCertificate } from '../../security/bad-certificate.ts';
import type { CryptoPart } from '../../security/certificate-vault.ts';
import type { ShownContract } from '../../security/contract-proof.ts';
import type { AuthorizationQuestion, StoredPart, Trigger } from '../../state/core.ts';
import type { Connector, Evse, Transaction } from '../../state/evse.ts';
import type { Reservation } from '../../state/reservation.ts';
import type { StationTemplate } from '../../template.ts';
import type { BackoffRules, BootReason, ConnectionWishes, Factory, ProtocolSide, SideHost } from '../side.ts';
import { type BaseExtras, handle, SideBase } from '../side-base.ts';
import type { VehicleRequest } from '../vehicle-relay.ts';
import { answered2x, failed2x } from './answers.ts';
import type { Swap } from './battery-swap.ts';
import { tellNeeds } from './charging-needs.ts';
import { type DisplayMessage, displayTransactionEnded } from './display.ts';
import type { DynamicState, Extras21 } from './extras21.ts';
import { firmwareHost2x, logHost2x } from './firmware.ts';
import { HANDLERS_2X } from './handlers.ts';
import { readLive } from './live.ts';
import { armCost, type DriverTariff } from './local-cost.ts';
import { armAligned, armSampling } from './metering.ts';
import { armMonitors, type Monitor, type MonitoringBase } from './monitoring.ts';
import { applyFirstSlot, connectFailed, connectionWishes, type NetworkProfile, slotWorks } from './network.ts';
import { reservationOver2x } from './reservations.ts';
import { askCertificateStatus, requestCertificate, securityEvent } from './security.ts';
import { Settings2x } from './settings.ts';
import { armDynamic } from './smart-charging21.ts';
import { sendAllStatuses, sendChangedStatuses, statusChanged2x } from './status.ts';
import { type Extras2x, extrasOf, restoreExtras } from './stored-extras.ts';
import { timer2x } from './timers.ts';
import { wireToken } from './tokens.ts';
import { ended, started, transactionEvent, updated } from './transactions.ts';
import type { Request } from './wire.ts';

/** So many certificates fit into the store. */
const MAX_CERTIFICATES = 20;

/** The 2.0.1 and 2.1 half of a station. */
export class Side2x extends SideBase implements ProtocolSide {
  readonly version: '2.0.1' | '2.1';
  readonly model: DeviceModel;
  readonly settings: Settings2x;
  readonly firmware: FirmwareJob;
  readonly log: LogJob;
  monitors: readonly Monitor[] = [];
  monitoringBase: MonitoringBase = 'All';
  monitoringLevel = 9;
  nextEventId = 1;
  messages: readonly DisplayMessage[] = [];
  networkProfiles: Readonly<Record<number, NetworkProfile>> = {};
  activeSlot = 1;
  /** The profile that has worked; a slot with a higher one raises it once the CSMS accepts the station there. */
  securityProfile: number;
  readonly factory: Factory;
  /** SignCertificate attempts that wait for CertificateSigned. */
  signing: { readonly type: string; readonly requestId: number | undefined; readonly attempt: number } | undefined;
  /** What only 2.1 keeps: tariffs, DER controls, streams. Made when first used. */
  extras21: Extras21 | undefined;
  /** Tariffs that came with an authorization, by token, until the transaction begins. */
  driverTariffs: Map<string, DriverTariff> | undefined;
  dynamic: DynamicState | undefined;
  swap: Swap | undefined;

  constructor(
    version: '2.0.1' | '2.1',
    host: SideHost,
    template: StationTemplate,
    crypto: CryptoPart | undefined,
    factory: Factory,
  ) {
    super(host, template, crypto, MAX_CERTIFICATES);
    this.version = version;
    this.model = new DeviceModel(template, version, (source, place) => readLive(this, source, place));
    this.settings = new Settings2x(this.model, template);
    this.firmware = new FirmwareJob(firmwareHost2x(this), template.timing.installMs);
    this.log = new LogJob(logHost2x(this));
    this.factory = factory;
    // 2.x has no profile 0: a station without password still says 1.
    this.securityProfile = Math.max(1, factory.securityProfile);
    this.preload(factory, 'CSMSRootCertificate', 'ChargingStationCertificate');
  }

  send<A extends StationAction<'2.1'>>(
    action: A,
    payload: Request<A>,
    lane: Lane,
    note?: Record<string, unknown>,
  ): void {
    this.host.send(action, payload, lane, note);
  }

  // --- life -----------------------------------------------------------------------------------------------------

  bootRequest(reason: BootReason): Request<'BootNotification'> {
    return {
      reason,
      chargingStation: {
        model: this.template.model,
        vendorName: this.template.vendor,
        serialNumber: this.host.serialNumber.slice(0, 25),
        firmwareVersion: this.host.firmwareVersion,
      },
    };
  }

  accepted(intervalS: number, rebooted: boolean): void {
    slotWorks(this);
    if (intervalS > 0) this.model.set('OCPPCommCtrlr.HeartbeatInterval', String(intervalS));
    sendAllStatuses(this);
    if (rebooted) {
      securityEvent(this, 'StartupOfTheDevice');
      this.firmware.restarted();
      askCertificateStatus(this);
    }
    armAligned(this);
    armMonitors(this);
    armDynamic(this);
  }

  reconnected(offlineMs: number): void {
    if (offlineMs > this.model.int('OCPPCommCtrlr.OfflineThreshold') * 1000) sendAllStatuses(this);
    else sendChangedStatuses(this);
    this.armHeartbeat();
  }

  /** Events that were still queued are offline events from now on (E11.FR.07). */
  connectionLost(): void {
    this.host.outbox.forEachWaiting((waiting) => {
      if (waiting.action === 'TransactionEvent') waiting.payload['offline'] = true;
    });
  }

  connectFailed(failures: number, why: string): void {
    if (failures === 1 && isBadCertificate(why)) securityEvent(this, 'InvalidCsmsCertificate', why);
    connectFailed(this, failures);
  }

  resumesAfter(downMs: number): boolean {
    return this.version === '2.1' && downMs <= this.model.int('TxCtrlr.ResumptionTimeout') * 1000;
  }

  resumed(evse: Evse, transaction: Transaction): void {
    transactionEvent(this, evse, transaction, 'Updated', 'TxResumed', []);
    armSampling(this, evse);
    armCost(this, evse, transaction);
  }

  rebooted(): void {
    this.model.rebooted();
    applyFirstSlot(this);
    this.told.length = 0;
    this.swap = undefined;
    this.resetPending = undefined;
  }

  // --- messages -------------------------------------------------------------------------------------------------

  request(action: string, payload: Readonly<Record<string, unknown>>): object {
    return handle<Side2x>(this, HANDLERS_2X, action, payload);
  }

  answered(action: string, payload: Readonly<Record<string, unknown>>, note: Readonly<Record<string, unknown>>): void {
    answered2x(this, action, payload, note);
  }

  failed(action: string, note: Readonly<Record<string, unknown>>): void {
    failed2x(this, action, note);
  }

  askCsms(question: AuthorizationQuestion): void {
    const { certificate, iso15118CertificateHashData: hashes } = this.relay.takeProof(question.token.value) ?? {};
    this.send(
      'Authorize',
      {
        idToken: wireToken(question.token),
        ...(certificate === undefined ? {} : { certificate }),
        ...(hashes === undefined ? {} : { iso15118CertificateHashData: [...hashes] }),
      },
      'normal',
      { question },
    );
  }

  relayCertificateRequest(evse: Evse, request: VehicleRequest): void {
    this.send('Get15118EVCertificate', request, 'normal', { evseId: evse.id });
  }

  showContract(evse: Evse, contract: ShownContract): void {
    this.relay.present(this.core, evse, contract, 'eMAID', this.vault, {
      validatesOffline: this.model.bool('ISO15118Ctrlr.ContractValidationOffline'),
      centralAllowed: this.model.bool('ISO15118Ctrlr.CentralContractValidationAllowed'),
    });
  }

  requestV2gCertificate(): boolean {
    return requestCertificate(this, 'V2GCertificate');
  }

  // --- the core's events ----------------------------------------------------------------------------------------

  statusChanged(evse: Evse, connector: Connector): void {
    statusChanged2x(this, evse, connector);
  }

  transactionStarted(evse: Evse, transaction: Transaction, trigger: Trigger): void {
    started(this, evse, transaction, trigger);
    tellNeeds(this, evse, transaction);
  }

  transactionUpdated(evse: Evse, transaction: Transaction, trigger: Trigger): void {
    updated(this, evse, transaction, trigger);
    tellNeeds(this, evse, transaction);
  }

  transactionEnded(evse: Evse, transaction: Transaction, trigger: Trigger): void {
    ended(this, evse, transaction, trigger);
    displayTransactionEnded(this, transaction.id);
    this.resetIfIdle();
  }

  reservationOver(reservation: Reservation, why: 'expired' | 'removed' | 'used' | 'cancelled'): void {
    reservationOver2x(this, reservation, why);
  }

  timer(name: string): void {
    timer2x(this, name);
  }

  // --- rules ----------------------------------------------------------------------------------------------------

  get retry(): RetryRules {
    return {
      attempts: this.model.int('OCPPCommCtrlr.MessageAttempts[TransactionEvent]'),
      intervalMs: this.model.int('OCPPCommCtrlr.MessageAttemptInterval[TransactionEvent]') * 1000,
    };
  }

  get messageTimeoutMs(): number {
    return this.model.int('OCPPCommCtrlr.MessageTimeout[Default]') * 1000;
  }

  get heartbeatIntervalS(): number {
    return this.model.int('OCPPCommCtrlr.HeartbeatInterval');
  }

  get pingIntervalS(): number {
    return this.model.int('OCPPCommCtrlr.WebSocketPingInterval');
  }

  get connection(): ConnectionWishes {
    return connectionWishes(this);
  }

  get resetRetries(): number {
    return this.model.int('OCPPCommCtrlr.ResetRetries');
  }

  get backoff(): BackoffRules {
    return {
      waitMinimumS: this.model.int('OCPPCommCtrlr.RetryBackOffWaitMinimum'),
      randomRangeS: this.model.int('OCPPCommCtrlr.RetryBackOffRandomRange'),
      repeatTimes: this.model.int('OCPPCommCtrlr.RetryBackOffRepeatTimes'),
    };
  }

  // --- storage --------------------------------------------------------------------------------------------------

  store(part: StoredPart): unknown {
    if (part === 'configuration') return this.model.toJSON();
    return part === 'extras' ? { ...this.baseExtras(), ...extrasOf(this) } : undefined;
  }

  restore(part: StoredPart, value: unknown): void {
    if (part === 'configuration') this.model.restore(value as Readonly<Record<string, string>>);
    if (part !== 'extras') return;
    this.restoreBase(value as BaseExtras);
    restoreExtras(this, value as Extras2x);
  }
}
