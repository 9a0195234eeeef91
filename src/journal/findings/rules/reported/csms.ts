import type { RuleDeclaration } from '../../rule.ts';

type Row = Pick<RuleDeclaration, 'severity' | 'fault' | 'axis' | 'title' | 'clause' | 'causes' | 'next'> &
  Partial<Pick<RuleDeclaration, 'peer'>>;

const PNC_16 = 'Using ISO 15118 Plug & Charge with OCPP 1.6, section 4';

/** What the CSMS finds as it acts on a station's message, and no rule can see from the traffic alone. */
const OCPP_ROWS = {
  'PNC16-PLAIN': {
    severity: 'error',
    fault: 'station',
    axis: 'conformance',
    peer: 'tolerates',
    title: 'A contract is authorised inside DataTransfer',
    clause: PNC_16,
    causes: ['The station puts the EMAID of the contract into a plain Authorize'],
    next: ['Look whether the station sends the inner Authorize with certificate and hash data'],
  },
  'PNC16-EIM': {
    severity: 'error',
    fault: 'station',
    axis: 'conformance',
    peer: 'tolerates',
    title: 'A card is authorised with a plain Authorize',
    clause: PNC_16,
    causes: ['The station wraps every Authorize once Plug & Charge is on'],
    next: ['Look at what was shown to the station: a card, or a certificate'],
  },
  'csms.reservation.unknown': {
    severity: 'info',
    fault: 'station',
    axis: 'consistency',
    peer: 'ignores',
    title: 'The end of a reservation is told of reservations that exist',
    clause: 'H04',
    causes: ['The reservation was made at another CSMS, or before this one lost its state'],
    next: ['List the reservations of the station; look for the ReserveNow of this number'],
  },
  'csms.ev-needs.kind': {
    severity: 'warning',
    fault: 'station',
    axis: 'consistency',
    peer: 'ignores',
    title: 'The needs of an EV fit its energy transfer',
    clause: 'K15.FR.06',
    causes: ['The station copies all parameters of the EV, also those of the other kind'],
    next: ['Compare `requestedEnergyTransfer` with the parameters that came'],
  },
  'csms.certificate.serial': {
    severity: 'error',
    fault: 'station',
    axis: 'security',
    peer: 'tolerates',
    title: 'A station has the serial number that its certificate is made out to',
    clause: 'B01.FR.11, B01.FR.12',
    causes: ['The certificate of another station was installed', 'The mainboard was changed'],
    next: ['Compare serialNumber with the common name of the client certificate'],
  },
} satisfies Record<string, Row>;

