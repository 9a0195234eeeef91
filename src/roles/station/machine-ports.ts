import type { Ids } from '../../core/ids.ts';
import type { Random } from '../../core/random.ts';
import type { Failure } from '../../protocols/ocpp/error-codes.ts';
import type { CallOutcome } from '../../protocols/ocpp/rpc-message.ts';
import type { StationMachine } from './machine.ts';
import type { BootReason, ProtocolSide, SideHost } from './ocpp/side.ts';
import type { Outgoing } from './outbox.ts';
import type { StationCore, StoredPart } from './state/core.ts';
import type { StationTemplate } from './template.ts';
import type { TransferRequest, TransferResult } from './transfer.ts';

/** What goes into a station. */
export type Input =
  | { readonly kind: 'power-on'; readonly reason: BootReason }
  | { readonly kind: 'open' }
  | { readonly kind: 'connect-failed'; readonly why: string }
  | { readonly kind: 'closed'; readonly code: number }
  | {
      readonly kind: 'request';
      readonly token: unknown;
      readonly action: string;
      readonly payload: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'settled'; readonly outcome: CallOutcome }
  | { readonly kind: 'timer'; readonly name: string }
  | { readonly kind: 'transferred'; readonly result: TransferResult }
  /** A user, a scenario or a behaviour does something with the core. */
  | { readonly kind: 'act'; readonly act: (core: StationCore, machine: StationMachine) => void };

/** What comes out, in order. */
export type Effect =
  | { readonly do: 'connect' }
  | {
      readonly do: 'disconnect';
      readonly code: number;
      readonly reason: string;
      readonly cut?: true;
      readonly silent?: boolean;
    }
  | { readonly do: 'call'; readonly message: Outgoing; readonly timeoutMs: number }
  | { readonly do: 'send'; readonly action: string; readonly payload: object }
  | { readonly do: 'answer'; readonly token: unknown; readonly payload: object }
  | { readonly do: 'refuse'; readonly token: unknown; readonly failure: Failure; readonly text: string }
  | { readonly do: 'timer'; readonly name: string; readonly atMs: number | undefined }
  | { readonly do: 'store'; readonly part: StoredPart; readonly value: unknown }
  | { readonly do: 'transfer'; readonly request: TransferRequest }
  | { readonly do: 'ping' }
  | { readonly do: 'happened'; readonly what: string; readonly data: Readonly<Record<string, unknown>> };

export interface MachineOptions {
  readonly identity: string;
  readonly serialNumber: string;
  readonly template: StationTemplate;
  readonly makeSide: (host: SideHost, template: StationTemplate) => ProtocolSide;
  readonly ids: Ids;
  readonly random: Random;
  /** Epoch ms of the world; the station's own clock may differ. */
  readonly now: () => number;
  /** False: nobody stores, so nothing is put together for it. */
  readonly stores: boolean;
  readonly saved?: Readonly<Partial<Record<StoredPart, unknown>>>;
}
