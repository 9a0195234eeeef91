import { Checkbox } from '@mantine/core';
import { useMemo } from 'react';
import type { Message } from '../../api/shapes.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { AppLink, setSearch, usePlace } from '../../app/router.tsx';
import { PartyText } from '../../parts/atoms.tsx';
import { clockTime } from '../../parts/format.ts';
import { differences } from '../../parts/json-diff.ts';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { useMessage } from './use-message.ts';

const TONE = { added: 'ok', removed: 'bad', changed: 'warn', same: 'muted' } as const;
const SIGN = { added: '+', removed: '−', changed: '~', same: '' } as const;

/** Two messages, member by member. */
export function DiffPage() {
  const { search } = usePlace();
  const a = Number(search['a']);
  const b = Number(search['b']);
  usePageTitle('Compare', `#${search['a']} and #${search['b']}`);
  const before = useMessage(Number.isInteger(a) ? a : undefined);
  const after = useMessage(Number.isInteger(b) ? b : undefined);
  if (!Number.isInteger(a) || !Number.isInteger(b)) {
    return (
      <EmptyState title="Two messages are needed">Select one in Traffic, Shift+click a second, press d.</EmptyState>
    );
  }
  return (
    <Loaded query={before} what={`message #${a}`}>
      {(first) => (
        <Loaded query={after} what={`message #${b}`}>
          {(second) => (
            <Diff before={first} after={second} ignore={search['ignore'] ?? ''} all={search['all'] === 'yes'} />
          )}
        </Loaded>
      )}
    </Loaded>
  );
}

function Diff({
  before,
  after,
  ignore,
  all,
}: {
  readonly before: Message;
  readonly after: Message;
  readonly ignore: string;
  readonly all: boolean;
}) {
  const ignored = ignore.split(',').filter((word) => word !== '');
  const rows = useMemo(
    () =>
      differences(before.payload ?? before.raw, after.payload ?? after.raw, {
        ignoreTimes: ignore.includes('time'),
        ignoreIds: ignore.includes('ids'),
      }),
    [before, after, ignore],
  );
  const toggle = (word: string): void => {
    const next = ignored.includes(word) ? ignored.filter((other) => other !== word) : [...ignored, word];
    setSearch({ ignore: next.join(',') });
  };
  const shown = rows.filter((row) => all || row.kind !== 'same');
  const same = rows.filter((row) => row.kind === 'same').length;
  return (
    <div className="page">
      <div className="page-head">
        <Checkbox label="Ignore times" checked={ignored.includes('time')} onChange={() => toggle('time')} />
        <Checkbox label="Ignore ids" checked={ignored.includes('ids')} onChange={() => toggle('ids')} />
        <Checkbox
          label={`Show the ${same} equal ones`}
          checked={all}
          onChange={() => setSearch({ all: all ? undefined : 'yes' })}
        />
      </div>
      <div className="card scroll-x">
        <table className="plain">
          <thead>
            <tr>
              <th> </th>
              <th>Member</th>
              <Head message={before} />
              <Head message={after} />
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={row.pointer + row.kind} data-testid="diff-row" data-pointer={row.pointer} data-kind={row.kind}>
                <td className={TONE[row.kind]}>
                  <b aria-hidden="true">{SIGN[row.kind]}</b>
                  <span className="visually-hidden">{row.kind}</span>
                </td>
                <td>
                  <code>{row.pointer || '(all)'}</code>
                </td>
                <td className="mono">{row.kind === 'added' ? '' : JSON.stringify(row.before)}</td>
                <td className="mono">{row.kind === 'removed' ? '' : JSON.stringify(row.after)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {shown.length === 0 && <EmptyState title="Nothing differs">{same} members are equal.</EmptyState>}
      </div>
    </div>
  );
}

function Head({ message }: { readonly message: Message }) {
  return (
    <th>
      <AppLink to={`/m/${message.seq}`}>#{message.seq}</AppLink> {message.action} · <PartyText id={message.from.id} /> ·{' '}
      {clockTime(message.time.received)}
    </th>
  );
}
