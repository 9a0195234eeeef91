import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { configPage } from '../platform/config/config-page.ts';
import { cliPage } from './cli-page.ts';
import { compoteProgram } from './program.ts';
import { wholeSchema } from './services.ts';

const pageOf = (name: string): string =>
  readFileSync(new URL(`../../docs/reference/${name}.md`, import.meta.url), 'utf8');

it('docs/reference/config.md is what the schema says (npm run docs:reference writes it)', () => {
  expect(pageOf('config')).toBe(configPage(wholeSchema()));
});

it('docs/reference/cli.md is what the commands say (npm run docs:reference writes it)', () => {
  expect(pageOf('cli')).toBe(cliPage(compoteProgram()));
});
