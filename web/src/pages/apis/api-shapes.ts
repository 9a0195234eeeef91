export interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema?: { readonly type?: string };
  }[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: unknown }>> };
  readonly responses?: Readonly<Record<string, { readonly description?: string }>>;
}

export interface ApiDocument {
  readonly service: string;
  readonly title: string;
  readonly path: string;
  /** Whether the service gave it just now; else it is the last that was seen. */
  readonly answers: boolean;
  readonly seenAt: string;
  readonly document: {
    readonly info: { readonly title: string; readonly version: string; readonly description?: string };
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  };
}
