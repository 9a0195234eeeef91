import { Button, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { api, apiPath, type ProblemDocument } from '../api/client.ts';
import { problemOf } from '../api/problem-of.ts';
import { ENTRY } from '../app/entry-settings.ts';
import { usePageTitle } from '../app/page-title.ts';
import { hrefOf } from '../app/router.tsx';
import { ProblemCard } from '../parts/states.tsx';

/** Exchanges an access token for a cookie. */
export function LoginPage() {
  usePageTitle('Log in');
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState<ProblemDocument>();
  return (
    <div className="state">
      <form
        className="card stack"
        style={{ padding: 24, width: 360, textAlign: 'left' }}
        onSubmit={(event) => {
          event.preventDefault();
          api.post(apiPath('/auth/login'), { token }).then(
            () => location.assign(hrefOf('/')),
            (thrown) => setProblem(problemOf(thrown)),
          );
        }}
      >
        <h2>Log in to {ENTRY.service}</h2>
        <p className="muted small">OCPP Compote {ENTRY.version}. Tokens are made with `compote token`.</p>
        <PasswordInput
          label="Access token"
          required
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          data-autofocus
        />
        {problem !== undefined && <ProblemCard problem={problem} />}
        <Button type="submit">Log in</Button>
      </form>
    </div>
  );
}
