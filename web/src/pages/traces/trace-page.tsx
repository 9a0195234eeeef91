import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { api, apiPath, part } from '../../api/client.ts';
import { useFollow } from '../../api/follow.ts';
import { useGet } from '../../api/queries.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { AppLink, useParams, usePlace } from '../../app/router.tsx';
import { IdText } from '../../parts/atoms.tsx';
import { attempt } from '../../parts/attempt.ts';
import { saveFile } from '../../parts/clipboard.ts';
import { dayTime, milliseconds } from '../../parts/format.ts';
import { Loaded } from '../../parts/states.tsx';
import { Waterfall } from '../../parts/waterfall.tsx';
import type { Trace } from './trace-shapes.ts';
import './traces.css';

/** One trace: which hop took how long, and what came of it later. */
export function TracePage() {
  const id = useParams()['id'] ?? '';
  const { search } = usePlace();
  const trace = useGet<Trace>(apiPath(`/traces/${part(id)}`));
  usePageTitle('Traces', trace.data?.root ?? id.slice(0, 8));
  useFollow(['oicp', 'ocpp'], [], `/traces/${id}`);
  return (
    <div className="page">
      <Loaded query={trace} what="the trace">
        {(data) => (
          <>
            <div className="page-head">
              <AppLink to="/traces">‹ Traces</AppLink>
              <b>{data.root}</b>
              <span>{milliseconds(data.ms)} ms</span>
              <span className="muted">
                {data.spans.length} spans · {data.parties.length} parties · {dayTime(data.start)}
              </span>
              {data.errors > 0 && <span className="bad">✗ {data.errors} errors</span>}
              <span className="push" />
              <AppLink to={`/sequence?q=${part(`trace:${data.id}`)}`}>As a sequence</AppLink>
              <AppLink to={`/traffic?q=${part(`trace:${data.id}`)}`}>Its messages</AppLink>
              <AppLink to={`/logs?level=debug&trace=${part(data.id)}`}>Log lines</AppLink>
              {data.session !== undefined && <AppLink to={`/sessions/${part(data.session)}`}>Session</AppLink>}
              <Button
                variant="default"
                leftSection={<IconDownload size={14} />}
                onClick={() => {
                  void attempt(() => api.get<unknown>(apiPath(`/traces/${part(data.id)}/otlp`))).then((result) => {
                    if (result !== undefined)
                      saveFile(
                        `trace-${data.id.slice(0, 8)}.otlp.json`,
                        'application/json',
                        JSON.stringify(result.answer, null, 2),
                      );
                  });
                }}
              >
                OTLP
              </Button>
            </div>
            <Waterfall spans={data.spans} selected={search['span']} />
            <p className="muted small">
              Full colour: the critical path, which made the whole take as long as it did. A hop is from the request to
              its answer. Trace id <IdText id={data.id} most={40} />
            </p>
          </>
        )}
      </Loaded>
    </div>
  );
}
