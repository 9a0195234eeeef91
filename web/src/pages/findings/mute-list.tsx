import { Button } from '@mantine/core';
import { api, apiPath, part } from '../../api/client.ts';
import { refresh, useGet } from '../../api/queries.ts';
import type { Page } from '../../api/shapes.ts';
import { AppLink, setSearch } from '../../app/router.tsx';
import { PartyText } from '../../parts/atoms.tsx';
import { attempt } from '../../parts/attempt.ts';
import { count, dayTime } from '../../parts/format.ts';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import type { ListedMute } from './finding-shapes.ts';

/** What nobody wants to hear of, and why. */
export function MuteList() {
  const mutes = useGet<Page<ListedMute>>(apiPath('/findings/mutes'));
  const take = (id: string): void => {
    void attempt(() => api.delete(apiPath(`/findings/mutes/${part(id)}`)), 'It counts again').then(() =>
      refresh('/findings', '/rules', '/messages', '/topology'),
    );
  };
  return (
    <Loaded query={mutes} what="mutes">
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState
            title="Nothing is muted"
            actions={<Button onClick={() => setSearch({ show: undefined })}>Show the problems</Button>}
          >
            A finding that is known and not to be mended now can be muted: for a rule, for one party, for one message.
          </EmptyState>
        ) : (
          <div className="card scroll-x">
            <table className="plain">
              <thead>
                <tr>
                  <th>Rule</th>
                  <th>Of</th>
                  <th>Why</th>
                  <th className="num">Findings</th>
                  <th>Since</th>
                  <th>Until</th>
                  <th>By</th>
                  <th />
                </tr>
              </thead>
              <tbody>
                {items.map((mute) => (
                  <tr key={mute.id} data-testid="mute" data-rule={mute.rule} data-party={mute.party}>
                    <td className="mono">{mute.rule ?? 'every rule'}</td>
                    <td>
                      {mute.party !== undefined && <PartyText id={mute.party} />}
                      {mute.seq !== undefined && <AppLink to={`/m/${mute.seq}`}>#{mute.seq}</AppLink>}
                      {mute.party === undefined && mute.seq === undefined && 'everybody'}
                    </td>
                    <td>{mute.reason}</td>
                    <td className="num">{count(mute.findings)}</td>
                    <td className="nowrap">{dayTime(mute.createdAt)}</td>
                    <td className="nowrap">
                      {mute.fixed
                        ? 'found again'
                        : mute.over
                          ? 'over'
                          : mute.expiresAt === undefined
                            ? 'taken back'
                            : dayTime(mute.expiresAt)}
                    </td>
                    <td>{mute.by ?? '–'}</td>
                    <td>
                      <Button variant="default" onClick={() => take(mute.id)}>
                        Take back
                      </Button>
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
