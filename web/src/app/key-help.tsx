import { Modal } from '@mantine/core';
import { activeKeys } from './keys.ts';

/** The keys that work on the page that is shown. */
export function KeyHelp({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keys of this page" size="md">
      <dl className="key-list">
        {(opened ? activeKeys() : []).map((binding) => (
          <Line key={binding.keys} keys={binding.keys} does={binding.does} />
        ))}
      </dl>
    </Modal>
  );
}

function Line({ keys, does }: { readonly keys: string; readonly does: string }) {
  return (
    <>
      <dt>
        {keys.split(' ').map((key) => (
          <kbd key={key} style={{ marginRight: 4 }}>
            {key.replace('Arrow', '')}
          </kbd>
        ))}
      </dt>
      <dd>{does}</dd>
    </>
  );
}
