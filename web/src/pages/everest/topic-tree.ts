import type { Topic } from './everest-shapes.ts';

/** Topics by their levels; a level that has only one below it stands with it in one line. */
export interface TopicNode {
  readonly name: string;
  readonly topic?: Topic;
  readonly count: number;
  readonly children: readonly TopicNode[];
}

export function topicTree(topics: readonly Topic[]): TopicNode[] {
  return nodesOf(
    topics.map((topic) => ({ topic, levels: topic.topic.split('/') })),
    0,
  );
}

interface Split {
  readonly topic: Topic;
  readonly levels: readonly string[];
}

function nodesOf(list: readonly Split[], depth: number): TopicNode[] {
  const groups = new Map<string, Split[]>();
  for (const each of list) {
    const level = each.levels[depth];
    if (level === undefined) continue;
    const group = groups.get(level);
    if (group === undefined) groups.set(level, [each]);
    else group.push(each);
  }
  return [...groups].map(([level, below]) => {
    const own = below.find(({ levels }) => levels.length === depth + 1)?.topic;
    const children = nodesOf(below, depth + 1);
    const count = below.reduce((sum, { topic }) => sum + topic.count, 0);
    const only = children.length === 1 && own === undefined ? children[0] : undefined;
    if (only !== undefined) return { ...only, name: `${level}/${only.name}` };
    return { name: level, count, children, ...(own === undefined ? {} : { topic: own }) };
  });
}
