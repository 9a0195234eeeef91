import { isoTime } from '../../../../core/time.ts';
import { RpcRefusal } from '../../../../link/ocpp-link.ts';
import type { StationAction } from '../../../../protocols/ocpp/actions.ts';
import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import type { CallOutcome } from '../../../../protocols/ocpp/rpc-message.ts';
import { DeviceModel } from '../../config/device-model-store.ts';
import { FirmwareJob } from '../../jobs/firmware-job.ts';
import { LogJob } from '../../jobs/log-job.ts';
import type { Lane, RetryRules } from '../../outbox.ts';
import { isBadCertificate } from '../../security/bad-certificate.ts';
import { CertificateVault, type CryptoPart, type StoredCertificate } from '../../security/certificate-vault.ts';
import type { ShownContract } from '../../security/contract-proof.ts';
import { MeterSigning } from '../../security/meter-signing.ts';
import type { AuthorizationQuestion, StationCore, StoredPart, Trigger } from '../../state/core.ts';
import { authorizationAnswered } from '../../state/driver.ts';
import type { Connector, Evse, Transaction } from '../../state/evse.ts';
import type { Reservation } from '../../state/reservation.ts';
import type { StationTemplate } from '../../template.ts';
import type { TransferResult } from '../../transfer.ts';
import { OCSP_TIMER } from '../certificate-status.ts';
import type { BackoffRules, BootReason, ConnectionWishes, Factory, ProtocolSide, SideHost } from '../side.ts';
import { VehicleRelay, type VehicleRequest } from '../vehicle-relay.ts';
import { type Swap, swapDue } from './battery-swap.ts';
import { needsAnswered, tellNeeds } from './charging-needs.ts';
import { type DisplayMessage, displayTransactionEnded } from './display.ts';
import type { DynamicState, Extras21 } from './extras21.ts';
import { firmwareHost2x, logHost2x } from './firmware.ts';
import { HANDLERS_2X } from './handlers.ts';
import { readLive } from './live.ts';
import { armCost, costDue, type DriverTariff, takeDriverTariff } from './local-cost.ts';
import { armAligned, armSampling, sampleAligned, sampleEnded, sampleUpdated } from './metering.ts';
import {
  armMonitors,
  checkMonitors,
  type Monitor,
  type MonitoringBase,
  monitorDue,
  streamAnswered,
} from './monitoring.ts';
import { applyFirstSlot, connectFailed, connectionWishes, type NetworkProfile, slotWorks } from './network.ts';
import { reservationOver2x } from './reservations.ts';
import { askCertificateStatus, certificateTimer, requestCertificate, securityEvent, signAnswered } from './security.ts';
import { Settings2x } from './settings.ts';
import { armDynamic, dynamicDue, pullAnswered } from './smart-charging21.ts';
import { sendAllStatuses, sendChangedStatuses, statusChanged2x } from './status.ts';
import { tokenInfo2x, wireToken } from './tokens.ts';
import { ended, eventAnswered, started, transactionEvent, updated, withCacheLife } from './transactions.ts';
import type { Request } from './wire.ts';

/** The 2.0.1 and 2.1 half of a station. */
export class Side2x implements ProtocolSide {
  readonly version: '2.0.1' | '2.1';
  readonly host: SideHost;
  readonly template: StationTemplate;
  readonly model: DeviceModel;
  readonly settings: Settings2x;
  readonly firmware: FirmwareJob;
  readonly log: LogJob;
  readonly vault: CertificateVault;
  readonly meters: MeterSigning;
  readonly relay = new VehicleRelay();
  /** The status told last, by connector number. */
  readonly told: (string | undefined)[] = [];
  /** What a reset waits for: `drain` the answers, `idle` the end of the transactions. */
  resetPending: { readonly reason: BootReason; readonly until: 'drain' | 'idle' } | undefined;
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
  #core: StationCore | undefined;

