import Type, { type Static } from 'typebox';
import { ActionType, EvseStatus } from './enums.ts';
import { StatusCode } from './status-code.ts';
import { EvseID, OperatorID, ProviderID } from './strings.ts';
import { SearchCenter } from './structures.ts';

export const EvseStatusRecord = Type.Object({ EvseID, EvseStatus }, { title: 'EvseStatusRecordType' });
export type EvseStatusRecord = Static<typeof EvseStatusRecord>;

const OperatorEvseStatus = Type.Object(
  {
    OperatorID,
    OperatorName: Type.Optional(Type.String({ maxLength: 100 })),
    EvseStatusRecord: Type.Array(EvseStatusRecord),
  },
  { title: 'OperatorEvseStatusType' },
);
export type OperatorEvseStatus = Static<typeof OperatorEvseStatus>;

export const PushEvseStatus = Type.Object(
  { ActionType, OperatorEvseStatus },
  { title: 'eRoamingPushEvseStatus', 'x-rule': 'pushEvseStatus' },
);
export type PushEvseStatus = Static<typeof PushEvseStatus>;

export const PullEvseStatus = Type.Object(
  { ProviderID, SearchCenter: Type.Optional(SearchCenter), EvseStatus: Type.Optional(EvseStatus) },
  { title: 'eRoamingPullEVSEStatus', 'x-aliases': { EVSEStatus: 'EvseStatus' } },
);
export type PullEvseStatus = Static<typeof PullEvseStatus>;

export const PullEvseStatusByID = Type.Object(
  { ProviderID, EvseID: Type.Array(EvseID, { maxItems: 100 }) },
  { title: 'eRoamingPullEVSEStatusByID' },
);
export type PullEvseStatusByID = Static<typeof PullEvseStatusByID>;

export const PullEvseStatusByOperatorID = Type.Object(
  { ProviderID, OperatorID: Type.Array(OperatorID) },
  { title: 'eRoamingPullEVSEStatusByOperatorID' },
);
export type PullEvseStatusByOperatorID = Static<typeof PullEvseStatusByOperatorID>;

export const EvseStatuses = Type.Object(
  {
    EvseStatuses: Type.Object({ OperatorEvseStatus: Type.Array(OperatorEvseStatus) }),
    StatusCode: Type.Optional(StatusCode),
  },
  { title: 'eRoamingEVSEStatus', 'x-aliases': { EVSEStatuses: 'EvseStatuses' } },
);
export type EvseStatuses = Static<typeof EvseStatuses>;

/** Mind the capitals: `EVSEStatusRecords` here, `EvseStatuses` in the other answer. */
export const EvseStatusById = Type.Object(
  {
    EVSEStatusRecords: Type.Object({ EvseStatusRecord: Type.Array(EvseStatusRecord) }),
    StatusCode: Type.Optional(StatusCode),
  },
  { title: 'eRoamingEVSEStatusByID', 'x-aliases': { EvseStatusRecords: 'EVSEStatusRecords' } },
);
export type EvseStatusById = Static<typeof EvseStatusById>;
