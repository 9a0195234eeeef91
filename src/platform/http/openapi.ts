import type { TSchema } from 'typebox';
import { ERRORS, type ErrorCode } from '../../core/errors.ts';
import { statusesOf } from './problem.ts';
import type { ApiDocument, Route } from './route.ts';

type Json = Record<string, unknown>;

const PROBLEM_SCHEMA = {
  type: 'object',
  description: 'RFC 9457 problem document.',
  required: ['type', 'title', 'status', 'code', 'hint'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string', description: 'What happened.' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What exactly happened, with the values in it.' },
    code: { type: 'string', description: 'Stable name of the problem.', enum: Object.keys(ERRORS) },
    hint: { type: 'string', description: 'What to do.' },
    fields: {
      type: 'array',
      description: 'The wrong fields: `/a/0/b` in the body, `/query/x`, `/path/x`.',
      items: {
        type: 'object',
        required: ['pointer', 'msg'],
        properties: { pointer: { type: 'string' }, msg: { type: 'string' } },
      },
    },
  },
};

/** The OpenAPI 3.1 description of a document's routes. Derived from the declarations; nothing is written twice. */
export function openapiOf(document: ApiDocument, version: string, serverUrl?: string): Json {
  const components = new Components();
  const paths: Record<string, Json> = {};
  for (const route of document.routes) {
    if (route.hidden === true) continue;
    const path = `${document.prefix}${route.path}`.replace(/\{(\w+)\*\}/g, '{$1}');
    const operations = paths[path] ?? {};
    operations[route.method.toLowerCase()] = operation(route, components);
    paths[path] = operations;
  }
  return {
    openapi: '3.1.0',
    info: { title: document.title, description: document.description, version },
    ...(serverUrl === undefined ? {} : { servers: [{ url: serverUrl }] }),
    ...(document.tags === undefined ? {} : { tags: document.tags }),
    paths,
    components: {
      schemas: { Problem: PROBLEM_SCHEMA, ...components.schemas },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'Only where the service has access tokens.' },
      },
    },
    security: [{ token: [] }, {}],
  };
}

/** A name for an operation that a client generator can use: `getStationsById`. */
export function operationId(route: Pick<Route, 'id' | 'method' | 'path'>): string {
  if (route.id !== undefined) return route.id;
  const words = route.path
    .split(/[^A-Za-z0-9{}*]+/)
    .filter((word) => word !== '')
    .map((word) => (word.startsWith('{') ? `By${capital(word.replace(/[{}*]/g, ''))}` : capital(word)));
  return `${route.method.toLowerCase()}${words.join('')}`;
}

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

function operation(route: Route, components: Components): Json {
  const id = operationId(route);
  const codes: ErrorCode[] = [...(route.problems ?? [])];
  const takesInput = route.params !== undefined || route.query !== undefined || route.body !== undefined;
  if (takesInput) codes.push('INVALID_REQUEST');
  if (route.access !== 'public') codes.push('UNAUTHORIZED', 'FORBIDDEN');
  return {
    operationId: id,
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    ...(route.tags === undefined ? {} : { tags: route.tags }),
    ...(route.access === 'public' ? { security: [] } : {}),
    parameters: parameters(route, components, id),
    ...requestBody(route, components, id),
    responses: { ...success(route, components, id), ...problems(codes) },
  };
}

function parameters(route: Route, components: Components, id: string): Json[] {
  const described = (schema: TSchema | undefined): [Record<string, Json>, readonly string[]] => {
    const object = (schema ?? {}) as { properties?: Record<string, Json>; required?: readonly string[] };
    return [object.properties ?? {}, object.required ?? []];
  };
  const [paramProperties] = described(route.params);
  const [queryProperties, queryRequired] = described(route.query);
  const inPath = [...route.path.matchAll(/\{(\w+)\*?\}/g)].map((match) => match[1] ?? '');
  const one = (name: string, where: 'path' | 'query', required: boolean, schema: Json): Json => ({
    name,
    in: where,
    required,
    ...(typeof schema['description'] === 'string' ? { description: schema['description'] } : {}),
    schema: components.own(schema, id),
    ...(schema['type'] === 'array' ? { style: 'form', explode: false } : {}),
  });
  return [
    ...inPath.map((name) => one(name, 'path', true, paramProperties[name] ?? { type: 'string' })),
    ...Object.entries(queryProperties).map(([name, schema]) =>
      one(name, 'query', queryRequired.includes(name), schema),
    ),
    ...(picksFields(route)
      ? [
          one('fields', 'query', false, {
            type: 'string',
            description: 'Keeps only these members, for example `id,evses.status`.',
          }),
        ]
      : []),
  ];
}

