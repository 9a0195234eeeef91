/** Who calls a pool: the columns of the published access matrix. */
export const CALLERS = ['OEM', 'CPO', 'MO_OWN_PKI', 'MO_V2G_PKI', 'CPS', 'ADMIN'] as const;

export type Caller = (typeof CALLERS)[number];

/** How tokens name the callers. */
const TOKEN_ROLES: Readonly<Record<Caller, string>> = {
  OEM: 'OEM',
  CPO: 'CPO',
  MO_OWN_PKI: 'MO_EXTERNAL_PKI',
  MO_V2G_PKI: 'MO_HUBJECT_PKI',
  CPS: 'CPS',
  ADMIN: 'ADMIN',
};

/** Access to a service as tokens grant it. */
export const SCOPES = ['rcpservice', 'pcpservice', 'ccpservice', 'cpservice', 'pkigateway', 'webhooks'] as const;

export type Scope = (typeof SCOPES)[number];

/** What a token says about its holder. */
export interface CallerClaims {
  readonly clientId: string;
  readonly callers: readonly Caller[];
  readonly scopes: readonly Scope[];
  /** World manufacturer ids: the first 3 characters of the PCIDs an OEM owns. */
  readonly wmis: readonly string[];
  /** Country and provider: the first 5 characters of the EMAIDs a mobility operator owns. */
  readonly providers: readonly string[];
  /** Country and operator: the first 5 characters of the EVSE ids a CPO owns. Not in published tokens. */
  readonly operators: readonly string[];
  readonly name?: string;
}

export interface TokenOrder {
  readonly claims: CallerClaims;
  readonly issuer: string;
  /** The API's base address; it also prefixes the claims of its own. */
  readonly audience: string;
  readonly issuedAtMs: number;
  readonly validForMs: number;
}

/** The payload of an access token in the published shape, to be signed with RS256. */
export function tokenPayload(order: TokenOrder): Readonly<Record<string, unknown>> {
  const { claims, audience } = order;
  const issuedAt = Math.floor(order.issuedAtMs / 1_000);
  return {
    iss: order.issuer,
    sub: `${claims.clientId}@clients`,
    aud: audience,
    iat: issuedAt,
    exp: issuedAt + Math.floor(order.validForMs / 1_000),
    azp: claims.clientId,
    gty: 'client-credentials',
    scope: claims.scopes.join(' '),
    permissions: claims.scopes,
    [`${audience}/role`]: claims.callers.map((caller) => TOKEN_ROLES[caller]),
    [`${audience}/pcid`]: claims.wmis,
    [`${audience}/emaid`]: claims.providers,
    [`${audience}/operator`]: claims.operators,
    [`${audience}/client_name`]: claims.name ?? claims.clientId,
  };
}

function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.split(/\s+/).filter((text) => text !== '');
  return Array.isArray(value) ? value.filter((text): text is string => typeof text === 'string') : [];
}

/** Reads the claims of a verified token. The prefix of the claims is whatever stands before `/role` and so on. */
export function readTokenPayload(payload: Readonly<Record<string, unknown>>): CallerClaims {
  const namespaced = (name: string): readonly string[] => {
    const key = Object.keys(payload).find((each) => each.endsWith(`/${name}`));
    return key === undefined ? [] : texts(payload[key]);
  };
  const roles = namespaced('role');
  const granted = new Set([...texts(payload['scope']), ...texts(payload['permissions'])]);
  const clientId = typeof payload['azp'] === 'string' ? payload['azp'] : '';
  const [name] = namespaced('client_name');
  return {
    clientId,
    callers: CALLERS.filter((caller) => roles.includes(TOKEN_ROLES[caller])),
    scopes: SCOPES.filter((scope) => granted.has(scope)),
    wmis: namespaced('pcid'),
    providers: namespaced('emaid'),
    operators: namespaced('operator'),
    ...(name === undefined ? {} : { name }),
  };
}

function startsWithAny(text: string, prefixes: readonly string[]): boolean {
  const compact = text.replace(/[-*]/g, '').toUpperCase();
  return prefixes.some((prefix) => prefix !== '' && compact.startsWith(prefix.replace(/[-*]/g, '').toUpperCase()));
}

/** An OEM owns the PCIDs that start with one of its manufacturer ids. */
export function ownsPcid(claims: CallerClaims, pcid: string): boolean {
  return startsWithAny(pcid, claims.wmis);
}

/** A mobility operator owns the EMAIDs that start with one of its country and provider codes. */
export function ownsEmaid(claims: CallerClaims, emaid: string): boolean {
  return startsWithAny(emaid, claims.providers);
}

/** A CPO owns the EVSE and SECC ids that start with one of its country and operator codes. */
export function ownsOperatorId(claims: CallerClaims, id: string): boolean {
  return startsWithAny(id, claims.operators);
}
