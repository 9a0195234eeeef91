import { apiPath } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import { IdText, Tag } from '../../parts/atoms.tsx';
import { dayTime } from '../../parts/format.ts';
import { RecordTable } from '../../parts/record-table.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';

interface Question {
  readonly at: string;
  readonly serial?: string;
  readonly answer?: string;
  readonly subject?: string;
  readonly hashAlgorithm?: string;
  readonly [more: string]: unknown;
}
interface Ocsp {
  readonly url: string;
  readonly faults: { readonly ocsp: string; readonly ocspDelayMs: number };
  readonly questions: readonly Question[];
}

/** What the OCSP responder was asked, and what it said. */
export function OcspTab() {
  const ocsp = useGet<Ocsp>(apiPath('/pnc/ocsp'));
  return (
    <Loaded query={ocsp} what="the OCSP responder">
      {({ url, questions }) => (
        <>
          <p className="small">
            The responder answers at <IdText id={url} most={60} />
          </p>
          {questions.length === 0 ? (
            <EmptyState title="Nobody has asked yet">
              Stations and the CSMS ask whether a certificate is revoked when a contract is shown. Each question stands
              here with its answer.
            </EmptyState>
          ) : (
            <RecordTable
              label="OCSP questions"
              items={questions.map((question, index) => ({ ...question, key: `${question.at} ${index}` }))}
              keyOf={({ key }) => key}
              columns={[
                { head: 'Asked', cell: ({ at }) => dayTime(at) },
                {
                  head: 'Answer',
                  cell: ({ answer }) => (
                    <Tag tone={answer === 'good' ? 'ok' : answer === 'revoked' ? 'error' : 'warn'}>{answer ?? '–'}</Tag>
                  ),
                },
                { head: 'Certificate', cell: ({ subject }) => subject ?? '' },
                { head: 'Serial', cell: ({ serial }) => <span className="mono">{serial}</span> },
              ]}
            />
          )}
        </>
      )}
    </Loaded>
  );
}

interface Webhooks {
  readonly endpoints: readonly Readonly<Record<string, unknown>>[];
  readonly deliveries: readonly Readonly<Record<string, unknown>>[];
}
const word = (value: unknown): string =>
  value === undefined ? '' : Array.isArray(value) ? value.join(', ') : String(value);

/** Who wants to hear of events, and what was delivered. */
export function WebhooksTab() {
  const webhooks = useGet<Webhooks>(apiPath('/pnc/webhooks'));
  return (
    <Loaded query={webhooks} what="webhooks">
      {({ endpoints, deliveries }) =>
        endpoints.length === 0 && deliveries.length === 0 ? (
          <EmptyState title="Nobody has subscribed">
            A client of the pools registers its address with <code>POST /v1/webhook/endpoints</code>; then each change
            of a contract, vehicle or root is told there, signed.
          </EmptyState>
        ) : (
          <>
            <RecordTable
              label="Subscribers"
              items={endpoints}
              keyOf={(each) => word(each['id'])}
              columns={[
                { head: 'Address', cell: (each) => <span className="mono">{word(each['url'])}</span> },
                { head: 'Events', cell: (each) => word(each['enabledEvents']) },
                { head: 'Owner', cell: (each) => word(each['owner']) },
              ]}
            />
            <RecordTable
              label="Deliveries"
              items={deliveries}
              keyOf={(each) => word(each['id'])}
              columns={[
                { head: 'Event', cell: (each) => <b>{word(each['eventType'])}</b> },
                { head: 'State', cell: (each) => <Tag>{word(each['state'])}</Tag> },
                { head: 'Tries', num: true, cell: (each) => word(each['attempts']) },
                { head: 'Made', quiet: true, cell: (each) => dayTime(word(each['createdAt'])) },
              ]}
            />
          </>
        )
      }
    </Loaded>
  );
}
