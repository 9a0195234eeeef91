/** Demos and their runs as `/demo` shows them. */
export interface DemoMissing {
  readonly kind: 'service' | 'setting' | 'state';
  readonly name: string;
  readonly text: string;
  readonly hint: string;
}

export interface Demo {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly services: readonly string[];
  readonly steps: readonly { readonly id: string; readonly title: string; readonly says: string }[];
  readonly planted: readonly { readonly rule: string; readonly title: string; readonly says: string }[];
  readonly missing: readonly DemoMissing[];
}

export interface DemoStep {
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly state: 'pending' | 'active' | 'done' | 'failed';
  readonly ms?: number;
  readonly reason?: string;
}

export interface PlantedFault {
  readonly rule: string;
  readonly title: string;
  readonly says: string;
  readonly finding?: string;
  readonly seq?: number;
  readonly pointer?: string;
}

export interface DemoRun {
  readonly id: string;
  readonly demo: string;
  readonly title: string;
  readonly state: 'running' | 'done' | 'failed' | 'stopped';
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly steps: readonly DemoStep[];
  readonly told: readonly { readonly at: number; readonly party: string; readonly text: string }[];
  readonly sessions: readonly string[];
  readonly result?: {
    readonly messages: number;
    readonly parties: readonly string[];
    readonly q: string;
    readonly planted: readonly PlantedFault[];
    readonly others: readonly {
      readonly id: string;
      readonly rule: string;
      readonly party: string;
      readonly text: string;
    }[];
  };
}
