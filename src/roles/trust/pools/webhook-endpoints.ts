import type { CallerClaims, WebhookEndpoint } from '../../../protocols/opcp/index.ts';
import type { EndpointRecord } from '../records.ts';
import { empty, json, type PoolHandlers, PoolRefusal, type PoolWorld } from './pool-call.ts';

/** Subscriptions of one client; more are a mistake. */
const MAX_ENDPOINTS = 100;

export function endpointView(endpoint: EndpointRecord): WebhookEndpoint {
  const { id, createdAtMs, url, enabledEvents, secret, status, providers, wmis, role, name } = endpoint;
  const { apiVersion, description, metadata } = endpoint;
  return {
    id,
    created: Math.floor(createdAtMs / 1_000),
    url,
    enabledEvents: [...enabledEvents],
    secret,
    providerIds: [...providers],
    wmis: [...wmis],
    userRole: role,
    userName: name,
    status,
    ...(apiVersion === undefined ? {} : { apiVersion }),
    ...(description === undefined ? {} : { description }),
    ...(metadata === undefined ? {} : { metadata: { ...metadata } }),
  };
}

/** Addresses that subscribers may name: a pool must not be made to call whomever a client likes. */
function demandAllowed(url: string, hosts: readonly string[]): void {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new PoolRefusal(400, 'url : is no address');
  }
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')
    throw new PoolRefusal(400, 'url : must be http or https');
  if (parsed.username !== '' || parsed.password !== '') throw new PoolRefusal(400, 'url : must not hold credentials');
  if (hosts.includes('*') || hosts.includes(parsed.hostname)) return;
  throw new PoolRefusal(400, `url : events are not posted to ${parsed.hostname}`);
}

export function webhookEndpoints(
  world: PoolWorld,
): PoolHandlers<'addWebhook' | 'getWebhooks' | 'getWebhook' | 'updateWebhook' | 'deleteWebhook'> {
  const own = (claims: CallerClaims, id: string): EndpointRecord => {
    const endpoint = world.state.endpoints.get(id);
    if (endpoint !== undefined && endpoint.owner === claims.clientId) return endpoint;
    throw new PoolRefusal(404, 'The webhook endpoint with the given id is not found.');
  };
  return {
    addWebhook({ body, claims, nowMs }) {
      demandAllowed(body.url, world.webhookHosts);
      if (world.state.endpoints.count({ owner: claims.clientId }) >= MAX_ENDPOINTS) {
        throw new PoolRefusal(400, `A client has at most ${MAX_ENDPOINTS} endpoints.`);
      }
      const { url, enabledEvents, apiVersion, description, metadata, status = 'enabled' } = body;
      const endpoint: EndpointRecord = {
        id: world.ids.uuid(),
        owner: claims.clientId,
        createdAtMs: nowMs,
        url,
        enabledEvents,
        secret: Buffer.from(world.entropy(24)).toString('base64url'),
        status,
        providers: claims.providers,
        wmis: claims.wmis,
        role: claims.callers[0] ?? '',
        name: claims.name ?? claims.clientId,
        ...(apiVersion === undefined ? {} : { apiVersion }),
        ...(description === undefined ? {} : { description }),
        ...(metadata === undefined ? {} : { metadata }),
      };
      world.state.endpoints.put(endpoint);
      return json(endpointView(endpoint), 201);
    },
    getWebhooks: ({ claims }) => json([...world.state.endpoints.all({ owner: claims.clientId })].map(endpointView)),
    getWebhook: ({ params, claims }) => json(endpointView(own(claims, params.id))),
    updateWebhook({ params, body, claims }) {
      const before = own(claims, params.id);
      demandAllowed(body.url, world.webhookHosts);
      const { url, enabledEvents, apiVersion, description, metadata, status } = body;
      const endpoint: EndpointRecord = {
        ...before,
        url,
        enabledEvents: enabledEvents ?? before.enabledEvents,
        status: status ?? before.status,
        ...(apiVersion === undefined ? {} : { apiVersion }),
        ...(description === undefined ? {} : { description }),
        ...(metadata === undefined ? {} : { metadata }),
      };
      world.state.endpoints.put(endpoint);
      return json(endpointView(endpoint));
    },
    deleteWebhook({ params, claims }) {
      world.state.endpoints.delete(own(claims, params.id).id);
      return empty();
    },
  };
}
