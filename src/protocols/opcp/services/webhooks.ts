import Type, { type Static } from 'typebox';
import { oneOf } from '../fields.ts';
import { callers, poolOperation } from '../operation.ts';

export const WEBHOOK_EVENTS = [
  'root.cert.added',
  'root.cert.expired',
  'root.cert.revoked',
  'mo.prov.cert.deleted',
  'mo.prov.cert.updated',
  'mo.prov.cert.factory.reset',
  'mo.prov.cert.updated.factory.reset',
  'mo.contract.created.sent.to.oem',
  'mo.contract.updated.sent.to.oem',
  'mo.contract.deleted.sent.to.oem',
  'mo.contract.delivered.to.oem',
  'mo.contract.rejected.by.oem',
  'mo.contract.queued.to.oem',
  'oem.contract.created',
  'oem.contract.updated',
  'oem.contract.deleted',
] as const;

export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

const Event = oneOf(WEBHOOK_EVENTS);
const Status = Type.Union([Type.Literal('enabled'), Type.Literal('disabled')]);
const Metadata = Type.Record(Type.String(), Type.Unknown());

const NewEndpoint = Type.Object({
  url: Type.String({ minLength: 1, maxLength: 2_000, description: 'Where events are posted' }),
  enabledEvents: Type.Array(Event, { minItems: 1, maxItems: 50 }),
  apiVersion: Type.Optional(Type.String({ maxLength: 20 })),
  description: Type.Optional(Type.String({ maxLength: 1_000 })),
  metadata: Type.Optional(Metadata),
  status: Type.Optional(Status),
});

const ChangedEndpoint = Type.Interface([Type.Omit(NewEndpoint, ['enabledEvents'])], {
  enabledEvents: Type.Optional(Type.Array(Event, { minItems: 1, maxItems: 50 })),
});

export const WebhookEndpoint = Type.Object({
  id: Type.String(),
  created: Type.Number({ description: 'Seconds since 1970' }),
  url: Type.String(),
  enabledEvents: Type.Array(Type.String()),
  secret: Type.Optional(Type.String({ description: 'Key of the signature over each delivery' })),
  providerIds: Type.Optional(Type.Array(Type.String())),
  wmis: Type.Optional(Type.Array(Type.String())),
  userRole: Type.Optional(Type.String()),
  userName: Type.Optional(Type.String()),
  apiVersion: Type.Optional(Type.String()),
  description: Type.Optional(Type.String()),
  metadata: Type.Optional(Metadata),
  status: Type.Optional(Type.String()),
});

export type NewWebhookEndpoint = Static<typeof NewEndpoint>;
export type ChangedWebhookEndpoint = Static<typeof ChangedEndpoint>;
export type WebhookEndpoint = Static<typeof WebhookEndpoint>;

const ANYBODY = callers('OEM', 'CPO', 'MO_OWN_PKI', 'MO_V2G_PKI', 'CPS');
const IdParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const NOT_FOUND = { status: 404, message: 'The webhook endpoint with the given id is not found.' };
const NEW_EXAMPLE = {
  url: 'http://localhost:9000/events',
  enabledEvents: ['oem.contract.created', 'oem.contract.deleted'],
  status: 'enabled',
};
const EXAMPLE = { ...NEW_EXAMPLE, id: 'b1b86334', created: 1_772_323_200, secret: 'secret' };

export const webhookOperations = [
  poolOperation({
    name: 'addWebhook',
    service: 'Webhook',
    method: 'POST',
    paths: ['/v1/webhook/endpoints'],
    opncPaths: ['/opnc/v1/event/endpoints'],
    summary: 'Subscribe to events',
    docs: 'The answer carries the secret with which deliveries are signed.',
    access: ANYBODY,
    request: { kind: 'json', schema: NewEndpoint, example: NEW_EXAMPLE },
    response: { status: 201, kind: 'json', schema: WebhookEndpoint, example: EXAMPLE },
    errors: [],
  }),
  poolOperation({
    name: 'getWebhooks',
    service: 'Webhook',
    method: 'GET',
    paths: ['/v1/webhook/endpoints'],
    opncPaths: ['/opnc/v1/event/endpoints'],
    summary: 'All subscriptions of the caller',
    docs: 'A plain list.',
    access: ANYBODY,
    request: { kind: 'none' },
    response: { status: 200, kind: 'json', schema: Type.Array(WebhookEndpoint), example: [EXAMPLE] },
    errors: [],
  }),
  poolOperation({
    name: 'getWebhook',
    service: 'Webhook',
    method: 'GET',
    paths: ['/v1/webhook/endpoints/{id}'],
    opncPaths: ['/opnc/v1/event/endpoints/{id}'],
    summary: 'One subscription',
    docs: 'Only the caller’s own.',
    access: ANYBODY,
    params: IdParams,
    request: { kind: 'none' },
    response: { status: 200, kind: 'json', schema: WebhookEndpoint, example: EXAMPLE },
    errors: [NOT_FOUND],
  }),
  poolOperation({
    name: 'updateWebhook',
    service: 'Webhook',
    method: 'PUT',
    paths: ['/v1/webhook/endpoints/{id}'],
    opncPaths: ['/opnc/v1/event/endpoints/{id}'],
    summary: 'Change a subscription',
    docs: 'Address, events and status.',
    access: ANYBODY,
    params: IdParams,
    request: { kind: 'json', schema: ChangedEndpoint, example: { ...NEW_EXAMPLE, status: 'disabled' } },
    response: { status: 200, kind: 'json', schema: WebhookEndpoint, example: { ...EXAMPLE, status: 'disabled' } },
    errors: [NOT_FOUND],
  }),
  poolOperation({
    name: 'deleteWebhook',
    service: 'Webhook',
    method: 'DELETE',
    paths: ['/v1/webhook/endpoints/{id}'],
    opncPaths: ['/opnc/v1/event/endpoints/{id}'],
    summary: 'Unsubscribe',
    docs: 'Deliveries under way are not called back.',
    access: ANYBODY,
    params: IdParams,
    request: { kind: 'none' },
    response: { status: 200, kind: 'none' },
    errors: [NOT_FOUND],
  }),
] as const;
