import Type, { type Static } from 'typebox';
import { oneOf } from '../../../platform/schema/words.ts';
import { isV2 } from '../../../protocols/ocpp/versions.ts';
import { call, command, defined, evse2x, type TranslatedCall, wrong } from './command.ts';

const which = {
  component: Type.Optional(Type.String({ minLength: 1, description: '2.x only: the component.' })),
  componentInstance: Type.Optional(Type.String()),
  evse: Type.Optional(Type.Integer({ minimum: 1, description: '2.x: EVSE of the component.' })),
  connector: Type.Optional(Type.Integer({ minimum: 1 })),
  variable: Type.String({ minLength: 1, description: 'Name of the variable; in 1.6 the configuration key.' }),
  variableInstance: Type.Optional(Type.String()),
  attribute: Type.Optional(oneOf(['Actual', 'Target', 'MinSet', 'MaxSet'], { description: 'Actual when absent.' })),
};
const Named = Type.Object(which, { additionalProperties: false });
const Setting = Type.Object({ ...which, value: Type.String() }, { additionalProperties: false });

/** 1.6 §5.3 (one key a message), 2.x B05. */
export const setVariables = command({
  name: 'set-variables',
  summary: 'Set configuration keys (1.6) or variables (2.x)',
  description: 'In 1.6 each key is a message of its own, sent one after another; the answers stand in `calls`.',
  body: Type.Object({ variables: Type.Array(Setting, { minItems: 1, maxItems: 50 }) }, { additionalProperties: false }),
  translate({ variables }, { version }): readonly TranslatedCall[] {
    if (isV2(version)) {
      const data = variables.map((each, index) => ({ ...attributeOf(each, index), attributeValue: each.value }));
      return [call('SetVariables', { setVariableData: data })];
    }
    return variables.map((each) => call('ChangeConfiguration', { key: each.variable, value: each.value }));
  },
});

/** 1.6 §5.8, 2.x B06. */
export const getVariables = command({
  name: 'get-variables',
  summary: 'Read configuration keys (1.6) or variables (2.x)',
  bodyOptional: true,
  body: Type.Object(
    { variables: Type.Optional(Type.Array(Named, { maxItems: 50, description: '1.6: absent means all.' })) },
    { additionalProperties: false },
  ),
  translate({ variables = [] }, { version }) {
    if (isV2(version)) {
      if (variables.length === 0) throw wrong('/variables', 'is needed in 2.x; the command `report` reads everything');
      return call('GetVariables', { getVariableData: variables.map(attributeOf) });
    }
    return call('GetConfiguration', {
      key: variables.length === 0 ? undefined : variables.map((each) => each.variable),
    });
  },
});

/** Everything that can be read: 1.6 GetConfiguration without keys, 2.x B07. */
export const report = command({
  name: 'report',
  summary: 'Read the whole configuration',
  description:
    '2.x answers that it will report; the parts come by NotifyReport and show in `/stations/{id}/variables`.',
  bodyOptional: true,
  body: Type.Object(
    {
      base: Type.Optional(
        oneOf(['FullInventory', 'ConfigurationInventory', 'SummaryInventory'], {
          description: '2.x; full when absent.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  translate({ base = 'FullInventory' }, { version, nextRequestId }) {
    return isV2(version)
      ? call('GetBaseReport', { requestId: nextRequestId(), reportBase: base })
      : call('GetConfiguration');
  },
});

function attributeOf(each: Static<typeof Named>, index: number): Record<string, unknown> {
  if (each.component === undefined) throw wrong(`/variables/${index}/component`, 'is needed in OCPP 2.x');
  return defined({
    attributeType: each.attribute,
    component: defined({
      name: each.component,
      instance: each.componentInstance,
      evse: evse2x(each.evse, each.connector),
    }),
    variable: defined({ name: each.variable, instance: each.variableInstance }),
  });
}
