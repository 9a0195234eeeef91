import type { OicpRole } from '../operation-row.ts';
import {
  legOf,
  OPERATION_NAMES,
  OPERATIONS,
  type OperationName,
  type RequestOf,
  type ResponseOf,
} from '../operations.ts';
import { child, type Finding, isRefused } from './findings.ts';
import { isObject } from './reading.ts';
import type { Strength } from './severity.ts';
import { BodyValidator, type Reading } from './validator.ts';

/** Between whom a message goes. Without it only what holds on every leg is checked. */
export interface LegEnds {
  readonly from: OicpRole;
  readonly to: OicpRole;
}

/**
 * Reads the bodies of all operations. One serves a whole process; each schema is compiled when it is first needed, or by
 * `compileAll` before a server opens.
 */
export class OperationBodies {
  readonly #requests = new Map<OperationName, BodyValidator<(typeof OPERATIONS)[OperationName]['request']>>();
  readonly #answers = new Map<OperationName, BodyValidator<(typeof OPERATIONS)[OperationName]['response']>>();

  /** Reads a request that was parsed from JSON. `ends` is the leg: the caller and who serves it. */
  request<Name extends OperationName>(
    name: Name,
    body: unknown,
    strength: Strength,
    ends?: LegEnds,
  ): Reading<RequestOf<Name>> {
    // The map holds the row's own schema under its name.
    const reading = this.#requestValidator(name).read(body, strength) as Reading<RequestOf<Name>>;
    const leg = ends === undefined ? undefined : legOf(name, ends.from, ends.to);
    if (leg === undefined || !isObject(body)) return reading;
    const findings = [
      ...requireMembers(body, leg.required ?? []),
      ...(leg.absent ?? [])
        .filter((member) => !lacks(body, member))
        .map((member) => legFinding('oicp.leg.absent', member, `${member} is filled in by the hub`, 'warning')),
    ];
    return withFindings(reading, findings);
  }

  /** Reads an answer. `ends` is the leg of the request: the caller and who answers. */
  answer<Name extends OperationName>(
    name: Name,
    body: unknown,
    strength: Strength,
    ends?: LegEnds,
  ): Reading<ResponseOf<Name>> {
    const reading = this.#answerValidator(name).read(body, strength) as Reading<ResponseOf<Name>>;
    const leg = ends === undefined ? undefined : legOf(name, ends.from, ends.to);
    if (leg === undefined || !isObject(body)) return reading;
    return withFindings(reading, requireMembers(body, leg.answerRequired ?? []));
  }

  compileAll(strength: Strength): void {
    for (const name of OPERATION_NAMES) {
      this.#requestValidator(name).compile(strength);
      this.#answerValidator(name).compile(strength);
    }
  }

  #requestValidator(name: OperationName): BodyValidator<(typeof OPERATIONS)[OperationName]['request']> {
    return getOrMake(this.#requests, name, () => new BodyValidator(OPERATIONS[name].request));
  }

  #answerValidator(name: OperationName): BodyValidator<(typeof OPERATIONS)[OperationName]['response']> {
    return getOrMake(this.#answers, name, () => new BodyValidator(OPERATIONS[name].response));
  }
}

function getOrMake<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

function lacks(body: Record<string, unknown>, member: string): boolean {
  return (body[member] ?? null) === null;
}

function requireMembers(body: Record<string, unknown>, members: readonly string[]): Finding[] {
  return members
    .filter((member) => lacks(body, member))
    .map((member) => legFinding('oicp.leg.required', member, `${member} is needed in this direction`, 'error'));
}

function legFinding(
  code: 'oicp.leg.required' | 'oicp.leg.absent',
  member: string,
  text: string,
  severity: Finding['severity'],
): Finding {
  return { pointer: child('', member), code, text, severity };
}

function withFindings<T>(reading: Reading<T>, more: readonly Finding[]): Reading<T> {
  if (more.length === 0) return reading;
  const findings = [...reading.findings, ...more];
  return reading.ok && !isRefused(more) ? { ...reading, findings } : { ok: false, value: reading.value, findings };
}
