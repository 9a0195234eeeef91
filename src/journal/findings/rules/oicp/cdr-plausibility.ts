import {
  type CdrFinding,
  type CdrRule,
  type ChargeDetailRecord,
  canonicalEvseId,
  cdrFindings,
} from '../../../../protocols/oicp/index.ts';
import { type ExchangeContext, type ExchangeRule, oicpFamily } from '../../exchange/exchange-rule.ts';
import { sameMedium } from '../../exchange/media.ts';

type Row = readonly [severity: 'error' | 'warning', title: string, clause: string, cause: string, next: string];

const ROWS: Readonly<Record<CdrRule, Row>> = {
  'oicp.cdr.energy-unit': ['error', 'Energy is in kWh', 'CPO-CD-02, HUB-23', 'Watt-hours are sent', 'Divide by 1000'],
  'oicp.cdr.charging-order': [
    'error',
    'Charging ends after it has started',
    'CPO-CD-03, HUB-23',
    'Start and end are swapped',
    'Compare with the transaction',
  ],
  'oicp.cdr.session-in-future': [
    'error',
    'A session has ended when its record comes',
    'CPO-CD-03, HUB-23',
    'A clock is wrong, or the offset does not fit the time',
    'Compare the offset with the site’s time zone',
  ],
  'oicp.cdr.energy-negative': [
    'error',
    'Energy is not negative',
    'CPO-CD-04, HUB-23',
    'The meter was changed or reset',
    'Look at the meter values of the transaction',
  ],
  'oicp.cdr.meter-negative': [
    'error',
    'A meter does not run backwards',
    'CPO-CD-04, HUB-23',
    'The meter was changed or reset',
    'Look at the meter values of the transaction',
  ],
  'oicp.cdr.signed-values-missing': [
    'error',
    'An EVSE whose calibration data is External has signed values',
    'CPO-CD-05, HUB-23',
    'The station signs only when it is asked to',
    'Switch signed meter values on at the station',
  ],
  'oicp.cdr.time-order': [
    'warning',
    'A session frames its charging',
    'CPO-CD-03',
    'The session begins with the permission, energy came before',
    'SessionStart, ChargingStart, ChargingEnd, SessionEnd follow each other',
  ],
  'oicp.cdr.energy-mismatch': [
    'warning',
    'Energy is what the meter counted',
    'CPO-CD-04',
    'The two are rounded differently',
    'Compute ConsumedEnergy from the two values of the meter',
  ],
  'oicp.cdr.meter-between': [
    'warning',
    'Values in between lie in between',
    'CPO-CD-04',
    'Values of another session or unit are among them',
    'Sort them, and leave those out',
  ],
  'oicp.cdr.evse-mismatch': [
    'warning',
    'A record is of the EVSE of its session',
    'CPO-CD-09',
    'Connectors of one station are mixed up',
    'Compare with the start of the session',
  ],
  'oicp.cdr.medium-mismatch': [
    'warning',
    'A record names the medium of its session',
    'CPO-CD-09',
    'The card that stopped the session is named',
    'Name the medium that began it',
  ],
};

/** Whether a record can be true. The hub refuses what is an error here by 022, and takes what is a warning. */
export const cdrPlausibility: readonly ExchangeRule[] = (Object.entries(ROWS) as [CdrRule, Row][]).flatMap(
  ([id, [severity, title, clause, cause, next]]) =>
    oicpFamily('consistency', [
      {
        id,
        severity,
        fault: 'cpo',
        title,
        clause: `OICP 2.3 eRoamingChargeDetailRecord; ${clause}`,
        causes: [cause],
        next: [next],
        peer: severity === 'error' ? 'rejects' : 'tolerates',
        on: ['ChargeDetailRecord.request'],
        check: (c) => {
          for (const { rule, pointer, text } of plausibility(c)) if (rule === c.rule.id) c.report({ text, pointer });
        },
      },
    ]),
);

/** Worked out once for all of them. */
function plausibility(c: ExchangeContext): readonly CdrFinding[] {
  const { x } = c;
  if (x.worked === undefined) x.worked = x.refusedBySchema ? [] : worked(c);
  return x.worked as readonly CdrFinding[];
}

function worked(c: ExchangeContext): readonly CdrFinding[] {
  const { x } = c;
  const reading = c.reading();
  if (reading?.ok !== true) return [];
  const cdr = reading.value as ChargeDetailRecord;
  const session = c.oicp.sessionOf(x);
  const evse = c.oicp.operator(x.pathId)?.evses.get(canonicalEvseId(cdr.EvseID));
  const other = session !== undefined && sameMedium(session.identification, cdr.Identification) === false;
  return cdrFindings(cdr, {
    // A clock that runs fast says nothing about now.
    receivedMs: c.clocksAgree ? x.time + c.toleranceMs : Number.POSITIVE_INFINITY,
    calibrationLaw: evse?.calibration,
    session: { evseId: session?.evseId },
  }).concat(
    other
      ? [
          {
            rule: 'oicp.cdr.medium-mismatch',
            pointer: '/Identification',
            text: 'not the medium of the session',
            verdict: 'note',
          },
        ]
      : [],
  );
}
