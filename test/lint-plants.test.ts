import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

/**
 * The house rules that lint holds: each one is broken once in a copy, and lint must say so; the same form without the
 * breach must pass. The last test compares with biome.json, so that no rule can be added unseen.
 */
const root = fileURLToPath(new URL('..', import.meta.url));

interface Override {
  readonly includes: readonly string[];
  readonly linter?: {
    readonly rules?: {
      readonly style?: {
        readonly noRestrictedImports?: {
          readonly options: { readonly paths?: Readonly<Record<string, { readonly importNames?: readonly string[] }>> };
        };
        readonly noRestrictedGlobals?: {
          readonly options: { readonly deniedGlobals: Readonly<Record<string, string>> };
        };
      };
    };
  };
}

interface Plant {
  readonly name: string;
  readonly folder: string;
  readonly code: string;
  /** The rule that must speak; empty when none may. */
  readonly rule: string;
}

/** docs/decisions/0002-rooms.md, written here by hand: the test must not believe what it tests. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  protocols: ['core'],
  storage: ['core'],
  journal: ['core', 'protocols', 'storage'],
  link: ['core', 'protocols', 'storage', 'journal'],
  platform: ['core', 'storage', 'journal'],
  roles: ['core', 'protocols', 'storage', 'journal', 'link', 'platform'],
  workbench: ['core', 'protocols', 'storage', 'journal', 'link', 'platform', 'roles'],
  cli: ['core', 'protocols', 'storage', 'journal', 'link', 'platform', 'roles', 'workbench'],
};
const ROOMS = Object.keys(MAY_IMPORT);
const ROLES = ['csms', 'station', 'emp', 'hub', 'trust', 'everest'];
const GLOBALS = ['Date', 'performance', 'queueMicrotask', 'crypto', 'globalThis', 'global'].concat(
  ['Timeout', 'Interval', 'Immediate'].flatMap((kind) => [`set${kind}`, `clear${kind}`]),
);
const CLOCK_MODULES = ['timers', 'timers/promises', 'perf_hooks']
  .flatMap((name) => [name, `node:${name}`])
  .concat('crypto');
const CHANCE = ['UUID', 'Bytes', 'Int', 'Fill', 'FillSync']
  .map((kind) => `random${kind}`)
  .concat('getRandomValues', 'webcrypto');
const MEMBERS = ['Math.random', 'process.hrtime', 'process.hrtime.bigint'].concat(
  ['randomUUID', 'randomBytes', 'getRandomValues'].map((name) => `nodeCrypto.${name}`),
);

const IMPORTS = 'noRestrictedImports';
const use = (specifier: string): string =>
  `import * as there from '${specifier}';\nexport const use: unknown = there;\n`;
const upFrom = (folder: string): string => '../'.repeat(folder.split('/').length - 1);

function breachesOfEngines(folder: string): Plant[] {
  return [
    ...GLOBALS.map((name) => ({
      name: `${folder} uses ${name}`,
      folder,
      code: `export const breach: unknown = ${name};\n`,
      rule: 'noRestrictedGlobals',
    })),
    ...CLOCK_MODULES.map((name) => ({ name: `${folder} imports ${name}`, folder, code: use(name), rule: IMPORTS })),
    ...CHANCE.map((name) => ({
      name: `${folder} imports ${name}`,
      folder,
      code: `import { ${name} } from 'node:crypto';\nexport const use: unknown = ${name};\n`,
      rule: IMPORTS,
    })),
    ...MEMBERS.map((member) => ({
      name: `${folder} uses ${member}`,
      folder,
      code: `import * as nodeCrypto from 'node:crypto';\nexport const use: unknown = [nodeCrypto, ${member}];\n`,
      rule: 'clock-and-chance',
    })),
  ];
}

function breachesOfRooms(room: string): Plant[] {
  const forbidden = ROOMS.filter((other) => other !== room && MAY_IMPORT[room]?.includes(other) !== true);
  const folders = ['', '/inner', '/inner/most'].map((deeper) => `src/${room}${deeper}`);
  return forbidden.flatMap((other) =>
    folders.map((folder) => ({
      name: `${folder} imports ${other}`,
      folder,
      code: use(`${upFrom(folder)}${other}/x.ts`),
      rule: IMPORTS,
    })),
  );
}

function breachesOfRoles(role: string): Plant[] {
  const others = ROLES.filter((each) => each !== role).map((other) => `../${other}/index.ts`);
  return ['', '/state'].flatMap((deeper) => {
    const folder = `src/roles/${role}${deeper}`;
    return [...others, '../../workbench/x.ts', '../../cli/x.ts'].map((to) => {
      const specifier = deeper === '' ? to : `../${to}`;
      return { name: `${folder} imports ${specifier}`, folder, code: use(specifier), rule: IMPORTS };
    });
  });
}

const plants: Plant[] = [
  ...ROOMS.flatMap(breachesOfRooms),
  ...ROLES.flatMap(breachesOfRoles),
  ...ROOMS.filter((room) => room !== 'core').flatMap((room) => breachesOfEngines(`src/${room}`)),
  ...ROLES.flatMap((role) => breachesOfEngines(`src/roles/${role}`)),
  ...[...ROOMS.filter((room) => room !== 'storage'), 'roles/csms'].map((room) => ({
    name: `${room} opens a database`,
    folder: `src/${room}`,
    code: use('libsql'),
    rule: IMPORTS,
  })),
  { name: 'any', folder: 'src/link', code: 'export const breach: any = 1;\n', rule: 'noExplicitAny' },
  {
    name: 'a non-null assertion',
    folder: 'src/link',
    code: 'export const breach = (text: string | undefined): string => text!;\n',
    rule: 'noNonNullAssertion',
  },
];

const webPlants: readonly Plant[] = [
  'platform/http/http-service',
  'roles/csms/csms',
  'journal/observer',
  'core/clock',
].map((module) => ({
  name: `web imports ${module}`,
  folder: 'web/src/parts',
  code: use(`../../../src/${module}.ts`),
  rule: 'noRestrictedImports',
}));
const clean: Plant[] = [
  ...ROOMS.flatMap((room) =>
    (MAY_IMPORT[room] ?? []).map((other) => ({
      name: `${room} imports ${other}`,
      folder: `src/${room}`,
      code: use(`../${other}/x.ts`),
      rule: '',
    })),
  ),
  ...[...ROOMS, 'roles/csms'].map((room) => ({
    name: `${room} hashes and computes`,
    folder: `src/${room}`,
    code: `import * as nodeCrypto from 'node:crypto';\nimport { createHash } from 'node:crypto';\nexport const use: unknown = [nodeCrypto, createHash, Math.floor(1.5), process.uptime];\n`,
    rule: '',
  })),
  {
    name: 'core reads the clock and sets timers',
    folder: 'src/core',
    code: 'export const use: unknown = [Date, performance, setTimeout, Math.random];\n',
    rule: '',
  },
  { name: 'storage opens a database', folder: 'src/storage', code: use('libsql'), rule: '' },
  {
    name: 'web imports the filter language and types of the journal',
    folder: 'web/src/parts',
    code: "import { parseFilter } from '../../../src/journal/filter/index.ts';\nimport type { Party } from '../../../src/journal/entry.ts';\nexport const use = (_party: Party): unknown => parseFilter;\n",
    rule: '',
  },
];

const fileOf = (plant: Plant, index: number): string => `${plant.folder}/plant-${index}.ts`;
const all = [...plants, ...webPlants, ...clean].map((plant, index) => ({ ...plant, file: fileOf(plant, index) }));

/** File -> the rules that spoke about it. */
const spoken = new Map<string, Set<string>>();

