import Type from 'typebox';
import { oneOf } from '../../../platform/schema/words.ts';
import { isV2 } from '../../../protocols/ocpp/versions.ts';
import { call, command, wrong } from './command.ts';

const IN_16: Readonly<Record<string, string>> = { OnIdle: 'Soft', Immediate: 'Hard' };
const IN_2X: Readonly<Record<string, string>> = { Soft: 'OnIdle', Hard: 'Immediate' };

/** 1.6 §5.14, 2.x B11/B12, 2.1 B13. Soft and OnIdle, Hard and Immediate are the nearest to each other. */
export const reset = command({
  name: 'reset',
  summary: 'Restart the station, or one EVSE (2.x)',
  body: Type.Object(
    {
      type: oneOf(['Soft', 'Hard', 'OnIdle', 'Immediate', 'ImmediateAndResume'], {
        description: 'Words of any version: Soft is OnIdle, Hard is Immediate. ImmediateAndResume is 2.1.',
      }),
      evse: Type.Optional(Type.Integer({ minimum: 1, description: '2.x only.' })),
    },
    { additionalProperties: false },
  ),
  translate({ type, evse }, { version }) {
    if (type === 'ImmediateAndResume' && version !== '2.1') throw wrong('/type', 'ImmediateAndResume is of OCPP 2.1');
    if (isV2(version)) return call('Reset', { type: IN_2X[type] ?? type, evseId: evse });
    if (evse !== undefined) throw wrong('/evse', 'OCPP 1.6 restarts the whole station only');
    return call('Reset', { type: IN_16[type] ?? type });
  },
});
