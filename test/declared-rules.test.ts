import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../src/core/virtual-clock.ts';
import type { NewFinding } from '../src/journal/entry.ts';
import { everyRule } from '../src/journal/findings/catalogue.ts';
import { reportedByCsms } from '../src/journal/findings/rules/reported/csms.ts';
import { watchedJournal } from '../src/journal/findings/watched-recorder.ts';
import { openMemoryJournal } from '../src/journal/index.ts';
import { CommitGroup } from '../src/storage/commit-group.ts';

const declared = new Set(everyRule().map(({ id }) => id));
const source = fileURLToPath(new URL('../src/', import.meta.url));

/** Texts of all files of ours below src that could report something; the check of certificates has rules of its own kind. */
function sources(): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts') || /\.test\.ts$|-cases\.ts$|\bgenerated\b|findings[\\/]testing|pki[\\/]lint/.test(name))
      continue;
    found.set(name, readFileSync(join(source, name), 'utf8'));
  }
  return found;
}

/** `rule: 'x'` where it is written as it stands; words in capitals alone are remarks of `POST /validate`, no findings. */
const REMARKS = new Set(['ACTION', 'FRAME', 'STATION', 'CONNECTED', 'VERSION', 'BOOT', 'CAPABILITY']);

describe('every finding names a rule of the catalogue', () => {
  it('in all sources that write one', () => {
    const unknown: string[] = [];
    for (const [name, text] of sources()) {
      for (const [, id = ''] of text.matchAll(/\brule: '([^']+)'/g)) {
        if (!declared.has(id) && !REMARKS.has(id)) unknown.push(`${name}: ${id}`);
      }
    }
    expect(unknown).toEqual([]);
  });

  it('also where the name is put together: each outcome of a call to the hub, each way a forward fails', () => {
    const kinds = ['busy', 'invalid', 'timeout', 'unreachable', 'broken'];
    const names = [
      ...kinds.map((kind) => `hub.authorize.${kind}`),
      ...['invalid', 'timeout', 'unreachable'].map((kind) => `oicp.forward.${kind}`),
    ];
    expect(names.filter((name) => !declared.has(name))).toEqual([]);
    const made = [...sources()].flatMap(([name, text]) =>
      [...text.matchAll(/rule: `([^`]+)`|`((?:hub|oicp|cpo|csms)\.[^`]*\$\{[^`]+)`/g)].map(
        ([, a, b]) => `${name.replaceAll('\\', '/')} ${a ?? b}`,
      ),
    );
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of the sources
    const known = [
      'roles/csms/oicp/ask-hub.ts hub.authorize.${outcome.kind}',
      'roles/hub/forward-finding.ts oicp.forward.${forwarded.kind}',
    ];
    expect(made.toSorted()).toEqual(known);
  });

  it('and each rule that the CSMS reports is reported somewhere', () => {
    const texts = [...sources()].filter(([name]) => name.startsWith('roles')).map(([, text]) => text);
    const silent = reportedByCsms.filter(
      ({ id }) =>
        !/^hub\.authorize\.(busy|invalid|timeout|unreachable|broken)$/.test(id) &&
        !texts.some((text) => text.includes(`'${id}'`)),
    );
    expect(silent.map(({ id }) => id)).toEqual([]);
  });

  it('while a service runs an unknown one is told as a defect of ours, and a known one is completed', async () => {
    const clock = new VirtualClock(0);
    const group = new CommitGroup(clock, (cause) => {
      throw cause;
    });
    const defects: string[] = [];
    const journal = watchedJournal(openMemoryJournal({ clock, group }), {
      clock,
      defect: (where) => defects.push(where),
    });
    const found = {
      severity: 'error',
      axis: 'security',
      party: 'CS-1',
      text: 'x',
      time: 0,
    } satisfies Partial<NewFinding>;
    journal.recorder.finding({ rule: 'nobody.declared.this', ...found });
    journal.recorder.finding({ rule: 'csms.certificate.serial', ...found });
    expect(defects).toEqual(['finding nobody.declared.this: x']);
    const { items } = await journal.query.findings({ rule: 'csms.certificate.serial' });
    expect(items).toMatchObject([{ peer: 'tolerates', clause: 'B01.FR.11, B01.FR.12' }]);
    await journal.close();
  });
});
