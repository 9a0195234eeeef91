import { at, type Chunk, type Place } from './columns.ts';
import { type Dictionary, textHash } from './dictionary.ts';
import { fieldTest, isNegative, type ValueTest } from './filter/evaluate.ts';
import type { Expression, Field } from './filter/index.ts';
import { KIND_NUMBERS, type MessageIndex, SLOW_MS } from './message-index.ts';
import { BITS, FLAGS, flagBit, KINDS, ORIGINS } from './packed-entry.ts';
import type { ViewEntity } from './query.ts';
import { receiver, sender, stationsOf } from './routes.ts';

/** What the columns alone say about a filter: no, yes, or ask the message itself. */
export const NO = 0;
export const YES = 1;
export const UNKNOWN = 2;
export type Verdict = typeof NO | typeof YES | typeof UNKNOWN;

export type ColumnTest = (chunk: Chunk, row: number) => Verdict;

const ALWAYS_UNKNOWN: ColumnTest = () => UNKNOWN;
const FLAG_NAMES: readonly string[] = FLAGS;
const KIND_NAMES: readonly string[] = KINDS;

/**
 * The part of a filter that the columns in memory can answer. In exchanges a request stands for its answer too, so the
 * answer's code, latency and kind count for it.
 */
export function compileColumns(
  expression: Expression,
  index: MessageIndex,
  entity: ViewEntity,
  nowMs: number,
): ColumnTest {
  const whole = compile(expression, { index, exchanges: entity === 'exchanges', nowMs });
  if (entity === 'messages') return whole;
  return (chunk, row) => (isExchange(index, chunk, row) ? whole(chunk, row) : NO);
}

/** Requests, unpaired answers, and what needs no answer: one row each in exchanges. */
export function isExchange(index: MessageIndex, chunk: Chunk, row: number): boolean {
  const distance = at(chunk.partner, row);
  return distance === 0 || index.columns.find(chunk.base + row - distance) === undefined;
}

export function answerOf(index: MessageIndex, chunk: Chunk, row: number): Place | undefined {
  const distance = at(chunk.answer, row);
  return distance === 0 ? undefined : index.columns.find(chunk.base + row + distance);
}

/** Whether a request may fit a filter only after its answer came, or no longer. */
export function dependsOnAnswer(expression: Expression, entity: ViewEntity): boolean {
  switch (expression.op) {
    case 'all':
      return false;
    case 'and':
    case 'or':
      return expression.items.some((item) => dependsOnAnswer(item, entity));
    case 'not':
      return dependsOnAnswer(expression.item, entity);
    case 'flag':
      return entity === 'exchanges' || expression.flags.some((flag) => flag === 'unanswered' || flag === 'response');
    case 'path':
      return entity === 'exchanges' || expression.path.side === 'response';
    case 'text':
    case 'field':
      return entity === 'exchanges';
  }
}

interface Context {
  readonly index: MessageIndex;
  readonly exchanges: boolean;
  readonly nowMs: number;
}

function compile(expression: Expression, context: Context): ColumnTest {
  switch (expression.op) {
    case 'all':
      return () => YES;
    case 'and': {
      const tests = expression.items.map((item) => compile(item, context));
      return (chunk, row) => {
        let verdict: Verdict = YES;
        for (const test of tests) {
          const part = test(chunk, row);
          if (part === NO) return NO;
          if (part === UNKNOWN) verdict = UNKNOWN;
        }
        return verdict;
      };
    }
    case 'or': {
      const tests = expression.items.map((item) => compile(item, context));
      return (chunk, row) => {
        let verdict: Verdict = NO;
        for (const test of tests) {
          const part = test(chunk, row);
          if (part === YES) return YES;
          if (part === UNKNOWN) verdict = UNKNOWN;
        }
        return verdict;
      };
    }
    case 'not':
      return not(compile(expression.item, context));
    case 'flag': {
      const tests = expression.flags.map((flag) =>
        expression.set === 'is' ? isTest(flag, context) : hasTest(flag, context),
      );
      return (chunk, row) => {
        let verdict: Verdict = NO;
        for (const test of tests) {
          const part = test(chunk, row);
          if (part === YES) return YES;
          if (part === UNKNOWN) verdict = UNKNOWN;
        }
        return verdict;
      };
    }
    case 'field': {
      const positive = fieldColumns(expression.field, expression, context);
      return isNegative(expression.operator) ? not(positive) : positive;
    }
    case 'text':
    case 'path':
      return ALWAYS_UNKNOWN;
  }
}

