import { readFileSync, statSync } from 'node:fs';

const web = new URL('../../dist/web/', import.meta.url);

/** What the browser loads at the start, and what each page adds to it, compressed, in kB. */
export function bundleReport() {
  const manifest = JSON.parse(readFileSync(new URL('manifest.json', web), 'utf8'));
  const size = (file) => statSync(new URL(`${file}.gz`, web), { throwIfNoEntry: false })?.size ?? 0;
  const filesOf = (key, seen = new Set()) => {
    const chunk = manifest[key];
    if (chunk === undefined || seen.has(chunk.file)) return seen;
    seen.add(chunk.file);
    for (const css of chunk.css ?? []) seen.add(css);
    for (const next of chunk.imports ?? []) filesOf(next, seen);
    return seen;
  };
  const kB = (files, end) =>
    Math.round([...files].filter((file) => file.endsWith(end)).reduce((sum, file) => sum + size(file), 0) / 100) / 10;
  const row = (what, files) => ({ what, scriptKB: kB(files, '.js'), styleKB: kB(files, '.css') });
  const start = filesOf('index.html');
  const added = (key) => [...filesOf(key)].filter((file) => !start.has(file));
  const entries = Object.keys(manifest).filter((key) => manifest[key].isDynamicEntry === true);
  const everything = new Set(['index.html', ...entries].flatMap((key) => [...filesOf(key)]));
  return [
    row('start', start),
    ...entries
      .map((key) => row(key.replace(/^.*\/|\.tsx?$/g, ''), added(key)))
      .sort((one, other) => other.scriptKB - one.scriptKB),
    row('everything', everything),
  ];
}
