import Type from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import { Iso15118Error } from '../../../protocols/iso15118/index.ts';
import type { Trust } from '../trust.ts';
import { verifyChain, verifyHashes } from './verify.ts';

const hex = Type.String({ pattern: '^[0-9a-fA-F]+$', maxLength: 128 });

const Ladder = Type.Object({
  ok: Type.Boolean(),
  rungs: Type.Array(
    Type.Object({
      certificate: Type.String(),
      check: Type.String(),
      ok: Type.Boolean(),
      text: Type.String(),
      clause: Type.String(),
    }),
  ),
  certificateStatus: Type.String(),
  idTokenStatus: Type.String(),
});

export function verifyRoutes(trust: Trust): Route[] {
  return [
    route({
      method: 'POST',
      path: '/pnc/verify',
      summary: 'Explain the verification of a chain or of hash data, check by check',
      tags: ['Verify'],
      body: Type.Object({
        chain: Type.Optional(Type.String({ maxLength: 40_000, description: 'PEM, leaf first.' })),
        hashes: Type.Optional(
          Type.Array(
            Type.Object({
              hashAlgorithm: oneOf(['SHA256', 'SHA384', 'SHA512']),
              issuerNameHash: hex,
              issuerKeyHash: hex,
              serialNumber: Type.String({ pattern: '^[0-9a-fA-F]+$', maxLength: 40 }),
            }),
            { maxItems: 4, description: 'OCSP data as stations send them, leaf first.' },
          ),
        ),
      }),
      response: Ladder,
      access: 'viewer',
      handler: ({ body: { chain, hashes } }) => {
        if (chain === undefined && hashes === undefined) {
          throw new CompoteError('INVALID_REQUEST', { fields: [{ pointer: '', msg: 'needs a chain or hashes' }] });
        }
        try {
          return chain === undefined
            ? verifyHashes(trust.world, hashes ?? [])
            : verifyChain(trust.world, chain, trust.nowMs());
        } catch (cause) {
          if (!(cause instanceof Iso15118Error)) throw cause;
          throw new CompoteError('INVALID_REQUEST', { fields: [{ pointer: '/chain', msg: cause.message }], cause });
        }
      },
    }),
  ];
}
