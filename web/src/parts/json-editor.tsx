import { autocompletion, type CompletionContext, closeBrackets } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';

interface Props {
  readonly value: string;
  readonly label: string;
  /** Places that are wrong, by character. */
  readonly marks: readonly { readonly from: number; readonly to: number; readonly text: string }[];
  /** Member names and words to complete. */
  readonly words: readonly string[];
  onChange(text: string): void;
}

const COLOURS = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--c-text)', fontWeight: '550' },
  { tag: tags.string, color: 'var(--c-ok)' },
  { tag: [tags.number, tags.bool], color: 'var(--c-ocpp)' },
  { tag: tags.null, color: 'var(--c-muted)' },
]);

const LOOK = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'transparent', color: 'var(--c-text)' },
  '.cm-scroller': { font: '12.5px/19px var(--mono)', overflow: 'auto' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--c-muted)', border: 'none' },
  '.cm-content': { caretColor: 'var(--c-text)' },
  '.cm-cursor': { borderLeftColor: 'var(--c-text)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': { backgroundColor: 'var(--s-selected) !important' },
  '.cm-tooltip': { backgroundColor: 'var(--s-page)', border: '1px solid var(--s-line)', color: 'var(--c-text)' },
});

/** JSON as text, with completion from the schema and what is wrong at its place. */
export default function JsonEditor({ value, label, marks, words, onChange }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useRef({ onChange, words });
  latest.current = { onChange, words };

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once; changes come by the effects below
  useEffect(() => {
    if (host.current === null) return;
    const complete = (context: CompletionContext) => {
      const word = context.matchBefore(/"?[\w.-]*/);
      if (word === null || (word.from === word.to && !context.explicit)) return null;
      const quote = word.text.startsWith('"');
      return {
        from: quote ? word.from + 1 : word.from,
        options: latest.current.words.map((label) => ({ label, apply: quote ? label : `"${label}"` })),
      };
    };
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          json(),
          syntaxHighlighting(COLOURS),
          autocompletion({ override: [complete] }),
          lintGutter(),
          keymap.of([...defaultKeymap.filter((binding) => binding.key !== 'Mod-Enter'), ...historyKeymap]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label }),
          LOOK,
          EditorView.updateListener.of((update) => {
            if (
              update.docChanged &&
              update.transactions.some(
                (each) =>
                  each.isUserEvent('input') ||
                  each.isUserEvent('delete') ||
                  each.isUserEvent('undo') ||
                  each.isUserEvent('redo') ||
                  each.isUserEvent('move'),
              )
            )
              latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (editor === undefined || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    const editor = view.current;
    if (editor === undefined) return;
    const most = editor.state.doc.length;
    const diagnostics: Diagnostic[] = marks.map(({ from, to, text }) => ({
      from: Math.min(from, most),
      to: Math.min(Math.max(to, from), most),
      severity: 'error',
      message: text,
    }));
    editor.dispatch(setDiagnostics(editor.state, diagnostics));
  }, [marks]);

  return <div ref={host} style={{ height: '100%', minHeight: 0 }} data-testid="json-editor" />;
}
