import { escapePointer } from './json-lines.ts';

/** Where each value stands in a JSON text: pointer -> characters. Stops quietly where the text is no JSON. */
export function placesIn(text: string): Map<string, { readonly from: number; readonly to: number }> {
  const places = new Map<string, { from: number; to: number }>();
  let at = 0;
  const space = (): void => {
    while (at < text.length && /\s/.test(text[at] ?? '')) at += 1;
  };
  const word = (): string => {
    const start = at;
    if (text[at] === '"') {
      at += 1;
      while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
      at += 1;
    } else while (at < text.length && /[^\s,\]}:]/.test(text[at] ?? '')) at += 1;
    return text.slice(start, at);
  };
  const value = (pointer: string, depth: number): boolean => {
    space();
    const from = at;
    const open = text[at];
    if (open === '{' || open === '[') {
      if (depth > 100) return false;
      const close = open === '{' ? '}' : ']';
      at += 1;
      for (let index = 0; ; index++) {
        space();
        if (text[at] === close) break;
        if (at >= text.length) return false;
        let name = String(index);
        if (open === '{') {
          const key = word();
          try {
            name = JSON.parse(key) as string;
          } catch {
            return false;
          }
          space();
          if (text[at] !== ':') return false;
          at += 1;
        }
        if (!value(`${pointer}/${escapePointer(name)}`, depth + 1)) return false;
        space();
        if (text[at] === ',') at += 1;
      }
      at += 1;
    } else if (word() === '') return false;
    places.set(pointer, { from, to: at });
    return true;
  };
  value('', 0);
  return places;
}

/** The place of a pointer, or of the nearest thing around it that is there. */
export function placeOf(
  places: ReadonlyMap<string, { readonly from: number; readonly to: number }>,
  pointer: string,
): { readonly from: number; readonly to: number } {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const found = places.get(at);
    if (found !== undefined) return at === pointer ? found : { from: found.from, to: found.from + 1 };
    if (at === '') return { from: 0, to: 1 };
  }
}

/** The same, also for a pointer that goes on into JSON text that a string carries: the place within that string. */
export function placeWithin(
  text: string,
  places: ReadonlyMap<string, { readonly from: number; readonly to: number }>,
  pointer: string,
): { readonly from: number; readonly to: number } {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const found = places.get(at);
    if (found === undefined || at === pointer) continue;
    return inString(text.slice(found.from, found.to), found.from, pointer.slice(at.length)) ?? placeOf(places, pointer);
  }
  return placeOf(places, pointer);
}

function inString(literal: string, start: number, pointer: string) {
  try {
    const carried: unknown = JSON.parse(literal);
    if (typeof carried !== 'string') return undefined;
    JSON.parse(carried);
    const { from, to } = placeOf(placesIn(carried), pointer);
    // Where each character of the carried text begins in the literal.
    const begins: number[] = [];
    for (let at = 1; at < literal.length - 1; at += literal[at] === '\\' ? (literal[at + 1] === 'u' ? 6 : 2) : 1)
      begins.push(start + at);
    const end = start + literal.length - 1;
    return { from: begins[from] ?? start, to: begins[to] ?? end };
  } catch {
    return undefined;
  }
}
