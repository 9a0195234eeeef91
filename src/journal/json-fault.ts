/** Where a text stops being JSON (RFC 8259): engines tell the place only sometimes, and a reader wants to see it. */
export function jsonFaultAt(text: string): number {
  return new JsonWalker(text).run();
}

/** What may come next. */
type State = 'value' | 'value or ]' | 'name' | 'name or }' | 'colon' | 'comma or end' | 'nothing';

const SPACE = /[ \t\n\r]/;

class JsonWalker {
  readonly #text: string;
  readonly #open: ('{' | '[')[] = [];
  readonly #number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
  readonly #word = /true|false|null/y;
  #state: State = 'value';
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The position of the first character that does not fit; the text's length when it ends too early. */
  run(): number {
    while (this.#at < this.#text.length) {
      if (SPACE.test(this.#text[this.#at] ?? '')) this.#at++;
      else if (!this.#step()) return this.#at;
    }
    return this.#at;
  }

  #step(): boolean {
    const char = this.#text[this.#at];
    switch (this.#state) {
      case 'nothing':
        return false;
      case 'colon':
        return char === ':' && this.#go('value');
      case 'comma or end':
        if (char === ',') return this.#go(this.#open.at(-1) === '{' ? 'name' : 'value');
        return this.#end(char);
      case 'name':
      case 'name or }':
        if (char === '}' && this.#state === 'name or }') return this.#end(char);
        return char === '"' && this.#string() && this.#become('colon');
      case 'value':
      case 'value or ]':
        if (char === ']' && this.#state === 'value or ]') return this.#end(char);
        return this.#value(char);
    }
  }

  #value(char: string | undefined): boolean {
    if (char === '{' || char === '[') {
      this.#open.push(char);
      return this.#go(char === '{' ? 'name or }' : 'value or ]');
    }
    const read = char === '"' ? this.#string() : this.#match(this.#number) || this.#match(this.#word);
    return read && this.#become(this.#open.length === 0 ? 'nothing' : 'comma or end');
  }

  #end(char: string | undefined): boolean {
    const open = this.#open.at(-1);
    if ((char !== '}' || open !== '{') && (char !== ']' || open !== '[')) return false;
    this.#open.pop();
    return this.#go(this.#open.length === 0 ? 'nothing' : 'comma or end');
  }

  /** Leaves the position at the character that does not fit. */
  #string(): boolean {
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const char = this.#text[this.#at] ?? '';
      if (char === '"') {
        this.#at++;
        return true;
      }
      if (char < ' ') return false;
      if (char !== '\\') continue;
      this.#at++;
      const escaped = this.#text[this.#at] ?? '';
      if (escaped === 'u') {
        if (!/^[0-9a-fA-F]{4}$/.test(this.#text.slice(this.#at + 1, this.#at + 5))) return false;
        this.#at += 4;
      } else if (!'"\\/bfnrt'.includes(escaped) || escaped === '') return false;
    }
    return false;
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return false;
    this.#at += found[0].length;
    return true;
  }

  #go(state: State): true {
    this.#at++;
    return this.#become(state);
  }

  #become(state: State): true {
    this.#state = state;
    return true;
  }
}
