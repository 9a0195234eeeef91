import Type from 'typebox';
import type { JournalQuery } from '../../journal/index.ts';
import { sessionReport } from '../../journal/report/session-report.ts';
import { Download } from '../http/answers.ts';
import { type Route, route } from '../http/route.ts';
import { sessionNamed } from './session-named.ts';

/** More messages make a file that no browser likes to open. */
const MOST = 5_000;
const PAGE = 1_000;

/** A session as a file for somebody who has nothing but a browser. For the prefix `/api/v1`. */
export function sessionReportRoute(query: JournalQuery): Route {
  return route({
    method: 'GET',
    path: '/sessions/{id}/report',
    summary: 'One charging session as a self-contained HTML file: opens from disk, asks nobody for anything',
    description: `Secrets are masked. At most ${MOST} messages.`,
    tags: ['sessions'],
    params: Type.Object({ id: Type.String({ maxLength: 500, description: 'As of GET /sessions/{id}.' }) }),
    produces: 'text/html',
    problems: ['NOT_FOUND'],
    async handler({ params: { id } }) {
      const session = await sessionNamed(query, id);
      const q = `session:${session.id}`;
      const rows = [];
      let cursor: string | undefined;
      do {
        const page = await query.messages({
          q,
          entity: 'messages',
          order: 'oldest',
          limit: PAGE,
          ...(cursor === undefined ? {} : { cursor }),
        });
        rows.push(...page.items);
        cursor = page.next;
      } while (cursor !== undefined && rows.length < MOST);
      const [{ points }, reconciliation, findings, texts] = await Promise.all([
        query.sessionSeries(session.id),
        query.sessionReconciliation(session.id, { wh: 1, s: 1 }),
        query.findings({ session: session.id, status: 'open', limit: PAGE }),
        textsOf(query, q),
      ]);
      const html = sessionReport({
        session,
        rows,
        texts,
        points,
        reconciliation,
        findings: findings.items,
        cut: cursor !== undefined,
      });
      return new Download({ contentType: 'text/html; charset=utf-8', fileName: `${session.id}.html`, chunks: [html] });
    },
  });
}

async function textsOf(query: JournalQuery, q: string): Promise<ReadonlyMap<number, string>> {
  const texts = new Map<number, string>();
  let cursor: string | undefined;
  do {
    const page = await query.exportPage({ q, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    for (const line of page.text.split('\n')) {
      if (line === '') continue;
      const { seq, raw } = JSON.parse(line) as { readonly seq?: number; readonly raw?: string };
      if (seq !== undefined && raw !== undefined) texts.set(seq, raw);
    }
    cursor = page.next;
  } while (cursor !== undefined && texts.size < MOST);
  return texts;
}
