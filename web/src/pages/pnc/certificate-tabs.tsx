import { Button, NativeSelect, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { api, apiPath, part } from '../../api/client.ts';
import { refresh, useGet } from '../../api/queries.ts';
import type { Page } from '../../api/shapes.ts';
import { AppLink, go, setSearch, usePlace } from '../../app/router.tsx';
import { Tag } from '../../parts/atoms.tsx';
import { Desk } from '../../parts/desk.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { dayTime } from '../../parts/format.ts';
import { RecordTable } from '../../parts/record-table.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { CertificateCard } from './certificate-card.tsx';
import { type AuthorityNode, type Certificate, commonName, editionWord } from './pnc-shapes.ts';
import { roleWord, StandingMark } from './pnc-words.tsx';

const ROLES = ['secc', 'contract', 'oem-provisioning', 'vehicle', 'cps', 'csms-server', 'station-client'];
const EDITIONS = ['ISO15118-2', 'ISO15118-20'];

/** Who signed whom, from the roots down. */
export function PkiTab({ id }: { readonly id: string | undefined }) {
  const tree = useGet<{ readonly roots: readonly AuthorityNode[] }>(apiPath('/pnc/tree'));
  const { search } = usePlace();
  return (
    <Loaded query={tree} what="the hierarchies" lines={12}>
      {({ roots }) => {
        if (roots.length === 0)
          return <EmptyState title="No authority yet">The PKI is generated when it first starts.</EmptyState>;
        const editions = [...new Set(roots.map(({ edition }) => edition))];
        const edition = editions.find((each) => each === search['edition']) ?? editions[0];
        return (
          <Desk detail={id === undefined ? undefined : <CertificateCard id={id} back="/pnc" />}>
            {editions.length > 1 && (
              <div className="row">
                {editions.map((each) => (
                  <button
                    key={each}
                    type="button"
                    className="chip"
                    aria-pressed={each === edition}
                    onClick={() => setSearch({ edition: each })}
                  >
                    {editionWord(each)}
                  </button>
                ))}
              </div>
            )}
            {roots
              .filter((root) => root.edition === edition)
              .map((root) => (
                <section key={root.name} className="card pki-tree" aria-label={roleWord(root.role)}>
                  <Branch node={root} open={id} />
                </section>
              ))}
          </Desk>
        );
      }}
    </Loaded>
  );
}

function Branch({ node, open }: { readonly node: AuthorityNode; readonly open: string | undefined }) {
  const { certificate } = node;
  return (
    <>
      <AppLink
        to={`/pnc/pki/${part(certificate.id ?? '')}`}
        aria-current={open !== undefined && certificate.id === open}
      >
        <b>{commonName(certificate.subject) || node.name}</b>
        <span className="muted clip">{roleWord(node.role)}</span>
        {!node.canIssue && <Tag title="Its key is not here">no key</Tag>}
        {node.origin !== 'generated' && <Tag>{node.origin}</Tag>}
        <span className="push" />
        <StandingMark state={certificate.state} />
      </AppLink>
      {node.children.length + node.leaves.length > 0 && (
        <ul>
          {node.children.map((child) => (
            <li key={child.name}>
              <Branch node={child} open={open} />
            </li>
          ))}
          {node.leaves.map((leaf) => (
            <li key={leaf.id}>
              <AppLink to={`/pnc/pki/${part(leaf.id)}`} aria-current={leaf.id === open}>
                <span className="mono clip">{commonName(leaf.subject)}</span>
                <span className="muted clip">{roleWord(leaf.role)}</span>
                <span className="push" />
                <StandingMark state={leaf.state} />
              </AppLink>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

const STATES = ['', 'valid', 'soon', 'expired', 'revoked', 'not-yet'];

/** All that was issued, the newest first. */
export function CertificatesTab({ id }: { readonly id: string | undefined }) {
  const { search } = usePlace();
  const certificates = useGet<Page<Certificate>>(apiPath('/pnc/certificates', { limit: 300, state: search['state'] }), {
    keep: true,
  });
  const [adds, setAdds] = useState(false);
  return (
    <>
      <div className="page-head">
        <NativeSelect
          aria-label="Which certificates"
          value={search['state'] ?? ''}
          onChange={(event) => setSearch({ state: event.currentTarget.value })}
          data={STATES.map((value) => ({ value, label: value === '' ? 'All states' : value }))}
        />
        <span className="push" />
        <Button leftSection={<IconPlus size={14} />} onClick={() => setAdds(true)}>
          Issue a certificate
        </Button>
      </div>
      <Loaded query={certificates} what="certificates">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState
              title={`No certificate is ${search['state'] ?? 'here'}`}
              actions={<Button onClick={() => setSearch({ state: undefined })}>Show all</Button>}
            />
          ) : (
            <Desk detail={id === undefined ? undefined : <CertificateCard id={id} back="/pnc/certificates" />}>
              <RecordTable
                label="Certificates"
                items={items}
                keyOf={(each) => each.id}
                to={(each) => `/pnc/certificates/${part(each.id)}`}
                current={id}
                columns={[
                  { head: 'Name', cell: ({ subject }) => <span className="mono">{commonName(subject)}</span> },
                  { head: 'For', cell: ({ role }) => roleWord(role) },
                  { head: 'Edition', cell: ({ edition }) => editionWord(edition) },
                  { head: 'State', cell: ({ state }) => <StandingMark state={state} /> },
                  { head: 'Valid until', cell: ({ validTo }) => validTo.slice(0, 10) },
                  { head: 'Issued', quiet: true, cell: ({ issuedAt }) => dayTime(issuedAt) },
                  { head: 'Size', num: true, cell: ({ bytes }) => `${bytes} B` },
                ]}
              />
            </Desk>
          )
        }
      </Loaded>
      {adds && <IssueDialog onClose={() => setAdds(false)} />}
    </>
  );
}

function IssueDialog({ onClose }: { onClose(): void }) {
  const [draft, setDraft] = useState({ role: 'secc', edition: EDITIONS[0] ?? '', commonName: '', validTo: '' });
  const save = async (): Promise<void> => {
    const { validTo, ...rest } = draft;
    const issued = await api.post<Certificate>(apiPath('/pnc/certificates'), {
      ...rest,
      ...(validTo === '' ? {} : { validTo }),
    });
    refresh('/pnc');
    go(`/pnc/certificates/${part(issued.id)}`);
  };
  return (
    <FormDialog title="A new certificate" save="Issue" onSave={save} onClose={onClose}>
      <NativeSelect
        label="What it is for"
        value={draft.role}
        onChange={(event) => setDraft({ ...draft, role: event.currentTarget.value })}
        data={ROLES.map((value) => ({ value, label: roleWord(value) }))}
      />
      <NativeSelect
        label="Edition"
        data={EDITIONS}
        value={draft.edition}
        onChange={(event) => setDraft({ ...draft, edition: event.currentTarget.value })}
      />
      <TextInput
        label="Common name"
        description="Of a station DE*ABC*E0001, of a contract its EMAID, of a vehicle its PCID"
        required
        value={draft.commonName}
        onChange={(event) => setDraft({ ...draft, commonName: event.currentTarget.value })}
        data-autofocus
      />
      <TextInput
        label="Valid until"
        placeholder="Empty: as its profile says"
        value={draft.validTo}
        onChange={(event) => setDraft({ ...draft, validTo: event.currentTarget.value })}
      />
    </FormDialog>
  );
}
