/**
 * JSON as text. The hub forwards what it received unchanged but for the session id it fills in: numbers keep their form
 * (`12.50`), unknown members and the order of members survive. Texts here have been parsed before, so they are valid.
 */

interface MemberSpan {
  readonly key: string;
  readonly keyStart: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/**
 * The text of a JSON object with some top-level members set to texts: replaced in place (every occurrence), or put in
 * front when absent. All other characters stay as they are.
 */
export function withMembers(jsonText: string, members: Readonly<Record<string, string>>): string {
  const start = skipSpace(jsonText, 0);
  if (jsonText[start] !== '{') throw new RangeError('Only the members of a JSON object can be set');
  const spans = memberSpans(jsonText, start);
  let result = jsonText;
  // From the end, so that the places before stay where they are.
  for (const { key, valueStart, valueEnd } of spans.toReversed()) {
    const value = Object.hasOwn(members, key) ? members[key] : undefined;
    if (value === undefined) continue;
    result = result.slice(0, valueStart) + JSON.stringify(value) + result.slice(valueEnd);
  }
  const missing = Object.entries(members).filter(([key]) => !spans.some((span) => span.key === key));
  if (missing.length === 0) return result;
  const added = missing.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',');
  const comma = spans.length === 0 ? '' : ',';
  return `${result.slice(0, start + 1)}${added}${comma}${result.slice(start + 1)}`;
}

/**
 * The characters of a number (or any value) at a JSON pointer, exactly as written: `12.50`. `undefined` when nothing is
 * there. Of a member that occurs twice the last one counts, as for `JSON.parse`.
 */
export function textAt(jsonText: string, pointer: string): string | undefined {
  let at = skipSpace(jsonText, 0);
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    const next = jsonText[at] === '{' ? memberAt(jsonText, at, key) : itemAt(jsonText, at, key);
    if (next === undefined) return undefined;
    at = next;
  }
  return jsonText.slice(at, skipValue(jsonText, at));
}

function memberAt(text: string, start: number, key: string): number | undefined {
  return memberSpans(text, start).findLast((span) => span.key === key)?.valueStart;
}

function itemAt(text: string, start: number, key: string): number | undefined {
  if (text[start] !== '[' || !/^(0|[1-9][0-9]*)$/.test(key)) return undefined;
  let at = skipSpace(text, start + 1);
  for (let index = 0; text[at] !== ']'; index++) {
    if (index === Number(key)) return at;
    at = skipSpace(text, skipValue(text, at));
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return undefined;
}

function memberSpans(text: string, start: number): MemberSpan[] {
  const spans: MemberSpan[] = [];
  let at = skipSpace(text, start + 1);
  while (text[at] === '"') {
    const keyStart = at;
    const keyEnd = skipText(text, at);
    const key = String(JSON.parse(text.slice(keyStart, keyEnd)));
    const valueStart = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const valueEnd = skipValue(text, valueStart);
    spans.push({ key, keyStart, valueStart, valueEnd });
    at = skipSpace(text, valueEnd);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return spans;
}

function skipSpace(text: string, at: number): number {
  while (at < text.length && ' \t\n\r'.includes(text.charAt(at))) at++;
  return at;
}

/** The place after a quoted text that starts at `at`. */
function skipText(text: string, at: number): number {
  at++;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** The place after the value that starts at `at`. Nesting is counted, not recursed: deep bodies cannot overflow. */
function skipValue(text: string, at: number): number {
  const first = text[at];
  if (first === '"') return skipText(text, at);
  if (first !== '{' && first !== '[') {
    while (at < text.length && !',]} \t\n\r'.includes(text.charAt(at))) at++;
    return at;
  }
  let depth = 0;
  while (at < text.length) {
    const char = text[at];
    if (char === '"') {
      at = skipText(text, at);
      continue;
    }
    if (char === '{' || char === '[') depth++;
    if (char === '}' || char === ']') depth--;
    at++;
    if (depth === 0) break;
  }
  return at;
}
