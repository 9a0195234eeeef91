/** The `sh` blocks of a Markdown page, as one shell session. */

/** One ```sh block, or the hidden preparation of a page (`<!-- given: ... -->`). */
export interface ShellBlock {
  readonly line: number;
  readonly text: string;
  /** A port: the block starts a service, which answers there when it is ready. */
  readonly service?: number;
  /** The exit code that the page announces. */
  readonly exits: number;
  readonly run: boolean;
  readonly given: boolean;
}

const BLOCK = /^( *)```sh([^\n]*)\n([\s\S]*?)^\1```\s*$|<!-- given:\s*([\s\S]*?)-->/gm;

/** Reads the blocks in their order. @throws Error for an info word that it does not know: a typing error must not skip a block. */
export function shellBlocks(page: string): ShellBlock[] {
  return [...page.matchAll(BLOCK)].map((found) => {
    const line = page.slice(0, found.index).split('\n').length;
    if (found[4] !== undefined) return { line, text: found[4], exits: 0, run: true, given: true };
    const block = { line, text: found[3] ?? '', exits: 0, run: true, given: false };
    for (const word of (found[2] ?? '').split(' ').filter(Boolean)) {
      const [name, value] = word.split('=');
      if (name === 'no-run') block.run = false;
      else if (name === 'exits' && Number(value) > 0) block.exits = Number(value);
      else if (name === 'service' && Number(value) > 0) Object.assign(block, { service: Number(value) });
      else throw new Error(`line ${line}: a sh block has no "${word}"; known: service=PORT, exits=CODE, no-run`);
    }
    return block;
  });
}

const COMMAND = /^(compote|curl|npm|npx|node|docker) /;

/** The lines of commands that stand in blocks without a language, fenced or indented: nobody would run them. */
export function untypedCommands(page: string): number[] {
  let fence: string | undefined;
  return page.split('\n').flatMap((line, at, lines) => {
    const [, language] = /^ *```(.*)$/.exec(line) ?? [];
    if (language !== undefined) {
      const opens = fence === undefined;
      fence = opens ? language : undefined;
      return opens && language === '' && COMMAND.test((lines[at + 1] ?? '').trimStart()) ? [at + 1] : [];
    }
    return fence === undefined && /^ {4}/.test(line) && COMMAND.test(line.trimStart()) ? [at + 1] : [];
  });
}

/** One script: each block says its line on stderr first, so that a failure names its place. */
export function sessionOf(blocks: readonly ShellBlock[]): string {
  return blocks
    .filter(({ run }) => run)
    .map(({ line, text, service, exits }) => {
      const place = `echo "at line ${line}" >&2\n`;
      if (service !== undefined) return `${place}${startOf(text, service, line)}`;
      if (exits !== 0) return `${place}ended=0\n(\n${text}\n) || ended=$?\n[ "$ended" = ${exits} ]\n`;
      return `${place}${text}\n`;
    })
    .join('');
}

function startOf(text: string, port: number, line: number): string {
  return `(\n${text}\n) >service-${line}.log 2>&1 &
ready=no
for try in $(seq 300); do
  if (echo > /dev/tcp/127.0.0.1/${port}) 2>/dev/null; then ready=yes; break; fi
  sleep 0.1
done
[ "$ready" = yes ] || { cat service-${line}.log >&2; exit 1; }
`;
}
