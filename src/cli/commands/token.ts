import { type Command, Option } from 'commander';
import { SystemIds } from '../../core/ids.ts';
import { sha256Hex } from '../../platform/http/access-tokens.ts';

export function addToken(program: Command): void {
  program
    .command('token')
    .description('make an access token and the line that the configuration needs for it')
    .argument('<name>', 'whose token it is')
    .addOption(
      new Option('--role <role>', 'what it may do').choices(['viewer', 'operator', 'admin']).default('operator'),
    )
    .addHelpText('after', '\nExamples:\n  $ compote token ann --role admin')
    .action((name: string, { role }: { role: string }) => {
      const ids = new SystemIds();
      const token = `${ids.uuid()}${ids.uuid()}`.replaceAll('-', '');
      console.log(`The token (shown once): ${token}`);
      console.log('For the configuration, into access.tokens:');
      console.log(JSON.stringify({ name, role, sha256: sha256Hex(token) }));
    });
}
