import Type, { type Static } from 'typebox';
import { isoTime } from '../../../core/time.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { wrong } from '../commands/command.ts';
import { setVariables } from '../commands/variables.ts';
import type { VariableFacts } from '../ocpp/variables.ts';
import type { StationItem } from '../state/station-items.ts';
import { runCommand } from './command-routes.ts';
import { type CsmsApi, knownStation } from './csms-api.ts';
import { stationParams } from './station-view.ts';

const Setting = Type.Object({
  name: Type.String({ description: 'The key of 1.6; `Component.Variable` of 2.x, with `@evse` where it has one.' }),
  value: Type.Optional(Type.String()),
  readonly: Type.Optional(Type.Boolean()),
  afterReboot: Type.Optional(Type.Boolean({ description: 'Set, but in force only after a restart.' })),
  source: Type.String({ description: '`reported`, `read` or `set`.' }),
  at: Type.String(),
});

const Attribute = Type.Object({
  type: Type.String(),
  value: Type.Optional(Type.String()),
  mutability: Type.Optional(Type.String()),
  source: Type.String(),
  at: Type.String(),
});
const Variable = Type.Object({
  name: Type.String(),
  instance: Type.Optional(Type.String()),
  attributes: Type.Array(Attribute),
  characteristics: Type.Optional(Type.Unknown()),
});
const Component = Type.Object({
  name: Type.String(),
  instance: Type.Optional(Type.String()),
  evse: Type.Optional(Type.Integer()),
  connector: Type.Optional(Type.Integer()),
  variables: Type.Array(Variable),
});

const Change = Type.Record(Type.String(), Type.String(), { minProperties: 1, description: 'Name -> new value.' });

const ChangeResult = Type.Object({
  items: Type.Array(
    Type.Object({ name: Type.String(), status: Type.String({ description: 'What the station said about it.' }) }),
  ),
});

/** The configuration of a station as the CSMS knows it: keys of 1.6, variables of 2.x. */
export function configRoutes(api: CsmsApi): Route[] {
  const { items } = api.csms.state;
  const tags = ['Reported'];
  /** What the station reported itself, and what another of the same machine and firmware reported for it. */
  const variablesOf = (id: string): readonly StationItem[] => {
    const station = knownStation(api, id);
    const own = items.all(station.id, 'variables');
    if (station.inventoryFrom === undefined) return own;
    const known = new Set(own.map((item) => item.id));
    return [...own, ...items.all(station.inventoryFrom, 'variables').filter((item) => !known.has(item.id))];
  };
  return [
    route({
      method: 'GET',
      path: '/stations/{id}/config',
      summary: 'Settings of a station, by name',
      description: 'As last reported, read or set. The commands `report` and `get-variables` read them anew.',
      tags,
      params: stationParams,
      response: Type.Object({ items: Type.Array(Setting) }),
      problems: ['UNKNOWN_STATION'],
      handler: ({ params }) => ({
        items: variablesOf(params.id)
          .filter((item) => factsOf(item).attribute === 'Actual')
          .map(settingOf)
          .sort((a, b) => (a.name < b.name ? -1 : 1)),
      }),
    }),
    route({
      method: 'PATCH',
      path: '/stations/{id}/config',
      summary: 'Set settings of a station',
      description:
        'Sends ChangeConfiguration (1.6, one message a key) or SetVariables (2.x, names as `Component.Variable` or `Component@1.Variable`).',
      tags,
      params: stationParams,
      body: Change,
      response: ChangeResult,
      problems: [
        'UNKNOWN_STATION',
        'STATION_NOT_CONNECTED',
        'STATION_CALLERROR',
        'STATION_TIMEOUT',
        'SCHEMA_VIOLATION',
      ],
      async handler({ params, body }) {
        const station = knownStation(api, params.id);
        const names = Object.keys(body);
        const is16 = api.csms.sessions.get(station.id)?.version === '1.6';
        const variables = Object.entries(body).map(([name, value]) => ({
          ...(is16 ? { variable: name } : readName(name)),
          value,
        }));
        const calls = await runCommand(api, station, setVariables, { variables });
        const statuses = is16 ? calls.map(({ status }) => status) : attributeStatuses(calls[0]?.response);
        return { items: names.map((name, index) => ({ name, status: statuses[index] ?? 'Answered' })) };
      },
    }),
    route({
      method: 'GET',
      path: '/stations/{id}/device-model',
      summary: 'Components, variables and attributes of a 2.x station',
      tags,
      params: stationParams,
      response: Type.Object({ items: Type.Array(Component) }),
      problems: ['UNKNOWN_STATION'],
      handler: ({ params }) => ({ items: deviceModel(variablesOf(params.id)) }),
    }),
  ];
}

