import { readdirSync } from 'node:fs';
import { ACTIONS, type ActionRow } from '../../../protocols/ocpp/actions.ts';
import { OCPP_VERSIONS, type OcppVersion } from '../../../protocols/ocpp/versions.ts';
import type { HandlerNotes } from './handler.ts';
import { inboundHandler, outboundHandler, sendHandler } from './tables.ts';

/** One handler of the tables, with the file that it stands in. */
export interface HandlerRow {
  readonly version: OcppVersion;
  readonly direction: 'from station' | 'to station';
  readonly action: string;
  readonly block: string;
  /** Path of the source file from the root of the repository; undefined when no file exports this handler. */
  readonly file: string | undefined;
  readonly changes: string;
  readonly shows: string;
}

/** Where handlers stand, below this folder. */
const FOLDERS = ['v16/inbound', 'v16/outbound', 'v2x/inbound', 'v2x/outbound'] as const;
const SOURCE = 'src/roles/csms/ocpp';

/**
 * Every action of every version in both directions with its handler. Files are found by what they export, so a handler
 * that is made up inside a table has none.
 * @param here the folder of the compiled (or source) tables
 */
export async function handlerRows(here: URL): Promise<HandlerRow[]> {
  const files = new Map<unknown, string>();
  for (const folder of FOLDERS) {
    for (const name of readdirSync(new URL(`${folder}/`, here))) {
      if (!/^[\w-]+\.(ts|js)$/.test(name) || /^index\.|\.d\.ts$/.test(name) || /-cases\./.test(name)) continue;
      const module: object = await import(new URL(`${folder}/${name}`, here).href);
      for (const exported of Object.values(module))
        files.set(exported, `${SOURCE}/${folder}/${name.replace(/\.js$/, '.ts')}`);
    }
  }
  return OCPP_VERSIONS.flatMap((version) =>
    Object.entries<ActionRow>(ACTIONS[version]).flatMap(([action, row]): HandlerRow[] => {
      const made = (direction: HandlerRow['direction'], handler: HandlerNotes | undefined): HandlerRow => ({
        version,
        direction,
        action,
        block: row.block,
        file: files.get(handler),
        changes: handler?.changes ?? '',
        shows: handler?.shows ?? '',
      });
      const inbound = row.send === true ? sendHandler(version, action) : inboundHandler(version, action);
      return [
        ...(row.sender === 'csms' ? [] : [made('from station', inbound)]),
        ...(row.sender === 'station' ? [] : [made('to station', outboundHandler(version, action))]),
      ];
    }),
  );
}

/** The text of docs/reference/csms-actions.md. */
export function actionPage(rows: readonly HandlerRow[]): string {
  const lines = [
    '# What the CSMS does with each OCPP action',
    '',
    '<!-- Written by `npm run docs:reference` from the handler tables of the CSMS. Do not edit. -->',
    '',
    'Every action has a handler of its own. *Changes* is what a message from a station, or the CALLRESULT of a message to it,',
    'changes in the state of the CSMS; a CALLERROR, a time-out or a closed link changes nothing. *Shows* is where that stands',
    'below `/api/v1`. Everything stands in the journal too.',
  ];
  for (const version of OCPP_VERSIONS) {
    for (const direction of ['from station', 'to station'] as const) {
      const own = rows.filter((row) => row.version === version && row.direction === direction);
      lines.push('', `## OCPP ${version}, ${direction} (${own.length})`, '');
      lines.push('| action | block | handler | changes | shows |', '|---|---|---|---|---|');
      for (const { action, block, file, changes, shows } of own) {
        const link = file === undefined ? '' : `[${file.slice(SOURCE.length + 1)}](../../${file})`;
        lines.push(`| ${[action, block, link, changes, `\`${shows}\``].map(cell).join(' | ')} |`);
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
