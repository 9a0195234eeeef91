import type { Static, TSchema } from 'typebox';
import { nodeOf, type SchemaNode } from '../schema/annotations.ts';
import { type CompiledSchema, compileSchema } from './compiled-schema.ts';
import { child, type Finding, isRefused } from './findings.ts';
import { BodyReader, isObject } from './reading.ts';
import { applyRule } from './rules.ts';
import type { Strength } from './severity.ts';

/**
 * What a body says. With `ok` the value has the schema's type, in the right spellings and without nulls; the findings
 * then are warnings. Without, at least one finding is an error, and the value is what could be read.
 */
export type Reading<T> =
  | { readonly ok: true; readonly value: T; readonly findings: readonly Finding[] }
  | { readonly ok: false; readonly value: unknown; readonly findings: readonly Finding[] };

/** Reads bodies of one message. Schemas are compiled when they are first needed. */
export class BodyValidator<S extends TSchema> {
  readonly #schema: S;
  readonly #branches: ReadonlyMap<string, Branch> | undefined;
  readonly #whole: Branch;

  constructor(schema: S) {
    this.#schema = schema;
    const node = nodeOf(schema);
    this.#whole = new Branch(schema);
    const discriminator = node['x-discriminator'];
    if (discriminator !== undefined) this.#branches = branchesOf(node, discriminator);
  }

  /** Compiles now, so that the first body does not wait. */
  compile(strength: Strength): void {
    for (const branch of this.#branches?.values() ?? [this.#whole]) {
      branch.of('strict');
      branch.of(strength);
    }
  }

  read(body: unknown, strength: Strength): Reading<Static<S>> {
    if (!isObject(body)) return refused(body, 'oicp.body.not-json', '', 'the body must be a JSON object');
    const branch = this.#branchFor(body);
    if (branch === undefined) {
      const discriminator = nodeOf(this.#schema)['x-discriminator'] ?? '';
      const pointer = child('', discriminator);
      const present = Object.hasOwn(body, discriminator) && body[discriminator] !== null;
      const allowed = [...(this.#branches?.keys() ?? [])].join(', ');
      return present
        ? refused(body, 'oicp.body.enum', pointer, `must be one of ${allowed}`)
        : refused(body, 'oicp.body.required', pointer, `${discriminator} is missing`);
    }
    const reader = new BodyReader(strength);
    const value = reader.read(body, branch.node);
    const findings = reader.findings;
    for (const violation of branch.violations(value, strength)) {
      findings.push({ ...violation, pointer: reader.receivedPointer(violation.pointer) });
    }
    if (!isRefused(findings)) {
      applyRules(value, branch.node, '', strength, (finding) =>
        findings.push({ ...finding, pointer: reader.receivedPointer(finding.pointer) }),
      );
    }
    // The schema has just held the type.
    return isRefused(findings) ? { ok: false, value, findings } : { ok: true, value: value as Static<S>, findings };
  }

  #branchFor(body: Record<string, unknown>): Branch | undefined {
    if (this.#branches === undefined) return this.#whole;
    const name = body[nodeOf(this.#schema)['x-discriminator'] ?? ''];
    return typeof name === 'string' ? this.#branches.get(name) : undefined;
  }
}

/** One schema in its two strengths. */
class Branch {
  readonly node: SchemaNode;
  readonly #schema: TSchema;
  readonly #compiled = new Map<Strength, CompiledSchema>();

  constructor(schema: TSchema) {
    this.#schema = schema;
    this.node = nodeOf(schema);
  }

  of(strength: Strength): CompiledSchema {
    let compiled = this.#compiled.get(strength);
    if (compiled === undefined) {
      compiled = compileSchema(this.#schema, strength);
      this.#compiled.set(strength, compiled);
    }
    return compiled;
  }

  /** What breaks the strict schema. It is an error unless the lenient one takes it and the reader is lenient. */
  violations(value: unknown, strength: Strength): Finding[] {
    const strict = this.of('strict');
    if (strict.check(value)) return [];
    const all = strict.violations(value);
    const errors = strength === 'strict' ? all : this.of('lenient').violations(value);
    const fatal = new Set(errors.map(({ pointer, code }) => `${code} ${pointer}`));
    return all.map((violation) => ({
      ...violation,
      severity: fatal.has(`${violation.code} ${violation.pointer}`) ? 'error' : 'warning',
    }));
  }
}

function branchesOf(node: SchemaNode, discriminator: string): Map<string, Branch> {
  const branches = new Map<string, Branch>();
  for (const branch of node.anyOf ?? []) {
    const names = (branch.properties?.[discriminator] as { enum?: readonly string[] } | undefined)?.enum ?? [];
    for (const name of names) branches.set(name, new Branch(branch as TSchema));
  }
  return branches;
}

function refused(value: unknown, code: Finding['code'], pointer: string, text: string): Reading<never> {
  return { ok: false, value, findings: [{ pointer, code, text, severity: 'error' }] };
}

/** Runs every rule that the schema names, from the outside inwards. The value fits the schema. */
function applyRules(
  value: unknown,
  node: SchemaNode,
  pointer: string,
  strength: Strength,
  report: (finding: Finding) => void,
): void {
  const rule = node['x-rule'];
  if (rule !== undefined) applyRule(rule, value, pointer, strength, report);
  if (node.items !== undefined && Array.isArray(value)) {
    const { items } = node;
    value.forEach((item, index) => {
      applyRules(item, items, child(pointer, index), strength, report);
    });
  } else if (node.properties !== undefined && isObject(value)) {
    for (const [key, schema] of Object.entries(node.properties)) {
      if (value[key] !== undefined) applyRules(value[key], schema, child(pointer, key), strength, report);
    }
  }
}
