import { oicpTags } from '../../../link/oicp-console.ts';
import type { ApiDocument, Route } from '../../../platform/http/route.ts';
import type { ServiceApi } from '../../../platform/service-routes.ts';
import { faultRoutes } from './fault-routes.ts';
import type { HubApi } from './hub-api.ts';
import { partnerRoutes } from './partner-routes.ts';
import { partnerTestRoutes } from './partner-test-routes.ts';
import { refusalRoutes } from './refusal-routes.ts';
import { sendRoutes } from './send-routes.ts';
import { storedRoutes } from './stored-routes.ts';

/** One document of everything the hub serves: the OICP operations, its own REST, and what every service has. */
export function hubDocument(api: HubApi, oicp: readonly Route[], common: ServiceApi): ApiDocument {
  const own = [
    ...partnerRoutes(api),
    ...partnerTestRoutes(api),
    ...storedRoutes(api),
    ...refusalRoutes(api),
    ...faultRoutes(api),
    ...sendRoutes(api),
    ...common.routes,
  ];
  return {
    title: 'E-roaming hub',
    description:
      'OICP 2.3 for CPOs and EMPs at `/oicp/...` and `/api/oicp/...`, and the hub’s own REST at `/api/v1/hub`. Problems of REST are RFC 9457 documents with a stable `code`.',
    prefix: '',
    docsPath: '/oicp/docs',
    tags: [
      ...oicpTags(),
      { name: 'Partners', description: 'Who is connected, and which services they have agreed on.' },
      { name: 'Stored', description: 'What the hub knows.' },
      { name: 'Behaviour', description: 'Limits of calls, and misbehaviour on purpose.' },
      ...common.tags,
    ],
    routes: [...oicp, ...own.map((each) => ({ ...each, path: `/api/v1${each.path}` }))],
  };
}
