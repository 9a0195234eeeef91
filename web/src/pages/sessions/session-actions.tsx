import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { api, apiPath, part } from '../../api/client.ts';
import { refresh, runningServices, useMeta } from '../../api/queries.ts';
import type { Session } from '../../api/shapes.ts';
import { openComposeDrawer } from '../../app/compose-drawer-state.ts';
import { attempt } from '../../parts/attempt.ts';
import { saveFile } from '../../parts/clipboard.ts';

const RUNNING: readonly Session['state'][] = ['preparing', 'charging', 'suspended'];

/** Stop it, send its record again, hand it to somebody. */
export function SessionActions({ session }: { readonly session: Session }) {
  const meta = useMeta();
  const services = new Set(runningServices(meta.data).map(({ name }) => name));
  const { ids, station } = session;
  const stop = apiPath(`/sessions/${part(session.id)}/stop`);
  const done = (): void => refresh('/sessions', '/emp', '/hub');
  return (
    <>
      {station !== '' && (
        <Button variant="default" onClick={() => openComposeDrawer()}>
          Compose …
        </Button>
      )}
      {RUNNING.includes(session.state) && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" rightSection={<IconChevronDown size={12} />}>
              Stop
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              disabled={ids.ocppTx === undefined}
              onClick={() => {
                void attempt(() => api.post(stop, { via: 'csms' }), 'The CSMS has asked the station').then(done);
              }}
            >
              As the CSMS
            </Menu.Item>
            <Menu.Item
              disabled={ids.oicp === undefined || !services.has('emp')}
              onClick={() => {
                void attempt(() => api.post(stop, { via: 'emp' }), 'The EMP has asked the hub').then(done);
              }}
            >
              As the EMP, through the hub
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={12} />}>
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            disabled={ids.oicp === undefined || session.end === undefined}
            onClick={() => {
              const path = apiPath(`/roaming/sessions/${part(ids.oicp ?? '')}/cdr`);
              void attempt(() => api.post(path), 'The record was sent to the hub again').then(done);
            }}
          >
            Send its CDR again
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            component="a"
            href={apiPath(`/sessions/${part(session.id)}/report`)}
            download={`${session.id}.html`}
          >
            Report, one HTML file
          </Menu.Item>
          <Menu.Item onClick={() => void exported(session, 'jsonl', 'application/x-ndjson')}>
            Export as JSON Lines
          </Menu.Item>
          <Menu.Item onClick={() => void exported(session, 'oot', 'application/json')}>
            Export as Open OCPP Trace
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

/** Tokens and certificates are masked: a session is mailed to somebody. */
async function exported(session: Session, format: string, type: string): Promise<void> {
  const path = apiPath('/journal/export', { q: `session:${session.id}`, format });
  const result = await attempt(async () => {
    const answer = await fetch(path);
    if (!answer.ok) throw new Error(`The export was answered with ${answer.status}.`);
    return answer.text();
  });
  if (result !== undefined)
    saveFile(`${session.id}.${format === 'jsonl' ? 'jsonl' : 'trace.json'}`, type, result.answer);
}
