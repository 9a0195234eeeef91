import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'web/src/**/*.test.ts'],
    exclude: ['test/system/**', 'test/browser/**', '**/node_modules/**'],
    setupFiles: ['test/support/property-seed.ts'],
    testTimeout: 20_000,
    pool: 'threads',
  },
});
