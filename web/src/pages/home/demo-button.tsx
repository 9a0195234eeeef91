import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconPlayerPlay } from '@tabler/icons-react';
import './demo.css';
import { canRun, type DemoControl } from './use-demo.ts';

/** *Run a demo session*, and the other demos with what each shows or lacks here. */
export function DemoButton({ control }: { readonly control: DemoControl }) {
  const { demos, first, run, start } = control;
  const busy = run?.state === 'running';
  return (
    <div className="demo-button">
      <Button
        data-testid="demo-run"
        leftSection={<IconPlayerPlay size={14} />}
        // Really disabled it would lose the focus while the demo runs.
        data-disabled={busy || first === undefined}
        aria-disabled={busy || first === undefined}
        onClick={() => !busy && first !== undefined && start(first.id)}
      >
        Run a demo session
      </Button>
      <Menu position="bottom-start" width={380}>
        <Menu.Target>
          <Button aria-label="Choose a demo">
            <IconChevronDown size={14} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {demos.map((demo) => (
            <Menu.Item key={demo.id} disabled={busy || !canRun(demo)} onClick={() => start(demo.id)}>
              <b>{demo.title}</b>
              <span className="demo-says">
                {canRun(demo)
                  ? sentence(demo.summary)
                  : demo.missing.map(({ text, hint }) => `${text} ${hint}`).join(' ')}
              </span>
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
