import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { SystemIds } from '../core/ids.ts';
import { SystemClock } from '../core/system-clock.ts';
import { moveAside, openJournalFiles } from './journal-file.ts';
import { Observer } from './observer.ts';
import { type FromObserver, type ObserverSettings, type ToObserver, toPlainError } from './observer-protocol.ts';
import { ObserverQueries } from './observer-queries.ts';
import type { JournalBuffer } from './recorder.ts';

/** The observer's thread: takes messages from the main thread, hands them to `Observer`, sends back what comes. */

/** Buffers that wait are stored in one transaction, up to this size: it grows with the load. */
const TRANSACTION_BYTES = 4 * 1024 * 1024;

if (parentPort !== null) run(parentPort, workerData as ObserverSettings);

function run(port: MessagePort, settings: ObserverSettings): void {
  const clock = new SystemClock();
  const say = (message: FromObserver, memory: readonly ArrayBuffer[] = []): void => port.postMessage(message, memory);
  const pause = (): Promise<void> => new Promise((resolve) => clock.soon(resolve));
  let observer: Observer;
  try {
    observer = new Observer({
      clock,
      ids: new SystemIds(),
      retention: settings.retention,
      openStore: () => openJournalFiles(settings.folder, clock.now()),
      moveAside: () => moveAside(settings.folder, clock.now()),
      report: (report) => say({ type: 'report', report }),
      pushRates: (rates) => say({ type: 'rates', rates }),
      pause,
    });
    say({ type: 'opened', opening: observer.open() });
  } catch (error) {
    say({ type: 'failed', error: toPlainError(error) });
    port.close();
    return;
  }
  const queries = new ObserverQueries(observer);

  /** Stores this buffer and those that wait behind it; returns the first message that is something else. */
  function store(first: JournalBuffer): ToObserver | undefined {
    const buffers = [first];
    let bytes = first.length;
    let other: ToObserver | undefined;
    while (bytes < TRANSACTION_BYTES) {
      const next: ToObserver | undefined = receiveMessageOnPort(port)?.message;
      if (next === undefined) break;
      if (next.type !== 'buffer') {
        other = next;
        break;
      }
      buffers.push(next.buffer);
      bytes += next.buffer.length;
    }
    const done = observer.ingest(buffers);
    say({ type: 'acknowledged', done }, done.memory);
    return other;
  }

  function handle(message: ToObserver): void {
    switch (message.type) {
      case 'buffer': {
        const other = store(message.buffer);
        if (other !== undefined) handle(other);
        break;
      }
      case 'call': {
        const { id, method, args } = message;
        // The client calls only methods of `JournalQuery`; their types are checked on its side.
        const call = queries[method] as (...args: readonly unknown[]) => Promise<unknown>;
        call
          .apply(queries, args as unknown[])
          // What cannot be copied to the other thread is that answer's failure, not the thread's.
          .then((value) => say({ type: 'result', id, value }))
          .catch((error: unknown) => say({ type: 'result', id, error: toPlainError(error) }));
        break;
      }
      case 'subscribe': {
        const { id, options } = message;
        try {
          const makeTest = () => queries.test(options.q, options.entity ?? 'messages');
          observer.feed.subscribe(id, makeTest, options.since, (batch) => say({ type: 'batch', id, batch }));
          say({ type: 'subscribed', id });
        } catch (error) {
          say({ type: 'subscribed', id, error: toPlainError(error) });
        }
        break;
      }
      case 'unsubscribe':
        observer.feed.unsubscribe(message.id);
        break;
      case 'rates':
        observer.feed.watchRates(message.watched);
        break;
      case 'close':
        say({ type: 'closed', done: observer.close() });
        port.close();
        break;
    }
  }

  port.on('message', handle);
}
