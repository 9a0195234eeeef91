import { Button, Modal, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api, apiPath, type ProblemDocument, part } from '../../api/client.ts';
import { problemOf } from '../../api/problem-of.ts';
import { refresh, useGet } from '../../api/queries.ts';
import { copyText } from '../../parts/clipboard.ts';
import { partyName } from '../../parts/format.ts';
import { Loaded, ProblemCard } from '../../parts/states.tsx';
import type { ReachStep, ReplaceableParty } from './party-shapes.ts';
import { ReachSteps, SwitchList, ToEnterList } from './replace-lists.tsx';

/** Somebody else's system in the place of a party: where it is, whether it answers, and what each side has to know. */
export function ReplaceDialog({ id, onClose }: { readonly id: string; onClose(): void }) {
  const parties = useGet<{ readonly items: readonly ReplaceableParty[] }>(apiPath('/parties'));
  return (
    <Modal opened onClose={onClose} title={`${partyName(id)}: replace by a real system`} size="xl">
      <Loaded query={parties} what="the parties">
        {({ items }) => {
          const party = items.find((each) => each.id === id);
          return party === undefined ? (
            <p>There is no party {id} that could be replaced.</p>
          ) : (
            <Replace key={`${party.id} ${party.mode}`} party={party} />
          );
        }}
      </Loaded>
    </Modal>
  );
}

function Replace({ party }: { readonly party: ReplaceableParty }) {
  const [real, setReal] = useState(party.mode === 'real');
  const [address, setAddress] = useState(party.address ?? '');
  const [oicpAddress, setOicpAddress] = useState(party.oicpAddress ?? '');
  const [problem, setProblem] = useState<ProblemDocument>();
  const [steps, setSteps] = useState<readonly ReachStep[]>();
  const [busy, setBusy] = useState<'test' | 'save'>();
  const isCsms = party.id === 'csms';
  const run = async (what: 'test' | 'save', task: () => Promise<unknown>): Promise<void> => {
    setBusy(what);
    setProblem(undefined);
    await task().catch((thrown: unknown) => setProblem(problemOf(thrown)));
    setBusy(undefined);
  };
  const test = async (): Promise<void> => {
    setSteps(undefined);
    const path = apiPath(`/parties/${part(party.id)}/test`);
    setSteps((await api.post<{ readonly steps: readonly ReachStep[] }>(path, { address })).steps);
  };
  const save = async (): Promise<void> => {
    const wish = real
      ? { mode: 'real', address, ...(isCsms && oicpAddress !== '' ? { oicpAddress } : {}) }
      : { mode: 'simulated' };
    await api.patch(apiPath(`/parties/${part(party.id)}`), wish);
    refresh('/parties', '/topology', '/hub');
  };
  const fieldError = (pointer: string): string | undefined =>
    problem?.fields?.find((field) => field.pointer === pointer)?.msg;
  const isTold = fieldError('/address') !== undefined || fieldError('/oicpAddress') !== undefined;
  return (
    <form
      className="stack"
      data-testid="replace"
      onSubmit={(event) => {
        event.preventDefault();
        void run('save', save);
      }}
    >
      <SegmentedControl
        aria-label={`Who plays the ${party.name}`}
        value={real ? 'real' : 'simulated'}
        onChange={(next) => setReal(next === 'real')}
        data={[
          { value: 'simulated', label: party.mode === 'off' ? 'Ours (it does not run)' : 'Ours, simulated' },
          { value: 'real', label: 'A real system' },
        ]}
      />
      {real && (
        <>
          <TextInput
            label={isCsms ? 'Where it takes stations' : 'Its address'}
            placeholder={party.example}
            value={address}
            error={fieldError('/address')}
            onChange={(event) => setAddress(event.currentTarget.value)}
          />
          {isCsms && (
            <TextInput
              label="Where it takes OICP, if it does"
              placeholder="https://csms.example"
              value={oicpAddress}
              error={fieldError('/oicpAddress')}
              onChange={(event) => setOicpAddress(event.currentTarget.value)}
            />
          )}
        </>
      )}
      <div className="row wrap">
        <Button type="submit" loading={busy === 'save'}>
          {real ? 'Use it' : 'Use ours'}
        </Button>
        {real && (
          <Button variant="default" loading={busy === 'test'} onClick={() => void run('test', test)}>
            Try to reach it
          </Button>
        )}
      </div>
      {problem !== undefined && !isTold && <ProblemCard problem={problem} />}
      {steps !== undefined && <ReachSteps steps={steps} />}
      <SwitchList party={party} />
      {party.enter.length > 0 && <ToEnterList party={party} onCopy={(value) => void copyText(value)} />}
    </form>
  );
}
