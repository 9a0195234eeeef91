import type { ApiDocument } from '../../../platform/http/route.ts';
import { actionRoutes } from './action-routes.ts';
import { commandRoutes } from './command-routes.ts';
import { configRoutes } from './config-routes.ts';
import type { CsmsApi } from './csms-api.ts';
import { evseMapRoutes } from './evse-map-routes.ts';
import { fileRoutes } from './file-routes.ts';
import { itemRoutes } from './item-routes.ts';
import { priceRoutes } from './price-routes.ts';
import { refusedRoutes } from './refused-routes.ts';
import { roamingRoutes } from './roaming-routes.ts';
import { sendRoutes } from './send-routes.ts';
import { sessionStop } from './session-stop.ts';
import { stationRoutes } from './station-routes.ts';
import { tokenRoutes } from './token-routes.ts';
import { trafficRoutes } from './traffic-routes.ts';
import { transactionRoutes } from './transaction-routes.ts';
import { validateRoutes } from './validate-routes.ts';

/** The REST API of the CSMS, documented at `/api/docs`. */
export function csmsDocument(api: CsmsApi): ApiDocument {
  return {
    title: 'CSMS',
    description:
      'Stations, what they reported, and everything that can be told to them. Problems are RFC 9457 documents with a stable `code`.',
    prefix: '/api/v1',
    docsPath: '/api/docs',
    tags: [
      { name: 'Stations', description: 'Who is known, connected, accepted.' },
      { name: 'Reported', description: 'What stations have and reported, one list per kind.' },
      { name: 'Transactions', description: 'Charging transactions.' },
      { name: 'Tokens', description: 'Who may charge.' },
      { name: 'Commands', description: 'Version-neutral commands to a station.' },
      { name: 'Send', description: 'Messages on the wire, and messages handled as if they had come over it.' },
      { name: 'Schemas', description: 'What can be said, and whether a draft fits.' },
      { name: 'Roaming', description: 'EVSE ids, sessions of the hub, what waits for the hub.' },
      { name: 'Files', description: 'Logs that stations uploaded, firmware that they fetch.' },
    ],
    routes: [
      ...stationRoutes(api),
      ...trafficRoutes(api),
      ...refusedRoutes(api),
      ...itemRoutes(api),
      ...configRoutes(api),
      ...transactionRoutes(api),
      ...tokenRoutes(api),
      ...commandRoutes(api),
      sessionStop(api),
      ...sendRoutes(api),
      ...actionRoutes(api),
      ...validateRoutes(api),
      ...evseMapRoutes(api),
      ...roamingRoutes(api),
      ...priceRoutes(api),
      ...fileRoutes(api.files),
    ],
  };
}
