import type { PoolOperation } from './operation.ts';
import { POOL_OPERATIONS } from './operations.ts';

/** The operation that a request line means, with the parameters of its path decoded. */
export interface PoolMatch {
  readonly operation: PoolOperation;
  /** The template that fitted. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

export type PoolMatchResult =
  | { readonly kind: 'match'; readonly match: PoolMatch }
  /** The path is known, with other methods: answer 405 with them in `Allow`. */
  | { readonly kind: 'other-method'; readonly allowed: readonly string[] }
  | { readonly kind: 'unknown' };

interface Template {
  readonly operation: PoolOperation;
  readonly path: string;
  readonly segments: readonly string[];
}

/** A template before others when it fixes more segments: `/lookupVehicle/{pcid}` before `/{a}/{b}`. */
function fixedSegments(template: Template): number {
  return template.segments.filter((segment) => !segment.startsWith('{')).length;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function paramsOf(template: Template, segments: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, expected] of template.segments.entries()) {
    const rest = /^\{(\w+)\*\}$/.exec(expected)?.[1];
    const name = rest ?? /^\{(\w+)\}$/.exec(expected)?.[1];
    if (name === undefined) {
      // Servers in this field differ in the case of fixed parts; ours does not care.
      if (segments[index]?.toLowerCase() !== expected.toLowerCase()) return undefined;
      continue;
    }
    const raw = rest === undefined ? segments[index] : segments.slice(index).join('/');
    const value = raw === undefined || raw === '' ? undefined : decoded(raw);
    if (value === undefined) return undefined;
    const form = template.operation.paramForms?.[name];
    if (form !== undefined && !form.test(value)) return undefined;
    params[name] = value;
    if (rest !== undefined) return params;
  }
  return template.segments.length === segments.length ? params : undefined;
}

function segmentsOf(path: string): readonly string[] {
  return path.replace(/\/+$/, '').split('/').slice(1);
}

/** Finds operations by method and target (path and query). Made once; derived from the table alone. */
export class PoolRouter {
  readonly #templates: readonly Template[];

  constructor(operations: readonly PoolOperation[] = POOL_OPERATIONS) {
    this.#templates = operations
      .flatMap((operation) =>
        [...operation.paths, ...(operation.opncPaths ?? [])].map((path) => ({
          operation,
          path,
          segments: segmentsOf(path),
        })),
      )
      .sort((a, b) => fixedSegments(b) - fixedSegments(a));
  }

  match(method: string, target: string): PoolMatchResult {
    const [path = '', ...search] = target.split('?');
    const segments = segmentsOf(path);
    const fitting = this.#templates.flatMap((template) => {
      const params = paramsOf(template, segments);
      return params === undefined ? [] : [{ template, params }];
    });
    const found = fitting.find(({ template }) => template.operation.method === method.toUpperCase());
    if (found === undefined) {
      const allowed = [...new Set(fitting.map(({ template }) => template.operation.method))];
      return allowed.length === 0 ? { kind: 'unknown' } : { kind: 'other-method', allowed };
    }
    const query = Object.fromEntries(new URLSearchParams(search.join('?')));
    const { operation, path: templatePath } = found.template;
    return { kind: 'match', match: { operation, path: templatePath, params: found.params, query } };
  }
}
