import { useMeta } from '../../api/queries.ts';
import { ENTRY } from '../../app/entry-settings.ts';

/** Which version this is, of what. */
export function About() {
  const meta = useMeta();
  return (
    <section className="card">
      <div className="body stack">
        <dl className="facts">
          <dt>OCPP Compote</dt>
          <dd>{meta.data?.version ?? ENTRY.version}</dd>
          <dt>Served by</dt>
          <dd>{ENTRY.service}</dd>
          <dt>Clock</dt>
          <dd>
            {meta.data === undefined || meta.data.clock.factor === 1
              ? 'real time'
              : `${meta.data.clock.factor} times faster`}
          </dd>
          <dt>Journal</dt>
          <dd className="mono">{meta.data?.epoch ?? '–'}</dd>
        </dl>
        <p className="muted">
          MIT licence. OCPP schemas belong to the Open Charge Alliance and come with the package ocpp-rpc. What is found
          here is not a certification.
        </p>
      </div>
    </section>
  );
}
