import { type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import {
  type CompletionOption,
  completionAt,
  type Entity,
  FIELD_SETS,
  parseFilter,
} from '../../../src/journal/filter/index.ts';
import { useKeys } from '../app/keys.ts';
import './filter-bar.css';
import { hasTerm, quoted, withoutTerm, withTerm } from './filter-term.ts';

interface Props {
  readonly entity: Entity;
  /** The filter that is in force. */
  readonly value: string;
  onChange(text: string): void;
  readonly placeholder: string;
  /** Values of a field as the data has them. */
  values?(field: string, prefix: string): Promise<readonly { readonly value: string; readonly count: number }[]>;
  readonly examples?: readonly { readonly filter: string; readonly help: string }[];
  /** `1 204 of 18 342`, or why there is none. */
  readonly status?: ReactNode;
}

/**
 * A filter as text, with completion and errors at their place. A broken filter is never put in force: the list stays as it
 * was, and the field says what is wrong where.
 */
export function FilterBar({ entity, value, onChange, placeholder, values, examples = [], status }: Props) {
  const [text, setText] = useState(value);
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const [cursor, setCursor] = useState(0);
  const [found, setFound] = useState<readonly CompletionOption[]>([]);
  const input = useRef<HTMLInputElement>(null);
  const marks = useRef<HTMLDivElement>(null);
  const id = useId();
  const fields = FIELD_SETS[entity];
  useEffect(() => setText(value), [value]);

  const { errors } = useMemo(() => parseFilter(text, fields), [text, fields]);
  const error = errors[0];
  const completion = useMemo(() => completionAt(text, cursor, fields), [text, cursor, fields]);

  // Words of the data are asked for once the field of the value is known.
  const wanted = completion.expects === 'value' ? completion.field : undefined;
  const { prefix } = completion;
  useEffect(() => {
    setFound([]);
    if (!open || wanted === undefined || values === undefined) return;
    let stale = false;
    values(wanted, prefix).then(
      (counts) => {
        if (!stale) setFound(counts.map((each) => ({ insert: quoted(each.value), help: String(each.count) })));
      },
      () => undefined,
    );
    return () => {
      stale = true;
    };
  }, [open, wanted, prefix, values]);

  const options = useMemo(() => {
    if (text === '') return examples.map(({ filter, help }) => ({ insert: filter, help }));
    const known = new Set(found.map((option) => option.insert));
    return [...found, ...completion.options.filter((option) => !known.has(option.insert))].slice(0, 40);
  }, [text, examples, found, completion]);

  const apply = (next: string): void => {
    if (parseFilter(next, fields).errors.length === 0 && next !== value) onChange(next.trim());
  };
  // What is typed is put in force after a short rest; Enter does it at once.
  const latest = useRef(apply);
  latest.current = apply;
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => latest.current(text), 400);
    return () => clearTimeout(timer);
  }, [text, value]);

  const accept = (option: CompletionOption): void => {
    const whole = text === '';
    const { from, to } = whole ? { from: 0, to: 0 } : completion;
    const next = `${text.slice(0, from)}${option.insert}${text.slice(to)}`;
    const at = from + option.insert.length;
    setText(next);
    setChosen(-1);
    setCursor(at);
    if (whole || completion.expects === 'value' || completion.expects === 'flag') setOpen(false);
    requestAnimationFrame(() => input.current?.setSelectionRange(at, at));
  };

  useKeys([
    {
      keys: '/',
      does: 'Filter',
      run: () => {
        input.current?.focus();
        input.current?.select();
      },
    },
  ]);

  const shown = open && options.length > 0;
  return (
    <div className="filter">
      <div className="filter-field" data-invalid={error !== undefined && !open}>
        <div className="filter-text">
          <div className="filter-marks" ref={marks} aria-hidden="true">
            {error === undefined ? null : (
              <>
                {text.slice(0, error.from)}
                <mark>{text.slice(error.from, Math.max(error.to, error.from + 1)) || ' '}</mark>
              </>
            )}
          </div>
          <input
            ref={input}
            data-testid="filter-input"
            value={text}
            placeholder={placeholder}
            spellCheck={false}
            autoComplete="off"
            aria-label="Filter"
            aria-invalid={error !== undefined}
            aria-describedby={error === undefined ? undefined : `${id}-error`}
            role="combobox"
            aria-expanded={shown}
            aria-controls={`${id}-list`}
            aria-activedescendant={chosen >= 0 ? `${id}-${chosen}` : undefined}
            onChange={(event) => {
              setText(event.target.value);
              setCursor(event.target.selectionStart ?? 0);
              setOpen(true);
              setChosen(-1);
            }}
            onFocus={() => setOpen(true)}
            onBlur={() => {
              setOpen(false);
              apply(text);
            }}
            onScroll={(event) => marks.current?.scrollTo(event.currentTarget.scrollLeft, 0)}
            onSelect={(event) => setCursor(event.currentTarget.selectionStart ?? 0)}
            onKeyDown={(event) => {
              const option = options[chosen] ?? (event.key === 'Tab' ? options[0] : undefined);
              if (event.key === 'ArrowDown') setChosen(Math.min(chosen + 1, options.length - 1));
              else if (event.key === 'ArrowUp') setChosen(Math.max(chosen - 1, -1));
              else if (event.key === 'Escape') {
                if (shown) setOpen(false);
                else input.current?.blur();
              } else if (event.key === 'Enter' && shown && chosen >= 0 && option !== undefined) accept(option);
              else if (event.key === 'Enter') {
                setOpen(false);
                apply(text);
              } else if (event.key === 'Tab' && shown && text !== '' && option !== undefined && !event.shiftKey)
                accept(option);
              else return;
              event.preventDefault();
            }}
          />
        </div>
        {text !== '' && (
          <button
            type="button"
            className="filter-clear"
            aria-label="Clear the filter"
            onClick={() => {
              setText('');
              onChange('');
            }}
          >
            ×
          </button>
        )}
        {status !== undefined && (
          <span className="filter-count" data-testid="filter-count">
            {status}
          </span>
        )}
      </div>
      {error !== undefined && text !== value && (
        <p
          className="filter-error"
          id={`${id}-error`}
          data-testid="filter-error"
          data-from={error.from}
          data-to={error.to}
        >
          {error.msg}
        </p>
      )}
      {shown && (
        <ul className="filter-list" id={`${id}-list`} role="listbox" aria-label="Completions">
          {options.map((option, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are handled by the field above
            // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the field, as a combobox does
            <li
              key={option.insert}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === chosen}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => accept(option)}
            >
              <code>{option.insert}</code>
              <span>{option.help}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** A term that is on or off in the text of a filter. */
export function Chip({
  term,
  label,
  value,
  onChange,
}: {
  readonly term: string;
  readonly label: string;
  readonly value: string;
  onChange(text: string): void;
}) {
  const on = hasTerm(value, term);
  return (
    <button
      type="button"
      className="chip"
      aria-pressed={on}
      onClick={() => onChange(on ? withoutTerm(value, term) : withTerm(value, term))}
    >
      {label}
    </button>
  );
}
