import { lazy, Suspense } from 'react';
import { placesIn, placeWithin } from '../../parts/json-places.ts';
import { Loading } from '../../parts/states.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { shellWord } from '../traffic/message-copies.ts';
import { type Composing, newId } from './use-composing.ts';

const JsonEditor = lazy(() => import('../../parts/json-editor.tsx'));

export type TextView = 'json' | 'frame' | 'schema' | 'curl';

/** The message as text: JSON to edit, what will leave, a command that does the same, its schema. */
export function MessageText({
  composing,
  view,
  onView,
}: {
  readonly composing: Composing;
  readonly view: TextView;
  onView(view: TextView): void;
}) {
  const { draft, verdict, schema, invalid, raw, setRaw, frameOf, pair, request } = composing;
  const framed = pair.proto === 'oicp' ? (draft.value ?? {}) : frameOf('(a new id)');
  return (
    <div className="compose-text">
      <Tabs
        label="Views of the message"
        value={view}
        onChange={(next) => onView(next as TextView)}
        tabs={[
          { id: 'json', label: 'JSON' },
          { id: 'frame', label: pair.proto === 'oicp' ? 'Body' : 'Frame' },
          { id: 'curl', label: 'curl' },
          { id: 'schema', label: 'Schema' },
        ]}
      />
      <div style={{ flex: 1, minHeight: 0, overflow: 'auto' }} role="tabpanel">
        {view === 'json' && (
          <Suspense fallback={<Loading what="the editor" />}>
            <JsonEditor
              value={draft.text}
              label="Payload as JSON"
              marks={marksOf(draft.text, verdict?.schema ?? [])}
              words={wordsOf(schema.data?.schema)}
              onChange={draft.setText}
            />
          </Suspense>
        )}
        {view === 'frame' &&
          (invalid ? (
            <Suspense fallback={<Loading what="the editor" />}>
              <JsonEditor
                value={raw ?? JSON.stringify(pair.proto === 'oicp' ? (draft.value ?? {}) : frameOf(newId()))}
                label="Exactly as sent"
                marks={[]}
                words={[]}
                onChange={setRaw}
              />
            </Suspense>
          ) : (
            <pre className="raw">{raw ?? JSON.stringify(framed, null, 2)}</pre>
          ))}
        {view === 'curl' && (
          <pre className="raw">{`curl -X POST ${location.origin}/api/v1/send \\\n  -H 'content-type: application/json' \\\n  --data-raw ${shellWord(JSON.stringify(request()))}`}</pre>
        )}
        {view === 'schema' && <pre className="raw">{JSON.stringify(schema.data?.schema, null, 2)}</pre>}
      </div>
    </div>
  );
}

function marksOf(text: string, remarks: readonly { readonly pointer: string; readonly text: string }[]) {
  const places = placesIn(text);
  return remarks.map((remark) => ({ ...placeWithin(text, places, remark.pointer), text: remark.text }));
}

/** Member names and words of lists anywhere in a schema, for completion. */
function wordsOf(schema: unknown): string[] {
  const words = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { properties, enum: list } = value as { properties?: object; enum?: readonly unknown[] };
    for (const name of Object.keys(properties ?? {})) words.add(name);
    for (const word of list ?? []) words.add(String(word));
    for (const inner of Object.values(value)) walk(inner);
  };
  walk(schema);
  return [...words].sort();
}
