import { DAY_MS } from '../../../core/time.ts';
import type { CertificateVault } from '../security/certificate-vault.ts';
import { ocspQuestions } from '../security/contract-proof.ts';
import type { SideHost } from './side.ts';

/** The timer that asks again. */
export const OCSP_TIMER = 'ocsp';
/** OCSP answers are fetched again once a week (2.0.1 M06.FR.10). */
const AGAIN_MS = 7 * DAY_MS;

type Host = Pick<SideHost, 'now' | 'timer' | 'happened'>;

/** The OCSP answers that a station holds for its own ISO 15118 chain: a vehicle wants them stapled. */
export class CertificateStatus {
  /** DER in base64, by serial number. */
  readonly held = new Map<string, string>();

  /** The questions to send now: one for each certificate of the chain that names a responder. They come again in a week. */
  questions(vault: CertificateVault, type: string, host: Host): ReturnType<typeof ocspQuestions> {
    const own = vault.all.find((one) => one.type === type);
    this.held.clear();
    if (own === undefined) return [];
    const roots = vault.all.filter((one) => one.type === 'V2GRootCertificate').map((one) => one.pem);
    const questions = ocspQuestions(own.pem, roots);
    if (questions.length > 0) host.timer(OCSP_TIMER, host.now() + AGAIN_MS);
    return questions;
  }

  /** `payload` as the CSMS answered; undefined when it did not. */
  answered(serialNumber: string, payload: Readonly<Record<string, unknown>> | undefined, host: Host): void {
    const { status = 'NoAnswer', ocspResult } = payload ?? {};
    const got = status === 'Accepted' && typeof ocspResult === 'string';
    if (got) this.held.set(serialNumber, ocspResult);
    host.happened('certificate-status', { serialNumber, status: String(status), held: got });
  }
}
