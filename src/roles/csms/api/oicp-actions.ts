import { exampleValue, schemaDocs } from '../../../platform/schema/example-value.ts';
import {
  isOperationName,
  type Leg,
  type OicpRole,
  OPERATION_NAMES,
  OperationBodies,
  type OperationName,
  operationRow,
} from '../../../protocols/oicp/index.ts';

/** The parties of this world that speak OICP, by their role. */
const PARTY: Readonly<Record<OicpRole, string>> = { CPO: 'csms', EMP: 'emp', HUB: 'hub' };

export interface OicpAction {
  readonly proto: 'oicp';
  readonly ver: '2.3';
  readonly action: OperationName;
  readonly from: string;
  readonly to: string;
  readonly block: string;
  readonly kinds: readonly ['request', 'response'];
  readonly changes: string;
}

/** Every operation on each leg on which it is called. */
export function oicpActions(): OicpAction[] {
  return OPERATION_NAMES.flatMap((action) => {
    const { block, legs, summary } = operationRow(action);
    return legs.map(
      ({ from, to }: Leg): OicpAction => ({
        proto: 'oicp',
        ver: '2.3',
        action,
        from: PARTY[from],
        to: PARTY[to],
        block,
        kinds: ['request', 'response'],
        changes: summary,
      }),
    );
  });
}

/**
 * The schema of one side of an operation, with the worked example; undefined when there is no such operation.
 * @param to who gets the request: a leg may need more than the schema
 */
export function oicpSchema(action: string, kind: 'request' | 'response', to: string | undefined, now: string) {
  if (!isOperationName(action)) return undefined;
  const row = operationRow(action);
  const schema = row[kind] as unknown as Record<string, unknown>;
  const leg = row.legs.find((each: Leg) => PARTY[each.to] === to);
  const needed = (kind === 'request' ? leg?.required : leg?.answerRequired) ?? [];
  const more = Object.fromEntries(needed.map((name) => [name, SAMPLES[name]]));
  const example = withMore(row.example[kind], more);
  return { schema, docs: schemaDocs(schema), example, minimal: withMore(least(schema, example, now), more) };
}

/** What the worked examples, made for the first leg, do not hold. */
const SAMPLES: Readonly<Record<string, unknown>> = { SessionID: 'b2688855-7f00-0002-6d8e-48d883f6abb6' };

function withMore(example: unknown, more: Readonly<Record<string, unknown>>): unknown {
  if (typeof example !== 'object' || example === null || Array.isArray(example)) return example;
  return { ...more, ...example };
}

const bodies = new OperationBodies();

/** How a body breaks what is asked of it on its way from one party to another. */
export function oicpRemarks(action: string, kind: 'request' | 'response', payload: unknown, to: string | undefined) {
  if (!isOperationName(action))
    return [{ rule: 'ACTION', severity: 'error' as const, pointer: '', text: `OICP 2.3 has no ${action}` }];
  const leg = operationRow(action).legs.find((each: Leg) => PARTY[kind === 'request' ? each.to : each.from] === to);
  const reading =
    kind === 'request' ? bodies.request(action, payload, 'strict', leg) : bodies.answer(action, payload, 'strict', leg);
  return reading.findings.map(({ code, severity, pointer, text }) => ({
    rule: code,
    severity: severity === 'error' ? ('error' as const) : ('warning' as const),
    pointer,
    text,
  }));
}

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly items?: Node;
}

/** The example with the required members alone; where none is required by name (one of several is), it stays whole. */
function least(schema: Node, example: unknown, now: string): unknown {
  if (Array.isArray(example)) return example.slice(0, 1).map((item) => least(schema.items ?? {}, item, now));
  const { required = [], properties } = schema;
  if (typeof example !== 'object' || example === null || properties === undefined || required.length === 0)
    return example;
  const values = example as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    required.map((name) => {
      const member = properties[name] ?? {};
      return [name, name in values ? least(member, values[name], now) : exampleValue(member, 'minimal', now)];
    }),
  );
}