/** Every GET that answers JSON lets its readers pick fields, unless it has a `fields` of its own. */
export function picksFields(route: Route): boolean {
  const own = (route.query as { properties?: object } | undefined)?.properties ?? {};
  return (
    route.method === 'GET' && route.checked !== false && route.produces === undefined && !Object.hasOwn(own, 'fields')
  );
}

function requestBody(route: Route, components: Components, id: string): Json {
  // A protocol's route reads what comes, but its operation has no body unless it says which.
  if (route.checked === false && route.consumes === undefined) return {};
  if (route.reads === 'bytes' || route.reads === 'stream') {
    const schema =
      route.bodySchema === undefined
        ? { type: 'string', format: 'binary' }
        : components.own(route.bodySchema as Json, id);
    if (route.example !== undefined) {
      const content = { [route.consumes ?? 'application/json']: { schema, example: route.example } };
      return { requestBody: { required: true, content } };
    }
    return { requestBody: { content: { [route.consumes ?? 'application/octet-stream']: { schema } } } };
  }
  if (route.body === undefined) return {};
  const schema = components.own(route.body as Json, id);
  return { requestBody: { required: route.bodyOptional !== true, content: { 'application/json': { schema } } } };
}

function success(route: Route, components: Components, id: string): Json {
  if (route.response === undefined && route.produces === undefined) {
    const status = route.status ?? 204;
    return { [status]: { description: status === 204 ? 'Done.' : 'Success.' } };
  }
  const schema = route.response === undefined ? { type: 'string' } : components.own(route.response as Json, id);
  const content = { [route.produces ?? 'application/json']: { schema } };
  const description = (route.response as Json | undefined)?.['description'] ?? 'Success.';
  return {
    [route.status ?? 200]: { description, content },
    ...(route.creates === true ? { 201: { description: 'Made: there was none before.', content } } : {}),
  };
}

function problems(codes: readonly ErrorCode[]): Json {
  const responses: Json = {};
  for (const [status, sameStatus] of statusesOf([...new Set(codes)])) {
    responses[status] = {
      description: sameStatus.map((code) => `\`${code}\`: ${ERRORS[code].title}.`).join('\n'),
      content: { 'application/problem+json': { schema: { $ref: `#/components/schemas/Problem` } } },
    };
  }
  return responses;
}

/**
 * Local definitions of a schema (`#/definitions/X` of the OCPP schemas, `#/$defs/X`) move to the document's components:
 * references in OpenAPI start at the document, not at the schema.
 */
class Components {
  readonly schemas: Record<string, unknown> = {};
  readonly #texts = new Map<string, string>();

  own(schema: Json, operation: string): Json {
    const local = { ...asJson(schema['definitions']), ...asJson(schema['$defs']) };
    const renamed = new Map<string, string>();
    for (const [name, definition] of Object.entries(local)) {
      const text = JSON.stringify(definition);
      const known = this.#texts.get(name);
      const free = known === undefined || known === text ? name : `${operation}.${name}`;
      this.#texts.set(free, text);
      renamed.set(name, free);
    }
    for (const [name, definition] of Object.entries(local)) {
      this.schemas[renamed.get(name) ?? name] = rewritten(definition, renamed);
    }
    return asJson(rewritten(schema, renamed));
  }
}

function asJson(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

const NOT_FOR_OPENAPI: ReadonlySet<string> = new Set(['definitions', '$defs', '$id', '$schema']);

function rewritten(node: unknown, renamed: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(node)) return node.map((item) => rewritten(item, renamed));
  if (typeof node !== 'object' || node === null) return node;
  const copy: Json = {};
  for (const [key, value] of Object.entries(node)) {
    // A property may well be called `definitions`: only strings and definition tables of a schema itself are left out.
    if (NOT_FOR_OPENAPI.has(key) && !('type' in asJson(value))) continue;
    const reference =
      key === '$ref' && typeof value === 'string' ? /^#\/(?:definitions|\$defs)\/(.+)$/.exec(value)?.[1] : undefined;
    copy[key] =
      reference === undefined
        ? rewritten(value, renamed)
        : `#/components/schemas/${renamed.get(reference) ?? reference}`;
  }
  return copy;
}
