import { canonicalEvcoId } from '../../protocols/oicp/index.ts';
import type { Emp } from './emp.ts';
import { mediumKey } from './state/authorization.ts';
import type { MediumRecord } from './state/records.ts';

const DEMO_PIN = '1234';

/** Two drivers in an empty store: one who may charge with every kind of medium, and one whose contract is locked. */
export async function seedDemo(emp: Emp): Promise<void> {
  const { state, config } = emp;
  if (state.contracts.count() > 0) return;
  const provider = config.providerId.replace(/[*-]/g, '').toUpperCase();
  const evcoIdOf = (instance: string): string => `${provider.slice(0, 2)}-${provider.slice(2)}-${instance}-X`;
  const pinHash = await emp.hashOfPin(DEMO_PIN);
  const add = (
    evcoId: string,
    driver: string,
    locked: boolean,
    media: readonly Omit<MediumRecord, 'key' | 'contract' | 'locked'>[],
  ) => {
    const contract = canonicalEvcoId(evcoId);
    state.drivers.put({ id: driver.toLowerCase(), name: driver });
    state.contracts.put({ key: contract, evcoId, driver: driver.toLowerCase(), locked });
    for (const medium of media) {
      const id = medium.uid === undefined ? { EvcoID: evcoId } : { UID: medium.uid };
      // The kind names the one member of the identification.
      const key = mediumKey({ [medium.kind]: id } as Parameters<typeof mediumKey>[0]);
      state.media.put({ ...medium, key, contract, locked: false });
    }
  };
  add(evcoIdOf('C12345678'), 'Ada', false, [
    { kind: 'RFIDMifareFamilyIdentification', uid: '044A2DAA856280', printedNumber: 'DCB 0001' },
    { kind: 'QRCodeIdentification', pinHash },
    { kind: 'PlugAndChargeIdentification' },
    { kind: 'RemoteIdentification' },
  ]);
  add(evcoIdOf('C87654321'), 'Bob', true, [
    { kind: 'RFIDMifareFamilyIdentification', uid: '04B7C2A1905080', printedNumber: 'DCB 0002' },
  ]);
}
