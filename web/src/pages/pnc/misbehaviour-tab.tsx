import { Button, NativeSelect, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { api, apiPath } from '../../api/client.ts';
import { refresh, useGet } from '../../api/queries.ts';
import { useAttempt } from '../../parts/attempt.ts';
import { Loaded } from '../../parts/states.tsx';
import type { Misbehaviour } from './pnc-shapes.ts';

/** Switches: what the trust environment does wrong on purpose. */
export function MisbehaviourTab() {
  const faults = useGet<Misbehaviour>(apiPath('/pnc/faults'));
  return (
    <Loaded query={faults} what="the switches">
      {(now) => <Switches key={JSON.stringify(now)} now={now} />}
    </Loaded>
  );
}

const BEHAVES: Misbehaviour = {
  delayMs: 0,
  ocsp: 'none',
  ocspDelayMs: 0,
  issue: 'none',
  delivery: 'none',
  answers: [],
};

const OCSP = [
  { value: 'none', label: 'Answers truly' },
  { value: 'down', label: 'Is down' },
  { value: 'try-later', label: 'Says: try later' },
  { value: 'stale', label: 'Answers are too old' },
  { value: 'wrong-signer', label: 'Signed by the wrong one' },
  { value: 'unknown', label: 'Knows no certificate' },
];
const ISSUE = [
  { value: 'none', label: 'As they should be' },
  { value: 'expired', label: 'Already expired' },
  { value: 'revoked', label: 'Revoked at once' },
  { value: 'wrong-chain', label: 'Below the wrong authority' },
];
const DELIVERY = [
  { value: 'none', label: 'As it should be' },
  { value: 'wrong-signature', label: 'Signature is wrong' },
  { value: 'wrong-key', label: 'Encrypted for another vehicle' },
];

function Switches({ now }: { readonly now: Misbehaviour }) {
  const [draft, setDraft] = useState(now);
  const { busy, run } = useAttempt();
  const set = (to: Misbehaviour, said: string): void => {
    void run('set', () => api.patch(apiPath('/pnc/faults'), to), said).then(() => refresh('/pnc'));
  };
  const select = (member: 'ocsp' | 'issue' | 'delivery') => ({
    value: draft[member],
    onChange: (event: React.ChangeEvent<HTMLSelectElement>) =>
      setDraft({ ...draft, [member]: event.currentTarget.value }),
  });
  const number = (member: 'delayMs' | 'ocspDelayMs') => ({
    value: draft[member],
    min: 0,
    max: 600_000,
    step: 500,
    onChange: (value: number | string) => setDraft({ ...draft, [member]: Number(value) || 0 }),
  });
  return (
    <form
      className="card"
      style={{ maxWidth: 560 }}
      onSubmit={(event) => {
        event.preventDefault();
        set(draft, 'It behaves so from now on');
      }}
    >
      <div className="body stack" style={{ gap: 12 }}>
        <NativeSelect label="The OCSP responder" data={OCSP} {...select('ocsp')} />
        <NumberInput label="Its answers come late by, ms" {...number('ocspDelayMs')} />
        <NativeSelect label="Certificates issued from now on" data={ISSUE} {...select('issue')} />
        <NativeSelect label="Contract data made from now on" data={DELIVERY} {...select('delivery')} />
        <NumberInput label="Every pool answer comes late by, ms" {...number('delayMs')} />
        <div className="row">
          <Button type="submit" loading={busy === 'set'}>
            Set
          </Button>
          <Button
            variant="default"
            disabled={JSON.stringify(now) === JSON.stringify(BEHAVES)}
            onClick={() => set(BEHAVES, 'It behaves again')}
          >
            Behave again
          </Button>
        </div>
        <p className="muted small">These hold until the next start. Nothing that is stored is touched.</p>
      </div>
    </form>
  );
}
