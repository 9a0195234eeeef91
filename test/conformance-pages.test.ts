import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** The pages that say which test shows which check: what they name exists, and what names a check stands in them. */

interface Row {
  readonly check: string;
  readonly tests: readonly { readonly file: string; readonly title: string }[];
}

function rowsOf(page: string): Row[] {
  return readFileSync(page, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, check, , tests] = /^\| (\d+|[A-Z]+(?:-[A-Z]{2})?-\d+) \| ([^|]+) \| (.+?) \| [^|]*\|$/.exec(line) ?? [];
      if (check === undefined || tests === undefined) return [];
      return [
        {
          check,
          tests: tests.split('<br>').map((cell) => {
            const [, file = cell, title = ''] = /^`([^`]+)`: (.+)$/.exec(cell) ?? [];
            return { file, title };
          }),
        },
      ];
    });
}

/** The numbers after `check` or `checks` at the beginning of a title: `check 27, 31: …`, `checks 9* and 25: …`. */
function numbersIn(text: string): string[] {
  return [...text.matchAll(/['"`]checks? ((?:\d+\*?(?:, | and )?)+)/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/\d+/g)].map(([n]) => n),
  );
}

/** The ids of OICP in titles of tests, and in the first cells of tables of tests. */
function oicpIdsIn(text: string): string[] {
  const titles = text
    .split('\n')
    .filter((line) => /^\s*(?:(?:it|describe)\b.*\(|\]\s*(?:as const)?\)\(|\[?\s*)['`]/.test(line));
  return titles.flatMap((line) =>
    [...line.matchAll(/\b(?:(?:GEN|SRV|HUB)-|(?:CPO|EMP)-[A-Z]{2}-)\d{2}\b/g)].map(([id]) => id),
  );
}

const upTo = (count: number): string[] => Array.from({ length: count }, (_, at) => String(at + 1));
const OICP_CHECKS = Object.entries({
  GEN: 14,
  SRV: 10,
  ...{ 'CPO-PD': 12, 'CPO-PS': 5, 'CPO-AS': 8, 'CPO-AP': 3, 'CPO-RS': 5, 'CPO-RT': 3, 'CPO-RR': 4, 'CPO-CN': 6 },
  ...{ 'CPO-CD': 9, 'CPO-PR': 3 },
  ...{ 'EMP-AS': 7, 'EMP-AP': 2, 'EMP-RS': 5, 'EMP-RT': 2, 'EMP-RR': 1, 'EMP-CD': 5, 'EMP-GC': 4, 'EMP-PD': 5 },
  ...{ 'EMP-PS': 2, 'EMP-PA': 3, 'EMP-CN': 2, 'EMP-PR': 1 },
  HUB: 42,
}).flatMap(([group, count]) => upTo(count).map((number) => `${group}-${number.padStart(2, '0')}`));

const TEST_FILES = ['src', 'test'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.test.ts')),
);

describe.each([
  [
    'docs/reference/pnc-conformance.md',
    upTo(42),
    numbersIn,
    /^(src\/roles\/trust\/|src\/roles\/station\/security\/|src\/link\/pool-|src\/roles\/csms\/oicp\/authorize|test\/(system\/)?pnc-)/,
  ],
  [
    'docs/reference/everest-conformance.md',
    upTo(38),
    numbersIn,
    /^(src\/protocols\/everest\/|src\/roles\/everest\/|test\/everest\/|test\/system\/everest)/,
  ],
  // Rules of the checker have their own page; the hub's test of partners names checks in its answers.
  [
    'docs/reference/oicp-conformance.md',
    OICP_CHECKS,
    oicpIdsIn,
    /^(?!src\/journal\/|src\/roles\/hub\/partner-test|test\/conformance-pages)/,
  ],
] as const)('%s', (page, checks, checksIn, pattern) => {
  const rows = rowsOf(page);

  it('has a row for each check', () => {
    expect(rows.map(({ check }) => check)).toEqual(checks);
  });

  it('names tests that exist', () => {
    const missing = rows.flatMap(({ check, tests }) =>
      tests
        .filter(({ file, title }) => !existsSync(file) || !readFileSync(file, 'utf8').includes(title))
        .map(({ file, title }) => `${check}: ${file}: ${title}`),
    );
    expect(missing).toEqual([]);
  });

  it('has every test file that names a check at its row', () => {
    const missing = TEST_FILES.filter((file) => pattern.test(file)).flatMap((file) =>
      [...new Set(checksIn(readFileSync(file, 'utf8')))]
        .filter((check) => !rows.find((row) => row.check === check)?.tests.some((test) => test.file === file))
        .map((check) => `${file} names check ${check}`),
    );
    expect(missing).toEqual([]);
  });
});
