import { CompoteError, type FieldError } from '../../core/errors.ts';
import { objectFromTexts } from '../schema/from-text.ts';
import { lazyValidator, type Validator } from '../schema/validator.ts';
import { picksFields } from './openapi.ts';
import { type Route, restName } from './route.ts';

type Texts = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Reads and checks the declared parts of a request of one route. Everything wrong is told at once. */
export class RequestReader {
  readonly #route: Route;
  readonly #rest: string | undefined;
  readonly #picksFields: boolean;
  readonly #params: Validator | undefined;
  readonly #query: Validator | undefined;
  readonly #body: Validator | undefined;

  constructor(route: Route) {
    this.#route = route;
    this.#rest = restName(route.path);
    this.#picksFields = picksFields(route);
    this.#params = route.params && lazyValidator(route.params);
    this.#query = route.query && lazyValidator(route.query);
    this.#body = route.body && lazyValidator(route.body);
  }

  /** @throws INVALID_REQUEST with a pointer for every wrong field */
  read(
    rawParams: Texts,
    rawQuery: Texts,
    body: unknown,
  ): { params: unknown; query: unknown; fields: string | undefined } {
    if (this.#route.checked === false) return { params: rawParams, query: rawQuery, fields: undefined };
    const wrong: FieldError[] = [];
    const texts = this.#rest === undefined ? rawParams : { ...rawParams, [this.#rest]: rawParams['*'], '*': undefined };
    const params = this.#route.params === undefined ? texts : objectFromTexts(this.#route.params, texts);
    if (this.#params !== undefined) wrong.push(...this.#params.errors(params, '/path'));

    const { fields, ...others } = rawQuery;
    const queryTexts = this.#picksFields ? others : rawQuery;
    const query = this.#readQuery(queryTexts, wrong);

    if (this.#body !== undefined && !(body === undefined && this.#route.bodyOptional === true)) {
      if (body === undefined) wrong.push({ pointer: '', msg: 'a JSON body is required' });
      else wrong.push(...this.#body.errors(body));
    }
    if (wrong.length > 0) throw new CompoteError('INVALID_REQUEST', { detail: sentence(wrong), fields: wrong });
    return {
      params,
      query,
      fields: this.#picksFields ? [fields].flat().filter(Boolean).join(',') || undefined : undefined,
    };
  }

  #readQuery(texts: Texts, wrong: FieldError[]): unknown {
    const schema = this.#route.query;
    const shape = (schema ?? {}) as {
      properties?: Record<string, { default?: unknown }>;
      additionalProperties?: unknown;
    };
    const declared = shape.properties ?? {};
    for (const name of Object.keys(texts)) {
      // Only a schema that says so takes any parameter: pages of the web app and forwarded requests.
      if (Object.hasOwn(declared, name) || shape.additionalProperties === true) continue;
      const known = [...Object.keys(declared), ...(this.#picksFields ? ['fields'] : [])];
      const there = known.length === 0 ? 'this address takes none' : `there are ${known.join(', ')}`;
      wrong.push({ pointer: `/query/${name}`, msg: `is not a known parameter; ${there}` });
    }
    if (schema === undefined) return {};
    const query = objectFromTexts(schema, texts);
    for (const [name, property] of Object.entries(declared)) {
      if (property.default !== undefined && query[name] === undefined) query[name] = property.default;
    }
    const unknown = new Set(wrong.map((field) => field.pointer));
    wrong.push(...(this.#query?.errors(query, '/query') ?? []).filter((field) => !unknown.has(field.pointer)));
    return query;
  }
}

function sentence(wrong: readonly FieldError[]): string {
  const [first] = wrong;
  if (first === undefined) return '';
  const more = wrong.length > 1 ? `, and ${wrong.length - 1} more` : '';
  return `${first.pointer === '' ? 'the body' : first.pointer} ${first.msg}${more}`;
}
