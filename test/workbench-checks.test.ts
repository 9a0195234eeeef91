import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AREAS, WORKBENCH_CHECKS, type WorkbenchCheck } from './workbench-checks.ts';

/** The checks of the workbench against the browser tests that name them, and the page that says both. */

interface NamedTest {
  readonly file: string;
  readonly title: string;
}

const FOLDER = 'test/browser';

/** Titles of `it` and `describe` that name a check: the text of their first argument. */
const NAMED: readonly NamedTest[] = readdirSync(new URL('./browser/', import.meta.url))
  .filter((name) => name.endsWith('.test.ts'))
  .toSorted()
  .flatMap((name) => {
    const text = readFileSync(new URL(`./browser/${name}`, import.meta.url), 'utf8');
    // `it('…')`, `it.each(table)('…')`, `it.runIf(…)(\n'…'`: what follows the last opening bracket.
    return [
      ...text.matchAll(
        /\(\s*(['"`])((?:(?!\1).)*\bAC-\d\d\b(?:(?!\1).)*)\1,\s*async|\(\s*(['"`])(AC-\d\d (?:(?!\3).)*)\3,/g,
      ),
    ].map(([, , asynchronous, , other]) => ({ file: `${FOLDER}/${name}`, title: asynchronous ?? other ?? '' }));
  });

const idsIn = (title: string): string[] => [...title.matchAll(/\bAC-\d\d\b/g)].map(([id]) => id);
const testsOf = (id: string): readonly NamedTest[] => NAMED.filter(({ title }) => idsIn(title).includes(id));

/** The title without the ids of checks, for a table whose row is the check. */
const words = (title: string): string => title.replace(/^(?:AC-\d\d,? )+/, '').replaceAll('|', '\\|');

function row(check: WorkbenchCheck): string {
  const tests = testsOf(check.id).map(({ file, title }) => `\`${file.slice(FOLDER.length + 1)}\`: ${words(title)}`);
  return `| ${check.id} | ${check.holds} | ${tests.join('<br>')} | ${check.open ?? ''} |`;
}

function page(): string {
  const open = WORKBENCH_CHECKS.filter((check) => check.open !== undefined);
  const wished = WORKBENCH_CHECKS.filter(({ kind }) => kind === 'should').map(({ id }) => id);
  return [
    '# Workbench: acceptance checks',
    '',
    `The workbench is held to ${WORKBENCH_CHECKS.length} checks in a real browser on real services, in \`${FOLDER}\` (\`npm run test:browser\`).`,
    `${WORKBENCH_CHECKS.length - open.length} are held to the last word by the tests beside them. ${open.length} are open: the last column says what no test shows yet.`,
    `Wished for and not part of this release: ${wished.join(', ')}.`,
    '',
    'This page is made from `test/workbench-checks.ts` and the titles of the tests. `test/workbench-checks.test.ts` compares them, and',
    'writes the page with `npx vitest run test/workbench-checks.test.ts -u`.',
    ...AREAS.flatMap((area) => [
      '',
      `## ${area}`,
      '',
      '| check | what must hold | tests | open |',
      '|---|---|---|---|',
      ...WORKBENCH_CHECKS.filter((check) => check.area === area).map(row),
    ]),
    '',
  ].join('\n');
}

describe('the checks of the workbench', () => {
  it('are 72, each said once', () => {
    const ids = WORKBENCH_CHECKS.map(({ id }) => id);
    expect(ids).toEqual(Array.from({ length: 72 }, (_, at) => `AC-${String(at + 1).padStart(2, '0')}`));
  });

  it('each have a test that names them, or a reason why they are open', () => {
    const neither = WORKBENCH_CHECKS.filter(({ id, open }) => testsOf(id).length === 0 && (open ?? '').trim() === '');
    expect(neither.map(({ id }) => id)).toEqual([]);
    const unsaid = WORKBENCH_CHECKS.filter(({ open }) => open !== undefined && open.trim().length < 5);
    expect(unsaid.map(({ id }) => id)).toEqual([]);
  });

  it('are all that the tests name: every id in a browser test stands in a title that is found', () => {
    const known = new Set(WORKBENCH_CHECKS.map(({ id }) => id));
    const found = NAMED.flatMap(({ file, title }) => idsIn(title).map((id) => `${file} ${id}`));
    expect(found.filter((each) => !known.has(each.slice(-5)))).toEqual([]);
    for (const name of readdirSync(new URL('./browser/', import.meta.url))) {
      const text = readFileSync(new URL(`./browser/${name}`, import.meta.url), 'utf8');
      const written = [...new Set(idsIn(text.replaceAll(/^\s*(?:\/\/|\*|\/\*\*).*$/gm, '')))];
      expect(written.filter((id) => !found.includes(`${FOLDER}/${name} ${id}`))).toEqual([]);
    }
  });

  it('stand in docs/reference/workbench-checks.md with the tests that hold them', async () => {
    await expect(page()).toMatchFileSnapshot('../docs/reference/workbench-checks.md');
  });
});
