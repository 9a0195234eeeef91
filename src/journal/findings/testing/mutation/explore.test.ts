import { readFileSync } from 'node:fs';
import { it } from 'vitest';
import { findingsOf, mutationRun } from './mutation-run.ts';
import { readTrace } from './trace-messages.ts';

it('explores', async () => {
  const folder = process.env['TRACES'] ?? '/tmp/rules21-traces';
  const traces = await Promise.all(
    (process.env['NAMES'] ?? 'charging,roaming,pnc,everest')
      .split(',')
      .map(async (name) => ({ name, messages: await readTrace(readFileSync(`${folder}/${name}.jsonl`, 'utf8')) })),
  );
  for (const { name, messages } of traces)
    console.log(name, messages.length, JSON.stringify(findingsOf(messages.map((each) => each.message))));
  const all = [...mutationRun(traces, process.env['SEED'] ?? '1', Number(process.env['COUNT'] ?? 100))];
  const kinds = new Map<string, [number, number, number]>();
  for (const each of all) {
    const k = `${each.mutation.kind} ${each.mutation.target.message.type}`;
    const row = kinds.get(k) ?? [0, 0, 0];
    row[0]++;
    if (each.rules.length > 0) row[1]++;
    else if (each.neutral !== undefined) row[2]++;
    kinds.set(k, row);
  }
  console.log([...kinds].map(([k, v]) => `${k}: ${v.join(' ')}`).join('\n'));
  console.log(
    'total',
    all.length,
    'found',
    all.filter((e) => e.rules.length > 0).length,
    'neutral',
    all.filter((e) => e.neutral !== undefined).length,
  );
  for (const {
    trace,
    mutation: { kind, target, change, before },
    neutral,
  } of all.filter((e) => e.rules.length === 0))
    console.log(
      neutral === undefined ? 'MISS' : 'NEUT',
      trace,
      kind,
      target.message.type,
      target.index,
      target.isAnswer ? 'ANSWER' : 'REQ',
      target.action,
      change === undefined
        ? ''
        : `${change.form} ${change.pointer} ${JSON.stringify(change.value)} -> ${JSON.stringify(change.now)}`,
      before === undefined ? '' : `before ${before.index} ${before.isAnswer ? 'ANSWER' : 'REQ'} ${before.action} `,
      neutral?.name ?? '',
    );
}, 600_000);
