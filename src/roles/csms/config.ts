import type { BasicAuthEncoding } from '../../link/basic-credentials.ts';
import type { Validation } from '../../protocols/ocpp/rpc-engine.ts';
import type { OcppVersion } from '../../protocols/ocpp/versions.ts';

/** Settings of the CSMS that its domain needs. Addresses, folders and TLS files belong to the service around it. */
export interface CsmsConfig {
  /** OCPP versions that are served. */
  readonly versions: readonly OcppVersion[];
  readonly acceptOcpp20: boolean;
  readonly validation: Validation;
  /** How long the CSMS waits for a station's answer. */
  readonly callTimeoutMs: number;
  readonly maxQueuedCalls: number;
  readonly maxFrameBytes: number;
  readonly maxConnections: number;
  readonly pingIntervalMs: number;
  readonly compression: 'off' | '2.x' | 'all';
  readonly boot: {
    /** Who may charge: everybody, only registered stations, or nobody until a user releases the station. */
    readonly policy: 'accept-all' | 'known-only' | 'pending';
    /** Heartbeat interval that an accepted station is given. */
    readonly heartbeatIntervalS: number;
    /** How long a pending or rejected station waits before it asks again. */
    readonly retryIntervalS: number;
    /** `refuse`: an unknown station gets HTTP 404; `reject-boot`: it may connect and is rejected at boot. */
    readonly unknownStations: 'refuse' | 'reject-boot';
    /** What happens to messages before the station was accepted: SecurityError, or only a finding. */
    readonly gate: 'enforce' | 'report';
    /**
     * Asks 2.x stations for their full inventory (B07.FR.14): each once per firmware version, or one for all that have the
     * same vendor, model and firmware.
     */
    readonly askInventory: 'per-model' | 'each' | 'never';
  };
  readonly security: {
    /** Connections below this security profile are refused. */
    readonly minimumProfile: 0 | 1 | 2 | 3;
    readonly basicAuthEncoding: BasicAuthEncoding;
    /** Hashes of the password of stations that have none of their own, as bytes of its hex digits and as text. */
    readonly sharedPasswordHashes?: readonly string[];
  };
  readonly authorization: {
    readonly unknownTokens: 'reject' | 'accept';
  };
  /** Vendors whose DataTransfer is accepted, with the message ids that they may use (absent: any). */
  readonly dataTransfer: { readonly vendors: Readonly<Record<string, { readonly messageIds?: readonly string[] }>> };
}

export const DEFAULT_CSMS_CONFIG: CsmsConfig = {
  versions: ['1.6', '2.0.1', '2.1'],
  acceptOcpp20: false,
  validation: 'lenient',
  callTimeoutMs: 30_000,
  maxQueuedCalls: 100,
  maxFrameBytes: 1_048_576,
  maxConnections: 20_000,
  pingIntervalMs: 60_000,
  compression: '2.x',
  boot: {
    policy: 'accept-all',
    heartbeatIntervalS: 300,
    retryIntervalS: 30,
    unknownStations: 'refuse',
    gate: 'enforce',
    askInventory: 'per-model',
  },
  security: { minimumProfile: 0, basicAuthEncoding: 'autoByLength' },
  authorization: { unknownTokens: 'reject' },
  dataTransfer: { vendors: {} },
};
