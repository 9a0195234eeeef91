/**
 * The acceptance checks of the workbench, said once: what must be true in a real browser on real services. Each is held by
 * the browser tests whose titles name it; one that is not held to the last word says in `open` what is not shown yet.
 * `test/workbench-checks.test.ts` compares this table with the tests and with docs/reference/workbench-checks.md.
 */
export interface WorkbenchCheck {
  readonly id: string;
  /** `should` is wished for this release, `must` belongs to it. */
  readonly kind: 'must' | 'should';
  readonly area: Area;
  readonly holds: string;
  /** Why it is not held to the last word: what no test shows yet. */
  readonly open?: string;
}

export const AREAS = [
  'Home and the first minute',
  'Traffic and messages',
  'Sessions, sequence and traces',
  'Stations and simulator',
  'Composer',
  'Roaming, Plug & Charge and EVerest',
  'Findings, logs and interfaces',
  'Access, scopes and settings',
  'The whole app',
] as const;
export type Area = (typeof AREAS)[number];

const HOME = AREAS[0];
const TRAFFIC = AREAS[1];
const SESSIONS = AREAS[2];
const STATIONS = AREAS[3];
const COMPOSER = AREAS[4];
const ROAMING = AREAS[5];
const FINDINGS = AREAS[6];
const ACCESS = AREAS[7];
const APP = AREAS[8];

function must(id: string, area: Area, holds: string, open?: string): WorkbenchCheck {
  return { id, kind: 'must', area, holds, ...(open === undefined ? {} : { open }) };
}
function should(id: string, area: Area, holds: string, open?: string): WorkbenchCheck {
  return { ...must(id, area, holds, open), kind: 'should' };
}

