import { isoTime } from '../../../core/time.ts';
import { RpcRefusal } from '../../../link/ocpp-link.ts';
import type { FirmwareJob } from '../jobs/firmware-job.ts';
import type { LogJob } from '../jobs/log-job.ts';
import { CertificateVault, type CryptoPart, type StoredCertificate } from '../security/certificate-vault.ts';
import { MeterSigning } from '../security/meter-signing.ts';
import type { StationCore } from '../state/core.ts';
import type { StationTemplate } from '../template.ts';
import type { TransferResult } from '../transfer.ts';
import type { BootReason, Factory, SideHost } from './side.ts';
import { VehicleRelay } from './vehicle-relay.ts';

/** A reset that waits: for the answers to what is told (`drain`), or for the end of the transactions before (`idle`). */
export interface PendingReset {
  readonly reason: BootReason;
  readonly downMs: number;
  readonly until: 'drain' | 'idle';
}

/** What the halves of all OCPP versions keep over a restart. */
export interface BaseExtras {
  readonly certificates: readonly StoredCertificate[];
  readonly firmwareVersion: string;
  /** Absent in what older versions stored. */
  readonly meters?: ReturnType<MeterSigning['toJSON']>;
}

/** Runs the handler of an action. The link has checked the payload against the schema of this action and version. */
export function handle<S>(
  side: S,
  handlers: Readonly<Record<string, ((side: S, request: never) => object) | undefined>>,
  action: string,
  payload: Readonly<Record<string, unknown>>,
): object {
  const handler = Object.hasOwn(handlers, action) ? handlers[action] : undefined;
  if (handler === undefined) throw new RpcRefusal('NotImplemented', `This station does not know ${action}`);
  return handler(side, payload as never);
}

/** How long the last messages have to get out before a reset. */
const DRAIN_MS = 20_000;

/** What the halves of all OCPP versions have in common. */
export abstract class SideBase {
  readonly host: SideHost;
  readonly template: StationTemplate;
  readonly vault: CertificateVault;
  readonly meters: MeterSigning;
  readonly relay = new VehicleRelay();
  /** The status told last, by connector number. */
  readonly told: (string | undefined)[] = [];
  abstract readonly firmware: FirmwareJob;
  abstract readonly log: LogJob;
  abstract readonly heartbeatIntervalS: number;
  resetPending: PendingReset | undefined;
  #core: StationCore | undefined;

  constructor(host: SideHost, template: StationTemplate, crypto: CryptoPart | undefined, maxCertificates: number) {
    this.host = host;
    this.template = template;
    this.meters = new MeterSigning(crypto?.meters);
    this.vault = new CertificateVault(crypto, maxCertificates);
  }

  get core(): StationCore {
    if (this.#core === undefined) throw new Error('attach comes first');
    return this.#core;
  }

  attach(core: StationCore): void {
    this.#core = core;
  }

  iso(): string {
    return isoTime(this.host.now());
  }

  armHeartbeat(): void {
    const seconds = this.heartbeatIntervalS;
    this.host.timer('heartbeat', seconds > 0 ? this.host.now() + seconds * 1000 : undefined);
  }

  transferred(result: TransferResult): void {
    if (result.job === 'firmware') this.firmware.transferred(result);
    else this.log.transferred(result);
  }

  /** Certificates from the factory, in the words of the version. */
  protected preload({ csmsRoots, certificate }: Factory, rootType: string, ownType: string): void {
    for (const root of csmsRoots ?? []) this.vault.preload(rootType, root);
    if (certificate !== undefined) this.vault.preload(ownType, certificate.chain, certificate.privateKey);
  }

  resetIfDrained(): void {
    if (this.resetPending?.until === 'drain' && !this.host.outbox.holds('transaction')) this.resetNow();
  }

  /** No transaction runs any more; its last messages still go out first. */
  resetIfIdle(): void {
    if (this.resetPending?.until !== 'idle' || this.core.evses.some((evse) => evse.transaction !== undefined)) return;
    this.resetPending = { ...this.resetPending, until: 'drain' };
    this.host.timer('reset', this.host.now() + DRAIN_MS);
  }

  resetNow(): void {
    const pending = this.resetPending;
    if (pending === undefined) return;
    this.resetPending = undefined;
    this.host.timer('reset', undefined);
    this.host.reboot(pending.reason, pending.downMs);
  }

  protected baseExtras(): BaseExtras {
    return {
      certificates: this.vault.all,
      firmwareVersion: this.host.firmwareVersion,
      meters: this.meters.toJSON(),
    };
  }

  protected restoreBase(saved: BaseExtras): void {
    this.vault.restore(saved.certificates);
    this.host.firmwareVersion = saved.firmwareVersion;
    this.meters.restore(saved.meters);
  }
}
