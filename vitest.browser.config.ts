import { defineConfig } from 'vitest/config';

/** The acceptance checks of the workbench, in a real Chromium against real services. They use the app in dist/web. */
export default defineConfig({
  test: {
    globalSetup: ['test/support/run-folder.ts'],
    include: ['test/browser/**/*.test.ts'],
    // A browser on a busy machine may be late once; a page that is wrong is wrong three times.
    retry: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Each file has a world of its own; a page mostly waits, so two at a time cost each other little.
    maxWorkers: 2,
  },
});
