import { type ApiOperation, operationOf } from './api-operations.ts';
import type { SchemaNode } from './schema-node.ts';

/** The stations of the demo world, which take commands. */
const STATIONS: Readonly<Record<string, string>> = { '1.6': 'CS-DEMO-1', '2.0.1': 'CS-DEMO-2', '2.1': 'CS-DEMO-3' };

interface Action {
  readonly ver: string;
  readonly action: string;
  readonly kinds: readonly string[];
}

/**
 * `POST /stations/{id}/ocpp/{action}` once for each action of each version: its OpenAPI body is any object, the schema of the
 * action stands at `/schemas`.
 */
export async function stationCommands(baseUrl: string): Promise<ApiOperation[]> {
  const ask = async (path: string): Promise<unknown> => (await fetch(`${baseUrl}/api/v1${path}`)).json();
  const { items } = (await ask('/actions?proto=ocpp&from=csms')) as { items: Action[] };
  return Promise.all(
    items
      .filter(({ kinds }) => kinds.includes('request'))
      .map(async ({ ver, action }) => {
        const schema = (await ask(`/schemas/ocpp/${ver}/${action}/request`)) as SchemaNode;
        const problems = ['SCHEMA_VIOLATION', 'STATION_CALLERROR', 'STATION_ANSWER_INVALID', 'STATION_TIMEOUT'];
        return operationOf(
          { service: 'csms', baseUrl, path: `/schemas/ocpp/${ver}/${action}` },
          schema,
          'post',
          `/api/v1/stations/${STATIONS[ver]}/ocpp/${action}`,
          {
            requestBody: { required: true, content: { 'application/json': { schema } } },
            responses: {
              200: {},
              409: {},
              422: {},
              502: { description: [...problems, 'LINK_CLOSED'].map((code) => `\`${code}\`:`).join() },
              503: { description: '`QUEUE_FULL`:' },
              504: { description: '`STATION_TIMEOUT`:' },
            },
          },
        );
      }),
  );
}
