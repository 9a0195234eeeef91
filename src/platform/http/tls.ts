import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { CompoteError, messageOf } from '../../core/errors.ts';

/** TLS of a service. Each value is a PEM file's path, or PEM text itself. */
export interface TlsSettings {
  readonly cert: string;
  readonly key: string;
  readonly passphrase?: string | undefined;
  /** Authorities that vouch for clients. */
  readonly clientCa?: readonly string[] | undefined;
  /** `no`: clients show no certificate; `ask`: they may; `demand`: without a trusted one the handshake fails. */
  readonly clientCertificate?: 'no' | 'ask' | 'demand' | undefined;
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined;
}

/**
 * The suites that servers of ours take: authenticated encryption only. The last two have no forward secrecy; stations may
 * have no others (OCPP A00.FR.317, A00.FR.424), and they work only with an RSA certificate.
 */
export const TLS_SUITES = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
].join(':');

export interface TlsOptions {
  readonly cert: string;
  readonly key: string;
  readonly passphrase?: string;
  readonly ca?: string[];
  readonly requestCert: boolean;
  readonly rejectUnauthorized: boolean;
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
  readonly ciphers: string;
}

/** Reads and checks the files, so that a wrong one is told at start and by its name. @throws CERTIFICATE_UNREADABLE */
export function tlsOptions(settings: TlsSettings): TlsOptions {
  const cert = pem(settings.cert, 'certificate');
  const key = pem(settings.key, 'key');
  const ca = settings.clientCa?.map((file) => pem(file, 'client authority'));
  const clientCertificate = settings.clientCertificate ?? 'no';
  if (clientCertificate === 'demand' && (ca === undefined || ca.length === 0)) {
    throw new CompoteError('CERTIFICATE_UNREADABLE', {
      detail: 'client certificates are demanded, but no client authority is given',
      hint: 'Name the PEM file of the authority that signs the clients in `tls.clientCa`.',
    });
  }
  const options: TlsOptions = {
    cert,
    key,
    ...(settings.passphrase === undefined ? {} : { passphrase: settings.passphrase }),
    ...(ca === undefined || ca.length === 0 ? {} : { ca }),
    requestCert: clientCertificate !== 'no',
    rejectUnauthorized: clientCertificate === 'demand',
    minVersion: settings.minVersion ?? 'TLSv1.2',
    ciphers: TLS_SUITES,
  };
  try {
    createSecureContext(options);
  } catch (cause) {
    throw new CompoteError('CERTIFICATE_UNREADABLE', {
      detail: `${nameOf(settings.cert, 'the certificate')} with ${nameOf(settings.key, 'the key')}: ${messageOf(cause)}`,
      cause,
    });
  }
  return options;
}

/** TLS towards others, from files: our certificate where we have one, and whom we trust. @throws CERTIFICATE_UNREADABLE */
export function clientTls(settings: {
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly ca?: readonly string[] | undefined;
  readonly verify: boolean;
}): { readonly verify: boolean; readonly cert?: string; readonly key?: string; readonly ca?: string[] } {
  const { cert, key, ca, verify } = settings;
  return {
    verify,
    ...(cert === undefined ? {} : { cert: pem(cert, 'client certificate') }),
    ...(key === undefined ? {} : { key: pem(key, 'client key') }),
    ...(ca === undefined ? {} : { ca: ca.map((file) => pem(file, 'server authority')) }),
  };
}

function pem(fileOrText: string, what: string): string {
  if (fileOrText.includes('-----BEGIN ')) return fileOrText;
  let text: string;
  try {
    text = readFileSync(fileOrText, 'utf8');
  } catch (cause) {
    throw new CompoteError('CERTIFICATE_UNREADABLE', {
      detail: `the ${what} file ${fileOrText} cannot be read (${messageOf(cause)})`,
      cause,
    });
  }
  if (text.includes('-----BEGIN ')) return text;
  throw new CompoteError('CERTIFICATE_UNREADABLE', { detail: `the ${what} file ${fileOrText} holds no PEM text` });
}

const nameOf = (fileOrText: string, otherwise: string): string =>
  fileOrText.includes('-----BEGIN ') ? otherwise : fileOrText;
