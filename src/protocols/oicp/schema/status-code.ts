import Type, { type Static } from 'typebox';
import { STATUS_CODE_VALUES } from '../status-codes.ts';

export const StatusCode = Type.Object(
  {
    Code: Type.Enum(STATUS_CODE_VALUES),
    Description: Type.Optional(Type.String({ maxLength: 200 })),
    AdditionalInfo: Type.Optional(Type.String({ maxLength: 1000 })),
  },
  { title: 'StatusCodeType', 'x-rule': 'statusCode' },
);
export type StatusCode = Static<typeof StatusCode>;
