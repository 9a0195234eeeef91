import type { TSchema } from 'typebox';
import { Compile } from 'typebox/schema';
import { child, type FindingCode } from './findings.ts';
import type { Strength } from './severity.ts';

/** One way in which a value breaks its schema. */
export interface Violation {
  readonly pointer: string;
  readonly code: FindingCode;
  readonly text: string;
}

export interface CompiledSchema {
  check(value: unknown): boolean;
  violations(value: unknown): Violation[];
}

export function compileSchema(schema: TSchema, strength: Strength): CompiledSchema {
  const validator = Compile(strength === 'strict' ? schema : lenientOf(schema));
  return {
    check: (value) => validator.Check(value),
    violations(value) {
      const [, errors] = validator.Errors(value);
      return errors.flatMap(violationsOf);
    },
  };
}

/** The schema with every `x-lenient` member put in place of its strict keyword. */
function lenientOf(schema: unknown): Record<string, unknown> {
  return replace(schema) as Record<string, unknown>;
}

function replace(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(replace);
  if (typeof node !== 'object' || node === null) return node;
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) result[key] = replace(value);
  const lenient = result['x-lenient'];
  return typeof lenient === 'object' ? { ...result, ...lenient } : result;
}

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: object;
}

const CODES: Readonly<Record<string, FindingCode>> = {
  required: 'oicp.body.required',
  type: 'oicp.body.type',
  pattern: 'oicp.body.pattern',
  enum: 'oicp.body.enum',
  minLength: 'oicp.body.length',
  maxLength: 'oicp.body.length',
  minimum: 'oicp.body.range',
  maximum: 'oicp.body.range',
  multipleOf: 'oicp.body.range',
  minItems: 'oicp.body.items',
  maxItems: 'oicp.body.items',
};

/** Points at the member itself: a missing one is named, not the object around it. */
function violationsOf({ keyword, instancePath, message, params }: SchemaError): Violation[] {
  const code = CODES[keyword] ?? 'oicp.body.schema';
  if (keyword === 'required' && 'requiredProperties' in params && Array.isArray(params.requiredProperties)) {
    return params.requiredProperties.map((name) => ({
      pointer: child(instancePath, String(name)),
      code,
      text: `${name} is missing`,
    }));
  }
  if (keyword === 'enum' && 'allowedValues' in params && Array.isArray(params.allowedValues)) {
    return [{ pointer: instancePath, code, text: `must be one of ${params.allowedValues.join(', ')}` }];
  }
  return [{ pointer: instancePath, code, text: message }];
}
