import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { api, apiPath } from '../../api/client.ts';
import { useFollow } from '../../api/follow.ts';
import { refresh, useGet } from '../../api/queries.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { useParams } from '../../app/router.tsx';
import { useAttempt } from '../../parts/attempt.ts';
import { ago } from '../../parts/format.ts';
import { ServicePage } from '../../parts/service-page.tsx';
import { AuthorisationsTab } from './authorisations-tab.tsx';
import { CdrsTab, NotificationsTab, SessionsTab } from './charging-tabs.tsx';
import { ContractsTab, MediaTab } from './customer-tabs.tsx';
import type { ActionAnswer, Pulls } from './emp-shapes.ts';
import { EvsesTab, MapTab } from './evse-tabs.tsx';
import { tellAnswer } from './tell-answer.ts';

const TABS = [
  { id: 'map', label: 'Map' },
  { id: 'evses', label: 'EVSEs' },
  { id: 'contracts', label: 'Contracts' },
  { id: 'media', label: 'Media' },
  { id: 'sessions', label: 'Sessions' },
  { id: 'cdrs', label: 'CDRs' },
  { id: 'notifications', label: 'Notifications' },
  { id: 'authorisations', label: 'Authorisations' },
] as const;

/** The provider's desk: find an EVSE, charge for a customer, receive notifications and records. */
export function EmpPage() {
  const { tab: asked, id } = useParams();
  const tab = TABS.find((each) => each.id === asked)?.id ?? 'map';
  usePageTitle('EMP', id ?? TABS.find((each) => each.id === tab)?.label);
  useFollow(['oicp'], ['emp-session', 'emp-cdr', 'emp-evses', 'emp-statuses', 'emp-prices'], '/emp');
  const shown: Readonly<Record<(typeof TABS)[number]['id'], () => ReactNode>> = {
    map: () => <MapTab id={id} />,
    evses: () => <EvsesTab id={id} />,
    contracts: () => <ContractsTab />,
    media: () => <MediaTab />,
    sessions: () => <SessionsTab id={id} />,
    cdrs: () => <CdrsTab id={id} />,
    notifications: () => <NotificationsTab />,
    authorisations: () => <AuthorisationsTab />,
  };
  return (
    <ServicePage service="emp" name="EMP" path="/emp" tabs={TABS} tab={tab}>
      <PullLine />
      {shown[tab]()}
    </ServicePage>
  );
}

const KINDS: Readonly<Record<string, string>> = {
  'evse-data': 'EVSE data',
  statuses: 'Status',
  prices: 'Prices',
  cdrs: 'CDRs',
};

/** How fresh the EMP's picture of the network is, and how to renew it. */
function PullLine() {
  const pulls = useGet<Pulls>(apiPath('/emp/pulls'));
  const { busy, run } = useAttempt();
  const pull = (action: string, more: object = {}): void => {
    void run('pull', () => api.post<ActionAnswer>(apiPath('/emp/actions'), { action, ...more })).then((result) => {
      if (result !== undefined) tellAnswer(result.answer);
      refresh('/emp');
    });
  };
  return (
    <div className="service-head">
      {pulls.data?.items.map((item) => (
        <span key={item.kind} title={item.outcome} className={item.failures > 0 ? 'bad' : 'muted'}>
          {KINDS[item.kind] ?? item.kind}{' '}
          {item.failures > 0
            ? `failed ${item.failures} times: ${item.outcome ?? ''}`
            : item.lastSuccessAt === undefined
              ? 'never pulled'
              : `pulled ${ago(item.lastSuccessAt)} ago`}
        </span>
      ))}
      <span className="push">
        <Button loading={busy === 'pull'} onClick={() => pull('pull-evses', { mode: 'full' })}>
          Pull EVSE data
        </Button>
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" rightSection={<IconChevronDown size={12} />}>
              More from the hub
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => pull('pull-evses', { mode: 'delta' })}>EVSE data, changes only</Menu.Item>
            <Menu.Item onClick={() => pull('pull-statuses')}>Status of all EVSEs</Menu.Item>
            <Menu.Item onClick={() => pull('pull-prices')}>Products and prices</Menu.Item>
            <Menu.Item onClick={() => pull('pull-cdrs')}>CDRs of the last day</Menu.Item>
            <Menu.Divider />
            <Menu.Item onClick={() => pull('push-auth-data')}>Upload all media to the hub</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </span>
    </div>
  );
}
