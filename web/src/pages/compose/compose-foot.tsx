import { Button, Loader, Switch } from '@mantine/core';
import { MUTATORS, type Mutator } from './mutators.ts';
import type { Composing } from './use-composing.ts';
import { VerdictLines } from './verdict-lines.tsx';

/** What the server says of the draft, faults to put in, and the button that sends. */
export function ComposeFoot({ composing, onFrame }: { readonly composing: Composing; onFrame(): void }) {
  const {
    action,
    ver,
    pair,
    verdict,
    draft,
    raw,
    invalid,
    beInvalid,
    applied,
    mutate,
    blocked,
    forbidden,
    sending,
    mode,
    send,
  } = composing;
  return (
    <div>
      {invalid && action !== '' && (
        <div className="mutators">
          {MUTATORS.filter((mutator) => pair.proto !== 'oicp' || mutator.frame !== true).map((mutator) => (
            <button
              key={mutator.id}
              type="button"
              className="chip"
              aria-pressed={applied.some((each) => each.id === mutator.id)}
              onClick={() => {
                if (mutate(mutator) === 'frame') onFrame();
              }}
            >
              {mutator.label}
            </button>
          ))}
        </div>
      )}
      <div className="compose-foot">
        <div className="compose-verdict" data-testid="compose-verdict">
          <VerdictLines
            verdict={verdict}
            what={`${action} of ${pair.proto === 'oicp' ? 'OICP' : 'OCPP'} ${ver ?? ''}`}
            empty={action === ''}
            jsonError={raw === undefined ? draft.error : undefined}
          />
          {invalid && applied.length > 0 && pair.proto === 'ocpp' && <Expected applied={applied} ver={ver ?? ''} />}
        </div>
        {forbidden !== undefined && (
          <p className="warn" id="may-not-send" data-testid="may-not-send">
            {forbidden}
          </p>
        )}
        <Switch
          label="Deliberately invalid"
          checked={invalid}
          data-testid="inv-mode"
          onChange={(event) => beInvalid(event.currentTarget.checked)}
        />
        <Button
          onClick={() => void send()}
          disabled={blocked}
          aria-describedby={forbidden === undefined ? undefined : 'may-not-send'}
          data-testid="composer-send"
          leftSection={sending ? <Loader size={12} /> : undefined}
        >
          {mode === 'inbound' ? 'Hand in' : 'Send'} <kbd style={{ marginLeft: 8 }}>Ctrl ⏎</kbd>
        </Button>
      </div>
    </div>
  );
}

function Expected({ applied, ver }: { readonly applied: readonly Mutator[]; readonly ver: string }) {
  const codes = applied.at(-1)?.expected(ver) ?? [];
  return (
    <span className="warn" data-testid="expected">
      A correct peer{' '}
      {codes.length === 0 ? 'need not answer this in any one way' : `answers CALLERROR ${codes.join(' or ')}`}.
    </span>
  );
}
