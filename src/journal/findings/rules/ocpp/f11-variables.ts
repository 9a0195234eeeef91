import { variableKey } from '../../model/configuration.ts';
import { listAt, textAt, valueAt } from '../../payload-reader.ts';
import { family, type Rule, V2X } from '../../rule.ts';
import { attributeKey, counted, itemsOf, keyOf, taken, VARIABLE_LISTS } from './variable-items.ts';

const ANSWERS = ['GetVariables.response', 'SetVariables.response'] as const;

/** Which variables a request names and an answer brings (2.x B05, B06). */
export const f11Variables: readonly Rule[] = family({ versions: V2X, axis: 'conformance' }, [
  {
    id: 'OCPP2-DM-001',
    severity: 'error',
    fault: 'station',
    title: 'Each variable that is asked for has its result, and only those',
    clause: 'B05.FR.01, B05.FR.02, B06.FR.01, B06.FR.02',
    causes: ['Unknown variables are left out', 'Instances or EVSEs are not told apart'],
    next: ['Compare component, variable, instance and evse with the request'],
    peer: 'tolerates',
    on: ANSWERS,
    check(c) {
      const { asked, results } = itemsOf(c);
      if (asked.length !== results.length)
        return c.report({
          text: `${c.o.action} names ${asked.length} variables, and the answer has ${results.length} results`,
          object: 'count',
          expected: asked.length,
          actual: results.length,
        });
      const left = counted(results.map(keyOf));
      const missing = asked.map(keyOf).find((key) => !taken(left, key));
      if (missing === undefined) return;
      c.report({
        text: `The answer to ${c.o.action} has no result for ${missing}`,
        object: missing,
        expected: missing,
      });
    },
  },
  {
    id: 'OCPP2-DM-002',
    severity: 'error',
    fault: 'station',
    title: 'A result names the attribute that was asked for',
    clause: 'B05.FR.03, B05.FR.12',
    causes: ['attributeType is left out of results', 'It is not looked at in the request'],
    next: ['Compare attributeType with the request; without one it is Actual'],
    peer: 'tolerates',
    on: ANSWERS,
    check(c) {
      const { asked, results } = itemsOf(c);
      if (asked.length !== results.length) return;
      const left = counted(results.map((item) => `${keyOf(item)} ${textAt(item, 'attributeType') ?? ''}`));
      for (const item of asked) {
        const wanted = textAt(item, 'attributeType') ?? 'Actual';
        if (taken(left, `${keyOf(item)} ${wanted}`)) continue;
        const isAbsent = taken(left, `${keyOf(item)} `);
        const name = variableKey(item);
        // The schema lets it be absent; only the requirement wants it.
        const severity = isAbsent ? ({ severity: 'warning' } as const) : {};
        const how = isAbsent ? 'does not say which attribute it is' : 'names another attribute';
        // A variable without any result is what OCPP2-DM-001 finds.
        if (!isAbsent && !results.some((result) => keyOf(result) === keyOf(item))) continue;
        return c.report({
          text: `The result for ${name} (${wanted}) ${how}`,
          object: how,
          expected: wanted,
          ...severity,
        });
      }
    },
  },
  {
    id: 'OCPP2-DM-003',
    severity: 'error',
    fault: 'csms',
    title: 'A request names no more variables than the station takes, and sets each once',
    clause: 'B05.FR.11, B05.FR.13, B06.FR.05',
    causes: ['ItemsPerMessage is not read', 'Several sources of settings are put together'],
    next: ['Read DeviceDataCtrlr.ItemsPerMessage', 'Send several requests'],
    peer: 'rejects',
    on: ['GetVariables.request', 'SetVariables.request'],
    check(c) {
      const asked = listAt(c.o.payload, VARIABLE_LISTS[c.o.action]?.[0] ?? '');
      if (c.o.action === 'SetVariables') {
        const left = counted(asked.map(attributeKey));
        const [double] = [...left].find(([, times]) => times > 1) ?? [];
        if (double !== undefined)
          return c.report({ text: `SetVariables sets ${double} more than once`, object: `double ${double}` });
      }
      const name = `DeviceDataCtrlr.ItemsPerMessage[${c.o.action}]`;
      const limit = c.station.configuration.number(name);
      if (limit === undefined) return c.notEvaluable();
      if (asked.length <= limit) return;
      c.report({
        text: `${c.o.action} names ${asked.length} variables, and ${name} is ${limit}`,
        object: c.o.action,
        expected: limit,
        actual: asked.length,
      });
    },
  },
  {
    id: 'OCPP2-DM-004',
    severity: 'error',
    fault: 'station',
    title: 'A value is told when a variable could be read, and only then',
    clause: 'B06.FR.06 to B06.FR.10',
    causes: ['An empty value is left out instead of being sent as ""', 'An empty value is sent for what is unknown'],
    next: ['Look at attributeStatus and attributeValue of the result'],
    peer: 'tolerates',
    on: ['GetVariables.response'],
    check(c) {
      for (const result of listAt(c.o.payload, 'getVariableResult')) {
        const status = textAt(result, 'attributeStatus') ?? '';
        const hasValue = valueAt(result, 'attributeValue') !== undefined;
        const isUnknown = /^(Unknown|NotSupportedAttributeType)/.test(status);
        if (status === 'Accepted' ? hasValue : !(isUnknown && hasValue)) continue;
        const text = `${variableKey(result)} is ${status}, and its result has ${hasValue ? 'a' : 'no'} value`;
        c.report({ text, object: `${variableKey(result)} ${status}` });
      }
    },
  },
]);
