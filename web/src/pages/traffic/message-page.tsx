import { useKeys } from '../../app/keys.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { go, setSearch, useParams, usePlace } from '../../app/router.tsx';
import { partyName } from '../../parts/format.ts';
import { EmptyState } from '../../parts/states.tsx';
import { MessageDetail } from './message-detail.tsx';
import { useMessage } from './use-message.ts';

/** One message as a page of its own: `/m/18342?ptr=/meterValue/0/timestamp`. */
export function MessagePage() {
  const { search } = usePlace();
  const seq = Number(useParams()['seq']);
  const { data } = useMessage(Number.isInteger(seq) ? seq : undefined);
  const what =
    data === undefined ? '' : ` ${data.action || data.kind}, ${partyName(data.from.id)} → ${partyName(data.to.id)}`;
  usePageTitle(`#${seq}${what}`);
  useKeys([{ keys: 'Escape', does: 'Back to the traffic', run: () => go(`/traffic?sel=${seq}`) }]);
  if (!Number.isInteger(seq)) return <EmptyState title="A message has a number">For example /m/18342.</EmptyState>;
  return (
    <div className="page full">
      <MessageDetail
        page
        seq={seq}
        tab={search['tab'] ?? 'payload'}
        pointer={search['ptr']}
        onTab={(tab) => setSearch({ tab: tab === 'payload' ? undefined : tab })}
        onSelect={(next) => go(`/m/${next}`)}
      />
    </div>
  );
}