beforeAll(async () => {
  const copy = mkdtempSync(join(tmpdir(), 'compote-plants-'));
  for (const name of ['biome.json', 'lint', 'package.json'])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
  for (const { file, code } of all) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), code);
  }
  const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const args = [biome, 'lint', '--max-diagnostics=none', '--reporter=json', 'src', 'web'];
  const run = promisify(execFile)(process.execPath, args, { cwd: copy, maxBuffer: 256 * 1024 * 1024 });
  const { stdout } = await run.catch((failed: { stdout: string }) => failed);
  for (const { category, path } of diagnosticsOf(stdout)) {
    const rules = spoken.get(path) ?? new Set();
    rules.add(category === 'plugin' ? 'clock-and-chance' : (category.split('/').at(-1) ?? ''));
    spoken.set(path, rules);
  }
}, 120_000);

function diagnosticsOf(report: string): { category: string; path: string }[] {
  const { diagnostics } = JSON.parse(report) as {
    diagnostics: { category: string; location: { path: string | { file: string } } }[];
  };
  return diagnostics.map(({ category, location: { path } }) => ({
    category,
    path: (typeof path === 'string' ? path : path.file).replaceAll('\\', '/'),
  }));
}

const rulesOn = (file: string): string[] => [...(spoken.get(file) ?? [])];
const rows = (from: readonly (typeof all)[number][]) => from.map(({ name, rule, file }) => [name, rule, file] as const);

describe('lint catches', () => {
  it.each(rows(all.slice(0, plants.length + webPlants.length)))('%s', (_name, rule, file) => {
    expect(rulesOn(file)).toContain(rule);
  });
});

describe('lint lets pass', () => {
  it.each(rows(all.slice(plants.length + webPlants.length)))('%s', (_name, _rule, file) => {
    expect(rulesOn(file)).toEqual([]);
  });
});

describe('the rules of biome.json', () => {
  it('are all planted here', () => {
    const config = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8')) as { overrides: Override[] };
    const overrides = config.overrides.filter(({ linter }) => linter?.rules?.style?.noRestrictedImports !== undefined);
    const planted = [...GLOBALS, ...CLOCK_MODULES, 'node:crypto', 'libsql'];
    for (const { linter } of overrides) {
      const { noRestrictedImports, noRestrictedGlobals } = linter?.rules?.style ?? {};
      expect(planted).toEqual(expect.arrayContaining(Object.keys(noRestrictedGlobals?.options.deniedGlobals ?? {})));
      for (const [name, { importNames = [] }] of Object.entries(noRestrictedImports?.options.paths ?? {})) {
        expect(planted).toContain(name);
        expect(CHANCE).toEqual(expect.arrayContaining([...importNames]));
      }
    }
    const folders = overrides.flatMap((override) => override.includes).sort();
    const expected = [
      ...ROOMS.map((room) => `src/${room}/**`),
      ...ROLES.map((role) => `src/roles/${role}/**`),
      'web/src/**',
    ].sort();
    expect(folders).toEqual(expected);
  });
});