function not(test: ColumnTest): ColumnTest {
  return (chunk, row) => {
    const verdict = test(chunk, row);
    return verdict === UNKNOWN ? UNKNOWN : verdict === YES ? NO : YES;
  };
}

/** Asks the row itself, and in exchanges its answer too. */
function orAnswer(own: ColumnTest, context: Context): ColumnTest {
  if (!context.exchanges) return own;
  return (chunk, row) => {
    const verdict = own(chunk, row);
    if (verdict === YES) return YES;
    const answer = answerOf(context.index, chunk, row);
    if (answer === undefined) return verdict;
    const other = own(answer.chunk, answer.row);
    return other === NO ? verdict : other;
  };
}

function fieldColumns(field: Field, term: Expression & { op: 'field' }, context: Context): ColumnTest {
  const { index, nowMs } = context;
  const test = fieldTest(field, term.operator, term.match, nowMs);
  switch (field.name) {
    case 'seq':
      return (chunk, row) => verdictOf(test(chunk.base + row));
    case 'time':
      return (chunk, row) => verdictOf(test(at(chunk.time, row)));
    case 'size':
      return (chunk, row) => verdictOf(test(at(chunk.size, row)));
    case 'session':
      return (chunk, row) => {
        const session = index.sessionAt(chunk, row);
        return verdictOf(session !== undefined && test(session));
      };
    case 'latency':
      return orAnswer((chunk, row) => {
        const latency = at(chunk.latency, row);
        return verdictOf(!Number.isNaN(latency) && test(latency));
      }, context);
    case 'http':
      return orAnswer((chunk, row) => verdictOf(at(chunk.http, row) !== 0 && test(at(chunk.http, row))), context);
    case 'kind': {
      const verdicts = KINDS.map((kind) => verdictOf(test(kind)));
      return (chunk, row) => verdicts[at(chunk.bits, row) & BITS.kind] ?? NO;
    }
    case 'source': {
      const origins = ORIGINS.map((origin) => test(origin));
      const live = test('live');
      const imported = flagBit('imported');
      return (chunk, row) => {
        const bits = at(chunk.bits, row);
        if (live && (bits & imported) === 0) return YES;
        return verdictOf(origins[(bits >>> BITS.originShift) & BITS.origin] ?? false);
      };
    }
    case 'action':
      return byDictionary(index.actions, (chunk) => chunk.action, test);
    case 'topic': {
      const isTopic = byDictionary(index.actions, (chunk) => chunk.action, test);
      return (chunk, row) => (index.routeAt(chunk, row).protocol === 'mqtt' ? isTopic(chunk, row) : NO);
    }
    case 'code':
      return orAnswer(
        byDictionary(index.codes, (chunk) => chunk.code, test),
        context,
      );
    case 'id':
      return byHash(term, (chunk) => chunk.idHash);
    case 'trace':
      return byHash(term, (chunk) => chunk.traceHash);
    case 'proto':
      return byRoute(index, (route) => [route.protocol], test);
    case 'ver':
      return byRoute(index, (route) => (route.version === '' ? [] : [route.version]), test);
    case 'from':
      return byRoute(index, (route, toClient) => [sender(route, toClient).id], test);
    case 'to':
      return byRoute(index, (route, toClient) => [receiver(route, toClient).id], test);
    case 'party':
      return byRoute(index, (route) => [route.a.id, route.b.id], test);
    case 'role':
      return byRoute(index, (route) => [route.a.role, route.b.role], test);
    case 'station':
      return byRoute(index, (route) => stationsOf(route), test);
    case 'rule':
      return (chunk, row) => verdictOf(index.findingsOn(chunk.base + row).some((finding) => test(finding.rule)));
    case 'severity':
      return (chunk, row) => verdictOf(index.findingsOn(chunk.base + row).some((finding) => test(finding.severity)));
    case 'axis':
      return (chunk, row) => verdictOf(index.findingsOn(chunk.base + row).some((finding) => test(finding.axis)));
    case 'note':
      return (chunk, row) => verdictOf(test(index.annotationOn(chunk.base + row)?.note ?? ''));
    default:
      return ALWAYS_UNKNOWN;
  }
}

