import type { StationAction } from '../../../../protocols/ocpp/actions.ts';
import type { RequestOf } from '../../../../protocols/ocpp/messages.ts';
import type { CallOutcome } from '../../../../protocols/ocpp/rpc-message.ts';
import { Configuration16 } from '../../config/v16-configuration.ts';
import { FirmwareJob } from '../../jobs/firmware-job.ts';
import { LogJob } from '../../jobs/log-job.ts';
import type { Lane, RetryRules } from '../../outbox.ts';
import type { CryptoPart } from '../../security/certificate-vault.ts';
import type { ShownContract } from '../../security/contract-proof.ts';
import type { AuthorizationQuestion, StoredPart, Trigger } from '../../state/core.ts';
import { authorizationAnswered } from '../../state/driver.ts';
import type { Connector, Evse, Transaction } from '../../state/evse.ts';
import type { Reservation } from '../../state/reservation.ts';
import type { StationTemplate } from '../../template.ts';
import { OCSP_TIMER } from '../certificate-status.ts';
import type { BackoffRules, ConnectionWishes, Factory, ProtocolSide, SideHost } from '../side.ts';
import { type BaseExtras, handle, SideBase } from '../side-base.ts';
import type { VehicleRequest } from '../vehicle-relay.ts';
import { firmwareHost16, logHost16 } from './firmware.ts';
import { HANDLERS_16 } from './handlers.ts';
import { compareWithList } from './local-list.ts';
import { armAligned, armSampling, sampleAligned, sampleTransaction } from './metering.ts';
import {
  askCertificateStatus,
  requestV2gCertificate,
  SIGNING_TIMER,
  sendWrapped,
  signingTimer,
  wrappedAnswered,
} from './pnc-transfer.ts';
import { CSMS_ROOT, connectFailed, profileWorks, STATION_CERTIFICATE, securityEvent } from './security.ts';
import { Settings16 } from './settings.ts';
import { sendAllStatuses, sendChangedStatuses, statusChanged16, statusDue } from './status.ts';
import { tokenInfo16 } from './tokens.ts';
import { startAnswered, startTransaction, stopAnswered, stopTransaction } from './transactions.ts';

/** The 1.6 half of a station. The behaviour stands in the files beside; this class holds what they share. */
export class Side16 extends SideBase implements ProtocolSide {
  readonly version = '1.6' as const;
  readonly configuration: Configuration16;
  readonly settings: Settings16;
  readonly firmware: FirmwareJob;
  readonly log: LogJob;
  /** Which attempt at a certificate of ISO 15118 waits for CertificateSigned; 0 is the first. */
  v2gSigning: number | undefined;
  /** The CSMS contradicted the local list, and connector 0 says so. */
  listConflict = false;
  /** The CSMS has used SignedUpdateFirmware: the classic procedure is over (whitepaper L01.FR.20). */
  signedFirmwareUsed = false;
  /** The profile to fall back to while the raised one has not worked yet (whitepaper A05.FR.08). */
  profileBefore: number | undefined;

  constructor(host: SideHost, template: StationTemplate, crypto: CryptoPart | undefined, factory: Factory) {
    const configuration = new Configuration16(template);
    super(host, template, crypto, configuration.int('CertificateStoreMaxLength'));
    this.configuration = configuration;
    this.settings = new Settings16(configuration);
    this.firmware = new FirmwareJob(firmwareHost16(this), template.timing.installMs);
    this.log = new LogJob(logHost16(this));
    if (factory.securityProfile > 0) configuration.set('SecurityProfile', String(factory.securityProfile));
    if (factory.organization !== undefined) configuration.set('CpoName', factory.organization);
    this.preload(factory, CSMS_ROOT, STATION_CERTIFICATE);
  }

  /** Sends a CALL; the payload is checked against its type at compile time. */
  send<A extends StationAction<'1.6'>>(
    action: A,
    payload: RequestOf<'1.6', A>,
    lane: Lane,
    note?: Record<string, unknown>,
  ): void {
    this.host.send(action, payload, lane, note);
  }

  // --- life -----------------------------------------------------------------------------------------------------

  bootRequest(): RequestOf<'1.6', 'BootNotification'> {
    return {
      chargePointVendor: this.template.vendor,
      chargePointModel: this.template.model,
      chargePointSerialNumber: this.host.serialNumber.slice(0, 25),
      firmwareVersion: this.host.firmwareVersion,
      meterType: 'Simulated',
    };
  }

  accepted(intervalS: number, rebooted: boolean): void {
    profileWorks(this);
    if (intervalS > 0) this.configuration.set('HeartbeatInterval', String(intervalS));
    sendAllStatuses(this);
    if (rebooted) {
      if (this.template.features.security) securityEvent(this, 'StartupOfTheDevice');
      this.firmware.restarted();
      askCertificateStatus(this);
    }
    armAligned(this);
  }

  reconnected(): void {
    profileWorks(this);
    sendChangedStatuses(this);
    this.armHeartbeat();
  }

  connectionLost(): void {}

  connectFailed(failures: number, why: string): void {
    connectFailed(this, failures, why);
  }

  resumesAfter(): boolean {
    return false;
  }

  resumed(): void {}

  rebooted(): void {
    this.configuration.rebooted();
    this.told.length = 0;
    this.resetPending = undefined;
  }

  // --- messages -------------------------------------------------------------------------------------------------

  request(action: string, payload: Readonly<Record<string, unknown>>): object {
    return handle<Side16>(this, HANDLERS_16, action, payload);
  }

