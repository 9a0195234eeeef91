import type { OcppVersion } from '../../../../../protocols/ocpp/versions.ts';
import type { ItemKind } from '../../../state/station-items.ts';
import type { Scene } from '../outbound/command-cases.ts';

/** One message of a station, the exact answer, and what the CSMS knows afterwards. All written by hand. */
export interface MessageCase {
  readonly action: string;
  /** What is shown, with the requirement. */
  readonly rule: string;
  /** Both 2.x versions where absent. */
  readonly only?: OcppVersion;
  readonly before?: readonly Scene[];
  readonly payload: string;
  /** Complete. Absent for a SEND. */
  readonly answer?: object;
  /** Items by kind, complete: `[]` says that there is none. Members that are not named do not matter. */
  readonly items?: Readonly<Partial<Record<ItemKind, readonly object[]>>>;
  readonly station?: object;
  /** Latest readings by EVSE. */
  readonly readings?: readonly (readonly [number, object])[];
  /** Rules of the findings that the message gets. */
  readonly findings?: readonly string[];
}
