import type { ApiDocument } from '../../../platform/http/route.ts';
import type { Trust } from '../trust.ts';
import { certificateRoutes } from './certificate-routes.ts';
import { poolViewRoutes } from './pool-view-routes.ts';
import { switchRoutes } from './switch-routes.ts';
import { verifyRoutes } from './verify-routes.ts';
import { worldRoutes } from './world-routes.ts';

/** The REST API of the trust environment, documented at `/api/docs`. The pools themselves stand at `/docs`. */
export function trustDocument(trust: Trust): ApiDocument {
  return {
    title: 'Plug & Charge trust environment',
    description:
      'The certificate world of ISO 15118: who trusts whom, which contract is where, what is revoked; and switches that make it misbehave. The operations of the pools stand at `/docs`.',
    prefix: '/api/v1',
    docsPath: '/api/docs',
    tags: [
      { name: 'Certificates', description: 'Authorities and what they issued.' },
      { name: 'Pools', description: 'What the pools hold.' },
      { name: 'World', description: 'Vehicles and contracts, made in one step.' },
      { name: 'Verify', description: 'Why a chain is accepted or not.' },
      { name: 'Switches', description: 'Misbehaviour on purpose.' },
    ],
    routes: [
      ...certificateRoutes(trust),
      ...poolViewRoutes(trust),
      ...worldRoutes(trust),
      ...verifyRoutes(trust),
      ...switchRoutes(trust),
    ],
  };
}
