import Type, { type Static, type TLiteral, type TSchemaOptions, type TUnion } from 'typebox';
import { NAMESPACES } from '../iso15118/namespaces.ts';

type Literals<Words extends readonly string[]> = { -readonly [I in keyof Words]: TLiteral<Words[I]> };

/** One of a closed list of words. A plain union over a mapped list would lose the words in its type. */
export function oneOf<const Words extends readonly string[]>(
  words: Words,
  options: TSchemaOptions = {},
): TUnion<Literals<Words>> {
  return Type.Union(
    words.map((word) => Type.Literal(word)),
    options,
  ) as unknown as TUnion<Literals<Words>>;
}

/** The fields that pool messages share. Patterns are the published ones where those are right; see the remarks. */

/** Published pattern of EMAIDs; pools keep them in upper case without hyphens. */
export const EMAID_PATTERN = '^[A-Za-z]{2}[-]?\\w{3}[-]?\\w{9}[-]?(\\w{1})?$';
export const PCID_PATTERN = '^[a-zA-Z0-9]{17,18}$';
export const BASE64_PATTERN = '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$';
/** SHA-256 in hex. The published text has a UUID pattern by mistake, so UUIDs are tolerated. */
export const FINGERPRINT_PATTERN = '^([0-9a-fA-F]{64}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$';

export const Emaid = Type.String({
  pattern: EMAID_PATTERN,
  description: 'E-mobility account identifier, with or without hyphens and check character',
});

export const Pcid = Type.String({
  pattern: PCID_PATTERN,
  description: 'Provisioning certificate identifier: the common name of the OEM provisioning certificate',
});

/**
 * Base64 of a DER certificate. ISO 15118 limits the DER to 800 (-2) or 1,600 (-20) octets; the published limit of 800
 * characters contradicts the published examples and is not held.
 */
export const CertificateBase64 = Type.String({
  pattern: BASE64_PATTERN,
  minLength: 1,
  maxLength: 8_192,
  description: 'Certificate in DER, base64',
});

export const ExiBase64 = Type.String({
  pattern: BASE64_PATTERN,
  minLength: 1,
  maxLength: 43_692,
  description: 'EXI document, base64',
});

export const Namespace = Type.String({
  minLength: 1,
  maxLength: 100,
  description: `Edition of the messages: ${NAMESPACES.iso2} or ${NAMESPACES.iso20Pool}`,
});

export const Fingerprint = Type.String({
  pattern: FINGERPRINT_PATTERN,
  description: 'SHA-256 over the DER of the V2G root whose provisioning service signs, in hex',
});

export const Instant = Type.String({
  minLength: 10,
  maxLength: 40,
  description: 'Date and time, RFC 3339',
});

export const MetaData = Type.String({ maxLength: 10_000, description: 'Free text for later use' });

export const Uuid = Type.String({ minLength: 1, maxLength: 64, description: 'Identifier, usually a UUID' });

/** The body of every refusal. The published interfaces promise it for 400 and 404; it is sent with all. */
export const PoolErrorBody = Type.Object(
  {
    errorMessages: Type.Array(Type.String()),
    traceId: Type.String(),
  },
  { description: 'What was wrong, one text per finding' },
);

export type PoolErrorBody = Static<typeof PoolErrorBody>;

/** The header with which a caller says whether other pools shall be asked too. */
export const BroadcastHeader = Type.Object({ broadcast: Type.Optional(Type.String()) });
