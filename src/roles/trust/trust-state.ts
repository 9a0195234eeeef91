import { Collection } from '../../storage/collection.ts';
import type { Database } from '../../storage/database.ts';
import type {
  ContractRecord,
  DeliveryRecord,
  EndEntityRecord,
  EndpointRecord,
  IssuedRecord,
  OcspLogEntry,
  RootRecord,
  VehicleRecord,
} from './records.ts';

const MAX_OCSP_LOG = 500;

/** All durable state of the trust environment beside its key files. */
export class TrustState {
  readonly issued: Collection<IssuedRecord, 'serial' | 'role' | 'issuer' | 'issuedAtMs'>;
  readonly roots: Collection<RootRecord, 'rootType' | 'fingerprint'>;
  readonly vehicles: Collection<VehicleRecord>;
  readonly contracts: Collection<ContractRecord, 'pcid' | 'core'>;
  readonly endEntities: Collection<EndEntityRecord, 'owner'>;
  readonly endpoints: Collection<EndpointRecord, 'owner'>;
  readonly deliveries: Collection<DeliveryRecord, 'state' | 'createdAtMs' | 'endpoint'>;
  /** The newest last; not durable. */
  readonly ocspLog: OcspLogEntry[] = [];

  constructor(database: Database) {
    this.issued = new Collection(database, {
      name: 'issued',
      key: (record) => record.id,
      index: {
        serial: (record) => record.serial,
        role: (record) => record.role,
        issuer: (record) => record.issuer,
        issuedAtMs: (record) => record.issuedAtMs,
      },
    });
    this.roots = new Collection(database, {
      name: 'roots',
      key: (record) => record.id,
      index: { rootType: (record) => record.rootType, fingerprint: (record) => record.fingerprint },
    });
    this.vehicles = new Collection(database, { name: 'vehicles', key: (record) => record.pcid });
    this.contracts = new Collection(database, {
      name: 'contracts',
      key: (record) => record.key,
      index: { pcid: (record) => record.pcid, core: (record) => record.core },
    });
    this.endEntities = new Collection(database, {
      name: 'end_entities',
      key: (record) => record.commonName,
      index: { owner: (record) => record.owner },
    });
    this.endpoints = new Collection(database, {
      name: 'endpoints',
      key: (record) => record.id,
      index: { owner: (record) => record.owner },
    });
    this.deliveries = new Collection(database, {
      name: 'deliveries',
      key: (record) => record.id,
      index: {
        state: (record) => record.state,
        createdAtMs: (record) => record.createdAtMs,
        endpoint: (record) => record.endpoint,
      },
    });
  }

  logOcsp(entry: OcspLogEntry): void {
    this.ocspLog.push(entry);
    if (this.ocspLog.length > MAX_OCSP_LOG) this.ocspLog.shift();
  }
}
