/**
 * What the CSMS knows, neutral of OCPP versions. Instants are epoch milliseconds (`…At`); time texts of a peer are kept
 * where its own words matter. Energies are Wh, powers W.
 */

import type { OcppVersion } from '../../../protocols/ocpp/versions.ts';
import type { SignedValue } from './signed-values.ts';

export type BootStatus = 'none' | 'Accepted' | 'Pending' | 'Rejected';

export interface StationInfo {
  readonly vendor?: string;
  readonly model?: string;
  readonly serial?: string;
  readonly firmware?: string;
  readonly iccid?: string;
  readonly imsi?: string;
  readonly meterType?: string;
  readonly meterSerial?: string;
}

/** Connector states of both generations: nine of 1.6, five of 2.x (Occupied is 2.x only). */
export type ConnectorStatus =
  | 'Available'
  | 'Preparing'
  | 'Charging'
  | 'SuspendedEV'
  | 'SuspendedEVSE'
  | 'Finishing'
  | 'Reserved'
  | 'Unavailable'
  | 'Faulted'
  | 'Occupied'
  | 'Unknown';

export interface ConnectorRecord {
  /** Connector number within its EVSE; 0 stands for the whole EVSE or station. */
  readonly id: number;
  readonly status: ConnectorStatus;
  /** When this status was reached, by the station's own clock where it said so. */
  readonly since: number;
  /** 1.6: `NoError` or what is wrong. */
  readonly errorCode?: string;
  readonly info?: string;
  readonly vendorErrorCode?: string;
  /** What ChangeAvailability last asked for and the station accepted. */
  readonly operational?: 'Operative' | 'Inoperative';
}

/** An EVSE; in 1.6 each connector is an EVSE of its own with connector 1. Id 0 is the station itself. */
export interface EvseRecord {
  readonly id: number;
  readonly connectors: readonly ConnectorRecord[];
}

/** The newest value of each kind that a meter reported, in base units. */
export interface MeterReading {
  readonly at: number;
  readonly energyWh?: number;
  readonly exportedWh?: number;
  readonly powerW?: number;
  readonly currentA?: number;
  readonly voltageV?: number;
  readonly socPercent?: number;
  readonly frequencyHz?: number;
  readonly temperatureC?: number;
}

export interface StationRecord {
  readonly id: string;
  readonly firstSeenAt: number;
  readonly version?: OcppVersion;
  readonly securityProfile: 0 | 1 | 2 | 3;
  readonly boot: { readonly status: BootStatus; readonly at?: number; readonly reason?: string };
  readonly info: StationInfo;
  readonly evses: readonly EvseRecord[];
  /** Overrides the boot policy of the configuration for this station. */
  readonly admission?: 'accept' | 'pending' | 'reject';
  /** Registered by a user or the configuration: "known" for the policy `known-only`. */
  readonly registered: boolean;
  /** SHA-256 of the HTTP Basic password bytes, hex. Never the password itself. */
  readonly passwordHash?: string;
  /** A password that counts beside the other until the station uses it: it asked for a reboot, or had none. */
  readonly nextPasswordHash?: string;
  readonly heartbeatIntervalS?: number;
  readonly firmwareStatus?: { readonly status: string; readonly at: number; readonly requestId?: number };
  readonly diagnosticsStatus?: { readonly status: string; readonly at: number; readonly requestId?: number };
  readonly localListVersion?: number;
  /** 2.x: the machine and firmware whose full inventory is known. */
  readonly inventoryOf?: string;
  /** 2.x: the station that reported it, when it was another one of the same machine and firmware. */
  readonly inventoryFrom?: string;
  /** 2.x: the monitoring base and level that the station took last. */
  readonly monitoringBase?: string;
  readonly monitoringLevel?: number;
  readonly connectedAt?: number;
  readonly disconnectedAt?: number;
}

export type TransactionState = 'active' | 'ended';

export interface TransactionReading extends MeterReading {
  readonly context?: string;
}

export interface TransactionRecord {
  /** `station/transactionId`: unique over the CSMS. */
  readonly key: string;
  readonly station: string;
  /** The wire's id: a number as text in 1.6, the station's own text in 2.x. */
  readonly transactionId: string;
  readonly version: OcppVersion;
  evse?: number;
  connector?: number;
  idToken?: string;
  idTokenType?: string;
  groupId?: string;
  /** What the CSMS said about the token. */
  authorization?: string;
  state: TransactionState;
  chargingState?: string;
  startedAt: number;
  endedAt?: number;
  meterStartWh?: number;
  meterStopWh?: number;
  energyWh?: number;
  stoppedReason?: string;
  reservationId?: number;
  remoteStartId?: number;
  /** 2.x: the sequence number of the Started event, once it came. */
  startSeqNo?: number;
  /** 2.x: the lowest and the highest sequence number, and those between them that never came. */
  firstSeqNo?: number;
  lastSeqNo?: number;
  missingSeqNos?: number[];
  /** Events of this transaction that happened while the station was offline. */
  offlineEvents: number;
  events: number;
  /** Anything about it that is not as it should be, in words: orphaned stop, unknown id. */
  remarks: string[];
  totalCost?: number;
  /** The latest reading and a bounded curve. */
  reading?: TransactionReading;
  curve: TransactionReading[];
  /** What the meter signed: the first, some in between, the last. */
  signed?: SignedValue[];
  /** 2.x: phases, cable, limits, tariff, costs as last reported. */
  details?: Readonly<Record<string, unknown>>;
  /** 1.6: what a repeated StartTransaction is recognised by. */
  startFingerprint?: string;
}

export interface TokenRecord {
  /** The token as written; compared without case. */
  readonly idToken: string;
  /** ISO14443, Central, eMAID … (2.x names). 1.6 tags have no type and match any. */
  readonly type: string;
  readonly status:
    | 'Accepted'
    | 'Blocked'
    | 'Expired'
    | 'Invalid'
    | 'NoCredit'
    | 'NotAtThisLocation'
    | 'NotAtThisTime'
    | 'NotAllowedTypeEVSE';
  readonly expiresAt?: number;
  /** parentIdTag of 1.6, groupIdToken of 2.x. */
  readonly groupId?: string;
  /** May have several transactions at once. */
  readonly concurrent: boolean;
  /** Only on these stations, where given. */
  readonly stations?: readonly string[];
  readonly language?: string;
  readonly note?: string;
}
