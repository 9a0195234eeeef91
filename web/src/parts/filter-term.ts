/** Terms of a filter as text: how chips and "filter for this value" edit it. */

/** A value as it stands in a filter: in quotes where the language would read it otherwise. */
export function quoted(value: string): string {
  return /^[\w.@+-]+$/.test(value) && !/^(or|and|not)$/i.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
}

export function hasTerm(filter: string, term: string): boolean {
  return ` ${filter} `.includes(` ${term} `);
}

export function withTerm(filter: string, term: string): string {
  if (hasTerm(filter, term)) return filter;
  return filter === '' ? term : `${/(^| )(or|\|\|) /i.test(filter) ? `(${filter})` : filter} ${term}`;
}

export function withoutTerm(filter: string, term: string): string {
  return ` ${filter} `.replace(` ${term} `, ' ').trim();
}
