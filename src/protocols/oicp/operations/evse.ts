import { operation } from '../operation-row.ts';
import { Acknowledgement } from '../schema/acknowledgement.ts';
import { EvseData, PullEvseData, PushEvseData } from '../schema/evse-data.ts';
import {
  EvseStatusById,
  EvseStatuses,
  PullEvseStatus,
  PullEvseStatusByID,
  PullEvseStatusByOperatorID,
  PushEvseStatus,
} from '../schema/evse-status.ts';

const SUCCESS = { Code: '000', Description: 'Success' } as const;
const DONE = { Result: true, StatusCode: SUCCESS };

const STATION = {
  EvseID: 'DE*ABC*E1*1',
  ChargingStationID: 'CS1',
  ChargingStationNames: [{ lang: 'en', value: 'Test station' }],
  Address: {
    Country: 'DEU',
    City: 'Berlin',
    Street: 'Teststr.',
    PostalCode: '10829',
    HouseNum: '22',
    TimeZone: 'UTC+01:00',
  },
  Plugs: ['Type 2 Outlet'] as 'Type 2 Outlet'[],
  ChargingFacilities: [
    {
      PowerType: 'AC_3_PHASE' as const,
      Power: 22,
      Voltage: 230,
      Amperage: 32,
      ChargingModes: ['Mode_3'] as 'Mode_3'[],
    },
  ],
  RenewableEnergy: true,
  CalibrationLawDataAvailability: 'Local' as const,
  AuthenticationModes: ['NFC RFID Classic', 'REMOTE'] as ('NFC RFID Classic' | 'REMOTE')[],
  PaymentOptions: ['Contract'] as 'Contract'[],
  ValueAddedServices: ['Reservation'] as 'Reservation'[],
  Accessibility: 'Free publicly accessible' as const,
  HotlinePhoneNumber: '+49301234567',
  IsOpen24Hours: true,
  IsHubjectCompatible: true,
  DynamicInfoAvailable: 'true' as const,
};

