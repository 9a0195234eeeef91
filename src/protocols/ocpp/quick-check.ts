import { isPlainTime } from '../../core/time.ts';

/**
 * A JSON schema as one JavaScript function that says yes to nearly all payloads that fit, at a fifth of the price of the
 * validator, and never to one that does not. Where it says no, the validator decides, and says what is wrong.
 *
 * It knows the keywords that the schemas of OCPP use; what it does not know, it says no to.
 */
export function quickCheck(schema: Schema): (payload: unknown) => boolean {
  try {
    const code = new QuickCode(definitionsOf(schema));
    const root = code.functionOf(schema);
    const lines = [...code.functions.values(), `return ${root};`];
    const make = new Function('isTime', 'isObject', 'sets', lines.join('\n')) as MakeCheck;
    return make(isPlainTime, isObject, code.sets);
  } catch {
    // Where code may not be made at run time the validator does it all.
    return () => false;
  }
}

type Schema = Readonly<Record<string, unknown>>;
type MakeCheck = (
  isTime: (text: string) => boolean,
  isObject: (value: unknown) => boolean,
  sets: readonly ReadonlySet<unknown>[],
) => (payload: unknown) => boolean;

/** Keywords that say nothing about what fits, and `additionalItems`, which says nothing beside a schema for all items. */
const SILENT = new Set(['$id', '$schema', 'comment', 'description', 'default', 'definitions', 'javaType', 'title']);
/** More allowed values than this are looked up in a set. */
const FEW_VALUES = 4;
const NO = 'false';

class QuickCode {
  /** The functions of objects, by the schema that they check. */
  readonly functions = new Map<Schema, string>();
  readonly sets: ReadonlySet<unknown>[] = [];
  readonly #definitions: Readonly<Record<string, unknown>>;
  readonly #names = new Map<Schema, string>();

  constructor(definitions: Readonly<Record<string, unknown>>) {
    this.#definitions = definitions;
  }

  /** The name of the function that checks an object or anything else against this schema. */
  functionOf(schema: Schema): string {
    const known = this.#names.get(schema);
    if (known !== undefined) return known;
    const name = `check${this.#names.size}`;
    this.#names.set(schema, name);
    const body =
      schema['type'] === 'object' ? this.#objectBody(schema) : `return ${this.#expression(schema, 'value')};`;
    this.functions.set(schema, `function ${name}(value) { ${body} }`);
    return name;
  }

  #objectBody(schema: Schema): string {
    const { properties = {}, required = [], additionalProperties, type: _, ...more } = schema;
    const known = isObject(properties) && Array.isArray(required) && !hasOther(more);
    if (!known || !(additionalProperties === false || additionalProperties === undefined)) return `return ${NO};`;
    const names: readonly unknown[] = required;
    const cases = Object.entries(properties).map(([name, member]) => {
      const fits = this.#expression(member, 'member');
      const count = names.includes(name) ? ' found++;' : '';
      return `case ${JSON.stringify(name)}: if (!(${fits})) return false;${count} break;`;
    });
    const other = additionalProperties === false ? 'default: return false;' : '';
    return `if (!isObject(value)) return false; let found = 0;
      for (const name in value) { const member = value[name]; switch (name) { ${cases.join('\n')} ${other} } }
      return found === ${names.length};`;
  }

  /** An expression that is true when the variable fits. */
  #expression(schema: unknown, variable: string): string {
    if (!isObject(schema)) return NO;
    const { $ref, type, ...more } = schema;
    if (typeof $ref === 'string') return this.#reference($ref, variable);
    if (type === 'object') return `${this.functionOf(schema)}(${variable})`;
    if (type === 'string') return this.#text(more, variable);
    if (type === 'boolean') return hasOther(more) ? NO : `typeof ${variable} === 'boolean'`;
    if (type === 'integer' || type === 'number') return numeric(type, more, variable);
    if (type === 'array') return this.#list(more, variable);
    return NO;
  }

  #reference(reference: string, variable: string): string {
    const target = this.#definitions[reference.replace('#/definitions/', '')];
    return isObject(target) ? this.#expression(target, variable) : NO;
  }

  /** `additionalProperties` stands beside texts in 2.1: it is about objects. */
  #text({ maxLength, format, enum: values, additionalProperties: _, ...more }: Schema, variable: string): string {
    if (hasOther(more)) return NO;
    const parts = [`typeof ${variable} === 'string'`];
    // JSON Schema counts characters, of which there are at most as many as there are UTF-16 units.
    if (typeof maxLength === 'number') parts.push(`${variable}.length <= ${maxLength}`);
    else if (maxLength !== undefined) return NO;
    if (format === 'date-time') parts.push(`isTime(${variable})`);
    else if (format !== undefined) return NO;
    if (Array.isArray(values)) parts.push(this.#oneOf(values, variable));
    else if (values !== undefined) return NO;
    return parts.join(' && ');
  }

  #oneOf(values: readonly unknown[], variable: string): string {
    if (values.length > FEW_VALUES) return `sets[${this.sets.push(new Set(values)) - 1}].has(${variable})`;
    return `(${values.map((each) => `${variable} === ${JSON.stringify(each)}`).join(' || ')})`;
  }

  #list({ items, minItems = 0, maxItems, additionalItems: _, ...more }: Schema, variable: string): string {
    if (hasOther(more) || !isObject(items) || typeof minItems !== 'number') return NO;
    const most = typeof maxItems === 'number' ? ` && ${variable}.length <= ${maxItems}` : '';
    if (maxItems !== undefined && most === '') return NO;
    const each = `${variable}.every((item) => ${this.#expression(items, 'item')})`;
    return `Array.isArray(${variable}) && ${variable}.length >= ${minItems}${most} && ${each}`;
  }
}

function numeric(type: 'integer' | 'number', { minimum, maximum, ...more }: Schema, variable: string): string {
  if (hasOther(more)) return NO;
  const parts = [type === 'integer' ? `Number.isInteger(${variable})` : `Number.isFinite(${variable})`];
  if (typeof minimum === 'number') parts.push(`${variable} >= ${minimum}`);
  else if (minimum !== undefined) return NO;
  if (typeof maximum === 'number') parts.push(`${variable} <= ${maximum}`);
  else if (maximum !== undefined) return NO;
  return parts.join(' && ');
}

function hasOther(keywords: Schema): boolean {
  return Object.keys(keywords).some((keyword) => !SILENT.has(keyword));
}

function definitionsOf(schema: Schema): Readonly<Record<string, unknown>> {
  return isObject(schema['definitions']) ? schema['definitions'] : {};
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
