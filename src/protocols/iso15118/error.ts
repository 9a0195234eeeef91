/**
 * The one error class of this room. Its codes say which input was bad, so that a caller can turn a peer's bad bytes into
 * the protocol's answer (OPCP: 400 "EXI format is invalid!") and a finding, and our own misuse into a log line.
 */
export type Iso15118ErrorCode =
  /** The stream ended inside a value or before the document was complete. */
  | 'EXI_TRUNCATED'
  /** The first byte is not the plain EXI 1.0 header 0x80. */
  | 'EXI_HEADER'
  /** A length, count or size is above what this room accepts. */
  | 'EXI_LIMIT'
  /** An event or value that the schema does not allow at this place. */
  | 'EXI_DEVIATION'
  /** Legal EXI that no certificate message uses: string table hits, other root elements, KeyInfo. */
  | 'EXI_UNSUPPORTED'
  /** Bytes follow after the end of the document. */
  | 'EXI_TRAILING'
  /** A value given to the encoder does not fit the schema. */
  | 'EXI_VALUE'
  | 'XML_INVALID'
  | 'PEM_INVALID'
  | 'BASE64_INVALID'
  /** DER that is not the expected structure. */
  | 'ASN1_INVALID'
  /** A key on an unexpected curve, or not a key at all. */
  | 'KEY_INVALID'
  /** A decrypted private key that does not belong to the certificate: the wrong vehicle key was used. */
  | 'KEY_MISMATCH'
  | 'EMAID_INVALID'
  | 'PCID_INVALID';

export class Iso15118Error extends Error {
  readonly code: Iso15118ErrorCode;
  /** Where in the message: an element path such as `V2G_Message/Header/SessionID`. Empty where there is none. */
  readonly path: string;

  constructor(code: Iso15118ErrorCode, message: string, details: { path?: string; cause?: unknown } = {}) {
    const path = details.path ?? '';
    super(path === '' ? message : `${path}: ${message}`, { cause: details.cause });
    this.name = 'Iso15118Error';
    this.code = code;
    this.path = path;
  }
}
