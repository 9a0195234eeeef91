import { describe, expect, it, vi } from 'vitest';
import { exitCodeOf, sentenceOf } from './failure.ts';
import { compoteProgram } from './program.ts';
import { availableServices, loadService } from './services.ts';

/** Runs a command line that must be refused; gives what the person reads and the exit code. */
async function refused(...words: string[]): Promise<{ text: string; code: number }> {
  try {
    await compoteProgram().parseAsync(words, { from: 'user' });
  } catch (thrown) {
    return { text: sentenceOf(thrown), code: exitCodeOf(thrown) };
  }
  throw new Error('It was not refused');
}

async function printed(...words: string[]): Promise<string> {
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  try {
    await compoteProgram().parseAsync(words, { from: 'user' });
  } finally {
    log.mockRestore();
  }
  return lines.join('\n');
}

describe('the command line', () => {
  it.each([
    [['upp'], /unknown command 'upp'.*\n.*Did you mean up/],
    [['csms', '--prot', '1'], /unknown option '--prot'.*\n.*Did you mean --port/],
    [['up', '--only', 'csm'], /"csm" is no service; there are .*csms/],
    [['up', '--port', '9001'], /--port 9001: write it as name=value/],
    [['csms', '--port', 'x'], /--port: csms\.port must be integer, not "x"/],
    [['csms', '--config', '/nowhere.json'], /\/nowhere\.json cannot be read/],
    [['config', 'show', '--set', 'csms.prot=1'], /there is no key csms\.prot; did you mean csms\.port\?/],
    [['api', 'FETCH', 'stations'], /There are GET, POST/],
    [['api', 'GET', 'stations', '--url', 'localhost'], /"localhost" is no address/],
    [['api', 'POST', 'x', '-b', '{'], /It is not JSON/],
    [['journal', '--stopped', '--data', '/nowhere'], /No journal of csms is in \/nowhere/],
    [['inspect', '/nowhere.log'], /\/nowhere\.log: there is no such file\. Give the path of a log/],
    [['inspect', '--mute', 'NOPE', '/nowhere.log'], /There is no rule NOPE to mute/],
    [['journal', '--stopped', '--follow'], /Nothing comes in at a stopped service/],
    [['send', 'CS-1'], /Name an action, or give --raw text/],
    [['send', 'CS-1', 'Reset', '{"type"'], /It is not JSON/],
    [['station', '--count', '1.5'], /"1\.5" is not a whole number of 1 or more/],
    [['station', '--count', '0'], /"0" is not a whole number of 1 or more/],
    [['station', '--count', '2', '--csms', 'http://127.0.0.1:1'], /is no WebSocket address such as ws:/],
    [['station', '--count', '2', '--json', '/nowhere/at/all.json'], /There is no folder \/nowhere\/at/],
    [['station', '--scenario', 'nope'], /There is no scenario nope.*busy-day/],
  ])('answers wrong input %j with one clear sentence and the exit code 2', async (words, sentence) => {
    const { text, code } = await refused(...words);
    expect(text).toMatch(sentence);
    expect(code).toBe(2);
  });

  it('says that nothing answers, and where', async () => {
    const { text, code } = await refused('api', 'GET', 'stations', '--url', 'http://127.0.0.1:1');
    expect(text).toMatch(/nothing answers at http:\/\/127\.0\.0\.1:1 .* Start it with `compote up`/);
    expect(code).toBe(1);
  });

  it('has help with examples for every command', () => {
    for (const command of compoteProgram().commands) {
      if (command.commands.length > 0) continue;
      let help = '';
      const writeOut = (text: string): void => {
        help += text;
      };
      command.configureOutput({ writeOut }).outputHelp();
      expect(help, command.name()).toMatch(/Examples:\n {2}\$ /);
    }
  });

  it('loads every service by its name', async () => {
    for (const name of availableServices()) expect((await loadService(name)).name).toBe(name);
  });

  it('shows the configuration in force with its sources, and its schema', async () => {
    expect(await printed('config', 'show', '--data', '/tmp/x')).toMatch(/^data +"\/tmp\/x" {3}\(--data\)$/m);
    expect(JSON.parse(await printed('config', 'schema')).properties.csms.properties.port.default).toBe(8001);
  });

  it('makes a token whose hash the configuration takes', async () => {
    const text = await printed('token', 'ann', '--role', 'admin');
    const [, token] = /once\): (\S+)/.exec(text) ?? [];
    const line = JSON.parse(text.split('\n').at(-1) ?? '');
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(line).toMatchObject({ name: 'ann', role: 'admin', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(line.sha256).not.toBe(token);
  });
});
