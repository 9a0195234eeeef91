import Type from 'typebox';

/** How a role reaches a Plug & Charge environment; `clientId` is the demo client of the trust service for that role. */
export function pncKeys(clientId: string) {
  return {
    use: Type.Union([Type.Literal('auto'), Type.Literal('off')], {
      default: 'auto',
      description: '`auto`: the environment of `url`, else the trust service of this configuration; `off`: none.',
    }),
    url: Type.Optional(
      Type.String({ pattern: '^https?://', description: 'Base address of the pools. Absent: the trust service.' }),
    ),
    tokenUrl: Type.Optional(
      Type.String({ pattern: '^https?://', description: 'Token service; `/oauth/token` below `url` when absent.' }),
    ),
    audience: Type.Optional(Type.String({ description: 'Audience of the token; `url` when absent.' })),
    clientId: Type.String({ default: clientId, description: 'Client id of the token service.' }),
    clientSecret: Type.String({ default: `${clientId}-secret`, description: 'Client secret of the token service.' }),
    timeoutMs: Type.Integer({
      minimum: 1,
      default: 4_000,
      description: 'How long a pool may take. A vehicle waits 5 s for its contract, all parties together.',
    }),
  };
}
