import { ActionIcon, Button, Modal, NativeSelect, TextInput } from '@mantine/core';
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { api, apiPath, type ProblemDocument, part } from '../../api/client.ts';
import { problemOf } from '../../api/problem-of.ts';
import { refresh, useGet } from '../../api/queries.ts';
import type { Page } from '../../api/shapes.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { AppLink } from '../../app/router.tsx';
import { dayTime } from '../../parts/format.ts';
import { EmptyState, Loaded, ProblemCard } from '../../parts/states.tsx';
import { StationsTabs } from './stations-page.tsx';

interface Token {
  readonly idToken: string;
  readonly type: string;
  readonly status: string;
  readonly expiresAt?: string;
  readonly groupId?: string;
  readonly concurrent: boolean;
  readonly note?: string;
}

const STATUSES = [
  'Accepted',
  'Blocked',
  'Expired',
  'Invalid',
  'NoCredit',
  'NotAtThisLocation',
  'NotAtThisTime',
  'NotAllowedTypeEVSE',
];
const TYPES = ['ISO14443', 'ISO15693', 'Central', 'eMAID', 'KeyCode', 'Local', 'MacAddress', 'NoAuthorization'];

/** The tokens that the CSMS knows itself; every field is enforced. */
export function TokensPage() {
  usePageTitle('Stations', 'Tokens');
  const tokens = useGet<Page<Token>>(apiPath('/tokens', { limit: 500 }));
  const [edited, setEdited] = useState<Partial<Token>>();
  return (
    <div className="page">
      <StationsTabs value="tokens" />
      <div className="page-head">
        <p className="muted">
          Who may charge. A token that is not here gets what the configuration says about unknown ones.
        </p>
        <span className="push" />
        <Button leftSection={<IconPlus size={14} />} onClick={() => setEdited({})}>
          Add a token
        </Button>
      </div>
      <Loaded query={tokens} what="tokens">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No token yet" actions={<Button onClick={() => setEdited({})}>Add one</Button>} />
          ) : (
            <div className="card scroll-x">
              <table className="plain" aria-rowcount={items.length}>
                <thead>
                  <tr>
                    <th>Token</th>
                    <th>Type</th>
                    <th>Status</th>
                    <th>Group</th>
                    <th>Valid until</th>
                    <th>Note</th>
                    <th>
                      <span className="visually-hidden">Actions</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((token) => (
                    <tr key={token.idToken}>
                      <td>
                        <AppLink
                          className="mono"
                          to={`/traffic?q=${part(`token:"${token.idToken}"`)}`}
                          title="Its traffic"
                        >
                          {token.idToken}
                        </AppLink>
                      </td>
                      <td>{token.type}</td>
                      <td className={token.status === 'Accepted' ? 'ok' : 'bad'}>{token.status}</td>
                      <td className="mono">{token.groupId}</td>
                      <td className="muted">{token.expiresAt === undefined ? '' : dayTime(token.expiresAt)}</td>
                      <td className="muted">{token.note}</td>
                      <td className="num nowrap">
                        <ActionIcon aria-label={`Change ${token.idToken}`} onClick={() => setEdited(token)}>
                          <IconPencil size={14} />
                        </ActionIcon>
                        <ActionIcon
                          aria-label={`Delete ${token.idToken}`}
                          onClick={() => {
                            void api.delete(apiPath(`/tokens/${part(token.idToken)}`)).then(() => refresh('/tokens'));
                          }}
                        >
                          <IconTrash size={14} />
                        </ActionIcon>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
      {edited !== undefined && <TokenDialog token={edited} onClose={() => setEdited(undefined)} />}
    </div>
  );
}

function TokenDialog({ token, onClose }: { readonly token: Partial<Token>; onClose(): void }) {
  const [draft, setDraft] = useState({
    type: 'ISO14443',
    status: 'Accepted',
    idToken: '',
    groupId: '',
    note: '',
    ...token,
  });
  const [problem, setProblem] = useState<ProblemDocument>();
  const known = token.idToken !== undefined;
  const save = (): void => {
    const { idToken, type, status, groupId, note, expiresAt } = draft;
    const body = {
      idToken,
      type,
      status,
      ...(groupId === '' ? {} : { groupId }),
      ...(note === '' ? {} : { note }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    };
    const sent = known ? api.put(apiPath(`/tokens/${part(idToken)}`), body) : api.post(apiPath('/tokens'), body);
    sent.then(
      () => {
        refresh('/tokens');
        onClose();
      },
      (thrown) => setProblem(problemOf(thrown)),
    );
  };
  return (
    <Modal opened onClose={onClose} title={known ? `Token ${token.idToken}` : 'A new token'}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <TextInput
          label="Token"
          required
          disabled={known}
          value={draft.idToken}
          onChange={(event) => setDraft({ ...draft, idToken: event.currentTarget.value })}
          data-autofocus
        />
        <NativeSelect
          label="Type"
          data={TYPES}
          value={draft.type}
          onChange={(event) => setDraft({ ...draft, type: event.currentTarget.value })}
        />
        <NativeSelect
          label="What Authorize answers"
          data={STATUSES}
          value={draft.status}
          onChange={(event) => setDraft({ ...draft, status: event.currentTarget.value })}
        />
        <TextInput
          label="Group"
          value={draft.groupId}
          onChange={(event) => setDraft({ ...draft, groupId: event.currentTarget.value })}
        />
        <TextInput
          label="Note"
          value={draft.note}
          onChange={(event) => setDraft({ ...draft, note: event.currentTarget.value })}
        />
        {problem !== undefined && <ProblemCard problem={problem} />}
        <div className="row">
          <Button type="submit">Save</Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Modal>
  );
}
