import { Button, SegmentedControl } from '@mantine/core';
import { IconPlugConnected, IconPlus } from '@tabler/icons-react';
import { useMeta } from '../../api/queries.ts';
import { ENTRY } from '../../app/entry-settings.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { go, setSearch, usePlace } from '../../app/router.tsx';
import { useWidth } from '../../app/use-width.ts';
import { Hint } from '../../parts/hint.tsx';
import { ConnectDialog } from './connect-dialog.tsx';
import { DemoButton } from './demo-button.tsx';
import { DemoStory } from './demo-story.tsx';
import { DemoStrip } from './demo-strip.tsx';
import './home.css';
import { ReplaceDialog } from './replace-dialog.tsx';
import { Latest, Now, Problems } from './side-panel.tsx';
import { useDemo } from './use-demo.ts';
import { World } from './world-panel.tsx';

/** The world in five seconds, and the place to start from. */
export function HomePage() {
  usePageTitle('Home');
  const { search } = usePlace();
  const width = useWidth();
  const asList = search['as'] === 'list' || (search['as'] === undefined && width < 768);
  const meta = useMeta();
  const demo = useDemo();
  const simulates =
    meta.data?.services.some((service) => service.name === 'station' && service.health === 'ok') ?? false;
  return (
    <div className="home">
      <div className="home-head">
        <h2 className="grow">A whole e-mobility world runs on this machine. Nothing leaves it.</h2>
        {demo !== undefined && <DemoButton control={demo} />}
        {simulates && (
          <Button variant="default" leftSection={<IconPlus size={14} />} onClick={() => go('/simulator')}>
            Add a station
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<IconPlugConnected size={14} />}
          onClick={() => setSearch({ connect: 'yes' })}
        >
          Connect your own system
        </Button>
        <SegmentedControl
          aria-label="How the world is shown"
          value={asList ? 'list' : 'diagram'}
          onChange={(value) => setSearch({ as: value })}
          data={[
            { value: 'diagram', label: 'Diagram' },
            { value: 'list', label: 'List' },
          ]}
        />
      </div>
      <div className="home-strip">
        {demo !== undefined && <DemoStrip control={demo} onConnect={() => setSearch({ connect: 'yes' })} />}
        {demo?.first !== undefined && demo.run === undefined && (
          <Hint id="home-start">
            <i>Run a demo session</i> plays one session of a simulated driver, from the start in an app to the bill, in
            less than a minute. Watch the links between the parties.
          </Hint>
        )}
      </div>
      <div className="home-world">
        <World asList={asList} />
      </div>
      <aside className="home-side" aria-label="What happens now">
        {demo?.run !== undefined && <DemoStory run={demo.run} />}
        <Now />
        <Problems />
        <Latest />
      </aside>
      {search['replace'] !== undefined && ENTRY.scope === 'all' && (
        <ReplaceDialog id={search['replace']} onClose={() => setSearch({ replace: undefined })} />
      )}
      <ConnectDialog opened={search['connect'] === 'yes'} onClose={() => setSearch({ connect: undefined })} />
    </div>
  );
}
