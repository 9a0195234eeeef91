import type { Identification, PushAuthenticationData } from '../../../protocols/oicp/index.ts';
import type { Emp } from '../emp.ts';
import type { MediumRecord } from '../state/records.ts';
import { type ActionStep, stepOf } from './charging.ts';

/**
 * Uploads media so that the hub can decide without us: cards, QR codes with their hashes, Plug & Charge contracts. Locked
 * media and media of locked contracts are left out of a fullLoad, which so takes them away. One push at a time.
 */
export async function pushAuthenticationData(
  emp: Emp,
  action: PushAuthenticationData['ActionType'],
  keys?: readonly string[],
): Promise<{ done: boolean; steps: ActionStep[]; summary: string }> {
  const { state, config } = emp;
  const chosen = keys === undefined ? [...state.media.all()] : keys.flatMap((key) => state.media.get(key) ?? []);
  const media = chosen.filter((medium) => {
    if (action === 'delete') return true;
    return !medium.locked && state.contracts.get(medium.contract)?.locked === false;
  });
  const records = media.flatMap((medium) => {
    const identification = identificationOf(medium, state.contracts.get(medium.contract)?.evcoId);
    return identification === undefined ? [] : [{ Identification: identification }];
  });
  const outcome = await emp.inTurn('authentication-data', () =>
    emp.hub.call(
      'PushAuthenticationData',
      { providerID: config.providerId },
      {
        ActionType: action,
        ProviderAuthenticationData: { ProviderID: config.providerId, AuthenticationDataRecord: records },
      },
    ),
  );
  const done = outcome.kind === 'ok';
  return {
    done,
    steps: [stepOf('PushAuthenticationData', outcome)],
    summary: `${action} of ${records.length} media${done ? '' : ' was not taken'}`,
  };
}

/** The one member that says what a medium is; nothing for the app, which hubs do not keep. */
function identificationOf(
  { kind, uid, pinHash }: MediumRecord,
  evcoId: string | undefined,
): Identification | undefined {
  switch (kind) {
    case 'RFIDMifareFamilyIdentification':
    case 'RFIDIdentification':
      return uid === undefined ? undefined : { RFIDMifareFamilyIdentification: { UID: uid } };
    case 'QRCodeIdentification':
      if (evcoId === undefined || pinHash === undefined) return undefined;
      return { QRCodeIdentification: { EvcoID: evcoId, HashedPIN: { Value: pinHash, Function: 'Bcrypt' } } };
    case 'PlugAndChargeIdentification':
      return evcoId === undefined ? undefined : { PlugAndChargeIdentification: { EvcoID: evcoId } };
    case 'RemoteIdentification':
      return undefined;
  }
}
