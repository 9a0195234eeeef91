// `npm run docs:reference`: writes the pages of docs/reference that the code knows itself: from the schema, the commands, the
// handler tables and the rules. Runs on the build.
import { writeFileSync } from 'node:fs';
import { cliPage } from '../dist/cli/cli-page.js';
import { compoteProgram } from '../dist/cli/program.js';
import { wholeSchema } from '../dist/cli/services.js';
import { everyRule } from '../dist/journal/findings/catalogue.js';
import { rulesPage } from '../dist/journal/findings/rules-page.js';
import { configPage } from '../dist/platform/config/config-page.js';
import { actionPage, handlerRows } from '../dist/roles/csms/ocpp/action-page.js';
import { effectsPage } from '../dist/roles/station/effects-page.js';
import { quirksPage } from '../dist/roles/station/quirks-page.js';
import { scenarioSchema } from '../dist/roles/station/scenario/schema.js';

const write = (name, text) => writeFileSync(new URL(`../docs/reference/${name}.md`, import.meta.url), text);
write('config', configPage(wholeSchema()));
write('cli', cliPage(compoteProgram()));
write('csms-actions', actionPage(await handlerRows(new URL('../dist/roles/csms/ocpp/', import.meta.url))));
write('rules', rulesPage(everyRule()));
write('station-actions', effectsPage());
write('quirks', quirksPage());
writeFileSync(
  new URL('../docs/reference/scenario.schema.json', import.meta.url),
  `${JSON.stringify(scenarioSchema(), null, 2)}\n`,
);
