import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Compile } from 'typebox/schema';
import { ACTIONS } from './actions.ts';
import { quickCheck } from './quick-check.ts';
import type { OcppVersion } from './versions.ts';

/** One way in which a payload breaks its schema. */
export interface Violation {
  /** JSON pointer into the payload: the member that is wrong, missing or too much. */
  readonly pointer: string;
  /** The JSON schema keyword that it breaks. */
  readonly keyword: string;
  /** A sentence for a person. */
  readonly text: string;
}

export interface PayloadSchema {
  /** True when the payload fits. */
  check(payload: unknown): boolean;
  /** All violations; empty when it fits. Slower than `check`. */
  violations(payload: unknown): Violation[];
  /** The JSON schema itself, for forms and documentation. */
  readonly schema: Readonly<Record<string, unknown>>;
}

export interface ActionSchemas {
  readonly action: string;
  readonly request: PayloadSchema;
  /** Undefined for a SEND. */
  readonly response: PayloadSchema | undefined;
}

const FILES = {
  '1.6': { file: 'ocpp1_6.json', request: '.req', response: '.conf' },
  '2.0.1': { file: 'ocpp2_0_1.json', request: '.req', response: '.conf' },
  '2.1': { file: 'ocpp2_1.json', request: 'Request', response: 'Response' },
} as const satisfies Record<OcppVersion, { file: string; request: string; response: string }>;

/** `$id` and `$schema` are not URLs that a validator could use, and are left out. */
type SchemaFile = readonly ({ $id: string; $schema?: string } & Record<string, unknown>)[];

/**
 * The JSON schemas of one OCPP version, read from the `ocpp-rpc` package (they belong to the OCA: see NOTICE), each
 * compiled when its action is first used. `compileAll` does it before a server opens, so that no live frame waits.
 */
export class OcppSchemas {
  readonly version: OcppVersion;
  readonly #raw = new Map<string, Record<string, unknown>>();
  readonly #actions = new Map<string, ActionSchemas>();

  constructor(version: OcppVersion) {
    this.version = version;
    const path = createRequire(import.meta.url).resolve(`ocpp-rpc/lib/schemas/${FILES[version].file}`);
    const schemas: SchemaFile = JSON.parse(readFileSync(path, 'utf8'));
    for (const { $id, $schema: _, ...schema } of schemas) this.#raw.set($id.slice('urn:'.length), schema);
  }

  /** The schemas of an action, or `undefined` when this version has no such action. */
  of(action: string): ActionSchemas | undefined {
    return this.#actions.get(action) ?? this.#compile(action);
  }

  compileAll(): void {
    for (const action of Object.keys(ACTIONS[this.version])) this.of(action);
  }

  #compile(action: string): ActionSchemas | undefined {
    if (!Object.hasOwn(ACTIONS[this.version], action)) return undefined;
    const names = FILES[this.version];
    const request = this.#raw.get(action + names.request) ?? this.#raw.get(action);
    const response = this.#raw.get(action + names.response);
    if (request === undefined) throw new Error(`ocpp-rpc has no schema for ${action} of OCPP ${this.version}`);
    const schemas: ActionSchemas = {
      action,
      request: payloadSchema(request),
      response: response === undefined ? undefined : payloadSchema(response),
    };
    this.#actions.set(action, schemas);
    return schemas;
  }
}

function payloadSchema(schema: Record<string, unknown>): PayloadSchema {
  const validator = Compile(schema);
  let surelyFits: ((payload: unknown) => boolean) | undefined;
  return {
    schema,
    check(payload) {
      surelyFits ??= quickCheck(schema);
      return surelyFits(payload) || validator.Check(payload);
    },
    violations(payload) {
      const [, errors] = validator.Errors(payload);
      return errors.flatMap(violationsOf);
    },
  };
}

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: object;
}

/** Points at the member itself: a missing or surplus property is named, not the object around it. */
function violationsOf(error: SchemaError): Violation[] {
  const { keyword, instancePath, message, params } = error;
  if (keyword === 'required' && 'requiredProperties' in params && Array.isArray(params.requiredProperties)) {
    return params.requiredProperties.map((name) => ({
      pointer: child(instancePath, name),
      keyword,
      text: `${name} is missing`,
    }));
  }
  if (
    keyword === 'additionalProperties' &&
    'additionalProperties' in params &&
    Array.isArray(params.additionalProperties)
  ) {
    return params.additionalProperties.map((name) => ({
      pointer: child(instancePath, name),
      keyword,
      text: `${name} is not a member of this object`,
    }));
  }
  if (keyword === 'enum' && 'allowedValues' in params && Array.isArray(params.allowedValues)) {
    return [{ pointer: instancePath, keyword, text: `must be one of ${params.allowedValues.join(', ')}` }];
  }
  // The `false` schema stands below additionalProperties and says the same again.
  if (keyword === 'boolean') return [];
  return [{ pointer: instancePath, keyword, text: message }];
}

function child(pointer: string, name: unknown): string {
  return `${pointer}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The schemas of all versions, loaded when first asked for. One set serves a whole process. */
export class OcppSchemaSet {
  readonly #versions = new Map<OcppVersion, OcppSchemas>();

  of(version: OcppVersion): OcppSchemas {
    let schemas = this.#versions.get(version);
    if (schemas === undefined) {
      schemas = new OcppSchemas(version);
      this.#versions.set(version, schemas);
    }
    return schemas;
  }
}
