import { type ExportFormat, httpArchive, openOcppTrace } from './export-formats.ts';
import { withoutTokens } from './mask-tokens.ts';
import { commaSeparated } from './table.ts';

/** What is masked in an export: secrets always, cards, contracts and certificates on wish. */
export const EXPORT_MASKS = ['secrets', 'tokens'] as const;
export type ExportMask = (typeof EXPORT_MASKS)[number];

/** The journal's JSON Lines in another form, page by page. */
export function exportAs(lines: AsyncIterable<string>, format: ExportFormat, mask: ExportMask): AsyncIterable<string> {
  const pages = mask === 'tokens' ? withoutTokens(lines) : lines;
  switch (format) {
    case 'jsonl':
      return pages;
    case 'oot':
      return openOcppTrace(pages);
    case 'har':
      return httpArchive(pages, '1');
    case 'csv':
      return commaSeparated(pages);
  }
}
