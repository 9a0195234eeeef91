import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../core/virtual-clock.ts';
import { EventFeed, type EventFeedOptions, type EventSink } from './event-feed.ts';

class Sink implements EventSink {
  text = '';
  ended = false;
  waitingBytes = 0;
  write(text: string): void {
    this.text += text;
  }
  end(): void {
    this.ended = true;
  }
  get events(): string[] {
    return [...this.text.matchAll(/^event: (.*)$/gm)].map((match) => match[1] ?? '');
  }
}

function feedOf(more: Partial<EventFeedOptions> = {}): { feed: EventFeed; clock: VirtualClock } {
  const clock = VirtualClock.install(1_000);
  return { feed: new EventFeed({ clock, epoch: 'e1', ...more }), clock };
}

describe('an event feed', () => {
  it('greets, pings every 10 s and gives each reader what it accepts', () => {
    const { feed, clock } = feedOf();
    const all = new Sink();
    const some = new Sink();
    feed.connect(all, undefined, { hello: () => ({ client: 'c1' }) });
    feed.connect(some, undefined, { accepts: (event) => event === 'party' });
    feed.publish('log', {});
    feed.publish('party', { id: 'hub' });
    clock.runForSync(10_000);
    expect(
      all.text.startsWith('id: e1:0\nevent: hello\ndata: {"epoch":"e1","now":1000,"resumed":false,"client":"c1"}\n\n'),
    ).toBe(true);
    expect(all.events).toEqual(['hello', 'log', 'party']);
    expect(some.events).toEqual(['hello', 'party']);
    expect(all.text.endsWith(': ping\n\n')).toBe(true);
  });

  it('resumes after the last event that a reader got, without gap or double', () => {
    const { feed } = feedOf();
    feed.publish('a', 1);
    feed.publish('b', 2);
    feed.publish('c', 3);
    const sink = new Sink();
    feed.connect(sink, 'e1:1');
    expect(sink.events).toEqual(['hello', 'b', 'c']);
    expect(sink.text).toContain('"resumed":true');
    const current = new Sink();
    feed.connect(current, 'e1:3');
    expect(current.events).toEqual(['hello']);
  });

  it.each(['e0:1', 'e1:99', 'e1:x', 'nonsense', ''])('asks for a resync when the place "%s" is not known', (last) => {
    const { feed } = feedOf();
    feed.publish('a', 1);
    const sink = new Sink();
    feed.connect(sink, last);
    expect(sink.events).toEqual(['hello', 'resync']);
  });

  it('asks for a resync when events are gone from the ring, by number, size or age', () => {
    for (const limit of [{ ringEvents: 2 }, { ringBytes: 80 }, { ringMs: 5_000 }]) {
      const { feed, clock } = feedOf(limit);
      for (let n = 0; n < 4; n++) {
        feed.publish('a', n);
        clock.runForSync(2_000);
      }
      const late = new Sink();
      feed.connect(late, 'e1:0');
      expect(late.events).toEqual(['hello', 'resync']);
      const near = new Sink();
      feed.connect(near, 'e1:3');
      expect(near.events).toEqual(['hello', 'a']);
    }
  });

  it('asks for a resync when the feed was not told what happened meanwhile', () => {
    const { feed } = feedOf();
    feed.publish('a', 1);
    feed.interrupt();
    const back = new Sink();
    feed.connect(back, 'e1:1');
    expect(back.events).toEqual(['hello', 'resync']);
    feed.publish('b', 2);
    const older = new Sink();
    feed.connect(older, 'e1:1');
    expect(older.events).toEqual(['hello', 'resync']);
    const newer = new Sink();
    feed.connect(newer, 'e1:2');
    expect(newer.events).toEqual(['hello', 'b']);
  });

  it('drops a reader that does not read, and only that one', () => {
    const { feed } = feedOf({ maxWaitingBytes: 1_000 });
    const slow = new Sink();
    const quick = new Sink();
    let told = false;
    feed.connect(slow, undefined, {
      closed: () => {
        told = true;
      },
    });
    feed.connect(quick, undefined);
    slow.waitingBytes = 1_001;
    feed.publish('a', 1);
    feed.publish('b', 2);
    expect([slow.events, slow.ended, told]).toEqual([['hello', 'bye'], true, true]);
    expect(quick.events).toEqual(['hello', 'a', 'b']);
    expect(feed.readers).toBe(1);
  });

  it('takes a bounded number of readers', () => {
    const { feed } = feedOf({ maxReaders: 1 });
    expect(feed.open).toBe(true);
    const reader = feed.connect(new Sink(), undefined);
    expect(feed.open).toBe(false);
    reader.close();
    expect(feed.open).toBe(true);
  });

  it('keeps its ring bounded over a million events', () => {
    const { feed } = feedOf({ ringEvents: 100 });
    for (let n = 0; n < 1_000_000; n++) feed.publish('a', n);
    const sink = new Sink();
    feed.connect(sink, 'e1:999900');
    expect(sink.events).toHaveLength(101);
  });
});
