#!/usr/bin/env node
import { CommanderError } from 'commander';
import { exitCodeOf, sentenceOf } from './failure.ts';
import { compoteProgram } from './program.ts';

const wantsNothing = process.argv.length <= 2;
try {
  if (wantsNothing) compoteProgram().outputHelp();
  else await compoteProgram().parseAsync();
} catch (thrown) {
  // Help and version end with a CommanderError too; they have been printed.
  const isDone = thrown instanceof CommanderError && (thrown.exitCode === 0 || thrown.code === 'commander.help');
  const text = isDone ? '' : `compote: ${sentenceOf(thrown).replace(/^error: /, '')}\n`;
  // Nothing that a failed start left open may keep the program.
  process.stderr.write(text, () => process.exit(exitCodeOf(thrown)));
}
