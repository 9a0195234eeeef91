import { MantineProvider } from '@mantine/core';
import '@mantine/core/styles.css';
import { Notifications } from '@mantine/notifications';
import '@mantine/notifications/styles.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import './app/tokens.css';
import './app/base.css';
import { live } from './api/live.ts';
import { queryClient } from './api/queries.ts';
import { ENTRY } from './app/entry-settings.ts';
import { listenForKeys } from './app/keys.ts';
import { go, router } from './app/router.tsx';
import { theme } from './app/theme.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

listenForKeys();
live.open();
if (ENTRY.home !== undefined && location.pathname === ENTRY.base) go(ENTRY.home, { replace: true });

createRoot(root).render(
  <MantineProvider theme={theme} defaultColorScheme="auto">
    <Notifications position="bottom-right" limit={4} />
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </MantineProvider>,
);
