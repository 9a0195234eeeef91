import { useEffect, useMemo, useRef, useState } from 'react';
import type { Finding } from '../api/shapes.ts';
import { go } from '../app/router.tsx';
import { SeverityIcon } from './atoms.tsx';
import { copyText } from './clipboard.ts';
import { quoted } from './filter-term.ts';
import { hintOf } from './json-hints.ts';
import { type JsonLine, jsonLines, pointerParts, valueAt } from './json-lines.ts';
import './json-view.css';
import { SchemaStrip } from './schema-strip.tsx';
import { type JsonSchema, schemaAt } from './schema-walk.ts';

interface Props {
  readonly payload: unknown;
  readonly findings?: readonly Finding[];
  readonly schema?: JsonSchema | undefined;
  readonly docs?: Readonly<Record<string, string>> | undefined;
  /** Scrolled to and shown for a moment. */
  readonly pointer?: string | undefined;
  readonly label: string;
}

const LONG_TEXT = 200;

/** A payload to read: folded where one likes, explained, with what is wrong at its place. */
export function JsonView({ payload, findings = [], schema, docs, pointer, label }: Props) {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [whole, setWhole] = useState<ReadonlySet<string>>(new Set());
  const [current, setCurrent] = useState<string | undefined>(pointer);
  const box = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => {
    const membersOf = (at: string): string[] =>
      schema === undefined ? [] : Object.keys(schemaAt(schema, at)?.schema.properties ?? {});
    return jsonLines(payload, findings, folded, whole, membersOf);
  }, [payload, findings, folded, whole, schema]);
  useEffect(() => {
    setCurrent(pointer);
    if (pointer === undefined) return;
    const line = box.current?.querySelector<HTMLElement>(`[data-pointer="${CSS.escape(pointer)}"]`);
    line?.scrollIntoView({ block: 'center' });
    line?.focus({ preventScroll: true });
  }, [pointer]);
  const fold = (line: JsonLine): void => {
    const next = new Set(folded);
    if (!next.delete(line.pointer)) next.add(line.pointer);
    setFolded(next);
  };
  const keys = (event: React.KeyboardEvent): void => {
    const visible = lines.filter((line) => line.kind !== 'close');
    const index = visible.findIndex((line) => line.pointer === current);
    const line = visible[index];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const next = visible[Math.max(0, Math.min(visible.length - 1, index + (event.key === 'ArrowDown' ? 1 : -1)))];
      if (next === undefined) return;
      setCurrent(next.pointer);
      box.current?.querySelector(`[data-pointer="${CSS.escape(next.pointer)}"]`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'ArrowLeft' && line?.foldable === true && line.folded === false) fold(line);
    else if (event.key === 'ArrowRight' && line?.folded === true) fold(line);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: read with the keys, line by line */}
      <div className="json" ref={box} tabIndex={0} onKeyDown={keys} aria-label={label} role="group">
        {lines.map((line, index) => (
          <Line
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
            key={index}
            line={line}
            number={index + 1}
            current={line.pointer === current && line.kind !== 'close'}
            flash={line.pointer === pointer && line.kind !== 'close'}
            siblings={parentOf(payload, line.pointer)}
            onCurrent={() => setCurrent(line.pointer)}
            onFold={() => fold(line)}
            onMore={() => setWhole(new Set([...whole, line.pointer]))}
          />
        ))}
      </div>
      {current !== undefined && (
        <SchemaStrip pointer={current} schema={schema} docs={docs}>
          <PointerActions pointer={current} value={valueAt(payload, current)} />
        </SchemaStrip>
      )}
    </>
  );
}

function parentOf(payload: unknown, pointer: string): unknown {
  return pointer === '' ? undefined : valueAt(payload, pointer.slice(0, pointer.lastIndexOf('/')));
}

interface LineProps {
  readonly line: JsonLine;
  readonly number: number;
  readonly current: boolean;
  readonly flash: boolean;
  readonly siblings: unknown;
  onCurrent(): void;
  onFold(): void;
  onMore(): void;
}

