import { useState } from 'react';
import { problemOf } from '../../api/problem-of.ts';
import type { Message } from '../../api/shapes.ts';
import { useKeys } from '../../app/keys.ts';
import { EmptyState } from '../../parts/states.tsx';
import { AnswerPanel } from './answer-panel.tsx';
import './compose.css';
import { ComposeFoot } from './compose-foot.tsx';
import { ComposeHead } from './compose-head.tsx';
import { MessageForm } from './message-form.tsx';
import { MessageText, type TextView } from './message-text.tsx';
import type { ComposeWorld } from './parties.ts';
import { type ComposePlace, useComposing } from './use-composing.ts';

interface Props {
  readonly place: ComposePlace;
  readonly world: ComposeWorld;
  readonly base: Message | undefined;
  /** Goes to another place: members that are not named go away. */
  change(next: ComposePlace): void;
}

/** Any message between two parties, valid or deliberately not, and what came back. */
export function Composer({ place, world, base, change }: Props) {
  const composing = useComposing(place, world, base);
  const [view, setView] = useState<TextView>('json');
  const { action, schema, invalid, beInvalid, send, result, ver } = composing;
  useKeys([
    { keys: 'Ctrl+Enter', does: 'Send', run: () => void send() },
    { keys: 'Ctrl+i', does: 'Deliberately invalid on or off', run: () => beInvalid(!invalid) },
  ]);
  return (
    <div className="compose" data-testid="composer" data-invalid={invalid}>
      <ComposeHead composing={composing} world={world} change={change} />
      {action === '' ? (
        <EmptyState title="What shall be said?">
          Choose an action above. The form shows what it needs; everything optional is one click away.
        </EmptyState>
      ) : schema.error !== null ? (
        <EmptyState title="There is no such action">
          {problemOf(schema.error).detail ?? ''} Choose another one.
        </EmptyState>
      ) : (
        <div className="compose-body">
          <MessageForm composing={composing} />
          <MessageText composing={composing} view={view} onView={setView} />
        </div>
      )}
      <ComposeFoot composing={composing} onFrame={() => setView('frame')} />
      {result !== undefined && <AnswerPanel {...result} ver={ver ?? ''} onAgain={() => void send()} />}
    </div>
  );
}
