import type { PresentedToken, Tokens } from './tokens.ts';
import type { Transactions } from './transactions.ts';

/** The answer to "may this token charge here, now?", with the reason for a person. */
export interface Authorization {
  readonly status:
    | 'Accepted'
    | 'Blocked'
    | 'ConcurrentTx'
    | 'Expired'
    | 'Invalid'
    | 'NoCredit'
    | 'NotAllowedTypeEVSE'
    | 'NotAtThisLocation'
    | 'NotAtThisTime'
    | 'Unknown';
  readonly reason: string;
  readonly expiresAt?: number;
  readonly groupId?: string;
  readonly language?: string;
  /** Who decided. */
  readonly by: 'token list' | 'policy' | 'roaming';
}

export interface AuthorizationQuestion {
  readonly token: PresentedToken;
  readonly station: string;
  /** A transaction is about to start: concurrent use counts. Its own key is left out of the count. */
  readonly starting: boolean;
  readonly transactionKey?: string;
}

export interface AuthorizationPolicy {
  /** What an unknown token gets where nobody else can be asked. */
  readonly unknownTokens: 'reject' | 'accept';
}

/**
 * Decides from the CSMS's own tokens. `undefined`: the token is not ours, and somebody else may know it (roaming).
 */
export function authorizeLocally(
  question: AuthorizationQuestion,
  tokens: Tokens,
  transactions: Transactions,
  now: number,
): Authorization | undefined {
  const { token, station, starting, transactionKey } = question;
  // C02: no token is needed, nothing to look up.
  if (token.type === 'NoAuthorization')
    return { status: 'Accepted', reason: 'No authorization is needed', by: 'policy' };
  const known = tokens.find(token);
  if (known === undefined) return undefined;
  const common = {
    by: 'token list' as const,
    ...(known.expiresAt === undefined ? {} : { expiresAt: known.expiresAt }),
    ...(known.groupId === undefined ? {} : { groupId: known.groupId }),
    ...(known.language === undefined ? {} : { language: known.language }),
  };
  if (known.status !== 'Accepted') return { ...common, status: known.status, reason: `The token is ${known.status}` };
  if (known.expiresAt !== undefined && known.expiresAt <= now)
    return { ...common, status: 'Expired', reason: 'The token has expired' };
  if (known.stations !== undefined && !known.stations.includes(station)) {
    return { ...common, status: 'NotAtThisLocation', reason: `The token is not valid at ${station}` };
  }
  if (starting && !known.concurrent) {
    const other = transactions.activeOf(known.idToken).find((transaction) => transaction.key !== transactionKey);
    if (other !== undefined) {
      return {
        ...common,
        status: 'ConcurrentTx',
        reason: `The token is charging already: transaction ${other.transactionId} on ${other.station}`,
      };
    }
  }
  return { ...common, status: 'Accepted', reason: 'The token is valid' };
}

/** The answer for a token that nobody knows. */
export function unknownToken(policy: AuthorizationPolicy): Authorization {
  return policy.unknownTokens === 'accept'
    ? { status: 'Accepted', reason: 'Unknown tokens are accepted by configuration', by: 'policy' }
    : { status: 'Unknown', reason: 'No such token is known', by: 'policy' };
}
