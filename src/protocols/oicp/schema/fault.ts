import Type, { type Static } from 'typebox';
import { StatusCode } from './status-code.ts';

/** Body of HTTP 400 and 500: the message could not be read. Absent from the current documents, seen on the wire. */
export const FaultBody = Type.Object(
  {
    extendedInfo: Type.Optional(Type.String()),
    message: Type.String(),
    validationErrors: Type.Optional(
      Type.Array(Type.Object({ fieldReference: Type.String(), errorMessage: Type.String() })),
    ),
  },
  { title: 'FaultBody' },
);
export type FaultBody = Static<typeof FaultBody>;

/** Body of HTTP 401, 403 and 404: a status code without `Result`. */
export const ERoamingFault = Type.Object(
  { StatusCode, message: Type.Optional(Type.String()) },
  { title: 'OicpERoamingFault' },
);
export type ERoamingFault = Static<typeof ERoamingFault>;