  answered(action: string, payload: Readonly<Record<string, unknown>>, note: Readonly<Record<string, unknown>>): void {
    switch (action) {
      case 'Authorize': {
        const question = note['question'] as AuthorizationQuestion;
        const info = tokenInfo16(payload['idTagInfo']);
        compareWithList(this, question.token, info);
        return authorizationAnswered(this.core, question, info);
      }
      case 'DataTransfer':
        return wrappedAnswered(this, payload, note);
      case 'StartTransaction':
        return startAnswered(this, payload, note);
      case 'StopTransaction':
        return stopAnswered(this, payload, note);
      default:
        return undefined;
    }
  }

  failed(action: string, note: Readonly<Record<string, unknown>>, _outcome: CallOutcome | undefined): void {
    if (action === 'Authorize')
      return authorizationAnswered(this.core, note['question'] as AuthorizationQuestion, undefined);
    if (action === 'DataTransfer') return wrappedAnswered(this, undefined, note);
    if (action === 'StopTransaction') return this.resetIfDrained();
    if (action === 'StatusNotification') this.told[Number(note['connectorId'])] = undefined;
  }

  askCsms(question: AuthorizationQuestion): void {
    const proof = this.relay.takeProof(question.token.value);
    if (proof === undefined) {
      this.send('Authorize', { idTag: question.token.value }, 'normal', { question });
      return;
    }
    // A contract never goes through plain Authorize (application note, section 3).
    sendWrapped(this, { idToken: { idToken: question.token.value }, ...proof }, { pnc: 'Authorize', question });
  }

  relayCertificateRequest(evse: Evse, request: VehicleRequest): void {
    sendWrapped(this, request, { pnc: 'Get15118EVCertificate', evseId: evse.id });
  }

  showContract(evse: Evse, contract: ShownContract): void {
    this.relay.present(this.core, evse, contract, 'idTag', this.vault, {
      validatesOffline: this.configuration.bool('ContractValidationOffline'),
      centralAllowed: this.configuration.bool('CentralContractValidationAllowed'),
    });
  }

  requestV2gCertificate(): boolean {
    return requestV2gCertificate(this);
  }

  // --- the core's events ----------------------------------------------------------------------------------------

  statusChanged(evse: Evse, connector: Connector): void {
    statusChanged16(this, evse, connector);
  }

  transactionStarted(evse: Evse, transaction: Transaction): void {
    startTransaction(this, evse, transaction);
    armSampling(this, evse);
  }

  transactionUpdated(_evse: Evse, _transaction: Transaction, _trigger: Trigger): void {
    // 1.6 shows changes by StatusNotification only.
  }

  transactionEnded(evse: Evse, transaction: Transaction): void {
    this.host.timer(`sample:${evse.id}`, undefined);
    stopTransaction(this, evse, transaction);
  }

  reservationOver(_reservation: Reservation): void {
    // There is no message for it: the status says it.
  }

  timer(name: string): void {
    const [what, id] = name.split(':');
    const evse = id === undefined ? undefined : this.core.evse(Number(id));
    if (what === 'sample' && evse !== undefined) return sampleTransaction(this, evse);
    if (what === 'status') return statusDue(this, Number(id));
    if (name === 'aligned') return sampleAligned(this);
    if (name === 'firmware') return this.firmware.timer();
    if (name === 'log') return this.log.timer();
    if (name === OCSP_TIMER) return askCertificateStatus(this);
    if (name === SIGNING_TIMER) return signingTimer(this);
    if (name === 'reset') return this.resetNow();
  }

  // --- rules ----------------------------------------------------------------------------------------------------

  get retry(): RetryRules {
    return {
      attempts: this.configuration.int('TransactionMessageAttempts'),
      intervalMs: this.configuration.int('TransactionMessageRetryInterval') * 1000,
    };
  }

  get messageTimeoutMs(): number {
    return this.configuration.int('MessageTimeout') * 1000;
  }

  get heartbeatIntervalS(): number {
    return this.configuration.int('HeartbeatInterval');
  }

  get pingIntervalS(): number {
    return this.configuration.int('WebSocketPingInterval');
  }

  get connection(): ConnectionWishes {
    const securityProfile = this.configuration.int('SecurityProfile');
    return {
      password: this.configuration.text('AuthorizationKey'),
      securityProfile,
      tls: this.vault.tls(CSMS_ROOT, STATION_CERTIFICATE, securityProfile === 3),
    };
  }

  get resetRetries(): number {
    return this.configuration.int('ResetRetries');
  }

  /** 1.6 names no keys for it: the 2.x rule with usual numbers. */
  get backoff(): BackoffRules {
    return { waitMinimumS: 3, randomRangeS: 5, repeatTimes: 4 };
  }

  store(part: StoredPart): unknown {
    if (part === 'configuration') return this.configuration.toJSON();
    if (part === 'extras')
      return { ...this.baseExtras(), signedFirmwareUsed: this.signedFirmwareUsed } satisfies StoredExtras;
    return undefined;
  }

  restore(part: StoredPart, value: unknown): void {
    if (part === 'configuration') this.configuration.restore(value as Readonly<Record<string, string>>);
    if (part === 'extras') {
      const saved = value as StoredExtras;
      this.restoreBase(saved);
      this.signedFirmwareUsed = saved.signedFirmwareUsed === true;
    }
  }
}

interface StoredExtras extends BaseExtras {
  /** Absent in what older versions stored. */
  readonly signedFirmwareUsed?: boolean;
}
