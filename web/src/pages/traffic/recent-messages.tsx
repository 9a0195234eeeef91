import { useRef } from 'react';
import { apiPath } from '../../api/client.ts';
import { useLiveEvent } from '../../api/live.ts';
import { useGet } from '../../api/queries.ts';
import type { Page, Row } from '../../api/shapes.ts';
import { AppLink } from '../../app/router.tsx';
import { AnswerText } from '../../parts/answer-text.tsx';
import { FindingCount, PartyText } from '../../parts/atoms.tsx';
import { clockTime } from '../../parts/format.ts';
import { Loaded } from '../../parts/states.tsx';

/** The newest messages that fit a filter, as they come. */
export function RecentMessages({ q, limit }: { readonly q: string; readonly limit: number }) {
  const recent = useGet<Page<Row>>(apiPath('/messages', { q, limit }), { keep: true });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useLiveEvent('journal', () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void recent.refetch();
    }, 250);
  });
  return (
    <Loaded query={recent} what="messages" lines={3}>
      {({ items }) =>
        items.length === 0 ? (
          <p className="muted small" style={{ padding: 12 }}>
            Nothing yet.
          </p>
        ) : (
          <div className="scroll-x">
            <table className="plain">
              <tbody>
                {items.map((row) => (
                  <tr key={row.s}>
                    <td className="mono nowrap">
                      <AppLink to={`/m/${row.s}`}>{clockTime(row.t)}</AppLink>
                    </td>
                    <td className="nowrap">
                      <PartyText id={row.f} /> <span className="muted">→</span> <PartyText id={row.to} />
                    </td>
                    <td style={{ fontWeight: 550 }}>{row.a || row.k}</td>
                    <td className="muted">{row.sum}</td>
                    <td className="nowrap">
                      <AnswerText row={row} now={Date.now()} />
                    </td>
                    <td>
                      <FindingCount counts={row.fd} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )
      }
    </Loaded>
  );
}
