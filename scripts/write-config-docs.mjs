// `npm run docs:config`: writes docs/reference/config.md from the schema of the configuration. Runs on the build.
import { writeFileSync } from 'node:fs';
import { wholeSchema } from '../dist/cli/services.js';
import { configPage } from '../dist/platform/config/config-page.js';

writeFileSync(new URL('../docs/reference/config.md', import.meta.url), configPage(wholeSchema()));
