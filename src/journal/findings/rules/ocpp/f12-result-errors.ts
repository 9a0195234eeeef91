import { SECOND_MS } from '../../../../core/time.ts';
import { family, type Rule, V21 } from '../../rule.ts';

/** Codes that say that the answer is badly formed; others may have reasons of their own. */
const SCHEMA_CODES =
  /^(FormatViolation|TypeConstraintViolation|PropertyConstraintViolation|OccurrenceConstraintViolation|ProtocolError)$/;
const WITHIN_MS = 30 * SECOND_MS;

/** CALLRESULTERROR of 2.1: the requester tells that it cannot use the answer it got (Part 4 FR.06). */
export const f12ResultErrors: readonly Rule[] = family({ versions: V21, axis: 'conformance' }, [
  {
    id: 'OCPP21-CRE-002',
    severity: 'warning',
    fault: 'sender',
    title: 'An answer that fits its schema is not refused',
    clause: '2.1 Part 4 FR.06',
    causes: ['The requester checks more than the schema: lengths, lists of values, dates'],
    next: ['Look at what the error description complains about, and validate the answer'],
    peer: 'ignores',
    on: ['result-error'],
    check(c) {
      const { o, station } = c;
      if (!SCHEMA_CODES.test(o.code) || station.invalidAnswers.includes(o.messageId)) return;
      c.report({
        text: `The answer to ${o.action === '' ? `message ${o.messageId}` : o.action} fits its schema and was refused with ${o.code}`,
        object: `${o.fromStation}|${o.action}`,
        actual: o.code,
      });
    },
  },
  {
    id: 'OCPP21-CRE-003',
    severity: 'info',
    // The one who got the answer: reports name it.
    fault: 'sender',
    title: 'An answer that breaks its schema is refused',
    clause: '2.1 Part 4 FR.06',
    causes: ['CALLRESULTERROR is not implemented', 'The requester does not validate, or tolerates it'],
    next: ['Nothing: the answer itself has its own finding'],
    peer: 'tolerates',
    on: ['invalid'],
    check(c) {
      const { o } = c;
      if (o.kind !== 'response' || !o.flags.includes('invalid')) return;
      c.expect({
        withinMs: WITHIN_MS,
        object: o.messageId,
        by: (next) => next.isResultError && next.fromStation !== o.fromStation && next.messageId === o.messageId,
        otherwise: () => ({
          text: `The answer to ${o.action} breaks its schema, and no CALLRESULTERROR said so`,
          object: `${o.fromStation}|${o.action}`,
          fault: o.fromStation ? 'csms' : 'station',
        }),
      });
    },
  },
]);
