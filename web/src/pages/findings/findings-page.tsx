import { Button, Menu, Select } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { api, apiPath } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import type { Page } from '../../api/shapes.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { AppLink, setSearch, useParams, usePlace } from '../../app/router.tsx';
import { FilterBar } from '../../parts/filter-bar.tsx';
import { count, partyName } from '../../parts/format.ts';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { exportFindings } from './export-findings.ts';
import { EachFinding } from './finding-each.tsx';
import { FindingGroupList } from './finding-groups.tsx';
import type { FindingGroup, FindingGroups, PlacedFinding } from './finding-shapes.ts';
import './findings.css';
import { MuteList } from './mute-list.tsx';
import { RuleCard } from './rule-card.tsx';
import { RuleList } from './rule-list.tsx';

const TABS = [
  { id: 'problems', label: 'Problems' },
  { id: 'muted', label: 'Muted' },
  { id: 'rules', label: 'What is checked' },
] as const;

/** Everything that the rules found, grouped so that ten thousand hits read as twelve problems. */
export function FindingsPage() {
  const params = useParams();
  const { search } = usePlace();
  const show = TABS.find((tab) => tab.id === search['show'])?.id ?? 'problems';
  usePageTitle('Findings', params['rule'] ?? params['id']);
  return (
    <div className="page">
      <div className="page-tabs">
        <Tabs
          label="Findings"
          tabs={TABS}
          value={show}
          onChange={(next) => setSearch({ show: next === 'problems' ? undefined : next }, { push: true })}
        />
      </div>
      {show === 'muted' && <MuteList />}
      {show === 'rules' && <RuleList />}
      {show === 'problems' && <Problems rule={params['rule']} id={params['id']} search={search} />}
      <p className="muted small">A finding is what our rules saw, not a verdict on a product.</p>
    </div>
  );
}

const GROUPINGS: readonly { readonly value: FindingGroups | 'each'; readonly label: string }[] = [
  { value: 'rule', label: 'By rule' },
  { value: 'party', label: 'By party at fault' },
  { value: 'session', label: 'By session' },
  { value: 'action', label: 'By action' },
  { value: 'axis', label: 'By axis' },
  { value: 'protocol', label: 'By protocol' },
  { value: 'each', label: 'One by one' },
];
const FILTERS = [
  { name: 'severity', label: 'Severity', words: ['error', 'warning', 'info'] },
  { name: 'axis', label: 'Axis', words: ['conformance', 'compatibility', 'consistency', 'timing', 'security'] },
  { name: 'protocol', label: 'Protocol', words: ['ocpp', 'oicp', 'pnc', 'mqtt'] },
  { name: 'status', label: 'Status', words: ['open', 'muted', 'fixed'] },
] as const;
/** Filters that come by links, shown as chips. */
const LINKED = ['party', 'fault', 'rule', 'session', 'station', 'seq'] as const;
const EXAMPLES = [
  { filter: 'is:open severity:error', help: 'errors that count' },
  { filter: 'rule:OCPP16-* -axis:timing', help: 'a family, without what only came late' },
];

function Problems({
  rule,
  id,
  search,
}: {
  readonly rule: string | undefined;
  readonly id: string | undefined;
  readonly search: Readonly<Record<string, string | undefined>>;
}) {
  const by = GROUPINGS.find((each) => each.value === search['by'])?.value ?? 'rule';
  const filter = Object.fromEntries(
    ['q', ...FILTERS.map(({ name }) => name), ...LINKED].map((name) => [name, search[name]] as const),
  );
  const asked = { ...filter, rule: rule ?? search['rule'] };
  const groups = useGet<Page<FindingGroup>>(by === 'each' ? undefined : apiPath('/findings/groups', { ...asked, by }), {
    keep: true,
  });
  const save = async (as: Parameters<typeof exportFindings>[1]): Promise<void> =>
    exportFindings(await allOf(asked), as);
  return (
    <>
      <FilterBar
        entity="findings"
        value={search['q'] ?? ''}
        onChange={(text) => setSearch({ q: text === '' ? undefined : text }, { push: true })}
        placeholder="Filter: is:open, severity:error, rule:OCPP16-*, or words of a finding"
        examples={EXAMPLES}
      />
      <div className="page-head">
        <Select
          aria-label="Group by"
          w={170}
          allowDeselect={false}
          data={[...GROUPINGS]}
          value={by}
          onChange={(next) => setSearch({ by: next === 'rule' || next === null ? undefined : next })}
        />
        {FILTERS.map(({ name, label, words }) => (
          <Select
            key={name}
            aria-label={label}
            placeholder={`Any ${label.toLowerCase()}`}
            clearable
            w={150}
            data={[...words]}
            value={search[name] ?? null}
            onChange={(next) => setSearch({ [name]: next ?? undefined })}
          />
        ))}
        {LINKED.map((name) =>
          search[name] === undefined ? null : (
            <button
              key={name}
              type="button"
              className="chip"
              aria-pressed="true"
              onClick={() => setSearch({ [name]: undefined })}
            >
              {name === 'party' ? `at fault: ${partyName(search[name])}` : `${name}: ${search[name]}`} ×
            </button>
          ),
        )}
        {rule !== undefined && (
          <AppLink className="chip" to="/findings">
            rule {rule} ×
          </AppLink>
        )}
        <span className="push" />
        <Menu position="bottom-end">
          <Menu.Target>
            <Button
              variant="default"
              disabled={by !== 'each' && groups.data === undefined}
              rightSection={<IconChevronDown size={12} />}
            >
              Export
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => void save('markdown')}>Markdown for an issue</Menu.Item>
            <Menu.Item onClick={() => void save('csv')}>CSV</Menu.Item>
            <Menu.Item onClick={() => void save('json')}>JSON</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      {rule !== undefined && <RuleCard id={rule} />}
      {by === 'each' && <EachFinding asked={asked} />}
      {by !== 'each' && (
        <Loaded query={groups} what="findings">
          {({ items }) =>
            items.length === 0 ? (
              <NothingFound filtered={Object.values(asked).some((value) => value !== undefined)} />
            ) : (
              <FindingGroupList groups={items} open={id} />
            )
          }
        </Loaded>
      )}
    </>
  );
}

/** Never only a green tick: how much was looked at, and with how many rules. */
function NothingFound({ filtered }: { readonly filtered: boolean }) {
  const rules = useGet<{ readonly total: number }>(apiPath('/rules'));
  const journal = useGet<{ readonly count: number }>(apiPath('/journal'));
  if (filtered) {
    const clear = Object.fromEntries([...FILTERS.map(({ name }) => name), ...LINKED].map((name) => [name, undefined]));
    return (
      <EmptyState title="None of this kind" actions={<Button onClick={() => setSearch(clear)}>Show all</Button>}>
        No finding fits what is chosen above.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No open findings"
      actions={<Button onClick={() => setSearch({ show: 'rules' }, { push: true })}>What is checked?</Button>}
    >
      {journal.data === undefined || rules.data === undefined
        ? 'Every message that comes is checked.'
        : `${count(journal.data.count)} messages were checked by ${count(rules.data.total)} rules: frames, schemas, the order of messages, and what they say about the ones before.`}
    </EmptyState>
  );
}

const MOST = 5_000;

async function allOf(asked: Readonly<Record<string, string | undefined>>): Promise<readonly PlacedFinding[]> {
  const items: PlacedFinding[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.get<Page<PlacedFinding>>(apiPath('/findings', { ...asked, limit: 1_000, cursor }));
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined && items.length < MOST);
  return items;
}
