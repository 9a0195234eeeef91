import { variableKey } from '../../model/configuration.ts';
import { misfit } from '../../model/variables.ts';
import { listAt, textAt } from '../../payload-reader.ts';
import { family, type Rule, type RuleContext, V2X } from '../../rule.ts';
import { acceptedActuals, isActual } from './variable-items.ts';

/** Which values variables are given and tell (2.x B05 to B07). */
export const f11Values: readonly Rule[] = family({ versions: V2X, axis: 'conformance' }, [
  {
    id: 'OCPP2-DM-005',
    severity: 'error',
    fault: 'station',
    axis: 'security',
    title: 'A WriteOnly value is never told',
    clause: 'B06.FR.09, B07.FR.03',
    causes: ['Mutability is not looked at when values are read'],
    next: ['Change the password that was told', 'Look at who can read this traffic'],
    peer: 'tolerates',
    on: ['GetVariables.response', 'NotifyReport.request'],
    check(c) {
      for (const result of listAt(c.o.payload, 'getVariableResult')) {
        const key = variableKey(result);
        if (!textAt(result, 'attributeValue') || !isWriteOnly(c, key)) continue;
        c.report({ text: `${key} is WriteOnly, and its value is told`, object: key });
      }
      for (const item of listAt(c.o.payload, 'reportData')) {
        const key = variableKey(item);
        for (const attribute of listAt(item, 'variableAttribute')) {
          const isSecret = textAt(attribute, 'mutability') === 'WriteOnly' || isWriteOnly(c, key);
          if (isSecret && textAt(attribute, 'value'))
            c.report({ text: `${key} is WriteOnly, and a report tells its value`, object: key });
        }
      }
    },
  },
  {
    id: 'OCPP2-DM-006',
    severity: 'error',
    fault: 'station',
    title: 'A ReadOnly variable is not set',
    clause: 'B05.FR.09',
    causes: ['The report and the handler of SetVariables do not agree'],
    next: ['Read the variable again'],
    peer: 'tolerates',
    on: ['SetVariables.response'],
    check(c) {
      for (const { key } of acceptedActuals(c)) {
        const setting = c.station.configuration.get(key);
        if (setting?.readOnly === undefined) c.notEvaluable();
        else if (setting.readOnly)
          c.report({
            text: `${key} was reported as ReadOnly, and was set`,
            object: key,
            evidence: [{ seq: setting.seq, label: 'ReadOnly' }],
            expected: 'Rejected',
            actual: 'Accepted',
          });
      }
    },
  },
  {
    id: 'OCPP2-DM-007',
    severity: 'warning',
    fault: 'station',
    title: 'A value that was set is read back',
    clause: 'B05.FR.10',
    causes: ['The value is accepted and not stored', 'It was changed at the station'],
    next: ['Set it again and read it at once'],
    peer: 'tolerates',
    on: ['GetVariables.response'],
    check(c) {
      for (const result of listAt(c.o.payload, 'getVariableResult')) {
        if (textAt(result, 'attributeStatus') !== 'Accepted' || !isActual(result)) continue;
        const key = variableKey(result);
        const setting = c.station.configuration.get(key);
        if (setting?.how !== 'set' || setting.value === undefined || isWriteOnly(c, key)) continue;
        const read = textAt(result, 'attributeValue') ?? '';
        // Times go on by themselves.
        if (isSameValue(setting.value, read) || /^\d{4}-\d\d-\d\dT/.test(setting.value)) continue;
        c.report({
          text: `${key} was set to ${setting.value}, and is read as ${read}`,
          object: key,
          evidence: [{ seq: setting.seq, label: 'set' }],
          expected: setting.value,
          actual: read,
        });
      }
    },
  },
  {
    id: 'OCPP2-DM-008',
    severity: 'error',
    fault: 'station',
    title: 'A value that the variable cannot hold is refused',
    clause: 'B05.FR.07, B05.FR.08',
    causes: ['Values are stored without a look at type and limits'],
    next: ['Compare with the characteristics in the report'],
    peer: 'tolerates',
    on: ['SetVariables.response'],
    check(c) {
      for (const { key, value } of acceptedActuals(c)) {
        const characteristics = c.station.management.variables.get(key);
        if (characteristics === undefined) {
          c.notEvaluable();
          continue;
        }
        const problem = misfit(value, characteristics);
        if (problem === undefined) continue;
        const what = isWriteOnly(c, key) ? 'a value that does not fit' : `${value}, which ${problem}`;
        c.report({
          text: `${key} was set to ${what}`,
          object: key,
          evidence: [{ seq: characteristics.seq, label: 'its characteristics' }],
          expected: 'Rejected',
          actual: 'Accepted',
        });
      }
    },
  },
]);

function isWriteOnly(c: RuleContext, key: string): boolean {
  return c.station.configuration.get(key)?.writeOnly === true || /^SecurityCtrlr\.BasicAuthPassword$/i.test(key);
}

/** Lists in any order, numbers as numbers, words in any case. */
function isSameValue(a: string, b: string): boolean {
  const items = (text: string): string =>
    text
      .split(',')
      .map((item) => item.trim().toLowerCase())
      .map((item) => (/^-?\d+(\.\d+)?$/.test(item) ? String(Number(item)) : item))
      .sort()
      .join(',');
  return items(a) === items(b);
}
