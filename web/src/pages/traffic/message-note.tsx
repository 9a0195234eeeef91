import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Message } from '../../api/shapes.ts';
import { annotate } from './use-message.ts';

/** A note and a mark, which stay with the message. */
export function Note({ message }: { readonly message: Message }) {
  const [text, setText] = useState(message.note ?? '');
  return (
    <div className="pad stack">
      <label className="caps" htmlFor="note">
        A note for yourself and others; it stays with the message.
      </label>
      <textarea
        id="note"
        className="raw"
        style={{
          border: '1px solid var(--s-line)',
          borderRadius: 6,
          minHeight: 120,
          background: 'none',
          color: 'inherit',
        }}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="row">
        <Button onClick={() => void annotate(message.seq, { note: text })} disabled={text === (message.note ?? '')}>
          Save
        </Button>
        <Button variant="default" onClick={() => void annotate(message.seq, { marked: message.marked !== true })}>
          {message.marked === true ? 'Take the mark away' : 'Mark'}
        </Button>
      </div>
    </div>
  );
}
