import { Select, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { apiPath, part } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import { AppLink } from '../../app/router.tsx';
import { SeverityMark, Tag } from '../../parts/atoms.tsx';
import { count } from '../../parts/format.ts';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import type { Rule } from './finding-shapes.ts';

/** What is looked for. */
export function RuleList() {
  const [text, setText] = useState('');
  const [protocol, setProtocol] = useState<string | null>(null);
  const rules = useGet<{ readonly items: readonly Rule[]; readonly total: number }>(
    apiPath('/rules', { text, protocol: protocol ?? undefined }),
    { keep: true },
  );
  return (
    <>
      <div className="page-head">
        <TextInput
          aria-label="Part of a rule’s id, title or clause"
          placeholder="Part of id, title or clause …"
          leftSection={<IconSearch size={14} />}
          w={300}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Select
          aria-label="Protocol"
          placeholder="Any protocol"
          clearable
          w={170}
          value={protocol}
          onChange={setProtocol}
          data={[
            { value: 'ocpp', label: 'OCPP' },
            { value: 'oicp', label: 'OICP' },
            { value: 'pnc', label: 'Plug & Charge' },
            { value: 'across', label: 'Across protocols' },
          ]}
        />
        <span className="muted">
          {rules.data !== undefined && `${count(rules.data.items.length)} of ${count(rules.data.total)} rules`}
        </span>
      </div>
      <Loaded query={rules} what="the rules">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No such rule">Try a shorter word.</EmptyState>
          ) : (
            <div className="card scroll-x">
              <table className="plain">
                <thead>
                  <tr>
                    <th>Rule</th>
                    <th>What must hold</th>
                    <th>Protocol</th>
                    <th>At fault</th>
                    <th>Clause</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((rule) => (
                    <tr key={rule.id}>
                      <td className="mono nowrap">
                        <AppLink to={`/findings/rules/${part(rule.id)}`}>{rule.id}</AppLink>
                      </td>
                      <td>
                        <SeverityMark severity={worstOf(rule)} /> {rule.title}
                      </td>
                      <td className="nowrap">
                        {rule.protocol} {rule.versions.join(', ')}
                      </td>
                      <td>
                        {rule.fault} <Tag>{rule.axis}</Tag>
                      </td>
                      <td className="muted">{rule.clause}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
    </>
  );
}

export function worstOf({ severity }: Pick<Rule, 'severity'>): 'error' | 'warning' | 'info' {
  const all = typeof severity === 'string' ? [severity] : Object.values(severity);
  return all.includes('error') ? 'error' : all.includes('warning') ? 'warning' : 'info';
}
