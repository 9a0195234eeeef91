import { TOKEN_REFUSALS } from '../../../protocols/opcp/index.ts';
import { claimsOf, isSecret } from '../access-tokens.ts';
import { SANDBOX_CLIENT } from '../clients.ts';
import type { ClientSettings } from '../section.ts';
import { json, type PoolHandlers, PoolRefusal, type PoolWorld } from './pool-call.ts';

/** OAuth 2 client credentials, in the shapes of the live token host. */
export function tokenService(world: PoolWorld): PoolHandlers<'getToken' | 'getTokenKeys' | 'getSandboxToken'> {
  const issue = (client: ClientSettings, audience: string, nowMs: number): string =>
    world.tokens.issue({
      claims: claimsOf(client),
      issuer: `${world.baseUrl()}/`,
      audience,
      issuedAtMs: nowMs,
      validForMs: world.tokenLifetimeS * 1_000,
    });
  return {
    getToken({ body, nowMs }) {
      if (body.grant_type !== 'client_credentials') {
        throw new PoolRefusal(400, 'unsupported grant', TOKEN_REFUSALS.unsupportedGrant);
      }
      const client = world.clients.find(({ id }) => id === body.client_id);
      if (client === undefined || !isSecret(body.client_secret, client.secret)) {
        throw new PoolRefusal(401, 'Unauthorized', TOKEN_REFUSALS.unauthorized);
      }
      return json({
        access_token: issue(client, body.audience ?? world.baseUrl(), nowMs),
        scope: client.scopes.join(' '),
        expires_in: world.tokenLifetimeS,
        token_type: 'Bearer',
      });
    },
    getTokenKeys: () => json(world.tokens.jwks()),
    getSandboxToken({ nowMs }) {
      if (!world.hasSandbox) throw new PoolRefusal(404, 'There is no sandbox token here.');
      const token = issue(SANDBOX_CLIENT, world.baseUrl(), nowMs);
      return json({ data: `# Authorization Token\n\n\`\`\`\nBearer ${token}\n\`\`\`\n` });
    },
  };
}
