import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { configPage } from '../platform/config/config-page.ts';
import { wholeSchema } from './services.ts';

it('docs/reference/config.md is what the schema says (npm run docs:config writes it)', () => {
  const page = readFileSync(new URL('../../docs/reference/config.md', import.meta.url), 'utf8');
  expect(page).toBe(configPage(wholeSchema()));
});
