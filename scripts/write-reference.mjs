// `npm run docs:reference`: writes docs/reference/config.md, cli.md and csms-actions.md from the schema, the commands and the handler tables. Runs on the build.
import { writeFileSync } from 'node:fs';
import { cliPage } from '../dist/cli/cli-page.js';
import { compoteProgram } from '../dist/cli/program.js';
import { wholeSchema } from '../dist/cli/services.js';
import { configPage } from '../dist/platform/config/config-page.js';
import { actionPage, handlerRows } from '../dist/roles/csms/ocpp/action-page.js';

const write = (name, text) => writeFileSync(new URL(`../docs/reference/${name}.md`, import.meta.url), text);
write('config', configPage(wholeSchema()));
write('cli', cliPage(compoteProgram()));
write('csms-actions', actionPage(await handlerRows(new URL('../dist/roles/csms/ocpp/', import.meta.url))));
