import { useEffect } from 'react';
import { apiPath, part } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import type { Session } from '../../api/shapes.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { go, useParams, usePlace } from '../../app/router.tsx';
import { Loaded } from '../../parts/states.tsx';
import { sessionPath } from './session-words.tsx';

/** Any id of the wire leads to the session that has it: `/sessions/by/oicp/…`, `/sessions/by/ocpp/station/transaction`. */
export function SessionLookup() {
  const params = useParams();
  const kind = params['kind'] ?? '';
  // The rest of the address may hold a slash within a percent-encoded identity.
  const key = (params['_splat'] ?? '').split('/').map(part).join('/');
  usePageTitle('Sessions');
  const found = useGet<Session>(apiPath(`/sessions/by/${part(kind)}/${key}`));
  return (
    <div className="page">
      <Loaded query={found} what="the session">
        {(session) => <Redirect session={session} />}
      </Loaded>
    </div>
  );
}

function Redirect({ session }: { readonly session: Session }) {
  const { search } = usePlace();
  const show = search['show'];
  useEffect(() => {
    go(`${sessionPath(session)}${show === undefined ? '' : `?show=${show}`}`, { replace: true });
  }, [session, show]);
  return null;
}
