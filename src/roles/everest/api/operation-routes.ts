import Type, { type TObject, type TSchema } from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { Answer } from '../../../platform/http/answers.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { lazyValidator } from '../../../platform/schema/validator.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import { DIALECTS, type Dialect } from '../../../protocols/everest/releases.ts';
import { CONNECTOR_STATES } from '../../../protocols/everest/states.ts';
import type { EverestAdapter } from '../adapter.ts';
import { OPERATIONS, type OperationName, type Place } from '../operations.ts';
import { demandCommand, type Sent } from '../station-commands.ts';
import { connectorParams, Done, PROBLEMS } from './shapes.ts';

const waitQuery = Type.Object({
  via: Type.Optional(oneOf(DIALECTS, { description: 'Only this dialect.' })),
  wait: Type.Optional(oneOf(CONNECTOR_STATES, { description: 'Answers 200 when the connector is in this state.' })),
  timeoutMs: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 300_000, default: 30_000, description: 'How long to wait; then 504.' }),
  ),
});
interface Waiting {
  readonly via?: Dialect | undefined;
  readonly wait?: string | undefined;
  readonly timeoutMs?: number | undefined;
}

/** Every operation at a connector, by its own path and by its name. */
export function operationRoutes(adapter: EverestAdapter): Route[] {
  const names = Object.keys(OPERATIONS) as OperationName[];
  const validators = Object.fromEntries(names.map((name) => [name, lazyValidator(OPERATIONS[name].params)]));
  const each = names.map((name) => {
    const { params: _, summary, ...rest } = OPERATIONS[name];
    return route({
      method: 'POST',
      path: `/everest/stations/{sid}/connectors/{n}/${name}`,
      summary,
      ...('description' in rest ? { description: rest.description } : {}),
      tags: ['Commands'],
      params: connectorParams,
      query: waitQuery,
      body: bodyOf(name),
      bodyOptional: true,
      response: Done,
      status: 202,
      problems: [...PROBLEMS],
      handler: ({ params: where, query, body }) =>
        operate(adapter, where.sid, where.n, name, (body as object | undefined) ?? {}, query),
    });
  });
  const actions = route({
    method: 'POST',
    path: '/everest/stations/{sid}/connectors/{n}/actions',
    summary: 'Any of the operations, by its name in `type`',
    tags: ['Commands'],
    params: connectorParams,
    query: waitQuery,
    body: Type.Object({ type: oneOf(names) }, { additionalProperties: true, title: 'EverestAction' }),
    response: Done,
    status: 202,
    problems: [...PROBLEMS],
    handler({ params: where, query, body }) {
      const { type, ...rest } = body;
      const fields = validators[type]?.errors(withDefaults(type, rest)) ?? [];
      if (fields.length > 0) throw new CompoteError('INVALID_REQUEST', { detail: type, fields });
      return operate(adapter, where.sid, where.n, type, rest, query);
    },
  });
  return [...each, actions];
}

/** The parameters as a body: what has a default may be left out. */
function bodyOf(name: OperationName): TSchema {
  const { properties } = OPERATIONS[name].params as TObject;
  return Type.Object(
    Object.fromEntries(
      Object.entries(properties).map(([key, schema]) => [key, 'default' in schema ? Type.Optional(schema) : schema]),
    ),
    { additionalProperties: false },
  );
}

/** The members that were left out, as the schema has them. */
function withDefaults(name: OperationName, given: object): object {
  const properties =
    (OPERATIONS[name].params as { properties?: Record<string, { default?: unknown }> }).properties ?? {};
  const defaults = Object.entries(properties).filter(([, schema]) => schema.default !== undefined);
  return { ...Object.fromEntries(defaults.map(([key, schema]) => [key, schema.default])), ...given };
}

/** Runs an operation and, if asked, waits for what EVerest says. */
export async function operate(
  adapter: EverestAdapter,
  sid: string | undefined,
  n: number,
  name: OperationName,
  body: object,
  { via, wait, timeoutMs = 30_000 }: Waiting,
): Promise<Answer> {
  const station = adapter.station(sid);
  const connector = station.connector(n);
  demandCommand(station);
  const run = OPERATIONS[name].run as (place: Place, params: object) => Promise<Sent>;
  station.note('adapter', name, n);
  const sent = await run({ station, connector, via }, withDefaults(name, body));
  const { model } = connector;
  if (wait === undefined) return new Answer(202, done(adapter, sent, model.state));
  if (await station.until(() => model.state === wait, timeoutMs))
    return new Answer(200, done(adapter, sent, model.state));
  throw new CompoteError('PEER_TIMEOUT', {
    detail: `${station.id} connector ${n} is ${model.state} and not ${wait} after ${timeoutMs} ms`,
    hint: 'Look at the messages after the command: a token may be missing, a list may still run.',
    extra: { state: model.state, published: sent.published },
  });
}

export function done(adapter: EverestAdapter, { published, dialect, warnings, reply }: Sent, state: string) {
  return {
    commandId: adapter.newId(),
    dialect,
    published: [...published],
    warnings: [...warnings],
    ...(reply === undefined ? {} : { reply }),
    state,
  };
}
