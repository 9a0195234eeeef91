import type { Observation } from '../observation.ts';
import { listAt, textAt } from '../payload-reader.ts';
import { Handshake } from './handshake.ts';

/** A new password that the CSMS has sent to the station, and how that ended. */
export interface PasswordChange {
  /** Print of the password that the station had used until then; undefined when no tap told. */
  readonly oldPrint: string | undefined;
  /** `after-boot`: the station asked for a reboot first. Until it has come, either password is right. */
  readonly accepted: boolean | 'after-boot';
  readonly seq: number;
}

/** The latest answer to a change of the password (A01), from a ChangeConfiguration of 1.6 or a SetVariables of 2.x. */
export function passwordChange(o: Observation): PasswordChange | undefined {
  const status = o.action === 'ChangeConfiguration' ? status16(o) : status2x(o);
  if (status === undefined) return undefined;
  return {
    oldPrint: new Handshake(o.link).passwordPrint,
    accepted: status === 'RebootRequired' ? 'after-boot' : status === 'Accepted',
    seq: o.seq,
  };
}

/** A CALLERROR is a refusal too. */
function status16({ request, payload, kind }: Observation): string | undefined {
  if (textAt(request?.payload, 'key')?.toLowerCase() !== 'authorizationkey') return undefined;
  return kind === 'response' ? textAt(payload, 'status') : 'refused';
}

function status2x({ request, payload, kind }: Observation): string | undefined {
  const isPassword = (item: unknown): boolean =>
    textAt(item, 'component', 'name')?.toLowerCase() === 'securityctrlr' &&
    textAt(item, 'variable', 'name')?.toLowerCase() === 'basicauthpassword';
  if (!listAt(request?.payload, 'setVariableData').some(isPassword)) return undefined;
  if (kind !== 'response') return 'refused';
  return textAt(listAt(payload, 'setVariableResult').find(isPassword), 'attributeStatus');
}
