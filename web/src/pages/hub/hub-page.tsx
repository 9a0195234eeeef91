import type { ReactNode } from 'react';
import { useFollow } from '../../api/follow.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { useParams } from '../../app/router.tsx';
import { ServicePage } from '../../parts/service-page.tsx';
import { ContractsTab } from './contracts-tab.tsx';
import { HubEvsesTab } from './evses-tab.tsx';
import { FaultsTab } from './faults-tab.tsx';
import { PartnersTab } from './partners-tab.tsx';
import { RefusalsTab } from './refusals-tab.tsx';
import { HubCdrsTab, HubSessionsTab } from './roaming-tabs.tsx';
import { AuthDataTab, LimitsTab, PricingTab } from './stored-tabs.tsx';

const TABS = [
  { id: 'partners', label: 'Partners' },
  { id: 'contracts', label: 'Contracts' },
  { id: 'evses', label: 'EVSEs' },
  { id: 'sessions', label: 'Sessions' },
  { id: 'cdrs', label: 'CDRs' },
  { id: 'pricing', label: 'Pricing' },
  { id: 'auth-data', label: 'Auth data' },
  { id: 'limits', label: 'Limits' },
  { id: 'refusals', label: 'Refusals' },
  { id: 'faults', label: 'Misbehaviour' },
] as const;

const EVENTS = ['hub-session', 'hub-cdr', 'hub-evses', 'hub-statuses', 'hub-partner', 'hub-pricing', 'hub-auth-data'];

/** Inside the roaming platform: who is registered, what is stored, what was forwarded and why not. */
export function HubPage() {
  const { tab: asked, id } = useParams();
  const tab = TABS.find((each) => each.id === asked)?.id ?? 'partners';
  usePageTitle('Hub', id ?? TABS.find((each) => each.id === tab)?.label);
  useFollow(['oicp'], EVENTS, '/hub');
  const shown: Readonly<Record<(typeof TABS)[number]['id'], () => ReactNode>> = {
    partners: () => <PartnersTab id={id} />,
    contracts: () => <ContractsTab />,
    evses: () => <HubEvsesTab id={id} />,
    sessions: () => <HubSessionsTab id={id} />,
    cdrs: () => <HubCdrsTab id={id} />,
    pricing: () => <PricingTab />,
    'auth-data': () => <AuthDataTab />,
    limits: () => <LimitsTab />,
    refusals: () => <RefusalsTab id={id} />,
    faults: () => <FaultsTab />,
  };
  return (
    <ServicePage service="hub" name="The hub" path="/hub" tabs={TABS} tab={tab}>
      {shown[tab]()}
    </ServicePage>
  );
}
