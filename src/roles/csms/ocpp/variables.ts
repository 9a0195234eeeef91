import { isSecretSetting } from '../../../core/secrets.ts';
import type { InboundContext, OutboundContext } from './handler.ts';

/** A configuration key (1.6, component empty) or a device-model variable attribute (2.x), as last reported or accepted. */
export interface VariableFacts {
  readonly component: string;
  readonly componentInstance?: string | undefined;
  readonly evse?: number | undefined;
  readonly connector?: number | undefined;
  readonly variable: string;
  readonly variableInstance?: string | undefined;
  readonly attribute: 'Actual' | 'Target' | 'MinSet' | 'MaxSet';
  readonly value?: string | undefined;
  readonly mutability?: string | undefined;
  readonly source: 'reported' | 'read' | 'set';
  /** Set, but in force only after a reboot. */
  readonly afterReboot?: boolean | undefined;
  readonly characteristics?: object | undefined;
}

/** Names are case-insensitive (1.6 CiString; 2.x: G in the field). */
export function variableId(
  facts: Pick<
    VariableFacts,
    'component' | 'componentInstance' | 'evse' | 'connector' | 'variable' | 'variableInstance' | 'attribute'
  >,
): string {
  const { component, componentInstance, evse, connector, variable, variableInstance, attribute } = facts;
  const place = evse === undefined ? '' : `@${evse}${connector === undefined ? '' : `.${connector}`}`;
  const instance = (name: string | undefined): string => (name === undefined ? '' : `[${name}]`);
  const kind = attribute === 'Actual' ? '' : `#${attribute}`;
  const head = component === '' ? '' : `${component}${instance(componentInstance)}${place}.`;
  return `${head}${variable}${instance(variableInstance)}${kind}`.toLowerCase();
}

/** Keeps a variable. What was known and is not said this time (characteristics, mutability) stays; secrets are masked. */
export function variableKnown(context: InboundContext | OutboundContext, facts: VariableFacts): void {
  const { state, station, now } = context;
  const id = variableId(facts);
  const said = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  if (said['value'] !== undefined && isSecretSetting(facts.variable)) said['value'] = '***';
  const before = state.items.get(station, 'variables', id);
  state.items.put({
    station,
    kind: 'variables',
    id,
    at: now,
    value: { ...before?.value, ...said },
    ...(facts.evse === undefined ? {} : { evse: facts.evse }),
  });
}
