import { createHmac, timingSafeEqual } from 'node:crypto';
import Type, { type Static } from 'typebox';
import { oneOf } from './fields.ts';
import { WEBHOOK_EVENTS } from './services/webhooks.ts';

/** What a pool posts to a subscriber, and how the subscriber knows that it came from the pool. */

const RootPayload = Type.Object({
  rootCertificateId: Type.String(),
  distinguishedName: Type.String(),
  commonName: Type.Optional(Type.String()),
  rootType: Type.String(),
  rootSerialNumber: Type.Optional(Type.String()),
  signatureAlgorithm: Type.Optional(Type.String()),
  fingerprintSHA256: Type.Optional(Type.String()),
});

const ContractPayload = Type.Object({
  emaid: Type.Optional(Type.String()),
  pcid: Type.Optional(Type.String()),
  contractCert: Type.Optional(Type.String()),
  cpsSignerRootFingerprint: Type.Optional(Type.String()),
  cpsSignerRootCommonName: Type.Optional(Type.String()),
  signatureAlgorithm: Type.Optional(Type.String()),
});

export const WebhookDelivery = Type.Object({
  timestamp: Type.String({ description: 'RFC 3339' }),
  eventId: Type.String({ description: 'UUID; the same in every attempt' }),
  eventType: oneOf(WEBHOOK_EVENTS),
  xsdMsgDefNamespace: Type.String(),
  payload: Type.Union([RootPayload, ContractPayload]),
});

export type WebhookDelivery = Static<typeof WebhookDelivery>;

/** The names under which the signature is documented in different places; the first is sent, all are read. */
export const SIGNATURE_HEADERS = ['x-hubject-signature', 'x-operator-signature', 'payload-signature'] as const;

/** Attempts after the first, an hour apart; only for server errors and silence. */
export const WEBHOOK_RETRIES = 3;
export const WEBHOOK_RETRY_DELAY_MS = 3_600_000;

/** Whether a delivery is tried again: not after success, nor after a refusal such as 400 or 409. */
export function isWorthRetrying(status: number | undefined): boolean {
  return status === undefined || status >= 500;
}

/** The value of the signature header over the exact octets of the body. */
export function signDelivery(secret: string, rawBody: Uint8Array): string {
  return `sha256=${createHmac('sha256', secret).update(rawBody).digest('hex')}`;
}

/** Whether one of the signature headers (names in lower case) fits the raw body. */
export function isDeliverySigned(
  secret: string,
  rawBody: Uint8Array,
  headers: Readonly<Record<string, string | undefined>>,
): boolean {
  const expected = Buffer.from(signDelivery(secret, rawBody));
  return SIGNATURE_HEADERS.some((name) => {
    const given = Buffer.from((headers[name] ?? '').toLowerCase());
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
