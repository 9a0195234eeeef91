// Writes biome.json: formatting, and the rooms of the house as import rules (docs/decisions/0002-rooms.md).
// The rooms are declared once here; run `npm run lint:config` after a change.
import { writeFileSync } from 'node:fs';

/** room -> the rooms that it may import (besides itself). */
const rooms = {
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
const roleNames = ['csms', 'station', 'emp', 'hub', 'trust', 'everest'];
const ups = ['..', '../..', '../../..', '../../../..', '../../../../..'];

const clockGlobals = {
  Date: 'Use core/time.ts (isoTime, parseTime) and the Clock.',
  performance: 'Use the Clock.',
  setTimeout: 'Use clock.after.',
  setInterval: 'Use clock.every.',
  setImmediate: 'Use clock.soon.',
  clearTimeout: 'Use the timer that the Clock gave.',
  clearInterval: 'Use the timer that the Clock gave.',
  clearImmediate: 'Use the timer that the Clock gave.',
  queueMicrotask: 'Use clock.soon.',
  crypto: 'Use Ids and Random of core/.',
  globalThis: 'Name the thing itself: globalThis hides clocks and chance from the lint.',
  global: 'Name the thing itself: global hides clocks and chance from the lint.',
};
const clockPaths = {
  'node:timers': { message: 'Use the Clock of core/.' },
  timers: { message: 'Use the Clock of core/.' },
  'node:timers/promises': { message: 'Use the Clock of core/.' },
  'timers/promises': { message: 'Use the Clock of core/.' },
  'node:perf_hooks': { message: 'Use the Clock of core/.' },
  perf_hooks: { message: 'Use the Clock of core/.' },
  crypto: { message: 'Import node:crypto.' },
  'node:crypto': {
    importNames: [
      'randomUUID',
      'randomBytes',
      'randomInt',
      'randomFill',
      'randomFillSync',
      'getRandomValues',
      'webcrypto',
    ],
    message: 'Use Ids and Random of core/.',
  },
};
const onlyStorage = {
  libsql: { message: 'Only storage/database.ts opens databases: libsql aborts the process on a wrong parameter.' },
};

const rule = (paths, patterns) => ({
  level: 'error',
  options: { paths, ...(patterns.length > 0 ? { patterns } : {}) },
});

const roomOverrides = Object.entries(rooms).map(([room, allowed]) => {
  const forbidden = Object.keys(rooms).filter((other) => other !== room && !allowed.includes(other));
  const patterns =
    forbidden.length === 0
      ? []
      : [
          {
            group: forbidden.flatMap((other) => ups.map((up) => `${up}/${other}/**`)),
            message: `${room} may import ${allowed.join(', ') || 'nothing of ours'} (docs/decisions/0002-rooms.md).`,
          },
        ];
  const paths = { ...(room === 'core' ? {} : clockPaths), ...(room === 'storage' ? {} : onlyStorage) };
  return {
    includes: [`src/${room}/**`],
    linter: {
      rules: {
        style: {
          noRestrictedImports: rule(paths, patterns),
          ...(room === 'core'
            ? {}
            : { noRestrictedGlobals: { level: 'error', options: { deniedGlobals: clockGlobals } } }),
        },
      },
    },
  };
});

const roleOverrides = roleNames.map((role) => ({
  includes: [`src/roles/${role}/**`],
  linter: {
    rules: {
      style: {
        noRestrictedImports: rule({ ...clockPaths, ...onlyStorage }, [
          {
            group: ['workbench', 'cli'].flatMap((other) => ups.map((up) => `${up}/${other}/**`)),
            message: 'A role knows neither the workbench nor the command line.',
          },
          {
            group: roleNames.filter((other) => other !== role).flatMap((other) => ups.map((up) => `${up}/${other}/**`)),
            message: 'A role never imports another role: they meet over the wire.',
          },
        ]),
      },
    },
  },
}));

const config = {
  $schema: './node_modules/@biomejs/biome/configuration_schema.json',
  files: { includes: ['**', '!dist', '!**/generated', '!node_modules', '!docs', '!coverage', '!**/*.json'] },
  formatter: { indentStyle: 'space', indentWidth: 2, lineWidth: 120 },
  javascript: { formatter: { quoteStyle: 'single' } },
  plugins: [{ path: './lint/clock-and-chance.grit', includes: ['src/**', '!src/core/**'] }],
  linter: {
    rules: {
      preset: 'recommended',
      suspicious: { noExplicitAny: 'error', noConsole: 'off' },
      style: { useImportType: 'error', noNonNullAssertion: 'error', useNodejsImportProtocol: 'error' },
      complexity: { useLiteralKeys: 'off' },
      // `return this.refuse(…)` reads as the decision that it is, also where both return nothing.
      correctness: { noUnusedImports: 'error', noUnusedVariables: 'error', noVoidTypeReturn: 'off' },
    },
  },
  overrides: [
    ...roomOverrides,
    ...roleOverrides,
    // React is in web/ only: elsewhere a function may be called `useReservation` or `GetVariables`.
    { includes: ['src/**', 'test/**', 'bench/**', 'scripts/**'], linter: { domains: { react: 'none' } } },
    // The web app takes types, and of our code only what runs in a browser too.
    {
      includes: ['web/src/**'],
      linter: {
        rules: {
          // Grids, list boxes and diagrams have roles that no HTML element has in that shape (ARIA practices).
          // Text inside a drawing is no control: its group says the whole sentence.
          a11y: {
            useSemanticElements: 'off',
            noNoninteractiveElementToInteractiveRole: 'off',
            noInteractiveElementToNoninteractiveRole: 'off',
            noAriaHiddenOnFocusable: 'off',
          },
          // Reduced motion has to win over every component's own animation.
          complexity: { noImportantStyles: 'off' },
          style: {
            noDescendingSpecificity: 'off',
            noRestrictedImports: rule({}, [
              {
                group: [
                  ...ups.flatMap((up) => [`${up}/src/**`]),
                  ...ups.flatMap((up) => [
                    `!${up}/src/journal/filter/index.ts`,
                    `!${up}/src/journal/entry.ts`,
                    `!${up}/src/journal/query.ts`,
                  ]),
                ],
                message: 'web/ may import the filter language and types of the journal (docs/decisions/0002-rooms.md).',
              },
            ]),
          },
        },
      },
    },
  ],
};
writeFileSync(new URL('../biome.json', import.meta.url), `${JSON.stringify(config, null, 2)}\n`);
