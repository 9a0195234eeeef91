import type { Command } from 'commander';

/** The text of docs/reference/cli.md: every command's help, as the program prints it. */
export function cliPage(program: Command): string {
  const commands = program.commands.flatMap((command) => (command.commands.length > 0 ? command.commands : [command]));
  return `${[
    '# Command line',
    '',
    '<!-- Written by `npm run docs:reference` from the commands themselves. Do not edit. -->',
    '',
    'In a checkout the program is `npx compote`. Exit codes: 0 done; 1 it could not be done; 2 what was typed or configured is wrong;',
    '130 ended at once by a second Ctrl-C. Every refusal is one sentence on the error stream.',
    '',
    ...section('compote', program),
    ...commands.flatMap((command) => section(fullName(command), command)),
  ].join('\n')}`;
}

function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}

function section(name: string, command: Command): string[] {
  let help = '';
  const writeOut = (text: string): void => {
    help += text;
  };
  command.configureOutput({ writeOut, getOutHelpWidth: () => 100, getOutHasColors: () => false }).outputHelp();
  return [`## \`${name}\``, '', '```', help.trim(), '```', ''];
}
