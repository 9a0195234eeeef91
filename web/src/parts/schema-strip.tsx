import type { ReactNode } from 'react';
import { describeField, plainText } from './field-words.ts';
import { pointerParts } from './json-lines.ts';
import { type JsonSchema, schemaAt, typeInWords } from './schema-walk.ts';

/** What a field is: type, limits, whether it is required, what it means. */
export function SchemaStrip({
  pointer,
  schema,
  docs,
  children,
}: {
  readonly pointer: string;
  readonly schema: JsonSchema | undefined;
  readonly docs: Readonly<Record<string, string>> | undefined;
  readonly children?: ReactNode;
}) {
  const found = schema === undefined ? undefined : schemaAt(schema, pointer);
  const name = pointerParts(pointer).findLast((part) => !/^\d+$/.test(part));
  const text =
    found?.schema.description ??
    docs?.[pointer] ??
    docs?.[pointer.replace(/\/\d+(?=\/|$)/g, '/0')] ??
    describeField(name);
  return (
    <footer className="schema-strip" data-testid="schema-strip">
      <div className="row wrap">
        <code>{pointer === '' ? '(the whole payload)' : pointer}</code>
        {found !== undefined && <span className="muted">{typeInWords(found.schema)}</span>}
        {found !== undefined && pointer !== '' && (
          <span className="tag">{found.required ? 'required' : 'optional'}</span>
        )}
      </div>
      {text !== undefined && <p>{plainText(text)}</p>}
      {found?.schema.enum !== undefined && <p className="muted">{found.schema.enum.map(String).join(' · ')}</p>}
      {children}
    </footer>
  );
}
