import type { FieldError } from '../../core/errors.ts';

/** What a TypeBox validator reports; `schemaPath` and `instancePath` are JSON pointers. */
export interface ValidatorError {
  readonly keyword: string;
  readonly schemaPath: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

/** One segment of a JSON pointer (RFC 6901 §3). */
export function pointerSegment(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

/**
 * Turns a validator's report into one line per wrong field: the pointer names exactly the member that is missing, unknown
 * or wrong, and of a union only the branch that was most likely meant is told.
 */
export function fieldErrors(errors: readonly ValidatorError[], prefix = ''): FieldError[] {
  const seen = new Set<string>();
  const fields: FieldError[] = [];
  for (const error of withoutOtherBranches(errors)) {
    for (const field of fieldsOf(error)) {
      const pointer = prefix + field.pointer;
      const key = `${pointer}\n${field.msg}`;
      if (seen.has(key)) continue;
      seen.add(key);
      fields.push({ pointer, msg: field.msg });
    }
  }
  return fields;
}

function fieldsOf(error: ValidatorError): FieldError[] {
  const params = error.params as Record<string, unknown>;
  const at = error.instancePath;
  switch (error.keyword) {
    case 'required':
      return names(params['requiredProperties']).map((name) => ({
        pointer: `${at}/${pointerSegment(name)}`,
        msg: 'is required',
      }));
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return names(params[error.keyword]).map((name) => ({
        pointer: `${at}/${pointerSegment(name)}`,
        msg: 'is not a known member',
      }));
    case 'oneOfConst':
      return [{ pointer: at, msg: `must be one of ${list(params['allowedValues'])}` }];
    case 'enum':
      return [{ pointer: at, msg: `must be one of ${list(params['allowedValues'])}` }];
    case 'const':
      return [{ pointer: at, msg: `must be ${JSON.stringify(params['allowedValue'])}` }];
    default:
      return [{ pointer: at, msg: error.message }];
  }
}

const names = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const list = (value: unknown): string =>
  Array.isArray(value) ? value.map((item) => JSON.stringify(item)).join(', ') : 'the allowed values';

/** Drops echoes (`schema is false` beside `additionalProperties`) and the union branches that nobody meant. */
function withoutOtherBranches(errors: readonly ValidatorError[]): ValidatorError[] {
  let rest = errors.filter((error) => error.keyword !== 'boolean');
  // Inner unions first: their parents' branches are then judged by what is left.
  const unions = rest
    .filter((error) => error.keyword === 'anyOf' || error.keyword === 'oneOf')
    .sort((a, b) => b.schemaPath.length - a.schemaPath.length);
  for (const union of unions) {
    const inside = (error: ValidatorError): boolean =>
      error.schemaPath.startsWith(`${union.schemaPath}/${union.keyword}/`) &&
      error.instancePath.startsWith(union.instancePath);
    const children = rest.filter(inside);
    if (children.length === 0) continue;
    const others = rest.filter((error) => error !== union && !inside(error));
    rest = [...others, ...likeliestBranch(union, children)];
  }
  return rest;
}

function likeliestBranch(union: ValidatorError, children: readonly ValidatorError[]): ValidatorError[] {
  const allowedValues = children.flatMap((error) => {
    if (error.instancePath !== union.instancePath) return [];
    const params = error.params as Record<string, unknown>;
    if (error.keyword === 'const') return [params['allowedValue']];
    return error.keyword === 'oneOfConst' ? (params['allowedValues'] as unknown[]) : [];
  });
  if (allowedValues.length > 0 && children.every((error) => error.instancePath === union.instancePath)) {
    return [{ ...union, keyword: 'oneOfConst', params: { allowedValues } }];
  }
  const branches = new Map<string, ValidatorError[]>();
  for (const error of children) {
    const branch = error.schemaPath.slice(union.schemaPath.length + union.keyword.length + 2).split('/')[0] ?? '';
    branches.set(branch, [...(branches.get(branch) ?? []), error]);
  }
  // A wrong type of the whole or a wrong discriminator means that another branch was meant.
  const distance = (branch: readonly ValidatorError[]): number =>
    branch.reduce((sum, error) => {
      if (error.keyword === 'type' && error.instancePath === union.instancePath) return sum + 1000;
      return sum + (error.keyword === 'const' ? 100 : 1);
    }, 0);
  return [...branches.values()].reduce((best, branch) => (distance(branch) < distance(best) ? branch : best));
}
