import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { type BasicCredentials, parseBasic } from './basic-credentials.ts';
import { stationAddress } from './station-address.ts';

/** What a station's upgrade request says, read but not judged. */
export interface UpgradeRequest {
  readonly identity: string;
  readonly path: string;
  /** Subprotocols in the station's order of preference. */
  readonly offered: readonly string[];
  readonly basic: BasicCredentials | undefined;
  /** True when an Authorization header was there that is not Basic or not readable. */
  readonly unreadableAuthorization: boolean;
  readonly tls:
    | { readonly protocol: string; readonly cipher: string; readonly clientCertificateCn: string | undefined }
    | undefined;
  readonly remote: string;
  /** What the journal keeps of the handshake, let in or not; never a secret. Empty where there was no request. */
  readonly facts: Readonly<Record<string, string>>;
}

/** Reads an upgrade request. `printKey` makes passwords comparable in the journal without telling them. */
export function readUpgrade(request: IncomingMessage, printKey: Uint8Array): UpgradeRequest {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const { authorization } = request.headers;
  const basic = parseBasic(authorization);
  const { socket } = request;
  const { identity } = stationAddress(path);
  const offered = listOf(request.headers['sec-websocket-protocol']);
  const tls =
    socket instanceof TLSSocket
      ? {
          protocol: socket.getProtocol() ?? '',
          cipher: socket.getCipher().name,
          clientCertificateCn: socket.authorized ? commonName(socket) : undefined,
        }
      : undefined;
  const unreadableAuthorization = authorization !== undefined && basic === undefined;
  return {
    identity,
    path,
    offered,
    basic,
    unreadableAuthorization,
    tls,
    remote: `${socket.remoteAddress ?? ''}:${socket.remotePort ?? ''}`,
    facts: {
      path,
      offered: offered.join(','),
      authorization: unreadableAuthorization ? 'unreadable' : basic === undefined ? 'none' : 'basic',
      ...(basic === undefined ? {} : { basicUser: isIdentity(basic.user, identity) ? 'identity' : 'other' }),
      ...(basic === undefined ? {} : passwordFacts(basic.password, printKey)),
      ...(tls === undefined ? {} : { tls: `${tls.protocol} ${tls.cipher}` }),
      ...(tls?.clientCertificateCn === undefined ? {} : { clientCn: tls.clientCertificateCn }),
      extensionsOffered: listOf(request.headers['sec-websocket-extensions'])
        .map((each) => each.split(';')[0]?.trim())
        .join(','),
    },
  };
}

/**
 * What may be known of a password: whether its bytes look like hexadecimal text (1.6J §6.2.2), and a print that is equal
 * for equal passwords. The key lives as long as the process and stands nowhere, so nobody can try passwords against a
 * print; its first digits name the key, because prints of two keys cannot be compared.
 */
function passwordFacts(password: Uint8Array, key: Uint8Array): Readonly<Record<string, string>> {
  const print = (bytes: Uint8Array): string => createHmac('sha256', key).update(bytes).digest('hex').slice(0, 8);
  const isHex = /^[0-9A-Fa-f]{32,40}$/.test(Buffer.from(password).toString('latin1'));
  return { passwordForm: isHex ? 'hex' : 'text', passwordPrint: `${print(new Uint8Array())}.${print(password)}` };
}

/** Identities differ by more than case (A00.FR.204). */
function isIdentity(user: string, identity: string): boolean {
  return user.toLowerCase() === identity.toLowerCase();
}

function listOf(header: string | undefined): string[] {
  return (header ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function commonName(socket: TLSSocket): string | undefined {
  const name: unknown = socket.getPeerCertificate().subject?.CN;
  return typeof name === 'string' ? name : undefined;
}
