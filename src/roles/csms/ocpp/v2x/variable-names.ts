import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import type { VariableFacts } from '../variables.ts';

export type VariableName = Pick<
  VariableFacts,
  'component' | 'componentInstance' | 'evse' | 'connector' | 'variable' | 'variableInstance'
>;

/** Component and variable of a 2.x message as the neutral store names them. */
export function variableName(component: v21.ComponentType, variable: v21.VariableType): VariableName {
  return {
    component: component.name,
    componentInstance: component.instance,
    evse: component.evse?.id,
    connector: component.evse?.connectorId,
    variable: variable.name,
    variableInstance: variable.instance,
  };
}
