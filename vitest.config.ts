import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['test/support/run-folder.ts'],
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'web/src/**/*.test.ts'],
    exclude: ['test/system/**', 'test/browser/**', '**/node_modules/**'],
    setupFiles: ['test/support/property-seed.ts'],
    testTimeout: 20_000,
    pool: 'threads',
    // No module holds mutable state (house rule), so files share their modules: importing took longer than testing.
    isolate: false,
    maxWorkers: '100%',
  },
});
