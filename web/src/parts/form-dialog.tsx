import { Button, Modal } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { ProblemDocument } from '../api/client.ts';
import { problemOf } from '../api/problem-of.ts';
import { ProblemCard } from './states.tsx';

/** A small form over the page: saves, or shows why the server refused, beside what was typed. */
export function FormDialog({
  title,
  save = 'Save',
  onSave,
  onClose,
  children,
}: {
  readonly title: string;
  readonly save?: string;
  onSave(): Promise<unknown>;
  onClose(): void;
  readonly children: ReactNode;
}) {
  const [problem, setProblem] = useState<ProblemDocument>();
  const [busy, setBusy] = useState(false);
  return (
    <Modal opened onClose={onClose} title={title}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          setBusy(true);
          onSave().then(onClose, (thrown) => {
            setProblem(problemOf(thrown));
            setBusy(false);
          });
        }}
      >
        {children}
        {problem !== undefined && <ProblemCard problem={problem} />}
        <div className="row">
          <Button type="submit" loading={busy}>
            {save}
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Modal>
  );
}
