import { apiPath, part } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import type { Session } from '../../api/shapes.ts';
import { AppLink } from '../../app/router.tsx';
import { milliseconds } from '../../parts/format.ts';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { Waterfall } from '../../parts/waterfall.tsx';
import type { Trace } from '../traces/trace-shapes.ts';

/** How it was authorised: each hop with its time. */
export function TraceTab({ session }: { readonly session: Session }) {
  const id = session.ids.trace;
  const trace = useGet<Trace>(id === undefined ? undefined : apiPath(`/traces/${part(id)}`));
  if (id === undefined) {
    return (
      <EmptyState title="It crossed no HTTP interface">
        A trace begins where a call carries one: at the EMP, the hub or the CSMS. This session was authorised at the
        station alone.
      </EmptyState>
    );
  }
  return (
    <Loaded query={trace} what="the trace">
      {(data) => (
        <>
          <p className="small">
            <AppLink to={`/traces/${part(id)}`}>{data.root}</AppLink> took {milliseconds(data.ms)} ms through{' '}
            {data.parties.length} parties.
          </p>
          <Waterfall spans={data.spans} />
        </>
      )}
    </Loaded>
  );
}
