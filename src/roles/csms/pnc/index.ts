import type { Clock } from '../../../core/clock.ts';
import { systemEntropy } from '../../../core/entropy.ts';
import type { Recorder } from '../../../journal/entry.ts';
import type { HttpPort } from '../../../link/http-port.ts';
import { openPoolClient, type PoolClient } from '../../../link/pool-client.ts';
import type { Log } from '../../../platform/logging/log.ts';
import { CertificateStatus } from './certificate-status.ts';
import { ContractCheck } from './contract-check.ts';
import { PlugAndCharge } from './plug-and-charge.ts';
import type { PncSection } from './section.ts';

export interface PncWorld {
  readonly clock: Clock;
  readonly port: HttpPort;
  readonly log: Log;
  readonly recorder: Recorder;
  /** Where the trust service of this configuration answers. */
  readonly trustUrl: string | undefined;
}

/** What the CSMS has of Plug & Charge. */
export interface Pnc {
  readonly client: PoolClient;
  readonly status: CertificateStatus;
  readonly plugAndCharge: PlugAndCharge;
  readonly settings: PncSection;
}

/** The CSMS's side of a Plug & Charge environment; `undefined` where there is none. */
export function createPnc(settings: PncSection, world: PncWorld): Pnc | undefined {
  const { clock, port, log, recorder, trustUrl } = world;
  const client = openPoolClient(settings, { clock, port, recorder, trustUrl, us: { id: 'csms', role: 'csms' } });
  if (client === undefined) return undefined;
  const status = new CertificateStatus({ clock, entropy: systemEntropy, client, responders: settings.ocspResponders });
  const contracts = new ContractCheck(clock, client, status);
  const plugAndCharge = new PlugAndCharge({
    client,
    status,
    contracts,
    log,
    maxExiChars: settings.maxExiChars,
    now: () => clock.now(),
  });
  return { client, status, plugAndCharge, settings };
}