/** What the CSMS finds as the operator's end of OICP. */
const OICP_ROWS = {
  'hub.evco-id': {
    severity: 'warning',
    fault: 'station',
    axis: 'consistency',
    title: 'An account of a contract has a form that OICP knows',
    clause: 'OICP 2.3 EvcoID',
    causes: ['The EMAID is of another scheme: OICP wants an instance that begins with C'],
    next: ['Look at the contract of the EMAID: the hub cannot be asked about it'],
  },
  'hub.authorize.slow': {
    severity: 'warning',
    fault: 'hub',
    axis: 'timing',
    title: 'The hub decides before the station gives up',
    clause: 'OICP 2.3 AuthorizeStart',
    causes: ['An EMP behind the hub is slow', 'The hub asks EMPs one after another'],
    next: ['Look at the trace: which hop took the time'],
  },
  'hub.authorize.late': {
    severity: 'warning',
    fault: 'hub',
    axis: 'timing',
    title: 'No authorisation comes after the driver was refused',
    clause: 'OICP 2.3 AuthorizeStart',
    causes: ['The deadlines of operator, hub and EMP do not nest'],
    next: ['Compare the deadlines: station, then CSMS, then hub, each shorter than the one before'],
  },
  'hub.authorize.session': {
    severity: 'warning',
    fault: 'hub',
    axis: 'conformance',
    peer: 'rejects',
    title: 'An authorisation names its session',
    clause: 'OICP 2.3 eRoamingAuthorizationStart',
    causes: ['The hub leaves SessionID to the partners'],
    next: ['Look at the answer: without SessionID nothing after it can be told'],
  },
  'hub.authorize.busy': {
    severity: 'warning',
    fault: 'hub',
    axis: 'timing',
    title: 'The hub takes an authorisation when it is asked',
    clause: 'OICP 2.3 AuthorizeStart; GEN-14',
    causes: ['The limit of calls is reached', 'Many stations authorise at once'],
    next: ['Look at the hub’s answers before; ask for a higher limit'],
  },
  'hub.authorize.invalid': {
    severity: 'warning',
    fault: 'hub',
    axis: 'conformance',
    peer: 'rejects',
    title: 'The answer to an authorisation can be read',
    clause: 'OICP 2.3 eRoamingAuthorizationStart',
    causes: ['A gateway answers in place of the hub', 'The hub speaks another version'],
    next: ['Read the raw answer and its content type'],
  },
  'hub.authorize.timeout': {
    severity: 'warning',
    fault: 'hub',
    axis: 'timing',
    title: 'An authorisation is answered in time',
    clause: 'OICP 2.3 AuthorizeStart',
    causes: ['The hub, or an EMP behind it, is slow or down'],
    next: ['Look at the trace; ask the hub with POST /send by hand'],
  },
  'hub.authorize.unreachable': {
    severity: 'warning',
    fault: 'hub',
    axis: 'timing',
    title: 'The hub can be reached',
    clause: 'OICP 2.3 AuthorizeStart',
    causes: ['The hub is down', 'The address, the proxy or a certificate is wrong'],
    next: ['Look at the address in the settings and at the reason in the finding'],
  },
  'hub.authorize.broken': {
    severity: 'warning',
    fault: 'hub',
    axis: 'timing',
    title: 'The answer to an authorisation comes whole',
    clause: 'OICP 2.3 AuthorizeStart',
    causes: ['The connection was cut while the hub answered'],
    next: ['Look for a restart or a proxy between operator and hub'],
  },
  'cpo.push.refused': {
    severity: 'warning',
    fault: 'cpo',
    axis: 'consistency',
    title: 'What is pushed to the hub is taken',
    clause: 'OICP 2.3 PushEvseData, PushEvseStatus; CPO-PD-09',
    causes: ['The hub does not know the operator, the EVSE or the record before'],
    next: ['Read the status code of the hub’s answer'],
  },
  'cpo.record.invalid': {
    severity: 'error',
    fault: 'cpo',
    axis: 'conformance',
    peer: 'rejects',
    title: 'The record of an EVSE fits its schema before it is pushed',
    clause: 'OICP 2.3 EvseDataRecord; CPO-PD-01',
    causes: ['A member of the EVSE’s configuration is missing or of a wrong form'],
    next: ['Correct the EVSE: the text names the member'],
  },
  'cpo.clock.ahead': {
    severity: 'info',
    fault: 'station',
    axis: 'timing',
    peer: 'rejects',
    title: 'The station’s clock is not ahead when a record is made',
    clause: 'CPO-CD-03',
    causes: ['The station does not take the time of BootNotification and Heartbeat'],
    next: ['Compare the time stamps of the station with those of the journal'],
  },
  'cpo.cdr.unsigned': {
    severity: 'error',
    fault: 'station',
    axis: 'conformance',
    peer: 'rejects',
    title: 'A station that is offered with calibration data signs its meter values',
    clause: 'CPO-CD-05',
    causes: ['Signed values are not switched on at the station'],
    next: ['Ask the station for signed values at start and end; or do not offer calibration data'],
  },
  'cpo.cdr.refused': {
    severity: 'error',
    fault: 'cpo',
    axis: 'consistency',
    peer: 'rejects',
    title: 'The hub takes the charge detail record',
    clause: 'OICP 2.3 ChargeDetailRecord; CPO-CD-07',
    causes: ['The hub does not know the session', 'Energy, times or signed values contradict each other'],
    next: ['Read the status code; correct the record and send it again'],
  },
} satisfies Record<string, Row>;

function rowsOf(rows: Readonly<Record<string, Row>>, common: Pick<RuleDeclaration, 'protocol' | 'versions'>) {
  return Object.entries(rows).map(([id, row]): RuleDeclaration => ({ id, ...common, peer: 'unknown', ...row }));
}

const VERSIONS_OF: Readonly<Record<string, readonly string[]>> = {
  'csms.reservation.unknown': ['2.0.1', '2.1'],
  'csms.ev-needs.kind': ['2.0.1', '2.1'],
  'csms.certificate.serial': ['2.0.1', '2.1'],
};

/** Rules that the CSMS holds others, and itself, to: it writes their findings where it acts. */
export const reportedByCsms: readonly RuleDeclaration[] = [
  ...rowsOf(OCPP_ROWS, { protocol: 'ocpp', versions: ['1.6'] }).map((rule) => ({
    ...rule,
    versions: VERSIONS_OF[rule.id] ?? rule.versions,
  })),
  ...rowsOf(OICP_ROWS, { protocol: 'oicp', versions: ['2.3'] }),
];
