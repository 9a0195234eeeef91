import { compactEmaid, emaidCheckCharacter, emaidCore, parseEmaid } from '../../../protocols/iso15118/index.ts';
import type { v21 } from '../../../protocols/ocpp/messages.ts';
import type { RpcMessage } from '../../../protocols/ocpp/rpc-message.ts';
import type { Authorization } from '../state/authorization.ts';
import type { CsmsState } from '../state/csms-state.ts';
import type { PresentedToken } from '../state/tokens.ts';
import type { CsmsServices } from './handler.ts';

export interface ContractQuestion {
  readonly station: string;
  readonly token: PresentedToken;
  /** The station's message that asks. */
  readonly call?: RpcMessage;
  /** PEM chain, where the station cannot check it itself. */
  readonly certificate?: string | undefined;
  /** OCSP data of the chain, leaf first. */
  readonly hashData?: readonly v21.OCSPRequestDataType[] | undefined;
}

export type CertificateStatusWord = v21.AuthorizeCertificateStatusEnumType;

/**
 * May this contract charge? First the certificate, then the account: nobody else is asked about a token whose certificate
 * does not hold. OCPP 2.0.1 C07.FR.13 to 17, and the same for 1.6. Without a word about the certificate nothing is said
 * about it.
 */
export function authorizeContract(
  services: CsmsServices,
  question: ContractQuestion,
  done: (authorization: Authorization, certificateStatus: CertificateStatusWord | undefined) => void,
): void {
  const { station, call, certificate, hashData } = question;
  const token = { ...question.token, idToken: accountOf(services.state, question.token) };
  const askAccount = (certificateStatus: CertificateStatusWord | undefined): void =>
    services.authorize(
      { token, station, starting: false, ...(call === undefined ? {} : { call }) },
      (authorization) => {
        if (certificateStatus === undefined || authorization.status === 'Accepted') {
          return done(authorization, certificateStatus);
        }
        // C07.FR.14 to 17: the certificate is fine, the contract is not.
        done(authorization, 'ContractCancelled');
      },
    );
  const decide = services.vehicleCertificates;
  if (decide === undefined || (certificate === undefined && hashData === undefined)) return askAccount(undefined);
  decide.contractStatus(
    {
      station,
      idToken: token.idToken,
      ...(certificate === undefined ? {} : { certificate }),
      ...(hashData === undefined ? {} : { hashData }),
    },
    (status) => {
      if (status === undefined || status === 'Accepted') return askAccount(status);
      const expired = status === 'CertificateExpired';
      const reason = `The contract certificate does not hold: ${status}`;
      done({ status: expired ? 'Expired' : 'Invalid', reason, by: 'policy' }, status);
    },
  );
}

/** The writing of an EMAID that our list knows: with or without hyphens and check character it is one account. */
function accountOf(state: CsmsState, token: PresentedToken): string {
  const emaid = parseEmaid(token.idToken);
  if (emaid === undefined || state.tokens.find(token) !== undefined) return token.idToken;
  const compact = compactEmaid(emaid);
  const core = emaidCore(emaid);
  const hyphens = `${emaid.country}-${emaid.provider}-${emaid.instance}`;
  const check = emaidCheckCharacter(emaid);
  const writings = [compact, core, core + check, hyphens, `${hyphens}-${check}`];
  return writings.find((each) => state.tokens.find({ ...token, idToken: each }) !== undefined) ?? token.idToken;
}
