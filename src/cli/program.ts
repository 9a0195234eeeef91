import { Command } from 'commander';
import { addApi } from './commands/api.ts';
import { addConfig } from './commands/config.ts';
import { addDemo } from './commands/demo.ts';
import { addInspect } from './commands/inspect.ts';
import { addJournal } from './commands/journal.ts';
import { addSend } from './commands/send.ts';
import { addServices } from './commands/service.ts';
import { addToken } from './commands/token.ts';
import { addUp } from './commands/up.ts';
import { packageVersion } from './version.ts';

/** The command line: one file per command. */
export function compoteProgram(): Command {
  const program = new Command('compote')
    .description(
      'Build, test and troubleshoot the communication between charging stations, CSMS, EMP and e-roaming hub.',
    )
    .version(packageVersion(), '-V, --version')
    .configureHelp({ showGlobalOptions: false })
    .showSuggestionAfterError(true)
    .addHelpText(
      'after',
      `
Examples:
  $ compote up                     start the whole world
  $ compote api GET stations       ask the running CSMS
  $ compote help <command>         what a command takes

Guides and reference: docs/ of the package.`,
    );
  for (const add of [addUp, addServices, addDemo, addInspect, addJournal, addSend, addApi, addConfig, addToken])
    add(program);
  for (const command of [program, ...program.commands, ...program.commands.flatMap((each) => each.commands)]) {
    // One sentence on the error stream, and the exit code 2, is decided in main.ts.
    command.exitOverride().configureOutput({ outputError: () => {} });
  }
  return program;
}
