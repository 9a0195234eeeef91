import { describe, expect, it } from 'vitest';
import type { Topic } from './everest-shapes.ts';
import { topicTree } from './topic-tree.ts';

const topic = (name: string, count = 1): Topic => ({ topic: name, by: 'everest', count, lastAt: '', payload: '' });

describe('the tree of topics', () => {
  it('joins levels that have one child, and adds up what came below a level', () => {
    const tree = topicTree([
      topic('everest_external/nodered/1/state', 3),
      topic('everest_external/nodered/2/state', 4),
    ]);
    expect(tree).toMatchObject([
      {
        name: 'everest_external/nodered',
        count: 7,
        children: [
          { name: '1/state', topic: { count: 3 } },
          { name: '2/state', topic: { count: 4 } },
        ],
      },
    ]);
  });

  it('keeps a topic that has topics below it', () => {
    const tree = topicTree([topic('a'), topic('a/b', 2)]);
    expect(tree).toMatchObject([{ name: 'a', topic: { topic: 'a' }, count: 3, children: [{ name: 'b' }] }]);
  });
});
