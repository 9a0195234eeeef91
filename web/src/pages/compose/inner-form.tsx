import { withValue } from '../../parts/json-edit.ts';
import { type FieldProblem, SchemaForm } from '../../parts/schema-form.tsx';
import { type InnerMessage, readJson, type useDraft } from './use-draft.ts';

/** The message that stands as JSON text in `data` of a DataTransfer, when it is one that has a schema. */
export function innerOf(
  known: readonly InnerMessage[] | undefined,
  payload: unknown,
  from: 'csms' | 'station',
): InnerMessage | undefined {
  const { vendorId, messageId } = (payload ?? {}) as Readonly<Record<string, unknown>>;
  return known?.find((each) => each.from === from && each.vendorId === vendorId && each.messageId === messageId);
}

/** A form in the form: what is edited here is written as text into the member that carries it. */
export function InnerForm({
  inner,
  draft,
  problems,
  suggestions,
}: {
  readonly inner: InnerMessage;
  readonly draft: ReturnType<typeof useDraft>;
  readonly problems: readonly FieldProblem[];
  readonly suggestions: Readonly<Record<string, readonly string[]>>;
}) {
  const { data } = (draft.value ?? {}) as Readonly<Record<string, unknown>>;
  const read = readJson(typeof data === 'string' ? data : '');
  const write = (next: unknown): void => draft.setValue(withValue(draft.value, '/data', JSON.stringify(next)));
  return (
    <div data-testid="inner-form">
      <p className="form-help">{inner.messageId} of Plug & Charge; it travels as JSON text in this member.</p>
      {read.error !== undefined ? (
        <p className="form-error" role="alert">
          The text is not JSON: {read.error}{' '}
          <button type="button" className="chip" onClick={() => write(inner.minimal)}>
            Begin anew
          </button>
        </p>
      ) : (
        <SchemaForm
          schema={inner.schema}
          document={read.value}
          problems={problems
            .filter(({ pointer }) => pointer.startsWith('/data/'))
            .map(({ pointer, text }) => ({ pointer: pointer.slice('/data'.length), text }))}
          suggestions={suggestions}
          onChange={write}
        />
      )}
    </div>
  );
}
