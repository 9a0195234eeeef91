import type { Clock } from '../../core/clock.ts';
import type { Ids } from '../../core/ids.ts';
import type { Random } from '../../core/random.ts';
import type { Party } from '../../journal/entry.ts';
import type { LinkWorld } from '../../link/ocpp-link.ts';
import type { Validation } from '../../protocols/ocpp/rpc-engine.ts';
import type { CallOutcome } from '../../protocols/ocpp/rpc-message.ts';
import type { OcppSchemaSet } from '../../protocols/ocpp/schemas.ts';
import type { OcppVersion } from '../../protocols/ocpp/versions.ts';
import type { Dialer } from './dialer.ts';
import type { Factory } from './ocpp/side.ts';
import type { CryptoPart } from './security/certificate-vault.ts';
import type { StoredPart } from './state/core.ts';
import type { Station } from './station.ts';
import type { StationTemplate } from './template.ts';
import type { FleetTimers } from './timers.ts';
import type { FilePort } from './transfer.ts';

/** Where stations keep what survives a restart. */
export interface StationStore {
  load(identity: string): Readonly<Partial<Record<StoredPart, unknown>>>;
  save(identity: string, part: StoredPart, value: unknown): void;
}

/** What is the same for all stations of a process: shared, so that a station costs little. */
export interface StationWorld {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly timers: FleetTimers;
  readonly link: LinkWorld;
  readonly schemas: OcppSchemaSet;
  readonly dialer: Dialer;
  readonly files: FilePort;
  readonly csms: Party;
  readonly validation: Validation;
  readonly crypto?: CryptoPart | undefined;
  readonly store?: StationStore | undefined;
  /** Hears how long the CSMS took for each CALL. */
  readonly measure?: ((action: string, ms: number, outcome: CallOutcome['kind']) => void) | undefined;
  /** Hears everything that happens to any station. */
  readonly observe?: ((station: Station, what: string, data: Readonly<Record<string, unknown>>) => void) | undefined;
}

export interface StationOptions {
  readonly identity: string;
  readonly version: OcppVersion;
  readonly template: StationTemplate;
  /** `ws://127.0.0.1:8001/ocpp`, without the identity. */
  readonly endpoint: string;
  /** Basic password; text for 2.x, hexadecimal for 1.6. */
  readonly password?: string | undefined;
  readonly random: Random;
  readonly serialNumber?: string;
  /** Roots to trust and a certificate of its own, from the factory. */
  readonly certificates?: Omit<Factory, 'securityProfile'> | undefined;
  readonly free?: boolean;
}

/** The security profile that follows from how the station was set up (A00). */
export function factoryOf({ endpoint, password, certificates }: StationOptions): Factory {
  const tls = /^wss:/i.test(endpoint);
  const securityProfile = tls ? (certificates?.certificate === undefined ? 2 : 3) : password === undefined ? 0 : 1;
  return { securityProfile, ...certificates };
}
