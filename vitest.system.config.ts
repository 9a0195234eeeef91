import { defineConfig } from 'vitest/config';

/** Slow whole-system tests: processes, kill -9, TLS, strangers, docs. They run the build in dist/. */
export default defineConfig({
  test: {
    globalSetup: ['test/support/run-folder.ts'],
    include: ['test/system/**/*.test.ts'],
    // Processes on a busy machine may be late once.
    retry: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
