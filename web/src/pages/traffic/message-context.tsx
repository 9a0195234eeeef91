import { part } from '../../api/client.ts';
import type { Message, Related, Row } from '../../api/shapes.ts';
import { AppLink } from '../../app/router.tsx';
import { ProtoTag } from '../../parts/atoms.tsx';
import { clockTime } from '../../parts/format.ts';
import { Loaded } from '../../parts/states.tsx';

function RowLine({ row, onSelect, note }: { readonly row: Row; onSelect(seq: number): void; readonly note?: string }) {
  return (
    <tr data-link="true" onClick={() => onSelect(row.s)}>
      <td className="mono nowrap">
        <button type="button" className="chip" onClick={() => onSelect(row.s)}>
          #{row.s}
        </button>
      </td>
      <td className="mono nowrap">{clockTime(row.t)}</td>
      <td>
        <ProtoTag protocol={row.p} />
      </td>
      <td>{row.a || row.k}</td>
      <td className="muted">{note ?? row.sum}</td>
    </tr>
  );
}

/** What came before and after, and what belongs to it. */
export function Context({
  message,
  related,
  onSelect,
}: {
  readonly message: Message;
  readonly related: { readonly data: Related | undefined; readonly error: unknown; refetch(): unknown };
  onSelect(seq: number): void;
}) {
  return (
    <div className="pad stack">
      <div className="row wrap small">
        {message.session !== undefined && (
          <AppLink to={`/sessions/${part(message.session)}`}>Session {message.session}</AppLink>
        )}
        {message.trace !== undefined && (
          <AppLink to={`/traffic?q=${part(`trace:${message.trace}`)}`}>Trace {message.trace.slice(0, 8)}…</AppLink>
        )}
        <AppLink to={`/traffic?sel=${message.seq}`}>Show in traffic</AppLink>
        {message.basedOn !== undefined && (
          <span data-testid="based-on">
            edited from <AppLink to={`/m/${message.basedOn}`}>#{message.basedOn}</AppLink>,{' '}
            <AppLink to={`/diff?a=${message.basedOn}&b=${message.seq}`}>see what was changed</AppLink>
          </span>
        )}
      </div>
      <Loaded query={related} what="related messages">
        {(data) => (
          <>
            {(data.previous !== undefined || data.next !== undefined) && (
              <section className="stack">
                <h3 className="caps">The same action before and after</h3>
                <table className="plain">
                  <tbody>
                    {data.previous !== undefined && <RowLine row={data.previous} onSelect={onSelect} note="before" />}
                    {data.next !== undefined && <RowLine row={data.next} onSelect={onSelect} note="after" />}
                  </tbody>
                </table>
              </section>
            )}
            {data.trace.length > 1 && (
              <section className="stack">
                <h3 className="caps">Caused by it, and what caused it</h3>
                <table className="plain">
                  <tbody>
                    {data.trace.map((row) => (
                      <RowLine key={row.s} row={row} onSelect={onSelect} />
                    ))}
                  </tbody>
                </table>
              </section>
            )}
            <section className="stack">
              <h3 className="caps">Around it</h3>
              <table className="plain">
                <tbody>
                  {data.neighbours.map((row) => (
                    <RowLine key={row.s} row={row} onSelect={onSelect} />
                  ))}
                </tbody>
              </table>
            </section>
          </>
        )}
      </Loaded>
    </div>
  );
}
