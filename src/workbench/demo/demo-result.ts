import type { Clock } from '../../core/clock.ts';
import type { Finding, Journal } from '../../journal/index.ts';
import type { PlantedFault, SessionRef } from './demo.ts';
import type { DemoResult } from './demo-run.ts';

/** What others journals tell comes into the merged one a moment later. */
const SETTLE_MS = 10_000;
const QUIET_MS = 600;
const ASK_AGAIN_MS = 100;
const PAGE = 1_000;
/** A demo has hundreds of messages; a busy world may have more beside it. */
const MAX_PAGES = 20;

/** The session of a demo in the journal. */
export async function sessionOf(journal: Journal, ref: SessionRef): Promise<string | undefined> {
  const asked =
    'sessionId' in ref
      ? journal.query.sessionByKey('oicp', [ref.sessionId])
      : journal.query.sessionByKey('ocpp', [ref.station, ref.transactionId]);
  return asked.then(
    (session) => session?.id,
    () => undefined,
  );
}

/** Waits until the journal has heard all of it: the planted findings are there, and nothing new comes for a moment. */
export async function settle(
  clock: Clock,
  journal: Journal,
  since: number,
  planted: readonly PlantedFault[],
): Promise<void> {
  const end = clock.monotonic() + SETTLE_MS;
  let head = (await journal.query.info()).head;
  let quietSince = clock.monotonic();
  while (clock.monotonic() < end) {
    await clock.sleep(ASK_AGAIN_MS);
    const now = (await journal.query.info()).head;
    if (now !== head) quietSince = clock.monotonic();
    head = now;
    const isQuiet = clock.monotonic() - quietSince >= QUIET_MS;
    if (isQuiet && matched(await findingsSince(journal, since), planted).every(({ finding }) => finding !== undefined))
      return;
  }
}

/** What a run left in the journal: the messages of its sessions, and the findings after the message `since`. */
export async function resultOf(
  journal: Journal,
  since: number,
  sessions: readonly string[],
  planted: readonly PlantedFault[],
): Promise<DemoResult> {
  const { head } = await journal.query.info();
  const q = sessions.length > 0 ? sessions.map((id) => `session:${id}`).join(' or ') : `seq:${since + 1}..${head}`;
  const parties = new Set<string>();
  let messages = 0;
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { items, next } = await journal.query.messages({
      q,
      entity: 'messages',
      order: 'oldest',
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    messages += items.length;
    for (const row of items) for (const party of [row.f, row.to]) parties.add(party);
    cursor = next;
    if (cursor === undefined) break;
  }
  const findings = await findingsSince(journal, since);
  const pairs = matched(findings, planted);
  const meant = new Set(pairs.map(({ finding }) => finding?.id));
  return {
    messages,
    parties: [...parties].sort(),
    q,
    planted: pairs.map(({ fault: { rule, title, says }, finding }) => ({
      rule,
      title,
      says,
      ...(finding === undefined ? {} : { finding: finding.id, seq: finding.seq ?? 0, pointer: finding.pointer ?? '' }),
    })),
    others: findings.filter(({ id }) => !meant.has(id)).map(({ id, rule, party, text }) => ({ id, rule, party, text })),
  };
}

async function findingsSince(journal: Journal, since: number): Promise<readonly Finding[]> {
  const { items } = await journal.query.findings({ limit: PAGE });
  return items.filter(({ seq = 0 }) => seq > since);
}

function matched(
  findings: readonly Finding[],
  planted: readonly PlantedFault[],
): { readonly fault: PlantedFault; readonly finding: Finding | undefined }[] {
  return planted.map((fault) => ({
    fault,
    finding: findings.find(({ rule, party }) => rule === fault.rule && party === fault.party),
  }));
}