function verdictOf(result: boolean): Verdict {
  return result ? YES : NO;
}

/** Verdicts per dictionary number, found once each. */
function byDictionary(dictionary: Dictionary, columnOf: (chunk: Chunk) => Uint32Array, test: ValueTest): ColumnTest {
  const verdicts: (Verdict | undefined)[] = [NO, UNKNOWN];
  return (chunk, row) => {
    const number = at(columnOf(chunk), row);
    const known = verdicts[number];
    if (known !== undefined) return known;
    const verdict = verdictOf(test(dictionary.textOf(number)));
    verdicts[number] = verdict;
    return verdict;
  };
}

/** Verdicts per route and direction, found once each. */
function byRoute(
  index: MessageIndex,
  valuesOf: (route: ReturnType<MessageIndex['routeAt']>, toClient: boolean) => readonly string[],
  test: ValueTest,
): ColumnTest {
  const verdicts: (Verdict | undefined)[] = [];
  return (chunk, row) => {
    const toClient = (at(chunk.bits, row) & BITS.toClient) !== 0;
    const key = at(chunk.route, row) * 2 + (toClient ? 1 : 0);
    const known = verdicts[key];
    if (known !== undefined) return known;
    const verdict = verdictOf(valuesOf(index.routeAt(chunk, row), toClient).some(test));
    verdicts[key] = verdict;
    return verdict;
  };
}

/** Long ids are held as hashes: a hash that differs says no, an equal one asks the message. */
function byHash(term: Expression & { op: 'field' }, columnOf: (chunk: Chunk) => Uint32Array): ColumnTest {
  const { match } = term;
  const present: ColumnTest = (chunk, row) => verdictOf(at(columnOf(chunk), row) !== 0);
  if (match.kind === 'any') return present;
  const words = match.kind === 'literal' ? [match.text] : match.kind === 'words' ? match.words : undefined;
  const wild = match.kind === 'words' && match.words.some((word) => word.includes('*'));
  if (words === undefined || wild) return (chunk, row) => (present(chunk, row) === NO ? NO : UNKNOWN);
  const hashes = new Set(words.map(textHash));
  return (chunk, row) => (hashes.has(at(columnOf(chunk), row)) ? UNKNOWN : NO);
}

function isTest(flag: string, context: Context): ColumnTest {
  const { index } = context;
  const kind = KIND_NAMES.indexOf(flag);
  const ofKind: ColumnTest = (chunk, row) => verdictOf((at(chunk.bits, row) & BITS.kind) === kind);
  if (flag === 'error') return orAnswer(ofKind, context);
  if (kind >= 0) return ofKind;
  const number = FLAG_NAMES.indexOf(flag);
  if (number >= 0) {
    const mask = 1 << (BITS.flagShift + number);
    return orAnswer((chunk, row) => verdictOf((at(chunk.bits, row) & mask) !== 0), context);
  }
  switch (flag) {
    case 'unanswered':
      return (chunk, row) =>
        verdictOf((at(chunk.bits, row) & BITS.kind) === KIND_NUMBERS.request && at(chunk.answer, row) === 0);
    case 'slow':
      return orAnswer((chunk, row) => verdictOf(at(chunk.latency, row) > SLOW_MS), context);
    case 'live': {
      const imported = flagBit('imported');
      return (chunk, row) => verdictOf((at(chunk.bits, row) & imported) === 0);
    }
    case 'marked':
      return (chunk, row) => verdictOf(index.annotationOn(chunk.base + row)?.marked === true);
    default:
      return () => NO;
  }
}

function hasTest(part: string, { index }: Context): ColumnTest {
  switch (part) {
    case 'finding':
      return (chunk, row) => verdictOf(index.findingsOn(chunk.base + row).length > 0);
    case 'trace':
      return (chunk, row) => verdictOf(at(chunk.traceHash, row) !== 0);
    case 'note':
      return (chunk, row) => verdictOf((index.annotationOn(chunk.base + row)?.note ?? '') !== '');
    case 'response':
      return (chunk, row) => verdictOf(at(chunk.answer, row) !== 0);
    case 'session':
      return (chunk, row) => verdictOf(index.sessionAt(chunk, row) !== undefined);
    default:
      return ALWAYS_UNKNOWN;
  }
}