export const EVSE_OPERATIONS = {
  PushEvseData: operation({
    service: 'eRoamingPushEvseData_V2.3',
    block: 'EVSE data',
    method: 'POST',
    path: '/api/oicp/evsepush/v23/operators/{operatorID}/data-records',
    pathId: 'operatorID',
    hub: 'answer',
    legs: [{ from: 'CPO', to: 'HUB' }],
    obligation: { cpo: 'mandatory' },
    request: PushEvseData,
    response: Acknowledgement,
    paged: false,
    contract: 'eRoamingPushEvseData',
    perMinute: 375,
    summary: 'Upload EVSE data',
    description:
      'fullLoad replaces everything (an empty list deletes all), insert and update fail as a whole when a record is known or unknown. One push at a time: wait for the answer.',
    example: {
      request: {
        ActionType: 'fullLoad',
        OperatorEvseData: {
          OperatorID: 'DE*ABC',
          OperatorName: 'ABC',
          EvseDataRecord: [{ ...STATION, GeoCoordinates: { Google: { Coordinates: '52.480495 13.356465' } } }],
        },
      },
      response: DONE,
    },
  }),

  PullEvseData: operation({
    service: 'eRoamingPullEvseData_V2.3',
    block: 'EVSE data',
    method: 'POST',
    path: '/api/oicp/evsepull/v23/providers/{providerID}/data-records',
    pathId: 'providerID',
    hub: 'answer',
    legs: [{ from: 'EMP', to: 'HUB' }],
    obligation: { emp: 'mandatory' },
    request: PullEvseData,
    response: EvseData,
    paged: true,
    contract: 'eRoamingPullEvseData',
    perMinute: 100,
    summary: 'EVSE data of all operators, or what changed',
    description:
      'Without LastCall all valid records, filtered; with LastCall the net changes since, each with its deltaType. Pages count from 0.',
    example: {
      request: { ProviderID: 'DE-DCB', GeoCoordinatesResponseFormat: 'DecimalDegree' },
      response: {
        content: [
          {
            ...STATION,
            OperatorID: 'DE*ABC',
            OperatorName: 'ABC',
            lastUpdate: '2025-06-01T06:00:00Z',
            GeoCoordinates: { DecimalDegree: { Longitude: '13.356465', Latitude: '52.480495' } },
          },
        ],
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

  PushEvseStatus: operation({
    service: 'eRoamingPushEvseStatus_V2.1',
    block: 'EVSE status',
    method: 'POST',
    path: '/api/oicp/evsepush/v21/operators/{operatorID}/status-records',
    pathId: 'operatorID',
    hub: 'answer',
    legs: [{ from: 'CPO', to: 'HUB' }],
    obligation: { cpo: 'mandatory' },
    request: PushEvseStatus,
    response: Acknowledgement,
    paged: false,
    contract: 'eRoamingPushEvseData',
    perMinute: 2000,
    summary: 'Upload EVSE status',
    description: 'One push per change, in order, and a fullLoad a day. The EVSE’s data must have been uploaded before.',
    example: {
      request: {
        ActionType: 'fullLoad',
        OperatorEvseStatus: {
          OperatorID: 'DE*ABC',
          OperatorName: 'ABC',
          EvseStatusRecord: [{ EvseID: 'DE*ABC*E1*1', EvseStatus: 'Occupied' }],
        },
      },
      response: DONE,
    },
  }),

  PullEvseStatus: operation({
    service: 'eRoamingPullEvseStatus_V2.1',
    block: 'EVSE status',
    method: 'POST',
    path: '/api/oicp/evsepull/v21/providers/{providerID}/status-records',
    pathId: 'providerID',
    hub: 'answer',
    legs: [{ from: 'EMP', to: 'HUB' }],
    obligation: { emp: 'mandatory' },
    request: PullEvseStatus,
    response: EvseStatuses,
    paged: false,
    contract: 'eRoamingPullEvseStatus',
    perMinute: 6,
    summary: 'Status of all EVSEs, or of those around a place',
    description: 'Grouped by operator. Every 1 to 5 minutes.',
    example: {
      request: { ProviderID: 'DE-DCB' },
      response: {
        EvseStatuses: {
          OperatorEvseStatus: [
            {
              OperatorID: 'DE*ABC',
              OperatorName: 'ABC',
              EvseStatusRecord: [{ EvseID: 'DE*ABC*E1*1', EvseStatus: 'Available' }],
            },
          ],
        },
        StatusCode: SUCCESS,
      },
    },
  }),

  PullEvseStatusByID: operation({
    service: 'eRoamingPullEvseStatusByID_V2.1',
    block: 'EVSE status',
    method: 'POST',
    path: '/api/oicp/evsepull/v21/providers/{providerID}/status-records-by-id',
    pathId: 'providerID',
    hub: 'answer',
    legs: [{ from: 'EMP', to: 'HUB' }],
    obligation: { emp: 'optional' },
    request: PullEvseStatusByID,
    response: EvseStatusById,
    paged: false,
    contract: 'eRoamingPullEvseStatus',
    perMinute: 300,
    summary: 'Status of up to 100 named EVSEs',
    description: 'An unknown id is answered with EvseNotFound, one without a status with Unknown.',
    example: {
      request: { ProviderID: 'DE-DCB', EvseID: ['DE*ABC*E1*1'] },
      response: {
        EVSEStatusRecords: { EvseStatusRecord: [{ EvseID: 'DE*ABC*E1*1', EvseStatus: 'EvseNotFound' }] },
        StatusCode: SUCCESS,
      },
    },
  }),

  PullEvseStatusByOperatorID: operation({
    service: 'eRoamingPullEvseStatusByOperatorID_V2.1',
    block: 'EVSE status',
    method: 'POST',
    path: '/api/oicp/evsepull/v21/providers/{providerID}/status-records-by-operator-id',
    pathId: 'providerID',
    hub: 'answer',
    legs: [{ from: 'EMP', to: 'HUB' }],
    obligation: { emp: 'optional' },
    request: PullEvseStatusByOperatorID,
    response: EvseStatuses,
    paged: false,
    contract: 'eRoamingPullEvseStatus',
    perMinute: 75,
    summary: 'Status of the EVSEs of named operators',
    description: 'An unknown operator gives nothing, not an error.',
    example: {
      request: { ProviderID: 'DE-DCB', OperatorID: ['DE*ABC'] },
      response: {
        EvseStatuses: {
          OperatorEvseStatus: [
            { OperatorID: 'DE*ABC', EvseStatusRecord: [{ EvseID: 'DE*ABC*E1*1', EvseStatus: 'Occupied' }] },
          ],
        },
        StatusCode: SUCCESS,
      },
    },
  }),
} as const;
