import { consoleRows, oicpTags } from '../../../link/oicp-console.ts';
import type { ApiDocument, Route } from '../../../platform/http/route.ts';
import { textConsoleRoutes } from '../../../platform/http/text-console.ts';
import { actionRoutes } from './action-routes.ts';
import { catalogueRoutes } from './catalogue-routes.ts';
import { customerRoutes } from './customer-routes.ts';
import type { EmpApi } from './emp-api.ts';
import { sendRoutes } from './send-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { sessionStop } from './session-stop.ts';

/** The EMP's own REST, documented at `/docs`. */
export function empDocument(api: EmpApi): ApiDocument {
  return {
    title: 'EMP backend',
    description:
      'Drivers, contracts and media, sessions and charge detail records, the catalogue of EVSEs, and everything that is done through the hub. Problems are RFC 9457 documents with a stable `code`.',
    prefix: '/api/v1',
    docsPath: '/docs',
    tags: [
      { name: 'Customers', description: 'Who may charge, and with what.' },
      { name: 'Actions', description: 'What is done through the hub.' },
      { name: 'Roaming', description: 'Sessions, questions of the hub, notifications, records.' },
      { name: 'Catalogue', description: 'EVSEs, status and prices, as the hub gave them.' },
    ],
    routes: [
      ...customerRoutes(api),
      ...actionRoutes(api),
      ...sessionRoutes(api),
      sessionStop(api),
      ...catalogueRoutes(api),
      ...sendRoutes(api),
    ],
  };
}

/** The console and the operations that the hub calls, documented at `/oicp_api/docs`. */
export function consoleDocument({ emp }: EmpApi, served: readonly Route[]): ApiDocument {
  return {
    title: 'OICP 2.3 of the EMP',
    description:
      'Send any operation to the hub, valid or edited, and see what the hub may call here (`/api/oicp/...`).',
    prefix: '',
    docsPath: '/oicp_api/docs',
    tags: [{ name: 'Console', description: 'What there is, and what went over the wire last.' }, ...oicpTags()],
    routes: [...textConsoleRoutes(consoleRows(emp.hub)), ...served],
  };
}
