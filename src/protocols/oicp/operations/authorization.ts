import { operation } from '../operation-row.ts';
import { Acknowledgement } from '../schema/acknowledgement.ts';
import {
  AuthorizationStart,
  AuthorizationStop,
  AuthorizeRemoteReservationStart,
  AuthorizeRemoteReservationStop,
  AuthorizeRemoteStart,
  AuthorizeRemoteStop,
  AuthorizeStart,
  AuthorizeStop,
} from '../schema/authorization.ts';

const SESSION = '3b129fb6-c4af-476e-8bec-6e307c8e5d25';
const CARD = { RFIDMifareFamilyIdentification: { UID: '044A2DAA856280' } };
const CONTRACT = { RemoteIdentification: { EvcoID: 'DE-DCB-C12345678-X' } };
const SUCCESS = { Code: '000', Description: 'Success' } as const;
const DONE = { Result: true, StatusCode: SUCCESS, SessionID: SESSION };

export const AUTHORIZATION_OPERATIONS = {
  AuthorizeStart: operation({
    service: 'eRoamingAuthorizeStart_V2.1',
    block: 'Authorization',
    method: 'POST',
    path: '/api/oicp/charging/v21/operators/{operatorID}/authorize/start',
    pathId: 'operatorID',
    hub: 'answer-or-forward',
    legs: [
      { from: 'CPO', to: 'HUB', absent: ['SessionID'] },
      { from: 'HUB', to: 'EMP', required: ['SessionID'], answerRequired: ['ProviderID'] },
    ],
    obligation: { cpo: 'mandatory', emp: 'mandatory' },
    request: AuthorizeStart,
    response: AuthorizationStart,
    paged: false,
    contract: 'eRoamingAuthorization',
    perMinute: 200,
    summary: 'May this driver charge?',
    description:
      'A driver has identified at a station. The hub looks into uploaded authentication data, asks the provider that the contract id names, or asks all providers for an unknown card. It creates the session.',
    example: {
      request: {
        OperatorID: 'DE*ABC',
        EvseID: 'DE*ABC*E1*1',
        CPOPartnerSessionID: 'cpo-1',
        Identification: CARD,
      },
      response: {
        SessionID: SESSION,
        CPOPartnerSessionID: 'cpo-1',
        ProviderID: 'DE-DCB',
        AuthorizationStatus: 'Authorized',
        StatusCode: SUCCESS,
        AuthorizationStopIdentifications: [{ RFIDMifareFamilyIdentification: { UID: '99887766' } }],
      },
    },
  }),

  AuthorizeStop: operation({
    service: 'eRoamingAuthorizeStop_V2.1',
    block: 'Authorization',
    method: 'POST',
    path: '/api/oicp/charging/v21/operators/{operatorID}/authorize/stop',
    pathId: 'operatorID',
    hub: 'answer-or-forward',
    legs: [
      { from: 'CPO', to: 'HUB' },
      { from: 'HUB', to: 'EMP', answerRequired: ['ProviderID'] },
    ],
    obligation: { cpo: 'optional', emp: 'optional' },
    request: AuthorizeStop,
    response: AuthorizationStop,
    paged: false,
    perMinute: 50,
    summary: 'May this driver stop the session?',
    description:
      'A driver has identified at a station to end a session. Many operators decide that themselves and only send the charge detail record.',
    example: {
      request: { SessionID: SESSION, OperatorID: 'DE*ABC', EvseID: 'DE*ABC*E1*1', Identification: CARD },
      response: {
        SessionID: SESSION,
        ProviderID: 'DE-DCB',
        AuthorizationStatus: 'Authorized',
        StatusCode: SUCCESS,
      },
    },
  }),

  AuthorizeRemoteStart: operation({
    service: 'eRoamingAuthorizeRemoteStart_V2.1',
    block: 'Remote start and stop',
    method: 'POST',
    path: '/api/oicp/charging/v21/providers/{providerID}/authorize-remote/start',
    pathId: 'providerID',
    hub: 'forward',
    legs: [
      { from: 'EMP', to: 'HUB', absent: ['SessionID'] },
      { from: 'HUB', to: 'CPO', required: ['SessionID'] },
    ],
    obligation: { cpo: 'mandatory', emp: 'mandatory' },
    request: AuthorizeRemoteStart,
    response: Acknowledgement,
    paged: false,
    contract: 'eRoamingAuthorization',
    perMinute: 100,
    summary: 'Start charging at this EVSE',
    description:
      'A driver starts from an app. The hub creates the session and asks the operator of the EVSE. A positive answer means that the start was accepted, not yet that energy flows.',
    example: {
      request: { ProviderID: 'DE-DCB', EvseID: 'DE*ABC*E1*1', Identification: CONTRACT },
      response: DONE,
    },
  }),

  AuthorizeRemoteStop: operation({
    service: 'eRoamingAuthorizeRemoteStop_V2.1',
    block: 'Remote start and stop',
    method: 'POST',
    path: '/api/oicp/charging/v21/providers/{providerID}/authorize-remote/stop',
    pathId: 'providerID',
    hub: 'forward',
    legs: [
      { from: 'EMP', to: 'HUB' },
      { from: 'HUB', to: 'CPO' },
    ],
    obligation: { cpo: 'mandatory', emp: 'mandatory' },
    request: AuthorizeRemoteStop,
    response: Acknowledgement,
    paged: false,
    perMinute: 200,
    summary: 'Stop this session',
    description: 'A driver stops from an app. The charge detail record closes the session, not this answer.',
    example: { request: { SessionID: SESSION, ProviderID: 'DE-DCB', EvseID: 'DE*ABC*E1*1' }, response: DONE },
  }),

  AuthorizeRemoteReservationStart: operation({
    service: 'eRoamingAuthorizeRemoteReservationStart_V1.1',
    block: 'Reservation',
    method: 'POST',
    path: '/api/oicp/reservation/v11/providers/{providerID}/reservation-start-request',
    pathId: 'providerID',
    hub: 'forward',
    legs: [
      { from: 'EMP', to: 'HUB', absent: ['SessionID'] },
      { from: 'HUB', to: 'CPO', required: ['SessionID'] },
    ],
    obligation: { cpo: 'optional', emp: 'optional' },
    request: AuthorizeRemoteReservationStart,
    response: Acknowledgement,
    paged: false,
    contract: 'eRoamingReservation',
    summary: 'Reserve this EVSE',
    description:
      'Keeps an EVSE free for a driver, for up to 99 minutes. A later charging session gets a session id of its own.',
    example: {
      request: { ProviderID: 'DE-DCB', EvseID: 'DE*ABC*E1*1', Identification: CONTRACT, Duration: 15 },
      response: DONE,
    },
  }),

  AuthorizeRemoteReservationStop: operation({
    service: 'eRoamingAuthorizeRemoteReservationStop_V1.1',
    block: 'Reservation',
    method: 'POST',
    path: '/api/oicp/reservation/v11/providers/{providerID}/reservation-stop-request',
    pathId: 'providerID',
    hub: 'forward',
    legs: [
      { from: 'EMP', to: 'HUB' },
      { from: 'HUB', to: 'CPO' },
    ],
    obligation: { cpo: 'optional', emp: 'optional' },
    request: AuthorizeRemoteReservationStop,
    response: Acknowledgement,
    paged: false,
    summary: 'End this reservation',
    description: 'Frees a reserved EVSE. The operator then sends a charge detail record for the reservation’s session.',
    example: { request: { SessionID: SESSION, ProviderID: 'DE-DCB', EvseID: 'DE*ABC*E1*1' }, response: DONE },
  }),
} as const;
