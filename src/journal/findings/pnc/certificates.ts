import {
  type Certificate,
  decodeIso2,
  editionOf,
  fromBase64,
  iso2BodyName,
  parseCertificateChainPem,
  readCertificate,
} from '../../../protocols/iso15118/index.ts';

/** What a certificate installation message says, as far as rules need it. */
export interface ExiFacts {
  readonly session: string;
  readonly name: string;
  readonly responseCode: string | undefined;
}

/** The message in base64; what is wrong with it instead, where it cannot be read. -20 is not read here. */
export function exiFactsOf(base64: string, schema: string | undefined): ExiFacts | string | undefined {
  if (schema !== undefined && editionOf(schema) === 'ISO15118-20') return undefined;
  try {
    const message = decodeIso2(fromBase64(base64));
    const name = iso2BodyName(message);
    const body = message.Body[name];
    const code = body !== undefined && 'ResponseCode' in body ? body.ResponseCode : undefined;
    return { session: Buffer.from(message.Header.SessionID).toString('hex'), name, responseCode: code };
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/** The certificates of a PEM text, leaf first as they stand; none when it cannot be read. */
export function chainOf(pem: string | undefined): readonly Certificate[] {
  if (pem === undefined) return [];
  try {
    return parseCertificateChainPem(pem);
  } catch {
    return [];
  }
}

/** One certificate in any writing; undefined when it cannot be read. */
export function certificateOf(text: string | undefined): Certificate | undefined {
  if (text === undefined) return undefined;
  try {
    return readCertificate(text);
  } catch {
    return undefined;
  }
}
