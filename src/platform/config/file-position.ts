/** Where in a JSON text the key at `path` stands, for people: `compote.json line 3, column 5`. */
export function placeOf(file: string | undefined, text: string, path: readonly string[]): string {
  if (file === undefined) return 'the configuration';
  const offset = offsetOfKey(text, path);
  if (offset === undefined) return file;
  const before = text.slice(0, offset).split('\n');
  return `${file} line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** Finds a key in a text that `JSON.parse` has accepted: the scan can trust its grammar. */
function offsetOfKey(text: string, path: readonly string[]): number | undefined {
  let at = 0;
  const space = (): void => {
    while (/\s/.test(text[at] ?? '')) at++;
  };
  const string = (): string => {
    const start = at++;
    while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    at++;
    return JSON.parse(text.slice(start, at)) as string;
  };
  /** Walks one value; `rest` is the path below it, `undefined` when it does not lead here. */
  const walk = (rest: readonly string[] | undefined): number | undefined => {
    space();
    const open = text[at];
    if (open === '"') {
      string();
      return undefined;
    }
    if (open !== '{' && open !== '[') {
      while (at < text.length && !/[\s,\]}]/.test(text[at] ?? '')) at++;
      return undefined;
    }
    const close = open === '{' ? '}' : ']';
    at++;
    for (let index = 0; ; index++) {
      space();
      if (text[at] === ',') at++;
      space();
      if (text[at] === close || at >= text.length) {
        at++;
        return undefined;
      }
      const start = at;
      const key = open === '{' ? string() : String(index);
      if (open === '{') {
        space();
        at++;
      }
      const leads = rest !== undefined && rest[0] === key;
      if (leads && rest.length === 1) return start;
      const found = walk(leads ? rest.slice(1) : undefined);
      if (found !== undefined) return found;
    }
  };
  return walk(path);
}
