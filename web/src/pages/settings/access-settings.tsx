import { Button } from '@mantine/core';
import { useState } from 'react';
import { api, apiPath, part } from '../../api/client.ts';
import { refresh, useGet, useMe } from '../../api/queries.ts';
import { Tag } from '../../parts/atoms.tsx';
import { useAttempt } from '../../parts/attempt.ts';
import { copyText } from '../../parts/clipboard.ts';
import { dayTime } from '../../parts/format.ts';
import { RecordTable } from '../../parts/record-table.tsx';
import { Loaded } from '../../parts/states.tsx';
import { type NewToken, TokenDialog } from './token-dialog.tsx';

interface TokenInfo {
  readonly name: string;
  readonly role: string;
  readonly scope: 'all' | 'cpo' | 'emp';
  readonly source: string;
  readonly createdAt?: string;
  readonly expiresAt?: string;
  readonly lastUsedAt?: string;
}

interface Tokens {
  /** Whether requests need a token. */
  readonly required: boolean;
  readonly items: readonly TokenInfo[];
}

const SCOPES = { all: 'both halves', cpo: 'operator’s half', emp: 'provider’s half' } as const;

/** Who one is here, who may use the services, and giving and taking that. */
export function AccessSettings() {
  const me = useMe();
  return (
    <Loaded query={me} what="who you are">
      {({ name, role, scope }) => (
        <>
          <section className="card">
            <div className="body stack">
              <p>
                You are <b>{name}</b> with the role <b>{role}</b>
                {scope !== 'all' && `, for the ${SCOPES[scope]}`}.
              </p>
              <p className="muted">
                {name === 'local'
                  ? 'Nobody needs a token: whoever uses this machine may do everything, and no other machine reaches the services.'
                  : 'Viewers look, operators act, admins change the configuration and who may.'}
              </p>
            </div>
          </section>
          {role === 'admin' && <TokenList mine={name} />}
        </>
      )}
    </Loaded>
  );
}

function TokenList({ mine }: { readonly mine: string }) {
  const tokens = useGet<Tokens>(apiPath('/access/tokens'));
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<NewToken>();
  const { busy, run } = useAttempt();
  const revoke = (name: string): void =>
    void run(name, () => api.delete(apiPath(`/access/tokens/${part(name)}`)), `${name} may no longer`).then(() =>
      refresh('/access', '/me'),
    );
  return (
    <Loaded query={tokens} what="the access tokens">
      {({ required, items }) => (
        <>
          <div className="page-head">
            <h2>Access tokens</h2>
            <span className="push" />
            <Button onClick={() => setMaking(true)}>Make a token</Button>
          </div>
          {made !== undefined && <Once token={made} onClose={() => setMade(undefined)} />}
          {items.length === 0 ? (
            <p className="muted">
              None yet. The first one is an admin’s, and from then on everybody needs one; you stay logged in with it.
            </p>
          ) : (
            <RecordTable
              label="Access tokens"
              items={items}
              keyOf={({ name }) => name}
              columns={[
                {
                  head: 'Name',
                  cell: ({ name }) => (
                    <>
                      <b>{name}</b> {name === mine && <Tag>you</Tag>}
                    </>
                  ),
                },
                { head: 'Role', cell: ({ role }) => role },
                { head: 'Sees', cell: ({ scope }) => SCOPES[scope] },
                {
                  head: 'Made',
                  cell: ({ createdAt, source }) => (createdAt === undefined ? source : dayTime(createdAt)),
                },
                { head: 'Ends', cell: ({ expiresAt }) => (expiresAt === undefined ? 'never' : dayTime(expiresAt)) },
                {
                  head: 'Last used here',
                  cell: ({ lastUsedAt }) => (lastUsedAt === undefined ? 'not since the start' : dayTime(lastUsedAt)),
                },
                {
                  head: '',
                  actions: true,
                  cell: ({ name, source }) =>
                    source === 'made here' && (
                      <Button
                        variant="subtle"
                        color="red"
                        loading={busy === name}
                        aria-label={`Revoke the token of ${name}`}
                        onClick={() => revoke(name)}
                      >
                        Revoke
                      </Button>
                    ),
                },
              ]}
            />
          )}
          {making && (
            <TokenDialog
              first={!required}
              onMade={(token) => {
                setMade(token);
                refresh('/access', '/me');
              }}
              onClose={() => setMaking(false)}
            />
          )}
        </>
      )}
    </Loaded>
  );
}

/** The token in plain words, this once. */
function Once({ token: { name, token }, onClose }: { readonly token: NewToken; onClose(): void }) {
  return (
    <section className="card" data-testid="made-token" aria-label="The new token">
      <div className="body stack">
        <p>
          The token of <b>{name}</b>. It is shown this once; only its digest is kept.
        </p>
        <code style={{ overflowWrap: 'anywhere' }}>{token}</code>
        <div className="row">
          <Button onClick={() => void copyText(token, 'Token copied')}>Copy it</Button>
          <Button variant="default" onClick={onClose}>
            I have it
          </Button>
        </div>
      </div>
    </section>
  );
}
