import { messageOf } from '../../../core/errors.ts';
import { isoTime } from '../../../core/time.ts';
import type { PoolClient } from '../../../link/pool-client.ts';
import type { Log } from '../../../platform/logging/log.ts';
import { editionOf, type OcspRequestData, poolNamespace } from '../../../protocols/iso15118/index.ts';
import type { v21 } from '../../../protocols/ocpp/messages.ts';
import { POOL } from '../../../protocols/opcp/index.ts';
import type { VehicleCertificates } from '../ocpp/vehicle-certificates.ts';
import type { CertificateStatus } from './certificate-status.ts';
import type { ContractCheck } from './contract-check.ts';

export interface PlugAndChargeOptions {
  readonly client: PoolClient;
  readonly status: CertificateStatus;
  readonly contracts: ContractCheck;
  readonly log: Log;
  readonly maxExiChars: number;
  readonly now: () => number;
}

type EvAnswer = v21.Get15118EVCertificateResponse;

/** Answers what stations ask for cars and about certificates, from the pools and the OCSP responders. */
export class PlugAndCharge implements VehicleCertificates {
  readonly #options: PlugAndChargeOptions;

  constructor(options: PlugAndChargeOptions) {
    this.#options = options;
  }

  contractStatus(
    { idToken, certificate, hashData, station }: Parameters<VehicleCertificates['contractStatus']>[0],
    done: (status: v21.AuthorizeCertificateStatusEnumType | undefined) => void,
  ): void {
    const { contracts, log } = this.#options;
    if (certificate === undefined && hashData === undefined) return done(undefined);
    const checked =
      certificate === undefined ? contracts.byHashData(hashData ?? []) : contracts.byChain(certificate, idToken);
    checked.then(
      ({ verdict, text }) => {
        log.info({ station, idToken, verdict }, `contract certificate: ${verdict}. ${text}`);
        done(verdict);
      },
      (thrown: unknown) => {
        log.error({ err: thrown, station }, 'a contract certificate could not be checked');
        done('CertChainError');
      },
    );
  }

  evCertificate(
    { station, request }: Parameters<VehicleCertificates['evCertificate']>[0],
    done: (answer: EvAnswer) => void,
  ): void {
    this.contractData(request.exiRequest, request.iso15118SchemaVersion).then(
      (answer) => {
        const { log, maxExiChars } = this.#options;
        if (answer.exi === undefined) {
          log.warn({ station }, `no contract data for a vehicle: ${answer.text}`);
          return done({ status: 'Failed', exiResponse: '', statusInfo: reason('NoResponse', answer.text) });
        }
        if (answer.exi.length > maxExiChars) {
          log.warn(
            { station, chars: answer.exi.length },
            `the contract data have ${answer.exi.length} characters; stations may take only ${maxExiChars}`,
          );
        }
        done({ status: 'Accepted', exiResponse: answer.exi });
      },
      (thrown: unknown) => {
        this.#options.log.error({ err: thrown, station }, 'contract data could not be fetched');
        done({ status: 'Failed', exiResponse: '' });
      },
    );
  }

  /** Asks the contract pool; the EXI of a refusal counts as an answer, since it is the vehicle's to read. */
  async contractData(exiRequest: string, schemaVersion: string): Promise<{ exi: string | undefined; text: string }> {
    const edition = editionOf(schemaVersion);
    if (edition === undefined) return { exi: undefined, text: `The schema version ${schemaVersion} is not known.` };
    const answer = await this.#options.client.call(POOL.getSignedContractData, {
      body: { certificateInstallationReq: exiRequest, xsdMsgDefNamespace: poolNamespace(edition) },
      headers: { alwaysReturnEXI: 'true' },
    });
    const exi = exiOf(answer.ok ? answer.value : answer.body);
    return { exi, text: answer.ok ? '' : answer.messages.join(' ') };
  }

  certificateStatus(
    { station, data }: Parameters<VehicleCertificates['certificateStatus']>[0],
    done: (answer: v21.GetCertificateStatusResponse) => void,
  ): void {
    this.#options.status.ofHash(data as OcspRequestData).then(
      (answer) => {
        if (answer.ok) return done({ status: 'Accepted', ocspResult: Buffer.from(answer.der).toString('base64') });
        this.#options.log.warn({ station }, `certificate status: ${answer.problem}`);
        done({ status: 'Failed', statusInfo: reason('NoResponse', answer.problem) });
      },
      (thrown: unknown) => {
        this.#options.log.error({ err: thrown, station }, 'a certificate status could not be asked');
        done({ status: 'Failed' });
      },
    );
  }

  chainStatus(
    { requests }: Parameters<VehicleCertificates['chainStatus']>[0],
    done: (answers: v21.CertificateStatusType[]) => void,
  ): void {
    Promise.all(requests.map((request) => this.#oneOfChain(request))).then(done, (thrown: unknown) => {
      this.#options.log.error({ err: thrown }, `a chain status could not be asked: ${messageOf(thrown)}`);
      done(requests.map((request) => this.#failed(request)));
    });
  }

  async #oneOfChain(request: v21.CertificateStatusRequestInfoType): Promise<v21.CertificateStatusType> {
    const { certificateHashData, source, urls } = request;
    if (source !== 'OCSP') return this.#failed(request);
    for (const responderURL of urls) {
      const answer = await this.#options.status.ofHash({ ...certificateHashData, responderURL } as OcspRequestData);
      if (!answer.ok) continue;
      return {
        certificateHashData,
        source,
        status: answer.state.state === 'good' ? 'Good' : answer.state.state === 'revoked' ? 'Revoked' : 'Unknown',
        nextUpdate: isoTime(answer.nextUpdateMs ?? this.#options.now()),
      };
    }
    return this.#failed(request);
  }

  #failed({ certificateHashData, source }: v21.CertificateStatusRequestInfoType): v21.CertificateStatusType {
    return { certificateHashData, source, status: 'Failed', nextUpdate: isoTime(this.#options.now()) };
  }
}

function reason(reasonCode: string, text: string): { reasonCode: string; additionalInfo?: string } {
  return text === '' ? { reasonCode } : { reasonCode, additionalInfo: text.slice(0, 512) };
}

/** The EXI of an answer or of a refusal that carries some. */
function exiOf(body: unknown): string | undefined {
  const answer = body as
    | { CCPResponse?: { emaidContent?: readonly { messageDef?: { certificateInstallationRes?: unknown } }[] } }
    | undefined;
  const exi = answer?.CCPResponse?.emaidContent?.[0]?.messageDef?.certificateInstallationRes;
  return typeof exi === 'string' && exi !== '' ? exi : undefined;
}
