import type { TObject } from 'typebox';
import { variableOf } from './environment.ts';
import { type ConfigNode, configNode } from './schema-walk.ts';

/** The text of docs/reference/config.md: every key with its default, its variable and its meaning. */
export function configPage(schema: TObject): string {
  const root = configNode(schema);
  const shared: [string, ConfigNode][] = [];
  const sections: [string, ConfigNode][] = [];
  for (const [name, node] of Object.entries(root.properties ?? {})) {
    if (name !== '$schema') (node.properties === undefined ? shared : sections).push([name, node]);
  }
  return `${[
    '# Configuration',
    '',
    '<!-- Written by `npm run docs:reference` from the schema of the configuration. Do not edit. -->',
    '',
    'One JSON file holds what all services share and a section per service. Every key has a default; a file names only what',
    'it changes, and a file with one section is enough for that service. `compote up --config compote.json` reads it.',
    '',
    'Stronger than the file is the environment (two underscores go one level down), and stronger than that are flags:',
    '`--host`, `--data`, `--port`, `--clock`, and `--set csms.port=8011` for any key. `compote config show` prints every value in',
    'force and where it came from. `compote config schema` prints the JSON Schema for editors.',
    '',
    '## Shared keys',
    '',
    ...table(shared, []),
    ...sections.flatMap(([name, node]) => [
      '',
      `## \`${name}\``,
      '',
      node.description ?? '',
      '',
      ...table(Object.entries(node.properties ?? {}), [name]),
    ]),
  ].join('\n')}\n`;
}

function table(entries: readonly [string, ConfigNode][], path: readonly string[]): string[] {
  const rows = (list: readonly [string, ConfigNode][], at: readonly string[]): string[] =>
    list.flatMap(([name, node]) => {
      const here = [...at, name];
      if (node.properties !== undefined) return rows(Object.entries(node.properties), here);
      const items = node.items?.properties;
      const each =
        items === undefined
          ? ''
          : ` Each: ${Object.entries(items)
              .map(([key, item]) => `\`${key}\` ${kind(item)}`)
              .join(', ')}.`;
      const cells = [
        `\`${here.join('.')}\``,
        kind(node),
        node.default === undefined ? '' : `\`${JSON.stringify(node.default)}\``,
        `\`${variableOf(here)}\``,
        `${node.description ?? ''}${each}`,
      ];
      return [`| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`];
    });
  return ['| key | kind | default | variable | meaning |', '|---|---|---|---|---|', ...rows(entries, path)];
}

function kind(node: ConfigNode): string {
  if (node.anyOf !== undefined)
    return node.anyOf
      .map((branch) => (branch.const === undefined ? kind(branch) : `\`${String(branch.const)}\``))
      .join(', ');
  if (node.type === 'array')
    return `list of ${node.items?.properties === undefined ? kind(node.items ?? {}) : 'objects'}`;
  const range =
    node.minimum === undefined && node.maximum === undefined ? '' : ` ${node.minimum ?? ''}…${node.maximum ?? ''}`;
  return `${node.type ?? 'any'}${range}`;
}
