import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { problemOf } from '../api/problem-of.ts';

/** Does something on the server; a refusal is told in words. Answers what came, or nothing when it failed. */
export async function attempt<T>(task: () => Promise<T>, done?: string): Promise<{ readonly answer: T } | undefined> {
  try {
    const answer = await task();
    if (done !== undefined) notifications.show({ message: done, autoClose: 3_000 });
    return { answer };
  } catch (thrown) {
    const { title, detail, hint } = problemOf(thrown);
    notifications.show({ color: 'red', title, message: [detail, hint].filter(Boolean).join(' '), autoClose: 10_000 });
    return undefined;
  }
}

/** The same, and which of a page's actions is under way: its button shows it. */
export function useAttempt(): {
  readonly busy: string | undefined;
  run<T>(name: string, task: () => Promise<T>, done?: string): Promise<{ readonly answer: T } | undefined>;
} {
  const [busy, setBusy] = useState<string>();
  return {
    busy,
    async run(name, task, done) {
      setBusy(name);
      try {
        return await attempt(task, done);
      } finally {
        setBusy(undefined);
      }
    },
  };
}