function Line({ line, number, current, flash, siblings, onCurrent, onFold, onMore }: LineProps) {
  const [first] = line.findings;
  const hint = line.kind === 'value' ? hintOf(line.key, line.value, siblings) : undefined;
  if (line.kind === 'missing' && line.size !== undefined) {
    return (
      <div className="json-line">
        <span className="json-gutter" />
        <span style={{ paddingLeft: 16 + line.depth * 16 }}>
          <button type="button" className="chip" onClick={onMore}>
            {line.size} more
          </button>
        </span>
      </div>
    );
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the viewer has the keys
    // biome-ignore lint/a11y/noStaticElementInteractions: as above
    <div
      className={flash ? 'json-line flash' : 'json-line'}
      data-testid="json-line"
      data-pointer={line.kind === 'close' ? undefined : line.pointer}
      data-missing={line.kind === 'missing' ? true : undefined}
      data-current={current}
      tabIndex={flash ? -1 : undefined}
      onClick={onCurrent}
    >
      <span className="json-gutter">
        {first !== undefined && (
          <button
            type="button"
            className="json-fold severity"
            data-severity={first.severity}
            data-testid="finding-mark"
            data-rule={first.rule}
            aria-label={`${first.severity}, ${first.rule}: ${first.text}`}
            title={first.rule}
            onClick={() => go(`/findings/${encodeURIComponent(first.id)}`)}
          >
            <SeverityIcon severity={first.severity} size={13} />
          </button>
        )}
        {number}
      </span>
      <span style={{ paddingLeft: line.depth * 16 }} />
      {line.foldable === true ? (
        <button
          type="button"
          className="json-fold"
          aria-label={line.folded === true ? 'Unfold' : 'Fold'}
          onClick={onFold}
        >
          {line.folded === true ? '▸' : '▾'}
        </button>
      ) : (
        <span className="json-fold" />
      )}
      {line.kind === 'missing' ? (
        <span className="json-missing">(missing) "{line.key}"</span>
      ) : (
        <>
          {line.key !== undefined && (
            <>
              <span className="json-key">"{line.key}"</span>
              <span className="json-bracket">: </span>
            </>
          )}
          {line.kind === 'value' ? (
            <Value value={line.value} wrong={first?.severity} />
          ) : (
            <span className="json-bracket">{line.bracket}</span>
          )}
          {line.comma === true && <span className="json-bracket">,</span>}
        </>
      )}
      {line.folded === true && <span className="json-hint">{line.size} inside</span>}
      {hint !== undefined && <span className="json-hint">{hint}</span>}
      {first !== undefined && (
        <span className="json-finding" data-severity={first.severity}>
          {first.text}
          {line.findings.length > 1 && ` (and ${line.findings.length - 1} more)`}
        </span>
      )}
    </div>
  );
}

function Value({ value, wrong }: { readonly value: unknown; readonly wrong: string | undefined }) {
  const [open, setOpen] = useState(false);
  const type = value === null ? 'null' : typeof value;
  const text = JSON.stringify(value) ?? String(value);
  const cut = text.length > LONG_TEXT && !open;
  return (
    <span className={`json-${type}${wrong === undefined ? '' : ' json-wrong'}`} data-severity={wrong}>
      {cut ? text.slice(0, LONG_TEXT) : text}
      {cut && (
        <button type="button" className="chip" onClick={() => setOpen(true)}>
          {text.length - LONG_TEXT} more
        </button>
      )}
    </span>
  );
}

function PointerActions({ pointer, value }: { readonly pointer: string; readonly value: unknown }) {
  const scalar = value !== undefined && (typeof value !== 'object' || value === null);
  const path = `$${pointerParts(pointer)
    .map((name) => (/^\d+$/.test(name) ? '' : `.${name}`))
    .join('')}`;
  const filter = `${path}:${quoted(String(value))}`;
  return (
    <div className="row wrap">
      {scalar && pointer !== '' && (
        <>
          <button type="button" className="chip" onClick={() => go(`/traffic?q=${encodeURIComponent(filter)}`)}>
            Only this value
          </button>
          <button type="button" className="chip" onClick={() => go(`/traffic?q=${encodeURIComponent(`-${filter}`)}`)}>
            All others
          </button>
          <button type="button" className="chip" onClick={() => void copyText(String(value))}>
            Copy value
          </button>
        </>
      )}
      <button type="button" className="chip" onClick={() => void copyText(pointer, 'Pointer copied')}>
        Copy pointer
      </button>
    </div>
  );
}