// One check, one entry: what closes a check takes its reason away, and runs the test with `-u`.
export const WORKBENCH_CHECKS: readonly WorkbenchCheck[] = [
  must(
    'AC-01',
    HOME,
    'Home shows CSMS, hub, EMP, Plug & Charge, EVerest and three stations by name, each with its health in words',
    'looked at in a world of three services, and the health of one of them',
  ),
  must(
    'AC-02',
    HOME,
    'A demo session runs through its five steps in order within a minute; the result gives messages, parties and 0 findings, and one settled session has all six steps',
  ),
  must(
    'AC-03',
    HOME,
    'In an empty world each page says in its own words why it is empty and what to do; none stays blank or waits for ever',
  ),
  must(
    'AC-04',
    HOME,
    'The broken session counts four findings, exactly the planted ones, and the first click lands on the line that is wrong',
  ),
  must(
    'AC-05',
    HOME,
    'The address of the dialog takes a foreign charger in, which stands on Home as real; on loopback the dialog says how to open it; a wrong sub-protocol is listed with what is offered',
  ),
  must('AC-06', TRAFFIC, 'The address of a message opens it with number, action and parties in heading and title'),
  must('AC-07', TRAFFIC, 'An address with a pointer shows that line in view, focused and marked'),
  must(
    'AC-08',
    TRAFFIC,
    'A filter lives in the address: reload, back and forward keep text and count, one step of history for each accepted filter',
  ),
  must('AC-09', TRAFFIC, 'A frozen view is a link: another browser sees the same first and last row and count'),
  must('AC-10', TRAFFIC, 'A link over another journal names that journal, offers two ways on, and shows no message'),
  must(
    'AC-11',
    APP,
    'A page of a later release says so and leads to the simulator; an unknown one offers the palette, focused',
  ),
  must('AC-12', HOME, 'Every number on Home leads to a list of just so many rows'),
  must(
    'AC-13',
    TRAFFIC,
    'While 50 messages come the list follows: the newest is last, the badge says live, the scroll stands at the end',
  ),
  must(
    'AC-14',
    TRAFFIC,
    'A selected row stays where it is while 50 come; the pill counts them and leads back to following',
  ),
  must(
    'AC-15',
    TRAFFIC,
    'Frozen, no cell changes whatever comes, and the badge says at which message; the key again shows everything',
  ),
  must(
    'AC-16',
    TRAFFIC,
    'A field of OCPP 1.6 is explained with type, necessity and a sentence, though its schema has none',
  ),
  must(
    'AC-17',
    TRAFFIC,
    'A bad enum has one mark, on its line, that names severity, rule and the words that are allowed',
  ),
  must('AC-18', TRAFFIC, 'A missing member stands as a line of its own, in the order of the schema, marked missing'),
  must(
    'AC-19',
    TRAFFIC,
    'A message of the traffic is edited and sent again; the new one names the old, and the diff shows the one change',
  ),
  must(
    'AC-20',
    TRAFFIC,
    'Every documented query finds the same number in the page, in the API and in `compote journal --filter`',
  ),
  must(
    'AC-21',
    TRAFFIC,
    'A filter that is wrong says what and where, is marked invalid for everybody, and leaves the rows alone',
  ),
  must(
    'AC-22',
    TRAFFIC,
    'A slow filter over a million rows shows its first rows and its progress, and Stop keeps what is found, called partial',
  ),
  must(
    'AC-23',
    TRAFFIC,
    'Frames count messages, exchanges count requests, unpaired messages and events; what is selected stays selected',
  ),
  must(
    'AC-24',
    TRAFFIC,
    'A call without an answer waits with rising time, is told as unanswered after 30 s, and is found by the filter',
  ),
  must(
    'AC-25',
    TRAFFIC,
    'Two selected TransactionEvents are compared by key: members that changed, times ignored on wish, the order of members no difference',
  ),
  must(
    'AC-26',
    TRAFFIC,
    'A masked export holds no token; a cleared journal comes back by undo; an import has its mark and its own times',
  ),
  must(
    'AC-27',
    SESSIONS,
    'The messages of a roaming session are OCPP and OICP, and as many as its heading says',
    'the protocols are read from the overview, not from the rows',
  ),
  must('AC-28', SESSIONS, 'The ids of OICP and OCPP lead to the same session'),
  must(
    'AC-29',
    SESSIONS,
    'The energy of a session stands as a curve and as a table with the sampled values',
    'the rows of the table are counted, not compared',
  ),
  must(
    'AC-30',
    SESSIONS,
    'The reconciliation of the broken session says by how much the energy differs, and each cell leads to a message with that value',
  ),
  must('AC-31', SESSIONS, 'The sequence of a session draws every message in order over at least four lifelines'),
  must(
    'AC-32',
    SESSIONS,
    'Repeated TransactionEvents are folded into one row with their number and unfold on a click; heartbeats stay folded',
  ),
  must('AC-33', SESSIONS, 'The exported SVG is well-formed, names every lifeline and needs nothing from outside'),
  must(
    'AC-34',
    STATIONS,
    'A station of any identity is listed, and its addresses and links work after a reload',
    'links to it from traffic and sessions are not followed',
  ),
  must(
    'AC-35',
    STATIONS,
    'A key of 1.6 is changed over the wire and shows the answer; a read-only one refuses with its reason',
  ),
  must(
    'AC-36',
    STATIONS,
    'The device model of 2.x is read to its last part; a changed variable is sent and read again',
    'the parts of the report are not counted, and the message is not looked at',
  ),
  must(
    'AC-37',
    HOME,
    'A link of Home opens the composer with sender, receiver, protocol and version set, and offers only the actions of that direction',
  ),
  must(
    'AC-38',
    COMPOSER,
    'A large message opens with few fields; form and JSON stay one document in which nothing gets lost',
  ),
  must('AC-39', COMPOSER, 'A Reset is answered with JSON, the time it took, and a link to its message'),
  must(
    'AC-40',
    COMPOSER,
    'A message handed in for a foreign station changes the CSMS, not the wire, and is marked with who did it',
  ),
  must(
    'AC-41',
    COMPOSER,
    'A message with a fault put in is marked, its expected answer is named and compared, and its violations count against nobody',
  ),
  must(
    'AC-42',
    COMPOSER,
    'Every action of OCPP 1.6, 2.0.1, 2.1 and OICP opens in the composer without a complaint, and its least form fits',
  ),
  must(
    'AC-43',
    STATIONS,
    'Plug, card, wait, stop and unplug pass through their states in order, end the session, and each click names its messages',
    'the messages of one click are looked at',
  ),
  must(
    'AC-44',
    STATIONS,
    'A scenario whose wait cannot be met says what it waits for, with seconds, then why it failed, with the last message',
  ),
  must(
    'AC-45',
    ROAMING,
    'The map of the EMP has a marker for each EVSE without asking another machine, and starts a charge by keys alone',
  ),
  must(
    'AC-46',
    STATIONS,
    'A token that is set to Blocked is answered so, begins no transaction, and its row counts the use',
    'the row of a token does not count its uses yet',
  ),
  must(
    'AC-47',
    ROAMING,
    'Without its contract at the hub a remote start is refused with 210; the first failed check is the contract, and the EMP says who said it',
  ),
  must(
    'AC-48',
    ROAMING,
    'A revoked contract certificate fails its authorisation: the ladder stands still at it, the status says revoked, the OCSP request is listed',
  ),
  must(
    'AC-49',
    FINDINGS,
    'A finding names the party at fault, its clause or that there is none, the place, and what to do',
  ),
  must(
    'AC-50',
    FINDINGS,
    'A rule muted for one party leaves the count, keeps scope and reason, and goes on for everybody else',
  ),
  must('AC-51', FINDINGS, 'No page and no export calls anything certified or compliant'),
  must(
    'AC-52',
    ROAMING,
    'With the built-in broker a published state changes its card, and Start IEC is a message with the topic and payload of the dialect',
  ),
  must('AC-53', APP, 'No route has a serious finding of axe, light and dark, in both densities'),
  must('AC-54', HOME, 'The first minute and the broken session are reached by keys alone, and the focus is never lost'),
  must(
    'AC-55',
    APP,
    'Reduced motion stops every animation; forced colours and grey keep protocol and severity readable as text',
  ),
  must('AC-56', APP, 'The build stays within its limits of size'),
  must(
    'AC-57',
    APP,
    'No route asks another machine, breaks the content policy or writes an error to the console',
    'pages of a single session, trace and run are not visited',
  ),
  must('AC-58', TRAFFIC, 'In a million rows the end, the first row and any number are reached, in flat memory'),
  must('AC-59', TRAFFIC, 'At 2,000 rows a second for 10 s every row is counted and none twice'),
  must(
    'AC-60',
    APP,
    'Ten tabs share one stream, on loopback and over the network, all hear, and copying works in both',
  ),
  must(
    'AC-61',
    TRAFFIC,
    'Ten minutes at 50 messages a second leave the heap where it was',
    'measured by `npm run bench:ui -- --soak 10`; too long for a test',
  ),
  must(
    'AC-62',
    APP,
    'A cut stream says since when; mended, nothing is missing or twice, and after a minute the page is read anew',
  ),
  must(
    'AC-63',
    ACCESS,
    'The entries of CSMS and EMP show their half: their menu, a word on foreign pages, and 403 `out-of-scope` from the other half’s routes',
  ),
  must(
    'AC-64',
    ACCESS,
    'A user of the EMP may not send as the CSMS: the server refuses with a code, the page disables the control and says why',
  ),
  must(
    'AC-65',
    SESSIONS,
    'The trace of a remote start has at least four parties; each span lies in its parent or is drawn as later; the OTLP export can be read',
  ),
  must('AC-66', FINDINGS, 'A line of the log opens its message; a level hides what is less'),
  must(
    'AC-67',
    FINDINGS,
    'With one service stopped all others list their operations; the stopped one shows its last document with date, and opens in the composer filled in',
  ),
  must(
    'AC-68',
    APP,
    'Theme, density and hidden pages are kept over a reload; a hidden page opens by address and palette',
  ),
  must('AC-69', APP, 'On a phone the menu is a drawer, sessions and findings are cards, and no page scrolls sideways'),
  must(
    'AC-70',
    COMPOSER,
    'A message inside DataTransfer has its own form, travels as JSON text, and has its faults marked inside that text',
  ),
  must(
    'AC-71',
    COMPOSER,
    'The composer beside a session sends while the page behind keeps its place, and its messages join the session',
  ),
  should('AC-72', SESSIONS, 'The report of a session as one HTML file shows sequence, messages and chart offline'),
];
