import {
  type Certificate,
  certificateProfile,
  fingerprint,
  lintCertificate,
  nameText,
  nameValue,
  readCertificate,
  serialNumberHex,
} from '../../../protocols/iso15118/index.ts';
import { ownsPcid, PCID_PATTERN, type ProvisioningCertificate, patternMessage } from '../../../protocols/opcp/index.ts';
import type { VehicleRecord } from '../records.ts';
import { dropContract } from './contract-store.ts';
import { demandOwner, empty, json, type PoolHandlers, PoolRefusal, type PoolWorld } from './pool-call.ts';
import { certificateIn, checkPath, editionByKey, firstProblem } from './trust-path.ts';

const NOT_FOUND = 'The OEM provisioning certificate with given PCID is not found.';
const ROOT_TYPES = ['OEM', 'V2G'] as const;

export function vehicleCertificates(vehicle: ProvisioningCertificate): { leaf: Certificate; subCas: Certificate[] } {
  const { vehicleCertificate, subCA1Certificate, subCA2Certificate } = vehicle;
  return {
    leaf: certificateIn('vehicleCertificate', vehicleCertificate),
    subCas: [
      ...(subCA2Certificate === undefined ? [] : [certificateIn('subCa2Certificate', subCA2Certificate)]),
      certificateIn('subCa1Certificate', subCA1Certificate),
    ],
  };
}

/** The vehicle of a PCID; the pool keeps PCIDs in upper case. */
export function vehicleOf(world: Pick<PoolWorld, 'state'>, pcid: string): VehicleRecord | undefined {
  return world.state.vehicles.get(pcid.toUpperCase());
}

/** Keeps a vehicle's provisioning chain after the published checks, in their order. @throws PoolRefusal */
export function storeVehicle(
  world: PoolWorld,
  body: ProvisioningCertificate,
  owner: string,
  nowMs: number,
): VehicleRecord {
  const { leaf, subCas } = vehicleCertificates(body);
  const pcid = pcidOf(leaf);
  const result = checkPath(world, leaf, subCas, ROOT_TYPES, nowMs);
  const problem = firstProblem(result);
  if (problem !== undefined) throw new PoolRefusal(400, problem.text);
  const errors = lintCertificate(leaf, certificateProfile('oem-provisioning', editionByKey(leaf)), world.strict).filter(
    ({ severity }) => severity === 'error',
  );
  if (errors.length > 0) {
    throw new PoolRefusal(
      400,
      errors.map(({ text }) => `vehicleCertificate : ${text}`),
    );
  }
  const before = vehicleOf(world, pcid);
  const { subCA1Certificate, subCA2Certificate, vehicleCertificate, xsdMsgDefNamespace, previousPcid } = body;
  const keyIds = body.v2gRootAuthorityKeyIdentifiers;
  const vehicle: VehicleRecord = {
    pcid,
    vehicleCertificate,
    subCA1Certificate,
    ...(subCA2Certificate === undefined ? {} : { subCA2Certificate }),
    ...(xsdMsgDefNamespace === undefined ? {} : { xsdMsgDefNamespace }),
    ...(keyIds === undefined ? {} : { v2gRootAuthorityKeyIdentifiers: keyIds }),
    ...(previousPcid === undefined ? {} : { previousPcid }),
    owner,
    changedAtMs: nowMs,
  };
  world.state.vehicles.put(vehicle);
  if (before !== undefined && hasOtherKey(before, leaf)) {
    // Contract keys were encrypted for the old key: nobody can open them any more.
    world.events.vehicle('mo.prov.cert.updated', pcid, nowMs);
    for (const contract of [...world.state.contracts.all({ pcid })]) dropContract(world, contract, nowMs, 'revoke');
  }
  return vehicle;
}

function hasOtherKey(before: VehicleRecord, leaf: Certificate): boolean {
  return Buffer.compare(readCertificate(before.vehicleCertificate).publicKeyBits, leaf.publicKeyBits) !== 0;
}

function pcidOf(leaf: Certificate): string {
  const name = nameValue(leaf.subject, 'CN') ?? '';
  if (!new RegExp(PCID_PATTERN).test(name)) throw new PoolRefusal(400, patternMessage('pcid', PCID_PATTERN));
  return name.toUpperCase();
}

export function provisioningPool(
  world: PoolWorld,
): PoolHandlers<'addOemProvCert' | 'getOEMProvCert' | 'lookupVehicle' | 'deleteOemProvCert'> {
  const found = (pcid: string): VehicleRecord => {
    const vehicle = vehicleOf(world, pcid);
    if (vehicle === undefined) throw new PoolRefusal(404, NOT_FOUND);
    return vehicle;
  };
  const stored = (vehicle: VehicleRecord): ProvisioningCertificate => {
    const { owner: _owner, pcid: _pcid, changedAtMs: _at, ...certificates } = vehicle;
    return certificates;
  };
  return {
    addOemProvCert({ body, claims, nowMs }) {
      const { leaf } = vehicleCertificates(body);
      const pcid = pcidOf(leaf);
      demandOwner(world, claims, claims.wmis, ownsPcid(claims, pcid), `The PCID ${pcid}`);
      return json(stored(storeVehicle(world, body, claims.clientId, nowMs)));
    },
    getOEMProvCert({ params, nowMs }) {
      const vehicle = found(params.pcid);
      const { leaf, subCas } = vehicleCertificates(vehicle);
      const result = checkPath(world, leaf, subCas, ROOT_TYPES, nowMs);
      const problem = firstProblem(result);
      if (problem !== undefined) throw new PoolRefusal(400, problem.text);
      const root = result.root;
      const keyId = root && (root.authorityKeyId ?? root.subjectKeyId);
      return json({
        OEMMessage: {
          ...stored(vehicle),
          ...(root === undefined
            ? {}
            : {
                rootIssuerDistinguishedName: nameText(root.subject),
                rootIssuerSerialNumber: serialNumberHex(root.serialNumber),
              }),
          ...(keyId === undefined ? {} : { rootAuthorityKeyIdentifier: Buffer.from(keyId).toString('base64') }),
          fingerprint: fingerprint(leaf),
        },
      });
    },
    lookupVehicle({ params }) {
      found(params.pcid);
      return empty();
    },
    deleteOemProvCert({ params, nowMs }) {
      const { pcid } = found(params.pcid);
      world.events.vehicle('mo.prov.cert.deleted', pcid, nowMs);
      for (const contract of [...world.state.contracts.all({ pcid })]) dropContract(world, contract, nowMs, 'revoke');
      world.state.vehicles.delete(pcid);
      return empty();
    },
  };
}
