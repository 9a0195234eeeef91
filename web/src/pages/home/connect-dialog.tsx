import { Modal } from '@mantine/core';
import { apiPath } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import { copyText } from '../../parts/clipboard.ts';
import { Loaded } from '../../parts/states.tsx';

interface Endpoint {
  readonly title: string;
  readonly url: string;
  readonly loopback: boolean;
  readonly note?: string;
}

/** The addresses to enter into one's own system, each one click to copy. */
export function ConnectDialog({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const endpoints = useGet<{ readonly items: readonly Endpoint[] }>(opened ? apiPath('/endpoints') : undefined);
  return (
    <Modal opened={opened} onClose={onClose} title="Connect your own system" size="lg">
      <Loaded query={endpoints} what="the addresses">
        {({ items }) => (
          <div className="stack">
            {items.map((item) => (
              <section key={item.url} className="card">
                <div className="body stack" style={{ gap: 6 }}>
                  <h2>{item.title}</h2>
                  <div className="row wrap">
                    <code>{item.url}</code>
                    <button type="button" className="chip" onClick={() => void copyText(item.url)}>
                      Copy
                    </button>
                    {item.loopback && <span className="tag">this machine only</span>}
                  </div>
                  {item.note !== undefined && <p className="muted small">{item.note}</p>}
                </div>
              </section>
            ))}
            {items.every((item) => item.loopback) && (
              <p className="muted small">
                The services listen on this machine only. To let other machines in, make a token with{' '}
                <code>compote token</code>, put it into the configuration, and start with <code>--host 0.0.0.0</code>.
              </p>
            )}
          </div>
        )}
      </Loaded>
    </Modal>
  );
}