  constructor(
    version: '2.0.1' | '2.1',
    host: SideHost,
    template: StationTemplate,
    crypto: CryptoPart | undefined,
    factory: Factory,
  ) {
    this.version = version;
    this.host = host;
    this.template = template;
    this.model = new DeviceModel(template, version, (source, place) => readLive(this, source, place));
    this.settings = new Settings2x(this.model, template);
    this.firmware = new FirmwareJob(firmwareHost2x(this), template.timing.installMs);
    this.log = new LogJob(logHost2x(this));
    this.meters = new MeterSigning(crypto?.meters);
    this.vault = new CertificateVault(crypto, 20);
    this.factory = factory;
    // 2.x has no profile 0: a station without password still says 1.
    this.securityProfile = Math.max(1, factory.securityProfile);
    for (const root of factory.csmsRoots ?? []) this.vault.preload('CSMSRootCertificate', root);
    const { certificate } = factory;
    if (certificate !== undefined)
      this.vault.preload('ChargingStationCertificate', certificate.chain, certificate.privateKey);
  }

  get core(): StationCore {
    if (this.#core === undefined) throw new Error('attach comes first');
    return this.#core;
  }

  attach(core: StationCore): void {
    this.#core = core;
  }

  send<A extends StationAction<'2.1'>>(
    action: A,
    payload: Request<A>,
    lane: Lane,
    note?: Record<string, unknown>,
  ): void {
    this.host.send(action, payload, lane, note);
  }

  iso(): string {
    return isoTime(this.host.now());
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

  armHeartbeat(): void {
    const seconds = this.heartbeatIntervalS;
    this.host.timer('heartbeat', seconds > 0 ? this.host.now() + seconds * 1000 : undefined);
  }

  // --- messages -------------------------------------------------------------------------------------------------

  request(action: string, payload: Readonly<Record<string, unknown>>): object {
    const handlers: Readonly<Record<string, ((side: Side2x, request: never) => object) | undefined>> = HANDLERS_2X;
    const handler = Object.hasOwn(handlers, action) ? handlers[action] : undefined;
    if (handler === undefined) throw new RpcRefusal('NotImplemented', `This station does not know ${action}`);
    // The link has checked the payload against the schema of this action and version.
    return handler(this, payload as never);
  }

  answered(action: string, payload: Readonly<Record<string, unknown>>, note: Readonly<Record<string, unknown>>): void {
    switch (action) {
      case 'Authorize': {
        const info = tokenInfo2x(payload['idTokenInfo']);
        const question = note['question'] as AuthorizationQuestion;
        const tariff = payload['tariff'] as v21.TariffType | undefined;
        const takes = takeDriverTariff(this, question.token.value, tariff);
        return authorizationAnswered(
          this.core,
          question,
          info === undefined ? undefined : takes ? withCacheLife(this, info) : { ...info, status: 'Invalid' },
        );
      }
      case 'TransactionEvent':
        return eventAnswered(this, payload, note);
      case 'NotifyEVChargingNeeds':
        return needsAnswered(this, payload, note);
      case 'Get15118EVCertificate':
        return this.relay.answered(Number(note['evseId']), payload);
      case 'GetCertificateStatus':
        return this.relay.ocsp.answered(String(note['serialNumber']), payload, this.host);
      case 'SignCertificate':
        return signAnswered(this, payload);
      case 'OpenPeriodicEventStream':
        return streamAnswered(this, payload, note);
      case 'PullDynamicScheduleUpdate':
        return pullAnswered(this, payload, note);
      default:
        return undefined;
    }
  }

  failed(action: string, note: Readonly<Record<string, unknown>>, _outcome: CallOutcome | undefined): void {
    if (action === 'Authorize')
      return authorizationAnswered(this.core, note['question'] as AuthorizationQuestion, undefined);
    if (action === 'Get15118EVCertificate') return this.relay.answered(Number(note['evseId']), undefined);
    if (action === 'TransactionEvent') return this.resetIfDrained();
    if (action === 'GetCertificateStatus')
      return this.relay.ocsp.answered(String(note['serialNumber']), undefined, this.host);
    for (const number of (note['connectors'] as readonly number[] | undefined) ?? []) this.told[number] = undefined;
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
    const [what, id] = name.split(':');
    const evse = id === undefined ? undefined : this.core.evse(Number(id));
    switch (what) {
      case 'sample':
        if (evse !== undefined) sampleUpdated(this, evse);
        return;
      case 'ended':
        if (evse !== undefined) sampleEnded(this, evse);
        return;
      case 'monitor':
        return monitorDue(this, Number(id));
      case 'monitors':
        return checkMonitors(this);
      case 'dynamic':
        return dynamicDue(this);
      case 'swap':
        return swapDue(this);
      case 'cost':
        if (evse !== undefined) costDue(this, evse);
        return;
      case 'aligned':
        return sampleAligned(this);
      case 'firmware':
        return this.firmware.timer();
      case 'log':
        return this.log.timer();
      case 'certificate':
        return certificateTimer(this);
      case OCSP_TIMER:
        return askCertificateStatus(this);
      case 'reset':
        return this.resetNow();
      default:
        return undefined;
    }
  }

  transferred(result: TransferResult): void {
    if (result.job === 'firmware') this.firmware.transferred(result);
    else this.log.transferred(result);
  }

  // --- reset ----------------------------------------------------------------------------------------------------

  resetIfDrained(): void {
    if (this.resetPending?.until === 'drain' && !this.host.outbox.holds('transaction')) this.resetNow();
  }

  /** OnIdle: no transaction runs any more; its last messages still go out first. */
  resetIfIdle(): void {
    if (this.resetPending?.until !== 'idle' || this.core.evses.some((evse) => evse.transaction !== undefined)) return;
    this.resetPending = { ...this.resetPending, until: 'drain' };
    this.host.timer('reset', this.host.now() + 20_000);
  }

  resetNow(): void {
    const pending = this.resetPending;
    if (pending === undefined) return;
    this.resetPending = undefined;
    this.host.timer('reset', undefined);
    this.host.reboot(pending.reason, this.template.timing.softResetMs);
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
    if (part !== 'extras') return undefined;
    return {
      certificates: this.vault.all,
      firmwareVersion: this.host.firmwareVersion,
      monitors: this.monitors,
      monitoringBase: this.monitoringBase,
      monitoringLevel: this.monitoringLevel,
      messages: this.messages,
      networkProfiles: this.networkProfiles,
      activeSlot: this.activeSlot,
      securityProfile: this.securityProfile,
      extras21: this.extras21,
      meters: this.meters.toJSON(),
    } satisfies StoredExtras;
  }

  restore(part: StoredPart, value: unknown): void {
    if (part === 'configuration') this.model.restore(value as Readonly<Record<string, string>>);
    if (part !== 'extras') return;
    const saved = value as StoredExtras;
    this.vault.restore(saved.certificates);
    this.host.firmwareVersion = saved.firmwareVersion;
    this.monitors = saved.monitors;
    this.monitoringBase = saved.monitoringBase;
    this.monitoringLevel = saved.monitoringLevel;
    this.messages = saved.messages;
    this.networkProfiles = saved.networkProfiles;
    this.activeSlot = saved.activeSlot;
    this.securityProfile = saved.securityProfile;
    this.extras21 = saved.extras21;
    this.meters.restore(saved.meters);
  }
}

interface StoredExtras {
  readonly certificates: readonly StoredCertificate[];
  readonly firmwareVersion: string;
  readonly monitors: readonly Monitor[];
  readonly monitoringBase: MonitoringBase;
  readonly monitoringLevel: number;
  readonly messages: readonly DisplayMessage[];
  readonly networkProfiles: Readonly<Record<number, NetworkProfile>>;
  readonly activeSlot: number;
  readonly securityProfile: number;
  readonly extras21: Extras21 | undefined;
  /** Absent in what older versions stored. */
  readonly meters?: ReturnType<MeterSigning['toJSON']>;
}
