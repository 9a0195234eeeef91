import { consoleRows, oicpTags } from '../../../link/oicp-console.ts';
import type { ApiDocument, Route } from '../../../platform/http/route.ts';
import { textConsoleRoutes } from '../../../platform/http/text-console.ts';
import type { CsmsApi } from './csms-api.ts';

/** The console and the operations that the hub calls, documented at `/oicp_api/docs`. */
export function oicpDocument({ cpo }: CsmsApi, served: readonly Route[]): ApiDocument {
  return {
    title: 'OICP 2.3 of the CSMS',
    description:
      'Send any operation of an operator to the hub, valid or edited, and see what the hub may call here (`/api/oicp/...`).',
    prefix: '',
    docsPath: '/oicp_api/docs',
    tags: [{ name: 'Console', description: 'What there is, and what went over the wire last.' }, ...oicpTags()],
    routes: [...textConsoleRoutes(consoleRows(cpo.hub)), ...served],
  };
}
