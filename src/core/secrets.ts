/**
 * What must not be read in logs, the user interface and the journal's facts: passwords, tokens that open doors, private
 * keys, PINs. Identifiers of the field (`idToken`, `transactionId`) are not secrets here: a tester has to see them.
 */
export const MASK = '***';

const SECRET_NAMES: ReadonlySet<string> = new Set(
  [
    'password',
    'passphrase',
    'basicAuthPassword',
    'authorizationKey',
    'authorization',
    'proxy-authorization',
    'cookie',
    'set-cookie',
    'token',
    'accessToken',
    'access_token',
    'refresh_token',
    'clientSecret',
    'client_secret',
    'secret',
    'apiKey',
    'x-api-key',
    'inboundKey',
    'privateKey',
    'private_key',
    'passwd',
    'apnPassword',
    'vpnPassword',
    'simPin',
    'pin',
    'hashedPin',
  ].map((name) => name.toLowerCase()),
);
const PRIVATE_KEY = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?(-----END \1-----|$)/g;
const URL_PASSWORD = /\b([a-z][a-z0-9+.-]*:\/\/[^\s/:@]*):[^\s/@]+@/gi;
const CREDENTIALS = /\b(Bearer|Basic) +[A-Za-z0-9+/._~-]{6,}=*/gi;

/** Configuration keys and device-model variables whose value is a secret. */
const SECRET_SETTING = /^(authorizationkey|.*password|.*passphrase|.*privatekey|.*secret|.*simpin|apnauthkey|vpnkey)$/i;

/** Members of messages and configuration whose value is a secret wherever they stand. */
export function isSecretName(name: string): boolean {
  return SECRET_NAMES.has(name.toLowerCase());
}

/** OICP's HashedPIN is an object: hash, function and salt together open it. A `token` may be an object of names. */
function isSecretWhole(name: string): boolean {
  return name.toLowerCase() === 'hashedpin';
}

/** Whether the value of a station's setting of this name is a secret (`AuthorizationKey`, `BasicAuthPassword`). */
export function isSecretSetting(name: string): boolean {
  return SECRET_SETTING.test(name);
}

/** The text without private keys, passwords in addresses and credentials of HTTP. */
export function maskText(text: string): string {
  if (text.length < 8) return text;
  return text
    .replace(PRIVATE_KEY, (_all, kind: string) => `-----BEGIN ${kind}-----${MASK}`)
    .replace(URL_PASSWORD, `$1:${MASK}@`)
    .replace(CREDENTIALS, `$1 ${MASK}`);
}

/** A copy of a JSON-like value with every secret masked. Deeper than 12 levels, it is cut. */
export function maskSecrets(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return maskText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 12) return '…';
  if (Array.isArray(value)) return value.map((item) => maskSecrets(item, depth + 1));
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    const plain = member !== undefined && member !== null && (typeof member !== 'object' || isSecretWhole(name));
    const hide = isSecretName(name) && plain;
    copy[name] = hide ? MASK : maskSecrets(member, depth + 1);
  }
  return copy;
}
