import { type ArgumentRule, type CarWord, carWord, isKnownSomewhere } from './car-words.ts';
import type { CarGrammar } from './releases.ts';

/** Longest command list in characters. */
const MAX_LENGTH = 4096;

export interface CarListProblem {
  /** Where in the text, counted from 0. */
  readonly at: number;
  readonly text: string;
  /** `grammar`: this release would not understand it. `hlc`: this EVSE has no ISO 15118 side. `choose`: the grammar is not known. */
  readonly kind: 'grammar' | 'hlc' | 'choose';
}

export interface CheckedCarList {
  /** The text to send: words in lower case, no `;` at the end. */
  readonly list: string;
  readonly problems: readonly CarListProblem[];
  /** It will be understood, but perhaps not do what was meant. */
  readonly warnings: readonly string[];
}

export interface CarListContext {
  /** Absent: not known; then ISO 15118 starts are refused with the request to choose. */
  readonly grammar: CarGrammar | undefined;
  readonly how: 'execute' | 'modify';
  /** Whether the connector has the car's ISO 15118 side. */
  readonly hlc: boolean;
}

/**
 * Reads a command list as strictly as the most sensitive release: a word that is not known ends the whole station in some of
 * them, a wrong count of arguments lets the list hang for ever. So what is not surely right is not sent.
 */
export function checkCarList(text: string, context: CarListContext): CheckedCarList {
  const problems: CarListProblem[] = [];
  const warnings: string[] = [];
  const problem = (at: number, told: string, kind: CarListProblem['kind'] = 'grammar'): void =>
    void problems.push({ at, text: told, kind });
  const done = (list: string): CheckedCarList => ({ list, problems, warnings });

  if (text.length > MAX_LENGTH) problem(MAX_LENGTH, `the list is longer than ${MAX_LENGTH} characters`);
  const strange = /[^\x20-\x7e]/.exec(text);
  if (strange !== null) problem(strange.index, 'only printable ASCII characters; no line ends');
  const hash = text.indexOf('#');
  if (hash >= 0) problem(hash, '`#` is a separator of the Node-RED page and never travels');
  const body = text.endsWith(';') ? text.slice(0, -1) : text;
  if (body.trim() === '') problem(0, 'the list is empty: nothing would run');
  if (problems.length > 0) return done(body);

  const items = body.split(';');
  const written: string[] = [];
  let at = 0;
  for (const [index, item] of items.entries()) {
    const checked = checkItem(item, at, context, problem);
    written.push(checked?.text ?? item);
    if (checked?.word.countsDown === true && context.how === 'modify' && index < items.length - 1) {
      warnings.push(
        `\`${item}\` is not the last item of a modify list: the countdown of the running list goes on instead, which may last hours`,
      );
    }
    at += item.length + 1;
  }
  return done(written.join(';'));
}

function checkItem(
  item: string,
  at: number,
  { grammar, hlc }: CarListContext,
  problem: (at: number, text: string, kind?: CarListProblem['kind']) => void,
): { readonly text: string; readonly word: CarWord } | undefined {
  const [rawName = '', ...rest] = item.split(' ');
  if (rawName === '') {
    problem(at, item === '' ? 'an item is empty' : 'no space at the beginning of an item: it reads as an empty word');
    return undefined;
  }
  if (item.includes('  ') || item.endsWith(' ')) {
    problem(at + rawName.length, 'single spaces only: a further one reads as an empty argument');
    return undefined;
  }
  const name = rawName.toLowerCase();
  const word = carWord(grammar, name);
  if (word === undefined) {
    if (grammar === undefined && isKnownSomewhere(name)) {
      problem(
        at,
        `\`${name}\` differs between releases: choose \`carGrammar\` or \`release\` of the station`,
        'choose',
      );
    } else {
      problem(at, `no word \`${name}\`${grammar === undefined ? '' : ` in grammar ${grammar}`}`);
    }
    return undefined;
  }
  if (word.hlc === true && !hlc) {
    problem(at, `\`${name}\` needs ISO 15118, which this EVSE does not have`, 'hlc');
    return undefined;
  }
  const text = rest.join(' ');
  const given = rest.flatMap((part) => part.split(','));
  const fault = argumentFault(name, word, given);
  if (fault !== undefined) {
    problem(at + rawName.length + 1, fault);
    return undefined;
  }
  return { text: text === '' ? name : `${name} ${text}`, word };
}

function argumentFault(name: string, { forms }: CarWord, given: readonly string[]): string | undefined {
  const fitting = forms.filter((form) => form.length === given.length);
  if (fitting.length === 0) {
    const wanted = forms
      .map((form) => (form.length === 0 ? 'no argument' : `(${form.map((rule) => rule.what).join(', ')})`))
      .join(' or ');
    return `\`${name}\` takes ${wanted}, not ${given.length} argument${given.length === 1 ? '' : 's'}`;
  }
  const faults = fitting.map((form) =>
    form.map((rule, index) => ruleFault(rule, given[index] ?? '')).find((fault) => fault !== undefined),
  );
  return faults.includes(undefined) ? undefined : `\`${name}\`: ${faults[0]}`;
}

function ruleFault(rule: ArgumentRule, text: string): string | undefined {
  if (rule.is === 'word') {
    return rule.of.includes(text.toLowerCase()) ? undefined : `\`${text}\` is not ${rule.what}`;
  }
  const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) return `\`${text}\` is not a number (${rule.what})`;
  if (value < (rule.min ?? Number.NEGATIVE_INFINITY)) return `${rule.what} must be at least ${rule.min}, not ${text}`;
  if (value > (rule.max ?? Number.POSITIVE_INFINITY)) return `${rule.what} must be at most ${rule.max}, not ${text}`;
  return undefined;
}
