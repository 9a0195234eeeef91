import { NativeSelect, SegmentedControl, Select } from '@mantine/core';
import type { ActionInfo } from '../stations/command-list.tsx';
import { HistoryMenu } from './history-menu.tsx';
import { type ComposeWorld, howItIsSent, outOfHalf, pairOf, partiesOf, partnerOf } from './parties.ts';
import { PresetMenu } from './preset-menu.tsx';
import type { ComposePlace, Composing } from './use-composing.ts';

/** Who says what to whom, and how it gets there. */
export function ComposeHead({
  composing,
  world,
  change,
}: {
  readonly composing: Composing;
  readonly world: ComposeWorld;
  /** Members that are not named go away. */
  change(next: ComposePlace): void;
}) {
  const { from, to, pair, ver, action, mode, isSimulated, disconnected, info, draft } = composing;
  const parties = partiesOf(world);
  const here = { from, to, action };
  const towardsStation = pair.proto === 'ocpp' && pair.towardsStation;
  return (
    <>
      <div className="compose-head">
        <Select
          label="From"
          searchable
          w={170}
          data={parties.map(({ id, label }) =>
            outOfHalf(id, 'inbound', world.scope) === undefined
              ? { value: id, label }
              : { value: id, label: `${label} (not in your scope)`, disabled: true },
          )}
          value={from}
          allowDeselect={false}
          onChange={(next) =>
            next !== null &&
            change({ from: next, to: pairOf(next, to).proto === undefined ? partnerOf(next, world) : to })
          }
        />
        <Select
          label="To"
          searchable
          w={190}
          data={parties.map(({ id, label }) => {
            const other = pairOf(from, id);
            return other.proto === undefined
              ? { value: id, label: `${label} (${other.why})`, disabled: true }
              : { value: id, label };
          })}
          value={to}
          allowDeselect={false}
          onChange={(next) => next !== null && change({ from, to: next })}
        />
        <div style={{ alignSelf: 'flex-end', paddingBottom: 4 }} className="tag">
          {pair.proto === 'oicp' ? 'OICP' : 'OCPP'} {ver ?? '?'}
        </div>
        <Select
          label="Action"
          placeholder="Choose what to say …"
          searchable
          w={280}
          maxDropdownHeight={360}
          data={grouped(composing.actions ?? [])}
          value={action === '' ? null : action}
          allowDeselect={false}
          onChange={(next) => next !== null && change({ ...here, action: next })}
        />
        {ver === undefined && !towardsStation && (
          <NativeSelect
            label="Version"
            data={['1.6', '2.0.1', '2.1']}
            onChange={(event) => change({ ...here, ver: event.currentTarget.value })}
          />
        )}
        <span className="push" />
        <PresetMenu
          action={action}
          current={() => ({ ver: ver ?? '', action, payload: draft.value ?? {} })}
          onUse={(preset) => {
            change({ ...here, action: preset.action });
            setTimeout(() => draft.setValue(preset.payload), 300);
          }}
        />
        <HistoryMenu onUse={(row) => change({ base: String(row.s) })} />
      </div>
      <div className="compose-how" data-testid="how-it-is-sent">
        {pair.proto !== undefined && !towardsStation && (
          <SegmentedControl
            aria-label="How it gets there"
            value={mode}
            onChange={(next) => change({ ...here, ...(ver === undefined ? {} : { ver }), mode: next })}
            data={[
              { value: 'inbound', label: 'Simulate inbound' },
              { value: 'wire', label: 'Send on the wire', disabled: pair.proto === 'ocpp' && !isSimulated },
            ]}
          />
        )}
        <span>{howItIsSent({ pair, mode, from, to, disconnected, isSimulated })}</span>
        {info?.changes !== undefined && <span className="muted">{info.changes}</span>}
      </div>
    </>
  );
}

function grouped(actions: readonly ActionInfo[]) {
  const blocks = new Map<string, string[]>();
  for (const { block, action } of actions) blocks.set(block, [...(blocks.get(block) ?? []), action]);
  return [...blocks]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([group, items]) => ({ group, items: [...new Set(items)].sort() }));
}
