import { shownProfile } from '../../model/connections.ts';
import { numberAt, textAt } from '../../payload-reader.ts';
import { family, type Rule, V2X } from '../../rule.ts';

const PRIORITY = 'OCPPCommCtrlr.NetworkConfigurationPriority';

/** Network profiles (2.x B09, B10). */
export const f11Network: readonly Rule[] = family({ versions: V2X, axis: 'conformance' }, [
  {
    id: 'OCPP2-DM-015',
    severity: 'error',
    fault: 'station',
    title: 'A network profile is only taken for a slot that exists, and not for less security',
    clause: 'B09.FR.04, B09.FR.05',
    causes: ['The slot is not looked up', 'The present security profile is not looked at'],
    next: [`Read ${PRIORITY} and SecurityCtrlr.SecurityProfile`],
    peer: 'tolerates',
    on: ['SetNetworkProfile.response'],
    check(c) {
      if (textAt(c.o.payload, 'status') !== 'Accepted') return;
      const { configuration, management } = c.station;
      const slot = numberAt(c.o.request?.payload, 'configurationSlot');
      const slots = management.variables.get(PRIORITY)?.values;
      if (slots !== undefined && slot !== undefined && !slots.includes(String(slot)))
        return c.report({
          text: `A network profile was accepted for slot ${slot}, and ${PRIORITY} knows ${slots.join(', ')}`,
          object: slot,
          expected: 'Rejected',
          actual: 'Accepted',
        });
      const wanted = numberAt(c.o.request?.payload, 'connectionData', 'securityProfile');
      const present = shownProfile(c.link) ?? configuration.number('SecurityCtrlr.SecurityProfile');
      if (wanted === undefined || present === undefined) return c.notEvaluable();
      const mayGoDown =
        present === 3 && wanted === 2 && configuration.boolean('SecurityCtrlr.AllowSecurityProfileDowngrade') === true;
      if (wanted < present && !mayGoDown)
        return c.report({
          text: `A network profile with security profile ${wanted} was accepted, and the station uses ${present}`,
          object: `profile ${wanted}`,
          expected: 'Rejected',
          actual: 'Accepted',
        });
      if (slots === undefined) c.notEvaluable();
    },
  },
  {
    id: 'OCPP2-DM-016',
    severity: 'error',
    fault: 'station',
    title: 'After a change of the network profile a station boots first',
    clause: '2.0.1 errata B10.FR.10',
    causes: ['Another slot is used like a reconnect'],
    next: ['Read OCPPCommCtrlr.ActiveNetworkProfile'],
    peer: 'tolerates',
    on: ['first'],
    check(c) {
      const { former } = c.station.connections;
      if (former === undefined || c.o.action === 'BootNotification') return;
      const profile = shownProfile(c.link);
      const path = c.link.description.facts?.['path'];
      if ((profile ?? former.profile) === undefined && (path ?? former.path) === undefined) return c.notEvaluable();
      const differs = <T>(now: T | undefined, before: T | undefined): boolean =>
        now !== undefined && before !== undefined && now !== before;
      const what = differs(profile, former.profile)
        ? `with security profile ${profile} instead of ${former.profile}`
        : differs(path, former.path)
          ? `at ${path} instead of ${former.path}`
          : undefined;
      if (what === undefined) return;
      c.report({
        text: `The station connects ${what}, and its first message is ${c.o.action}`,
        object: what,
        expected: 'BootNotification',
        actual: c.o.action,
      });
    },
  },
]);
