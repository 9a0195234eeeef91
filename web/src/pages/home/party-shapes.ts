/** A party that is ours or somebody else's, as the workbench tells it. */
export interface ReplaceableParty {
  readonly id: string;
  readonly name: string;
  readonly mode: 'simulated' | 'real' | 'off';
  readonly address?: string;
  readonly oicpAddress?: string;
  readonly example: string;
  readonly switches: readonly {
    readonly service: string;
    readonly key: string;
    readonly live: boolean;
    /** What the configuration still has to say. */
    readonly lines?: string;
    readonly problem?: string;
  }[];
  readonly enter: readonly { readonly label: string; readonly value: string; readonly note?: string }[];
}

export interface ReachStep {
  readonly step: 'name' | 'connection' | 'tls' | 'answer';
  readonly ok: boolean;
  readonly text: string;
  readonly hint?: string;
  readonly ms: number;
}
