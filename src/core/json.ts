/** Nothing that a protocol of ours knows is nested half as deep. */
export const MAX_NESTING = 100;
/** A shorter text cannot be nested so deep that a recursion over its value runs out of stack. */
const HARMLESS_LENGTH = 2_000;

/**
 * `JSON.parse` for texts of others. The parser itself takes any depth, but whatever walks the value afterwards, be it
 * `JSON.stringify`, runs out of stack: a text that is nested deeper than `MAX_NESTING` is refused.
 *
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  if (text.length > HARMLESS_LENGTH && isTooDeep(text)) {
    throw new SyntaxError(`nested deeper than ${MAX_NESTING} levels`);
  }
  return JSON.parse(text);
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22: // "
        at = endOfString(text, at);
        break;
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > MAX_NESTING) return true;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth--;
        break;
    }
  }
  return false;
}

/** Where the string ends that begins at `start`; the end of the text when it never does. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes++;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}
