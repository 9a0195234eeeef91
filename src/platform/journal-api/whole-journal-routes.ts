import Type from 'typebox';
import { EXPORT_MASKS, exportAs } from '../../journal/formats/export-as.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../../journal/formats/export-formats.ts';
import type { Journal } from '../../journal/index.ts';
import { Answer, Download } from '../http/answers.ts';
import { type Route, rawRoute, route } from '../http/route.ts';
import { oneOf } from '../schema/words.ts';
import { filter, present } from './asked.ts';
import { journalInfo } from './shapes.ts';

const FILES: Readonly<Record<ExportFormat, { readonly contentType: string; readonly fileName: string }>> = {
  jsonl: { contentType: 'application/jsonl; charset=utf-8', fileName: 'journal.jsonl' },
  oot: { contentType: 'application/jsonl; charset=utf-8', fileName: 'journal.oot.jsonl' },
  har: { contentType: 'application/json; charset=utf-8', fileName: 'journal.har' },
  csv: { contentType: 'text/csv; charset=utf-8', fileName: 'journal.csv' },
};

const MAX_IMPORT_BYTES = 1024 * 1024 * 1024;

/** The journal as a whole: what it holds, export, import, clearing. */
export function wholeJournalRoutes(journal: Journal): Route[] {
  const { query } = journal;
  return [
    route({
      method: 'GET',
      path: '/journal',
      summary: 'What the journal holds and keeps, and what went wrong with it',
      tags: ['journal'],
      response: journalInfo,
      handler: () => query.info(),
    }),
    route({
      method: 'DELETE',
      path: '/journal',
      access: 'admin',
      summary: 'Forget all messages and begin a new epoch; for a minute it can be taken back',
      tags: ['journal'],
      response: journalInfo,
      handler: async () => new Answer(200, await query.clear()),
    }),
    route({
      method: 'POST',
      path: '/journal/undo',
      access: 'admin',
      summary: 'Take the clearing of the last minute back: the messages, their findings and notes, and the old epoch',
      tags: ['journal'],
      response: journalInfo,
      problems: ['CONFLICT'],
      handler: async () => new Answer(200, await query.undoClear()),
    }),
    route({
      method: 'GET',
      path: '/journal/export',
      summary:
        'Messages that fit a filter, oldest first: JSON Lines, Open OCPP Trace, HTTP archive or a table; secrets are masked',
      tags: ['journal'],
      query: Type.Object({
        q: Type.Optional(filter),
        format: Type.Optional(
          oneOf(EXPORT_FORMATS, {
            default: 'jsonl',
            description:
              '`oot`: OCPP as Open OCPP Trace 1.1; `har`: HTTP as an archive; `csv`: a table without payloads.',
          }),
        ),
        mask: Type.Optional(
          oneOf(EXPORT_MASKS, {
            default: 'secrets',
            description: '`tokens`: cards, contracts and certificates too; each token gets another one of its form.',
          }),
        ),
      }),
      produces: 'application/jsonl',
      handler: async ({ query: { q, format = 'jsonl', mask = 'secrets' } }) => {
        const pages = journal.export(present({ q }))[Symbol.asyncIterator]();
        // The first page is read here: a broken filter is told before the download begins.
        const first = await pages.next();
        return new Download({ ...FILES[format], chunks: exportAs(withFirst(first, pages), format, mask) });
      },
    }),
    rawRoute({
      method: 'POST',
      path: '/journal/import',
      summary:
        'Take in exported messages (JSON Lines); they are marked as imported, keep their times, and are judged by the rules',
      tags: ['journal'],
      reads: 'stream',
      consumes: 'application/jsonl',
      bodyLimitBytes: MAX_IMPORT_BYTES,
      response: Type.Object({
        messages: Type.Integer(),
        first: Type.Optional(Type.Integer({ description: 'The first number that they got.' })),
        last: Type.Optional(Type.Integer()),
        refused: Type.Integer({ description: 'Lines that are no messages.' }),
        findings: Type.Optional(
          Type.Integer({ description: 'What the rules found in them, beside the findings that came with them.' }),
        ),
        errors: Type.Array(Type.Object({ line: Type.Integer(), msg: Type.String() })),
      }),
      handler: ({ body }) => journal.import(body.setEncoding('utf8')),
    }),
  ];
}

async function* withFirst(first: IteratorResult<string>, rest: AsyncIterator<string>): AsyncGenerator<string> {
  try {
    for (let page = first; page.done !== true; page = await rest.next()) if (page.value !== '') yield page.value;
  } finally {
    // Also when the reader went away before the end.
    await rest.return?.();
  }
}
