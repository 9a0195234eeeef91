/** What a process is told from outside. */
export interface StopSignals {
  /** Resolves with the first request to stop. */
  readonly asked: Promise<string>;
}

/**
 * Waits for Ctrl-C, a termination signal, or the word of the parent process. The second Ctrl-C ends at once.
 *
 * @param atOnce ends the process without waiting
 */
export function stopSignals(process: NodeJS.Process, atOnce: () => void): StopSignals {
  const asked = new Promise<string>((resolve) => {
    let count = 0;
    const ask = (why: string): void => {
      count++;
      if (count === 1) resolve(why);
      else atOnce();
    };
    // A child of `--processes` shares the terminal's Ctrl-C with its parent, which stops the services in order.
    if (process.send === undefined) process.on('SIGINT', () => ask('SIGINT'));
    else process.on('SIGINT', () => {});
    process.on('SIGTERM', () => ask('SIGTERM'));
    process.on('SIGHUP', () => ask('SIGHUP'));
    process.on('message', (message) => {
      if (isStop(message)) ask('parent');
    });
    process.on('disconnect', () => ask('parent is gone'));
  });
  return { asked };
}

const isStop = (message: unknown): boolean =>
  typeof message === 'object' && message !== null && 'compote' in message && message.compote === 'stop';
