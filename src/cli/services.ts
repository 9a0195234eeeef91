import type { TObject, TSchema } from 'typebox';
import { CompoteError } from '../core/errors.ts';
import { configSchema } from '../platform/config/config-schema.ts';
import { httpKeys, section } from '../platform/config/shared-config.ts';
import { SERVICE_NAMES, type ServiceDefinition, type ServiceName } from '../platform/service.ts';
import { csmsSection } from '../roles/csms/section.ts';
import { empSection } from '../roles/emp/section.ts';
import { hubSection } from '../roles/hub/section.ts';
import { stationSection } from '../roles/station/section.ts';
import { trustSection } from '../roles/trust/section.ts';
import { workbenchSection } from '../workbench/section.ts';

interface Entry {
  readonly title: string;
  readonly section: TSchema;
  /** The service itself, loaded when it starts; absent while its part is not built. */
  readonly load?: () => Promise<ServiceDefinition>;
  /** Which part of the plan brings it. */
  readonly part?: string;
}

const later = (title: string, port: number, part: string): Entry => ({
  title,
  section: section(httpKeys(port), `${title}. Comes with ${part}.`),
  part,
});

/** The one table of services. A new service is one line here. */
const SERVICES: Readonly<Record<ServiceName, Entry>> = {
  trust: {
    title: 'Plug & Charge trust environment',
    section: trustSection,
    load: async () => (await import('../roles/trust/index.ts')).trustService,
  },
  hub: {
    title: 'E-roaming hub (OICP 2.3)',
    section: hubSection,
    load: async () => (await import('../roles/hub/index.ts')).hubService,
  },
  emp: {
    title: 'EMP backend',
    section: empSection,
    load: async () => (await import('../roles/emp/index.ts')).empService,
  },
  csms: {
    title: 'CSMS (CPO backend)',
    section: csmsSection,
    load: async () => (await import('../roles/csms/index.ts')).csmsService,
  },
  everest: later('EVerest MQTT adapter', 8004, 'the EVerest part'),
  workbench: {
    title: 'Workbench, the web UI',
    section: workbenchSection,
    load: async () => (await import('../workbench/index.ts')).workbenchService,
  },
  station: {
    title: 'Charging stations',
    section: stationSection,
    load: async () => (await import('../roles/station/index.ts')).stationService,
  },
};

/** The schema of the whole configuration. */
export function wholeSchema(): TObject {
  return configSchema(Object.fromEntries(SERVICE_NAMES.map((name) => [name, SERVICES[name].section])));
}

export function titleOf(name: ServiceName): string {
  return SERVICES[name].title;
}

/** Services that exist, in the order of their start. */
export function availableServices(): ServiceName[] {
  return SERVICE_NAMES.filter((name) => SERVICES[name].load !== undefined);
}

/** @throws NOT_AVAILABLE with the part that brings it */
export async function loadService(name: ServiceName): Promise<ServiceDefinition> {
  const { load, title, part } = SERVICES[name];
  if (load !== undefined) return load();
  throw new CompoteError('NOT_AVAILABLE', {
    detail: `${name} (${title}) is not built yet: it comes with ${part ?? 'a later part'}`,
    hint: `There are ${availableServices().join(', ') || 'no services yet'}.`,
  });
}
