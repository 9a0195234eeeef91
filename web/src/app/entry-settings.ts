/** What the server tells this entry of the app in `<meta name="compote">`: where it stands and which half it shows. */
export interface EntrySettings {
  /** Path with a slash at its end. */
  readonly base: string;
  readonly scope: Scope;
  readonly home?: string;
  readonly service: string;
  readonly version: string;
}

export type Scope = 'all' | 'cpo' | 'emp';

function read(): EntrySettings {
  const text = document.querySelector<HTMLMetaElement>('meta[name="compote"]')?.content;
  const fallback: EntrySettings = { base: '/', scope: 'all', service: 'workbench', version: 'development' };
  return text === undefined ? fallback : { ...fallback, ...(JSON.parse(text) as Partial<EntrySettings>) };
}

export const ENTRY: EntrySettings = read();
