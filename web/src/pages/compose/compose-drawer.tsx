import { Drawer } from '@mantine/core';
import { closeComposeDrawer, setComposePlace, useComposeDrawer } from '../../app/compose-drawer-state.ts';
import { ComposeAt } from './compose-at.tsx';

/** The composer over the page: what is behind keeps its place and its selection. */
export default function ComposeDrawer() {
  const place = useComposeDrawer();
  return (
    <Drawer
      opened={place !== undefined}
      onClose={closeComposeDrawer}
      title="Compose"
      position="right"
      size="min(980px, 92vw)"
      closeButtonProps={{ 'aria-label': 'Close the composer' }}
      className="compose-drawer"
      lockScroll={false}
    >
      {place !== undefined && <ComposeAt place={place} change={setComposePlace} />}
    </Drawer>
  );
}
