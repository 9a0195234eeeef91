import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CompoteError } from '../core/errors.ts';
import { SystemIds } from '../core/ids.ts';
import { SystemClock } from '../core/system-clock.ts';
import { type ExportMask, exportAs } from '../journal/formats/export-as.ts';
import type { ExportFormat } from '../journal/formats/export-formats.ts';
import { type Journal, type ListQuery, openJournal, type RowPage, type ViewEntity } from '../journal/index.ts';
import { newestRows } from '../journal/newest-rows.ts';
import { mermaidOf, plantUmlOf, sequenceOf, textOf } from '../journal/sequence/index.ts';
import type { ServiceName } from '../platform/service.ts';
import { CommitGroup } from '../storage/commit-group.ts';
import { openDataFolder } from '../storage/data-folder.ts';
import { type ConfigFlags, configFromFlags } from './config-options.ts';
import { type RestTarget, restRequest } from './rest-client.ts';

export const DIAGRAMS = ['text', 'mermaid', 'plantuml'] as const;
export type Diagram = (typeof DIAGRAMS)[number];

/** A journal that is read: of a running service, or in the data folder of one that is stopped. */
export interface JournalSource {
  messages(query: ListQuery & { readonly entity: ViewEntity }): Promise<RowPage>;
  export(q: string, format: ExportFormat, mask: ExportMask): AsyncIterable<string | Uint8Array>;
  sequence(q: string, format: Diagram): Promise<string>;
  close(): Promise<void>;
}

export function runningJournal(target: RestTarget): JournalSource {
  const get = (path: string, query: Record<string, string>): Promise<Response> =>
    restRequest(target, 'GET', `/api/v1/${path}?${new URLSearchParams(query)}`);
  return {
    async messages({ q = '', entity, limit = 100, cursor }) {
      const query = { q, entity, limit: String(limit), ...(cursor === undefined ? {} : { cursor }) };
      return (await (await get('messages', query)).json()) as RowPage;
    },
    async *export(q, format, mask) {
      // An archive is JSON, and long: as it comes.
      yield* (await get('journal/export', { q, format, mask })).body ?? [];
    },
    async sequence(q, format) {
      return (await get('sequence', { q, format })).text();
    },
    close: async () => {},
  };
}

/** As many messages as `GET /api/v1/sequence` draws. */
const DRAWN = 1_000;

/**
 * Opens what a stopped service has recorded. Nothing of it is changed or forgotten.
 * Errors: `FILE_UNREADABLE` when there is none, `STORAGE_UNUSABLE` while the service runs.
 */
export async function stoppedJournal(flags: ConfigFlags, service: ServiceName): Promise<JournalSource> {
  const folder = join(configFromFlags(flags, process.env).shared.data, service);
  if (!existsSync(join(folder, 'journal'))) {
    throw new CompoteError('FILE_UNREADABLE', {
      detail: `No journal of ${service} is in ${folder}`,
      hint: 'Name the data folder with --data, and the service with --service.',
    });
  }
  const lock = openDataFolder(folder, service);
  try {
    const journal = await openWhole(lock.file('journal'));
    return {
      messages: (query) => journal.query.messages(query),
      export: (q, format, mask) => exportAs(journal.export({ q }), format, mask),
      async sequence(q, format) {
        const rows = await newestRows(journal.query, { q }, DRAWN);
        return { text: textOf, mermaid: mermaidOf, plantuml: plantUmlOf }[format](sequenceOf(rows));
      },
      async close() {
        await journal.close();
        lock.close();
      },
    };
  } catch (error) {
    lock.close();
    throw error;
  }
}

function openWhole(folder: string): Promise<Journal> {
  const clock = new SystemClock();
  const forever = Number.POSITIVE_INFINITY;
  return openJournal({
    clock,
    ids: new SystemIds(),
    group: new CommitGroup(clock, (cause) => {
      throw cause;
    }),
    folder,
    // Its service decides what is forgotten, and when.
    retention: { messages: forever, bytes: forever, ageMs: forever },
    inThread: true,
  });
}
