import { describeRules } from '../../testing/rule-cases.ts';

const ON = '2.0.1\nopen\nboot\n';
const st = (status: string) =>
  `S> StatusNotification {"evseId":1,"connectorId":1,"connectorStatus":"${status}","timestamp":"@"} = {}\n`;
const TAG = '"idToken":{"idToken":"04A1B2C3D4E5F6","type":"ISO14443"}';
const auth = (token = '04A1B2C3D4E5F6') =>
  `S> Authorize {"idToken":{"idToken":"${token}","type":"ISO14443"}} = {"idTokenInfo":{"status":"Accepted"}}\n`;
const reserve = (more = ',"evseId":1', status = 'Accepted') =>
  `C> ReserveNow {"id":5,"expiryDateTime":"@+300",${TAG}${more}} = {"status":"${status}"}\n`;
const RESERVED = reserve() + st('Reserved');
const STARTED = `S> TransactionEvent {"eventType":"Started","timestamp":"@","triggerReason":"Authorized","seqNo":0,"reservationId":5,"transactionInfo":{"transactionId":"t1","chargingState":"EVConnected"},"evse":{"id":1,"connectorId":1},${TAG}} = {"idTokenInfo":{"status":"Accepted"}}\n`;
const update = (status: string) =>
  `S> ReservationStatusUpdate {"reservationId":5,"reservationUpdateStatus":"${status}"} = {}\n`;
const CANCEL = 'C> CancelReservation {"reservationId":5} = {"status":"Accepted"}\n';
const nonSpecific = (value: boolean) =>
  `C> GetVariables {"getVariableData":[{"component":{"name":"ReservationCtrlr"},"variable":{"name":"NonEvseSpecific"}}]} = {"getVariableResult":[{"attributeStatus":"Accepted","attributeType":"Actual","attributeValue":"${value}","component":{"name":"ReservationCtrlr"},"variable":{"name":"NonEvseSpecific"}}]}\n`;

describeRules('F11 reservations', {
  'OCPP2-AV-001': {
    passes: [
      ON + RESERVED + auth() + st('Occupied') + STARTED,
      ON + RESERVED + st('Occupied') + auth() + STARTED,
      ON + RESERVED + auth() + STARTED + st('Occupied'),
      ON + RESERVED + CANCEL + st('Occupied'),
    ],
    fails: [`${ON + RESERVED + st('Occupied')}wait 40`, `${ON + RESERVED + st('Occupied') + auth('04FFFFFF')}wait 40`],
    cannotTell: ON + st('Reserved') + st('Occupied'),
    says: 'no token of reservation 5 was seen',
  },
  'OCPP2-AV-009': {
    passes: [
      `${ON + RESERVED}+300 ${update('Expired')}${st('Available')}wait 100`,
      `${ON + RESERVED + CANCEL + st('Available')}wait 400`,
      `${ON + RESERVED + st('Faulted') + update('Removed')}wait 400`,
      `${ON + RESERVED + auth() + STARTED + st('Occupied')}wait 400`,
    ],
    fails: [
      `${ON + RESERVED}wait 400`,
      `${ON + RESERVED + st('Faulted')}wait 100`,
      `${ON + RESERVED + st('Unavailable')}wait 100`,
    ],
    cannotTell: `${ON + RESERVED}close\nwait 400`,
    says: /Reservation 5 expired|EVSE 1 is (Faulted|Unavailable), and reservation 5 was not removed/,
  },
  'OCPP2-AV-010': {
    passes: [ON + nonSpecific(true) + reserve(''), ON + nonSpecific(false) + reserve('', 'Rejected')],
    fails: ON + nonSpecific(false) + reserve(''),
    cannotTell: ON + reserve(''),
  },
});
