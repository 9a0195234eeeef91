import { Handshake, samePassword } from '../../model/handshake.ts';
import { numberAt } from '../../payload-reader.ts';
import { ALL, family, type Rule, type RuleContext } from '../../rule.ts';

/** Which password counts after a change of it (A01). The journal has prints of passwords, never the passwords. */
export const f1Passwords: readonly Rule[] = family({ versions: ALL, axis: 'security' }, [
  {
    id: 'OCPPJ-HS-012',
    severity: 'error',
    fault: 'csms',
    title: 'After an accepted change the old password is not let in',
    clause: 'A01.FR.03',
    causes: ['The CSMS keeps the old password until the new one is used', 'A cache'],
    next: ['Look at the answer to the change, and at who still uses the old password'],
    peer: 'tolerates',
    on: ['open'],
    check(c) {
      const change = c.station.passwordChange;
      if (change === undefined || change.accepted === false || usesOld(c) !== true) return;
      if (change.accepted === 'after-boot') return c.notEvaluable();
      c.report({
        text: 'The change of the password was accepted, and the station is let in with the old one',
        object: change.seq,
        evidence: [{ seq: change.seq, label: 'the change is accepted' }],
      });
    },
  },
  {
    id: 'OCPPJ-HS-013',
    severity: 'error',
    fault: 'csms',
    title: 'After a refused change the old password still counts',
    clause: 'A01.FR.04',
    causes: ['The CSMS switches when it sends the change, not when it is accepted'],
    next: ['Look at the answer to the change'],
    peer: 'rejects',
    on: ['refused'],
    check(c) {
      const change = c.station.passwordChange;
      if (change?.accepted !== false || numberAt(c.o.payload, 'status') !== 401) return;
      if (usesOld(c) !== true) return;
      c.report({
        text: 'The station refused the new password, and the CSMS does not let it in with the old one',
        object: change.seq,
        evidence: [{ seq: change.seq, label: 'the change is refused' }],
      });
    },
  },
]);

/** Whether the password of this request is the one before the change; undefined (and counted) when no tap can tell. */
function usesOld(c: RuleContext): boolean | undefined {
  const before = c.station.passwordChange?.oldPrint;
  const now = new Handshake(c.link).passwordPrint;
  const same = before === undefined || now === undefined ? undefined : samePassword(before, now);
  if (same === undefined) c.notEvaluable();
  return same;
}
