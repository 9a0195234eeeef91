import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { api, apiPath } from '../../api/client.ts';
import { useFollow } from '../../api/follow.ts';
import { refresh, useGet } from '../../api/queries.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { AppLink, useParams } from '../../app/router.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { ServicePage } from '../../parts/service-page.tsx';
import { CertificatesTab, PkiTab } from './certificate-tabs.tsx';
import { ContractsTab } from './contracts-tab.tsx';
import { MisbehaviourTab } from './misbehaviour-tab.tsx';
import type { Misbehaviour } from './pnc-shapes.ts';
import { PoolsTab } from './pools-tab.tsx';
import { OcspTab, WebhooksTab } from './service-tabs.tsx';
import { VehiclesTab } from './vehicles-tab.tsx';
import './pnc.css';

const TABS = [
  { id: 'pki', label: 'PKI' },
  { id: 'certificates', label: 'Certificates' },
  { id: 'pools', label: 'Pools' },
  { id: 'contracts', label: 'Contracts' },
  { id: 'vehicles', label: 'Vehicles' },
  { id: 'ocsp', label: 'OCSP' },
  { id: 'webhooks', label: 'Webhooks' },
  { id: 'faults', label: 'Misbehaviour' },
] as const;

/** The certificate world of ISO 15118: who trusts whom, which contract is where, what is revoked. */
export function PncPage() {
  const { tab: asked, id } = useParams();
  const tab = TABS.find((each) => each.id === asked)?.id ?? 'pki';
  usePageTitle('Plug & Charge', TABS.find((each) => each.id === tab)?.label);
  useFollow(['pnc'], [], '/pnc');
  const shown: Readonly<Record<(typeof TABS)[number]['id'], () => ReactNode>> = {
    pki: () => <PkiTab id={id} />,
    certificates: () => <CertificatesTab id={id} />,
    pools: () => <PoolsTab pool={id} />,
    contracts: () => <ContractsTab />,
    vehicles: () => <VehiclesTab />,
    ocsp: () => <OcspTab />,
    webhooks: () => <WebhooksTab />,
    faults: () => <MisbehaviourTab />,
  };
  return (
    <ServicePage service="trust" name="Plug & Charge" path="/pnc" tabs={TABS} tab={tab}>
      <OnPurpose />
      {shown[tab]()}
      {tab === 'pki' && <Reset />}
    </ServicePage>
  );
}

/** Stands on every tab while something misbehaves: nobody shall look for a defect that was ordered. */
function OnPurpose() {
  const faults = useGet<Misbehaviour>(apiPath('/pnc/faults'));
  const now = faults.data;
  if (now === undefined) return null;
  const parts = [
    now.delayMs > 0 ? `answers ${now.delayMs} ms late` : '',
    now.ocsp === 'none' ? '' : `OCSP ${now.ocsp}`,
    now.ocspDelayMs > 0 ? `OCSP ${now.ocspDelayMs} ms late` : '',
    now.issue === 'none' ? '' : `issues ${now.issue}`,
    now.delivery === 'none' ? '' : `delivers ${now.delivery}`,
    now.answers.length > 0 ? `${now.answers.length} answers replaced` : '',
  ].filter(Boolean);
  if (parts.length === 0) return null;
  return (
    <p className="warn small" data-testid="on-purpose">
      ⚠ It misbehaves on purpose: {parts.join(', ')}. <AppLink to="/pnc/faults">Change</AppLink>
    </p>
  );
}

function Reset() {
  const [asks, setAsks] = useState(false);
  return (
    <div className="row wrap">
      <Button variant="subtle" color="red" onClick={() => setAsks(true)}>
        New keys for everything
      </Button>
      {asks && (
        <FormDialog
          title="Make all keys and certificates anew?"
          save="Make them anew"
          onSave={async () => {
            await api.post(apiPath('/pnc/reset'));
            refresh('/pnc');
          }}
          onClose={() => setAsks(false)}
        >
          <p>
            Vehicles and contracts are forgotten. Stations and cars that hold certificates of this PKI are no longer
            believed until they have new ones.
          </p>
        </FormDialog>
      )}
    </div>
  );
}
