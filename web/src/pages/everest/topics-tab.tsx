import { Button, Textarea, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { api, apiPath, part } from '../../api/client.ts';
import { refresh, useGet } from '../../api/queries.ts';
import { AppLink } from '../../app/router.tsx';
import { Tag } from '../../parts/atoms.tsx';
import { useAttempt } from '../../parts/attempt.ts';
import { Desk, DetailCard, Facts } from '../../parts/desk.tsx';
import { count, dayTime } from '../../parts/format.ts';
import { differences } from '../../parts/json-diff.ts';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import type { Topic } from './everest-shapes.ts';
import { type TopicNode, topicTree } from './topic-tree.ts';

/** Every topic that was seen, its last value and what changed in it; and a form to publish. */
export function TopicsTab({ topic: asked }: { readonly topic: string | undefined }) {
  const topics = useGet<{ readonly items: readonly Topic[] }>(apiPath('/everest/topics'));
  const [text, setText] = useState('');
  return (
    <Loaded query={topics} what="topics">
      {({ items }) => {
        const open = items.find(({ topic }) => topic === asked);
        const shown = items.filter(({ topic }) => topic.toLowerCase().includes(text.toLowerCase()));
        return (
          <Desk listStays detail={open === undefined ? undefined : <TopicCard key={open.topic} topic={open} />}>
            <PublishForm topic={asked} />
            <TextInput
              aria-label="Find topics"
              placeholder="Find topics"
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              maw={320}
            />
            {items.length === 0 ? (
              <EmptyState title="No topic was seen yet">What is published on the broker shows here at once.</EmptyState>
            ) : (
              <nav className="card topic-tree" aria-label="Topics">
                <Level nodes={topicTree(shown)} open={asked} />
              </nav>
            )}
          </Desk>
        );
      }}
    </Loaded>
  );
}

function Level({ nodes, open }: { readonly nodes: readonly TopicNode[]; readonly open: string | undefined }) {
  return (
    <ul>
      {nodes.map((node) => (
        <li key={node.name}>
          {node.topic === undefined ? (
            <span className="branch">
              <b className="mono clip">{node.name}</b>
              <span className="push muted">{count(node.count)}</span>
            </span>
          ) : (
            <AppLink
              to={`/everest/topics/${part(node.topic.topic)}`}
              aria-current={node.topic.topic === open}
              data-topic={node.topic.topic}
            >
              <span className="mono nowrap">{node.name}</span>
              <span className="muted mono clip">{node.topic.payload}</span>
              <span className="push muted">{count(node.topic.count)}</span>
            </AppLink>
          )}
          {node.children.length > 0 && <Level nodes={node.children} open={open} />}
        </li>
      ))}
    </ul>
  );
}

function TopicCard({ topic }: { readonly topic: Topic }) {
  const before = useBefore(topic.payload);
  const value = read(topic.payload);
  const changes = before === undefined ? [] : differences(read(before), value).filter(({ kind }) => kind !== 'same');
  return (
    <DetailCard title={<span className="mono">{topic.topic}</span>} back="/everest/topics">
      <Facts
        facts={[
          ['Published by', topic.by === 'adapter' ? 'this adapter' : 'EVerest'],
          ['Seen', `${count(topic.count)} times`],
          ['Last', dayTime(topic.lastAt)],
        ]}
      />
      <pre className="raw">{typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre>
      {changes.length > 0 && (
        <>
          <h3>Changed since the one before</h3>
          <ul className="small stack" style={{ gap: 2 }}>
            {changes.slice(0, 30).map((change) => (
              <li key={change.pointer}>
                <code>{change.pointer || '(whole)'}</code> <Tag>{change.kind}</Tag>{' '}
                <code className="muted">{JSON.stringify(change.before ?? null)}</code> →{' '}
                <code>{JSON.stringify(change.after ?? null)}</code>
              </li>
            ))}
          </ul>
        </>
      )}
      <div className="row wrap small">
        <AppLink to={`/traffic?q=${part(`topic:"${topic.topic}"`)}`}>Its messages</AppLink>
      </div>
    </DetailCard>
  );
}

/** The payload that stood there before this one. */
function useBefore(payload: string): string | undefined {
  const [before, setBefore] = useState<string>();
  const last = useRef(payload);
  useEffect(() => {
    if (last.current !== payload) setBefore(last.current);
    last.current = payload;
  }, [payload]);
  return before;
}

function read(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return payload;
  }
}

function PublishForm({ topic }: { readonly topic: string | undefined }) {
  const [draft, setDraft] = useState({ topic: 'everest_external/nodered/1/state/state_string', payload: 'Charging' });
  const { busy, run } = useAttempt();
  useEffect(() => {
    if (topic !== undefined) setDraft((known) => ({ ...known, topic }));
  }, [topic]);
  return (
    <form
      className="card"
      onSubmit={(event) => {
        event.preventDefault();
        void run('publish', () => api.post(apiPath('/everest/publish'), draft), 'Published').then(() =>
          refresh('/everest'),
        );
      }}
    >
      <div className="body row wrap" style={{ alignItems: 'end' }}>
        <TextInput
          className="grow"
          miw={260}
          label="Topic"
          required
          value={draft.topic}
          onChange={(event) => setDraft({ ...draft, topic: event.currentTarget.value })}
          styles={{ input: { fontFamily: 'var(--mono)' } }}
        />
        <Textarea
          className="grow"
          miw={220}
          label="Payload"
          autosize
          minRows={1}
          maxRows={6}
          value={draft.payload}
          onChange={(event) => setDraft({ ...draft, payload: event.currentTarget.value })}
          styles={{ input: { fontFamily: 'var(--mono)' } }}
        />
        <Button type="submit" loading={busy === 'publish'}>
          Publish
        </Button>
      </div>
    </form>
  );
}
