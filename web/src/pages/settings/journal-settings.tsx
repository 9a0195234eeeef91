import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { api, apiPath } from '../../api/client.ts';
import { problemOf } from '../../api/problem-of.ts';
import { queryClient, useGet } from '../../api/queries.ts';
import { bytes, count } from '../../parts/format.ts';
import { Loaded } from '../../parts/states.tsx';

interface JournalInfo {
  readonly epoch: string;
  readonly first: number;
  readonly head: number;
  readonly count: number;
  readonly bytes: number;
  /** What was cleared a moment ago and can be taken back until then. */
  readonly undo?: { readonly messages: number; readonly until: number };
  readonly retention: { readonly messages: number; readonly bytes: number; readonly ageMs: number };
}

/** What the journal holds; export, import, clearing. */
export function JournalSettings() {
  const journal = useGet<JournalInfo>(apiPath('/journal'));
  const [note, setNote] = useState<string>();
  const [sure, setSure] = useState(false);
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    setNote(`Reading ${file.name} …`);
    const answer = await fetch(apiPath('/journal/import'), {
      method: 'POST',
      headers: { 'content-type': 'application/jsonl' },
      body: await file.text(),
    });
    const body = (await answer.json()) as { messages?: number; refused?: number; title?: string };
    setNote(answer.ok ? `${body.messages} messages taken in, ${body.refused} lines refused.` : body.title);
    void queryClient.invalidateQueries();
  };
  const change = (asked: Promise<unknown>, said: string): void => {
    setSure(false);
    asked.then(
      () => {
        setNote(said);
        void queryClient.invalidateQueries();
      },
      (thrown) => setNote(problemOf(thrown).title),
    );
  };
  return (
    <Loaded query={journal} what="the journal">
      {(info) => (
        <section className="card">
          <div className="body stack">
            <dl className="facts">
              <dt>Messages</dt>
              <dd>
                {count(info.count)} (#{info.first} to #{info.head}), of at most {count(info.retention.messages)}
              </dd>
              <dt>Size</dt>
              <dd>
                {bytes(info.bytes)} of at most {bytes(info.retention.bytes)}
              </dd>
              <dt>Kept for</dt>
              <dd>{Math.round(info.retention.ageMs / 86_400_000)} days</dd>
              <dt>Epoch</dt>
              <dd className="mono">{info.epoch}</dd>
            </dl>
            <div className="row wrap">
              <Button component="a" href={apiPath('/journal/export')} download="journal.jsonl" variant="default">
                Export (JSON Lines, secrets masked)
              </Button>
              <Button component="label" variant="default">
                Import …
                <input type="file" accept=".jsonl" hidden onChange={(event) => void take(event.target.files?.[0])} />
              </Button>
              {sure ? (
                <>
                  <Button color="red" onClick={() => change(api.delete(apiPath('/journal')), CLEARED)}>
                    Forget {count(info.count)} messages
                  </Button>
                  <Button variant="default" onClick={() => setSure(false)}>
                    Keep them
                  </Button>
                </>
              ) : (
                <Button variant="subtle" color="red" onClick={() => setSure(true)}>
                  Clear the journal …
                </Button>
              )}
            </div>
            {note !== undefined && <p role="status">{note}</p>}
            {info.undo !== undefined && (
              <Undo
                key={info.undo.until}
                {...info.undo}
                onUndo={() => change(api.post(apiPath('/journal/undo')), 'The messages are back.')}
              />
            )}
          </div>
        </section>
      )}
    </Loaded>
  );
}

const CLEARED = 'The journal is empty; a new epoch began.';

/** Taking the clearing back, as long as that is possible. */
function Undo({ messages, until, onUndo }: { readonly messages: number; readonly until: number; onUndo(): void }) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), Math.max(0, until - Date.now()));
    return () => clearTimeout(timer);
  }, [until]);
  if (over) return null;
  return (
    <div className="row">
      <Button variant="default" onClick={onUndo}>
        Undo: take {count(messages)} messages back
      </Button>
      <span className="muted">for a minute after clearing</span>
    </div>
  );
}