function factsOf(item: StationItem): VariableFacts {
  return item.value as unknown as VariableFacts;
}

function settingOf(item: StationItem): Static<typeof Setting> {
  const { component, componentInstance, evse, connector, variable, variableInstance } = factsOf(item);
  const { value, mutability, afterReboot, source } = factsOf(item);
  const place = evse === undefined ? '' : `@${evse}${connector === undefined ? '' : `.${connector}`}`;
  const instance = (name: string | undefined): string => (name === undefined ? '' : `[${name}]`);
  const head = component === '' ? '' : `${component}${instance(componentInstance)}${place}.`;
  return {
    name: `${head}${variable}${instance(variableInstance)}`,
    ...(value === undefined ? {} : { value }),
    ...(mutability === undefined ? {} : { readonly: mutability === 'ReadOnly' }),
    ...(afterReboot === undefined ? {} : { afterReboot }),
    source,
    at: isoTime(item.at),
  };
}

const NAME = /^([^.@[\]]+)(?:\[([^\]]+)\])?(?:@(\d+)(?:\.(\d+))?)?\.([^.[\]]+)(?:\[([^\]]+)\])?$/;

/** `Component[instance]@evse.connector.Variable[instance]`, the names that the list shows. */
function readName(name: string): Record<string, unknown> {
  const [, component, componentInstance, evse, connector, variable, variableInstance] = NAME.exec(name) ?? [];
  if (component === undefined || variable === undefined)
    throw wrong(`/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, 'is not `Component.Variable`');
  return {
    component,
    variable,
    ...(componentInstance === undefined ? {} : { componentInstance }),
    ...(variableInstance === undefined ? {} : { variableInstance }),
    ...(evse === undefined ? {} : { evse: Number(evse) }),
    ...(connector === undefined ? {} : { connector: Number(connector) }),
  };
}

function attributeStatuses(response: unknown): string[] {
  const results = (response as { setVariableResult?: readonly { attributeStatus?: string }[] } | undefined)
    ?.setVariableResult;
  return (results ?? []).map((result) => result.attributeStatus ?? 'Answered');
}

function deviceModel(items: readonly StationItem[]): Static<typeof Component>[] {
  const components = new Map<string, Static<typeof Component>>();
  const variables = new Map<string, Static<typeof Variable>>();
  for (const item of items) {
    const { component, componentInstance, evse, connector, variable, variableInstance, ...facts } = factsOf(item);
    const componentKey = JSON.stringify([component, componentInstance, evse, connector]);
    let found = components.get(componentKey);
    if (found === undefined) {
      found = {
        name: component,
        ...(componentInstance === undefined ? {} : { instance: componentInstance }),
        ...(evse === undefined ? {} : { evse }),
        ...(connector === undefined ? {} : { connector }),
        variables: [],
      };
      components.set(componentKey, found);
    }
    const variableKey = JSON.stringify([componentKey, variable, variableInstance]);
    let owner = variables.get(variableKey);
    if (owner === undefined) {
      owner = {
        name: variable,
        ...(variableInstance === undefined ? {} : { instance: variableInstance }),
        attributes: [],
        ...(facts.characteristics === undefined ? {} : { characteristics: facts.characteristics }),
      };
      variables.set(variableKey, owner);
      found.variables.push(owner);
    }
    owner.attributes.push({
      type: facts.attribute,
      ...(facts.value === undefined ? {} : { value: facts.value }),
      ...(facts.mutability === undefined ? {} : { mutability: facts.mutability }),
      source: facts.source,
      at: isoTime(item.at),
    });
  }
  return [...components.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
