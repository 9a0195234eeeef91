import {
  type CertificateInstallationResIso20,
  decodeIso20,
  type Edition,
  fromBase64,
  fromContractXml,
  type Iso2Message,
  readCertificate,
} from '../../../protocols/iso15118/index.ts';
import type { ContractRecord } from '../records.ts';
import { PoolRefusal, type PoolWorld } from './pool-call.ts';

export function contractKey(core: string, edition: Edition): string {
  return `${core}/${edition}`;
}

/** Contracts of one account in all editions; the check character does not matter. */
export function contractsOfCore(world: Pick<PoolWorld, 'state'>, core: string): readonly ContractRecord[] {
  return [...world.state.contracts.all({ core })];
}

export function contractsOfVehicle(world: Pick<PoolWorld, 'state'>, pcid: string): readonly ContractRecord[] {
  return [...world.state.contracts.all({ pcid: pcid.toUpperCase() })];
}

/** @throws PoolRefusal when another vehicle has the account */
export function demandFreeEmaid(world: Pick<PoolWorld, 'state'>, core: string, pcid: string): void {
  if (contractsOfCore(world, core).every((contract) => contract.pcid === pcid.toUpperCase())) return;
  throw new PoolRefusal(400, 'Invalid Tupple - EMAID is already used by other PCID.');
}

/** Stores contract data; the first contract of a vehicle is its default, a repeated one replaces. */
export function storeContract(
  world: Pick<PoolWorld, 'state' | 'events'>,
  contract: Omit<ContractRecord, 'key' | 'isDefault' | 'createdAtMs'>,
  nowMs: number,
): ContractRecord {
  const key = contractKey(contract.core, contract.edition);
  const before = world.state.contracts.get(key);
  const others = contractsOfVehicle(world, contract.pcid).filter(
    (each) => each.edition === contract.edition && each.key !== key,
  );
  const record: ContractRecord = {
    ...contract,
    pcid: contract.pcid.toUpperCase(),
    key,
    isDefault: before?.isDefault ?? others.length === 0,
    createdAtMs: nowMs,
  };
  world.state.contracts.put(record);
  const what = before === undefined ? 'created' : 'updated';
  world.events.contract(`oem.contract.${what}`, record, nowMs);
  world.events.contract(`mo.contract.${what}.sent.to.oem`, record, nowMs);
  return record;
}

/** Takes a contract out of the pool; a certificate of the environment's own CA is revoked first. */
export function dropContract(
  world: Pick<PoolWorld, 'state' | 'events' | 'registrar'>,
  contract: ContractRecord,
  nowMs: number,
  revocation: 'revoke' | 'skip',
): void {
  if (revocation === 'revoke') {
    const issued = world.registrar.recordOf(readCertificate(contract.contractCertificate));
    if (issued !== undefined) world.registrar.revoke(issued, 'cessationOfOperation');
  }
  world.state.contracts.delete(contract.key);
  world.events.contract('oem.contract.deleted', contract, nowMs);
  world.events.contract('mo.contract.deleted.sent.to.oem', contract, nowMs);
}

/** The signed answer as it was stored. */
export function signedIso2({ signedData }: ContractRecord): Iso2Message {
  return fromContractXml(signedData);
}

export function signedIso20({ signedData }: ContractRecord): CertificateInstallationResIso20 {
  const message = decodeIso20(fromBase64(signedData));
  if (message.name !== 'CertificateInstallationRes') throw new Error('Stored contract data are no answer');
  return message.value;
}
