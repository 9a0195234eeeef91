import type { TObject, TSchema } from 'typebox';
import { configSchema } from '../platform/config/config-schema.ts';
import { SERVICE_NAMES, type ServiceDefinition, type ServiceName } from '../platform/service.ts';
import { csmsSection } from '../roles/csms/section.ts';
import { empSection } from '../roles/emp/section.ts';
import { everestSection } from '../roles/everest/section.ts';
import { hubSection } from '../roles/hub/section.ts';
import { stationSection } from '../roles/station/section.ts';
import { trustSection } from '../roles/trust/section.ts';
import { workbenchSection } from '../workbench/section.ts';

interface Entry {
  readonly title: string;
  readonly section: TSchema;
  /** The service itself, loaded when it starts. */
  readonly load: () => Promise<ServiceDefinition>;
}

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
  everest: {
    title: 'EVerest MQTT adapter',
    section: everestSection,
    load: async () => {
      const [{ everestService }, { startLookAlike }] = await Promise.all([
        import('../roles/everest/index.ts'),
        import('../workbench/look-alike/index.ts'),
      ]);
      return everestService(startLookAlike);
    },
  },
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

/** All services, in the order of their start. */
export function availableServices(): readonly ServiceName[] {
  return SERVICE_NAMES;
}

export function loadService(name: ServiceName): Promise<ServiceDefinition> {
  return SERVICES[name].load();
}
