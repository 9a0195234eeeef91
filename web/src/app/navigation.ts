import {
  IconAdjustments,
  IconAffiliate,
  IconAlertTriangle,
  IconApi,
  IconArrowsLeftRight,
  IconBatteryCharging,
  IconCertificate,
  IconChargingPile,
  IconHome,
  IconList,
  IconMountain,
  IconNotes,
  IconPencil,
  IconPlugConnected,
  IconTimeline,
  IconWallet,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { runningServices } from '../api/queries.ts';
import type { Meta } from '../api/shapes.ts';
import { ENTRY, type Scope } from './entry-settings.ts';

export interface Page {
  readonly id: string;
  readonly label: string;
  readonly path: string;
  /** After `g`. */
  readonly key: string;
  readonly icon: ComponentType<{ size?: number; stroke?: number }>;
  readonly scopes: readonly Scope[];
  /** Shown only where this service answers. */
  readonly service?: string;
}

export interface PageGroup {
  readonly label: string;
  readonly pages: readonly Page[];
}

const ALL: readonly Scope[] = ['all', 'cpo', 'emp'];
const CPO: readonly Scope[] = ['all', 'cpo'];
const EMP: readonly Scope[] = ['all', 'emp'];

/** The order is fixed, so that muscle memory works. Only what exists stands here. */
export const PAGE_GROUPS: readonly PageGroup[] = [
  {
    label: 'Observe',
    pages: [
      { id: 'home', label: 'Home', path: '/', key: 'h', icon: IconHome, scopes: ALL },
      { id: 'traffic', label: 'Traffic', path: '/traffic', key: 't', icon: IconList, scopes: ALL },
      { id: 'sequence', label: 'Sequence', path: '/sequence', key: 'q', icon: IconArrowsLeftRight, scopes: ALL },
      { id: 'sessions', label: 'Sessions', path: '/sessions', key: 's', icon: IconBatteryCharging, scopes: ALL },
      { id: 'findings', label: 'Findings', path: '/findings', key: 'f', icon: IconAlertTriangle, scopes: ALL },
      { id: 'traces', label: 'Traces', path: '/traces', key: 'r', icon: IconTimeline, scopes: ALL },
      { id: 'logs', label: 'Logs', path: '/logs', key: 'l', icon: IconNotes, scopes: ALL },
    ],
  },
  {
    label: 'Act',
    pages: [
      { id: 'compose', label: 'Compose', path: '/compose', key: 'c', icon: IconPencil, scopes: ALL },
      {
        id: 'simulator',
        label: 'Simulator',
        path: '/simulator',
        key: 'i',
        icon: IconPlugConnected,
        scopes: CPO,
        service: 'station',
      },
    ],
  },
  {
    label: 'Parties',
    pages: [
      { id: 'stations', label: 'Stations', path: '/stations', key: 'a', icon: IconChargingPile, scopes: CPO },
      { id: 'emp', label: 'EMP', path: '/emp', key: 'e', icon: IconWallet, scopes: EMP, service: 'emp' },
      { id: 'hub', label: 'Hub', path: '/hub', key: 'b', icon: IconAffiliate, scopes: ALL, service: 'hub' },
      {
        id: 'pnc',
        label: 'Plug & Charge',
        path: '/pnc',
        key: 'p',
        icon: IconCertificate,
        scopes: ALL,
        service: 'trust',
      },
      {
        id: 'everest',
        label: 'EVerest',
        path: '/everest',
        key: 'v',
        icon: IconMountain,
        scopes: CPO,
        service: 'everest',
      },
    ],
  },
  {
    label: 'Tool',
    pages: [
      { id: 'apis', label: 'API docs', path: '/apis', key: 'y', icon: IconApi, scopes: ALL },
      { id: 'settings', label: 'Settings', path: '/settings', key: ',', icon: IconAdjustments, scopes: ALL },
    ],
  },
];

/** The groups with what this entry shows of them. */
export function visibleGroups(meta: Meta | undefined, hidden: readonly string[], scope: Scope): PageGroup[] {
  const running = new Set(runningServices(meta).map((service) => service.name));
  return PAGE_GROUPS.map((group) => ({
    label: group.label,
    pages: group.pages.filter(
      (page) =>
        page.scopes.includes(scope) &&
        !hidden.includes(page.id) &&
        (page.service === undefined || page.service === ENTRY.service || running.has(page.service)),
    ),
  })).filter((group) => group.pages.length > 0);
}
