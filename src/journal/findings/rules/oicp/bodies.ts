import { FINDING_CODES, type FindingCode } from '../../../../protocols/oicp/index.ts';
import { type ExchangeRule, oicpFamily } from '../../exchange/exchange-rule.ts';

type Row = readonly [severity: ExchangeRule['severity'], clause: string, cause: string, next: string];

const OWN_SCHEMA = 'The message was built by hand, not from the documents';
const OLD = 'The sender still speaks OICP 2.1 or 2.2';
const SPELLING = 'The documents themselves spell it in two ways';
const SEE_MEMBER = 'Read the member at the pointer against the table of its type';

/**
 * How bodies break their schemas. Servers and clients of ours read every body and report these; on files the engine reads
 * them the same way.
 */
const ROWS: Readonly<Record<FindingCode, Row>> = {
  'oicp.body.not-json': [
    'error',
    'OICP 2.3 §2.1; GEN-01, SRV-03',
    'A gateway answered with a page of its own',
    'Look at the raw text',
  ],
  'oicp.body.required': ['error', 'GEN-12, SRV-04, CPO-PD-01, CPO-CD-02', OWN_SCHEMA, SEE_MEMBER],
  'oicp.body.type': ['error', 'SRV-04, CPO-PD-06, CPO-CD-02', OWN_SCHEMA, SEE_MEMBER],
  'oicp.body.pattern': [
    'error',
    'GEN-11, GEN-12',
    'An id of one’s own system stands where one of OICP belongs',
    'Compare it with the form of the type',
  ],
  'oicp.body.enum': ['error', 'CPO-PD-03, CPO-CN-04', OLD, 'Compare it with the values of 2.3: case and spaces count'],
  'oicp.body.length': [
    'error',
    'CPO-PD-07, GEN-13',
    'The value comes from a field that is longer',
    'Count the characters against the limit',
  ],
  'oicp.body.range': [
    'error',
    'CPO-CD-02',
    'A float was written with all its digits',
    'Round to three decimals; look at the unit',
  ],
  'oicp.body.items': [
    'error',
    'CPO-PD-01, CPO-CD-05, HUB-33',
    'A list was filled without a look at its limit',
    'Count the entries',
  ],
  'oicp.body.schema': ['error', 'SRV-04', OWN_SCHEMA, SEE_MEMBER],
  'oicp.body.null': [
    'info',
    'GEN-10, SRV-05',
    'The serializer writes absent members',
    'Leave absent members out; readers take null as absent',
  ],
  'oicp.body.unknown-member': ['info', 'GEN-10, SRV-05', OLD, 'Look for the member that was meant'],
  'oicp.body.member-spelling': [
    'warning',
    'OICP 2.3 errata: member names',
    SPELLING,
    'Write the spelling of the examples',
  ],
  'oicp.body.value-spelling': [
    'warning',
    'OICP 2.3 errata: values; SRV-06',
    SPELLING,
    'Write the spelling of the tables',
  ],
  'oicp.body.number-as-text': [
    'warning',
    'CPO-CD-02, EMP-CD-03',
    'The number is a text in the sender’s database',
    'Write a JSON number',
  ],
  'oicp.body.single-for-list': [
    'warning',
    'OICP 2.3 errata: OperatorID of GetChargeDetailRecords',
    SPELLING,
    'Write a list',
  ],
  'oicp.body.several-members': [
    'error',
    'CPO-AS-07, CPO-PD-05, HUB-06',
    'The example of the documents was copied with all its members',
    'Leave one member',
  ],
  'oicp.body.no-member': [
    'error',
    'CPO-AS-07, CPO-PD-05',
    'The medium is of a kind that the sender does not know',
    'Fill one of the members',
  ],
  'oicp.leg.required': [
    'error',
    'CPO-RS-05, HUB-17',
    'The same code sends in both directions',
    'See what the table asks on this leg',
  ],
  'oicp.leg.absent': [
    'warning',
    'CPO-AS-01, EMP-RS-01',
    'An old SessionID is sent again',
    'Leave it out: the hub makes the session',
  ],
  'oicp.identification.kind': [
    'error',
    'CPO-AS-01, CPO-AS-06, CPO-RS-04, HUB-06',
    'One mapping serves all messages',
    'Cards: RFIDMifareFamilyIdentification; remote commands: RemoteIdentification',
  ],
  'oicp.identification.hashed-pin': [
    'error',
    'CPO-AS-05, HUB-08',
    'The PIN is stored as a hash',
    'Send the PIN that the driver typed',
  ],
  'oicp.identification.pin': [
    'error',
    'CPO-AS-05, EMP-PA-01',
    'PIN and hash are both in the sender’s record',
    'Send one of them',
  ],
  'oicp.status.result-mismatch': [
    'error',
    'SRV-08, GEN-04',
    'The code is set and the result forgotten',
    'True goes with 000, false with every other code',
  ],
  'oicp.status.provider-missing': [
    'error',
    'EMP-AS-01, EMP-AS-02',
    'The provider id is set for one answer only',
    'Send it with every authorization',
  ],
  'oicp.status.description': [
    'warning',
    'GEN-13',
    'A text of one’s own stands in Description',
    'Write it into AdditionalInfo',
  ],
  'oicp.time.calendar': ['error', 'GEN-11', 'The time was put together as text', 'Look at day, month and offset'],
  'oicp.time.order': [
    'error',
    'CPO-CN-03, CPO-CD-03, EMP-GC-03',
    'Start and end come from different clocks',
    'Compare both with the station’s times',
  ],
  'oicp.time.range': ['error', 'EMP-GC-03', 'A job asks for all that ever was', 'Ask for at most 90 days at once'],
  'oicp.geo.range': ['error', 'CPO-PD-05', 'Longitude and latitude are swapped', 'Look at the place on a map'],
  'oicp.geo.swapped': ['warning', 'CPO-PD-05', 'Longitude and latitude are swapped', 'Look at the place on a map'],
  'oicp.evse.opening-times': [
    'error',
    'CPO-PD-04',
    'IsOpen24Hours is false by default',
    'Send the opening times, or true',
  ],
  'oicp.evse.alone': [
    'error',
    'CPO-PD-03',
    'A default value is kept beside the real ones',
    'Leave it out where others stand',
  ],
  'oicp.evse.amperage': [
    'warning',
    'OICP 2.3 ChargingFacilityType',
    'A DC charger has more than 99 A',
    'Nothing to do: the documents cannot express it',
  ],
  'oicp.evse.energy-source': [
    'warning',
    'CPO-PD-12',
    'The shares are of another year than the flag',
    'Let the shares sum up to 100',
  ],
  'oicp.evse.not-found-pushed': [
    'warning',
    'CPO-PS-05',
    'An unknown state is mapped to it',
    'Push Unknown, or delete the record',
  ],
  'oicp.list.duplicate': ['error', 'CPO-PD-11, HUB-26', 'One EVSE per connector is sent', 'Send each key once'],
  'oicp.delta.filter': ['error', 'EMP-PD-02, HUB-31', 'The filters of the whole pull are kept', 'Send LastCall alone'],
  'oicp.pricing.availability': ['error', 'CPO-PR-01', 'IsValid24hours is false by default', 'Send the times, or true'],
  'oicp.pricing.fixed-fee': [
    'warning',
    'CPO-PR-03',
    'The fee was added to an old price',
    'Set PricePerReferenceUnit to 0',
  ],
  'oicp.notification.progress': [
    'error',
    'CPO-CN-02, HUB-36',
    'The station sends no meter values',
    'Send the duration',
  ],
  'oicp.notification.duration': [
    'error',
    'CPO-CN-02',
    'The duration is in seconds',
    'Send milliseconds: EventOccurred less ChargingStart',
  ],
  'oicp.page.size': [
    'error',
    'HUB-25, EMP-GC-02',
    'Pages are counted from 1, or are too big',
    'Count from 0; at most 2000',
  ],
};

export const bodies: readonly ExchangeRule[] = (Object.entries(ROWS) as [FindingCode, Row][]).flatMap(
  ([id, [severity, clause, cause, next]]) =>
    oicpFamily('conformance', [
      {
        id,
        severity,
        fault: 'sender',
        title: FINDING_CODES[id],
        clause,
        causes: [cause],
        next: [next],
        peer: severity === 'error' ? 'rejects' : 'tolerates',
        on: [],
      },
    ]),
);
