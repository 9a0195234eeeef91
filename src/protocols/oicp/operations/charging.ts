import { operation } from '../operation-row.ts';
import { Acknowledgement } from '../schema/acknowledgement.ts';
import { ChargeDetailRecord, ChargeDetailRecords, GetChargeDetailRecords } from '../schema/charge-detail-record.ts';
import { ChargingNotification } from '../schema/notifications.ts';

const SESSION = '3b129fb6-c4af-476e-8bec-6e307c8e5d25';
const SUCCESS = { Code: '000', Description: 'Success' } as const;
const RECORD = {
  SessionID: SESSION,
  CPOPartnerSessionID: 'cpo-1',
  PartnerProductID: 'AC3',
  EvseID: 'DE*ABC*E1*1',
  Identification: { RFIDMifareFamilyIdentification: { UID: '044A2DAA856280' } },
  SessionStart: '2025-06-01T08:00:00+02:00',
  ChargingStart: '2025-06-01T08:01:10+02:00',
  ChargingEnd: '2025-06-01T08:41:10+02:00',
  SessionEnd: '2025-06-01T08:45:00+02:00',
  MeterValueStart: 1000.5,
  MeterValueEnd: 1012.75,
  MeterValueInBetween: { meterValues: [1004.1, 1008.2] },
  ConsumedEnergy: 12.25,
};

export const CHARGING_OPERATIONS = {
  ChargeDetailRecord: operation({
    service: 'eRoamingChargeDetailRecord_V2.2',
    block: 'Charge detail records',
    method: 'POST',
    path: '/api/oicp/cdrmgmt/v22/operators/{operatorID}/charge-detail-record',
    pathId: 'operatorID',
    hub: 'answer-then-forward',
    legs: [
      { from: 'CPO', to: 'HUB' },
      { from: 'HUB', to: 'EMP' },
    ],
    obligation: { cpo: 'mandatory', emp: 'mandatory' },
    request: ChargeDetailRecord,
    response: Acknowledgement,
    paged: false,
    perMinute: 350,
    summary: 'This session has ended: what was charged',
    description:
      'Exactly one per session, within 10 seconds of its end. The positive answer means that the hub has stored it; the hub forwards it to the provider on its own.',
    example: { request: RECORD, response: { Result: true, StatusCode: SUCCESS, SessionID: SESSION } },
  }),

  GetChargeDetailRecords: operation({
    service: 'eRoamingGetChargeDetailRecords_V2.2',
    block: 'Charge detail records',
    method: 'POST',
    path: '/api/oicp/cdrmgmt/v22/providers/{providerID}/get-charge-detail-records-request',
    pathId: 'providerID',
    hub: 'answer',
    legs: [{ from: 'EMP', to: 'HUB' }],
    obligation: { emp: 'optional' },
    request: GetChargeDetailRecords,
    response: ChargeDetailRecords,
    paged: true,
    perMinute: 200,
    summary: 'Charge detail records that the hub received in this time',
    description:
      'From and To mean the receipt at the hub, and are at most 90 days apart. Records already delivered come again.',
    example: {
      request: { ProviderID: 'DE-DCB', From: '2025-06-01T00:00:00+02:00', To: '2025-06-30T00:00:00+02:00' },
      response: {
        content: [RECORD],
        number: 0,
        size: 20,
        totalElements: 1,
        totalPages: 1,
        first: true,
        last: true,
        numberOfElements: 1,
        StatusCode: SUCCESS,
      },
    },
  }),

  ChargingNotifications: operation({
    service: 'eRoamingChargingNotifications_V1.1',
    block: 'Notifications',
    method: 'POST',
    path: '/api/oicp/notificationmgmt/v11/charging-notifications',
    hub: 'forward',
    legs: [
      { from: 'CPO', to: 'HUB', required: ['OperatorID'] },
      { from: 'HUB', to: 'EMP' },
    ],
    obligation: { cpo: 'optional', emp: 'optional' },
    request: ChargingNotification,
    response: Acknowledgement,
    paged: false,
    perMinute: 100,
    summary: 'Start, progress, end or error of a session',
    description:
      'Start when energy flows, Progress at most every 5 minutes, End when it stops, Error when something fails. `Type` says which. The path names no partner.',
    example: {
      request: {
        Type: 'Progress',
        SessionID: SESSION,
        EvseID: 'DE*ABC*E1*1',
        OperatorID: 'DE*ABC',
        ChargingStart: '2025-06-01T08:01:10+02:00',
        EventOccurred: '2025-06-01T08:06:10+02:00',
        ChargingDuration: 300_000,
        ConsumedEnergyProgress: 1.5,
      },
      response: { Result: true, StatusCode: SUCCESS, SessionID: SESSION },
    },
  }),
} as const;
