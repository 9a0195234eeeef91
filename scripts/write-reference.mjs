// `npm run docs:reference`: writes docs/reference/config.md and cli.md from the schema and the commands. Runs on the build.
import { writeFileSync } from 'node:fs';
import { cliPage } from '../dist/cli/cli-page.js';
import { compoteProgram } from '../dist/cli/program.js';
import { wholeSchema } from '../dist/cli/services.js';
import { configPage } from '../dist/platform/config/config-page.js';

const write = (name, text) => writeFileSync(new URL(`../docs/reference/${name}.md`, import.meta.url), text);
write('config', configPage(wholeSchema()));
write('cli', cliPage(compoteProgram()));
