import '../../parts/check-list.css';
import type { Ladder, Rung } from './pnc-shapes.ts';

/** Why a chain is believed or not: each certificate from the leaf up, each check with its clause, and what comes of it. */
export function ChainLadder({ ladder }: { readonly ladder: Ladder }) {
  const certificates: { name: string; rungs: Rung[] }[] = [];
  for (const rung of ladder.rungs) {
    const last = certificates.at(-1);
    if (last?.name === rung.certificate) last.rungs.push(rung);
    else certificates.push({ name: rung.certificate, rungs: [rung] });
  }
  return (
    <section className="ladder" aria-label="Verification" data-testid="ladder">
      <p className={ladder.ok ? 'ok' : 'bad'}>
        {ladder.ok ? '✓' : '✗'} certificateStatus {ladder.certificateStatus}, idToken {ladder.idTokenStatus}
      </p>
      {certificates.map(({ name, rungs }) => (
        <div key={name}>
          <h4>{name.replace(/ \(serial .*/, '')}</h4>
          <ul>
            {rungs.map((rung) => (
              <li key={rung.check} data-testid="ladder-step" data-ok={rung.ok} data-check={rung.check}>
                <span className={rung.ok ? 'ok' : 'bad'}>{rung.ok ? '✓' : '✗'}</span>
                <span>{rung.text}</span>
                <span className="muted small nowrap">{rung.clause}</span>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
