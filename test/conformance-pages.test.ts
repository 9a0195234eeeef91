import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** The pages that say which test shows which check: what they name exists, and what names a check stands in them. */

interface Row {
  readonly check: number;
  readonly tests: readonly { readonly file: string; readonly title: string }[];
}

function rowsOf(page: string): Row[] {
  return readFileSync(page, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, check, , tests] = /^\| (\d+) \| ([^|]+) \| (.+?) \| [^|]*\|$/.exec(line) ?? [];
      if (check === undefined || tests === undefined) return [];
      return [
        {
          check: Number(check),
          tests: tests.split('<br>').map((cell) => {
            const [, file = cell, title = ''] = /^`([^`]+)`: (.+)$/.exec(cell) ?? [];
            return { file, title };
          }),
        },
      ];
    });
}

/** The numbers after `check` or `checks` at the beginning of a title: `check 27, 31: …`, `checks 9* and 25: …`. */
function checksIn(text: string): number[] {
  return [...text.matchAll(/['"`]checks? ((?:\d+\*?(?:, | and )?)+)/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/\d+/g)].map(([n]) => Number(n)),
  );
}

const TEST_FILES = ['src', 'test'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.test.ts')),
);

describe.each([
  [
    'docs/reference/pnc-conformance.md',
    42,
    /^(src\/roles\/trust\/|src\/roles\/station\/security\/|src\/link\/pool-|src\/roles\/csms\/oicp\/authorize|test\/(system\/)?pnc-)/,
  ],
  [
    'docs/reference/everest-conformance.md',
    38,
    /^(src\/protocols\/everest\/|src\/roles\/everest\/|test\/everest\/|test\/system\/everest)/,
  ],
])('%s', (page, count, pattern) => {
  const rows = rowsOf(page);

  it('has a row for each check', () => {
    expect(rows.map(({ check }) => check)).toEqual(Array.from({ length: count }, (_, at) => at + 1));
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
