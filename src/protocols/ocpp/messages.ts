import type { ActionOf, SendAction } from './actions.ts';
import type * as v16 from './generated/v16.ts';
import type * as v21 from './generated/v21.ts';
import type * as v201 from './generated/v201.ts';
import type { OcppVersion } from './versions.ts';

interface RequestMaps {
  '1.6': v16.Requests;
  '2.0.1': v201.Requests;
  '2.1': v21.Requests;
}
interface ResponseMaps {
  '1.6': v16.Responses;
  '2.0.1': v201.Responses;
  '2.1': v21.Responses;
}

/** The payload of a CALL (or SEND): `RequestOf<'1.6', 'StartTransaction'>`. Types are generated from the schemas. */
export type RequestOf<V extends OcppVersion, A extends ActionOf<V>> = A extends keyof RequestMaps[V]
  ? RequestMaps[V][A]
  : never;

/** The payload of the CALLRESULT that answers it. A SEND has none. */
export type ResponseOf<
  V extends OcppVersion,
  A extends Exclude<ActionOf<V>, SendAction<V>>,
> = A extends keyof ResponseMaps[V] ? ResponseMaps[V][A] : never;

/** A JSON object as it stands in a frame, before its type is known. */
export type Payload = Readonly<Record<string, unknown>>;

// Every row of the tables has its types, and every generated type has its row: a missing one fails to compile here.
type Missing<V extends OcppVersion> =
  | Exclude<ActionOf<V>, keyof RequestMaps[V]>
  | Exclude<keyof RequestMaps[V], ActionOf<V>>;
type None<T extends never> = T;
export type EveryActionHasItsTypes = None<Missing<'1.6'> | Missing<'2.0.1'> | Missing<'2.1'>>;

export type { v16, v21, v201 };
