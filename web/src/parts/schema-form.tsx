import {
  ActionIcon,
  Button,
  Checkbox,
  NativeSelect,
  NumberInput,
  SegmentedControl,
  Textarea,
  TextInput,
} from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import { describeField, plainText } from './field-words.ts';
import { leastValue, withoutValue, withValue } from './json-edit.ts';
import { escapePointer } from './json-lines.ts';
import './schema-form.css';
import { type JsonSchema, resolve, typeInWords } from './schema-walk.ts';

export interface FieldProblem {
  readonly pointer: string;
  readonly text: string;
}

interface FormProps {
  readonly schema: JsonSchema;
  readonly document: unknown;
  readonly problems: readonly FieldProblem[];
  /** Words to choose from for a member, beside free text: tokens, running transactions. */
  readonly suggestions: Readonly<Record<string, readonly string[]>>;
  onChange(document: unknown): void;
}

/**
 * A form over a JSON document. It shows what is required and what is filled; everything else is a chip away. The document
 * is the truth: members that the schema does not know stay, and are told.
 */
export function SchemaForm({ schema, document, problems, suggestions, onChange }: FormProps) {
  const context: Context = { root: schema, document, problems, suggestions, onChange };
  return (
    <div className="form">
      <Members context={context} schema={resolve(schema, schema)} pointer="" value={document} />
    </div>
  );
}

interface Context {
  readonly root: JsonSchema;
  readonly document: unknown;
  readonly problems: readonly FieldProblem[];
  readonly suggestions: Readonly<Record<string, readonly string[]>>;
  onChange(document: unknown): void;
}

function set(context: Context, pointer: string, value: unknown): void {
  context.onChange(withValue(context.document, pointer, value));
}

function remove(context: Context, pointer: string): void {
  context.onChange(withoutValue(context.document, pointer));
}

function Members({
  context,
  schema,
  pointer,
  value,
}: {
  readonly context: Context;
  readonly schema: JsonSchema;
  readonly pointer: string;
  readonly value: unknown;
}) {
  const record = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const required = new Set(schema.required ?? []);
  const names = Object.keys(schema.properties ?? {});
  const ordered = [...names.filter((name) => required.has(name)), ...names.filter((name) => !required.has(name))];
  const shown = ordered.filter((name) => required.has(name) || Object.hasOwn(record, name));
  const hidden = ordered.filter((name) => !shown.includes(name));
  const others = Object.keys(record).filter((name) => schema.properties !== undefined && !names.includes(name));
  return (
    <>
      {shown.map((name) => {
        const at = `${pointer}/${escapePointer(name)}`;
        return (
          <Field
            key={name}
            context={context}
            schema={schema.properties?.[name] ?? {}}
            pointer={at}
            name={name}
            required={required.has(name)}
            value={record[name]}
            onRemove={required.has(name) ? undefined : () => remove(context, at)}
          />
        );
      })}
      {others.length > 0 && (
        <p className="form-help">
          Other members, kept as they are: <code>{others.join(', ')}</code>
        </p>
      )}
      {hidden.length > 0 && (
        <div className="form-more">
          {hidden.map((name) => (
            <button
              key={name}
              type="button"
              className="chip"
              title={describe(schema.properties?.[name] ?? {}, context.root, name)}
              onClick={() =>
                set(
                  context,
                  `${pointer}/${escapePointer(name)}`,
                  leastValue(schema.properties?.[name] ?? {}, context.root, new Date().toISOString()),
                )
              }
            >
              + {name}
            </button>
          ))}
        </div>
      )}
    </>
  );
}

function describe(schema: JsonSchema, root: JsonSchema, name: string): string | undefined {
  const text = resolve(schema, root).description;
  return text === undefined ? describeField(name) : plainText(text);
}

interface FieldProps {
  readonly context: Context;
  readonly schema: JsonSchema;
  readonly pointer: string;
  readonly name: string;
  readonly required: boolean;
  readonly value: unknown;
  readonly onRemove: (() => void) | undefined;
}

function Field(props: FieldProps) {
  const { context, pointer, name, required, value, onRemove } = props;
  const schema = choose(resolve(props.schema, context.root), context.root, value);
  const type = Array.isArray(schema.type) ? schema.type[0] : (schema.type as string | undefined);
  const own = context.problems.filter((problem) => problem.pointer === pointer);
  const help = describe(props.schema, context.root, name);
  if (type === 'object' || schema.properties !== undefined) {
    return (
      <Group name={name} required={required} help={help} problems={own} onRemove={onRemove}>
        <Members context={context} schema={schema} pointer={pointer} value={value} />
      </Group>
    );
  }
  if (type === 'array') {
    const items = Array.isArray(value) ? value : [];
    const add = (): void =>
      set(context, pointer, [...items, leastValue(schema.items ?? {}, context.root, new Date().toISOString())]);
    return (
      <Group name={`${name} (${items.length})`} required={required} help={help} problems={own} onRemove={onRemove}>
        {items.map((item, index) => (
          <Field
            // biome-ignore lint/suspicious/noArrayIndexKey: an item is its place
            key={index}
            context={context}
            schema={schema.items ?? {}}
            pointer={`${pointer}/${index}`}
            name={String(index + 1)}
            required={false}
            value={item}
            onRemove={() => remove(context, `${pointer}/${index}`)}
          />
        ))}
        <div>
          <Button variant="default" leftSection={<IconPlus size={12} />} onClick={add}>
            Add
          </Button>
        </div>
      </Group>
    );
  }
  return <Leaf {...props} schema={schema} type={type} help={help} problems={own} />;
}

/** The branch of a choice that the value fits best: the one whose type it has. */
function choose(schema: JsonSchema, root: JsonSchema, value: unknown): JsonSchema {
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches === undefined) return schema;
  if (branches.every((branch) => branch.const !== undefined))
    return { ...schema, enum: branches.map((branch) => branch.const) };
  const resolved = branches.map((branch) => resolve(branch, root));
  const wanted = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  return resolved.find((branch) => branch.type === wanted) ?? resolved[0] ?? schema;
}

function Group({
  name,
  required,
  help,
  problems,
  onRemove,
  children,
}: {
  readonly name: string;
  readonly required: boolean;
  readonly help: string | undefined;
  readonly problems: readonly FieldProblem[];
  readonly onRemove: (() => void) | undefined;
  readonly children: ReactNode;
}) {
  return (
    <fieldset
      className="form-group"
      style={{ border: 0, borderLeft: '2px solid var(--s-line)', margin: 0, padding: '0 0 0 12px' }}
    >
      <legend className="visually-hidden">{name}</legend>
      <header title={help}>
        {name}
        {required && <i className="bad">required</i>}
        {onRemove !== undefined && <RemoveButton name={name} onRemove={onRemove} />}
      </header>
      {problems.map((problem) => (
        <p key={problem.text} className="form-error">
          {problem.text}
        </p>
      ))}
      {children}
    </fieldset>
  );
}

function RemoveButton({ name, onRemove }: { readonly name: string; onRemove(): void }) {
  return (
    <ActionIcon aria-label={`Take ${name} out`} onClick={onRemove}>
      <IconX size={14} />
    </ActionIcon>
  );
}

function Leaf({
  context,
  schema,
  type,
  pointer,
  name,
  required,
  value,
  help,
  problems,
  onRemove,
}: FieldProps & {
  readonly type: string | undefined;
  readonly help: string | undefined;
  readonly problems: readonly FieldProblem[];
}) {
  const id = useId();
  const change = (next: unknown): void => set(context, pointer, next);
  const words = context.suggestions[name] ?? [];
  return (
    <div className="form-field">
      <label className="form-label" htmlFor={id}>
        {name}
        {required && <i title="required">required</i>}
      </label>
      <div className="form-row">
        <Input
          id={id}
          schema={schema}
          type={type}
          value={value}
          words={words}
          onChange={change}
          invalid={problems.length > 0}
        />
        {onRemove !== undefined && <RemoveButton name={name} onRemove={onRemove} />}
      </div>
      <p className="form-help" title={help}>
        {[typeInWords(schema), help].filter(Boolean).join(' · ').slice(0, 160)}
      </p>
      {problems.map((problem) => (
        <p key={problem.text} className="form-error" role="alert">
          {problem.text}
        </p>
      ))}
    </div>
  );
}

interface InputProps {
  readonly id: string;
  readonly schema: JsonSchema;
  readonly type: string | undefined;
  readonly value: unknown;
  readonly words: readonly string[];
  readonly invalid: boolean;
  onChange(value: unknown): void;
}

function Input({ id, schema, type, value, words, invalid, onChange }: InputProps) {
  if (schema.enum !== undefined) {
    const options = schema.enum.map(String);
    const known = options.includes(String(value));
    if (options.length <= 4 && options.every((option) => option.length < 14) && known) {
      return <SegmentedControl id={id} data={options} value={String(value)} onChange={onChange} />;
    }
    return (
      <NativeSelect
        id={id}
        data={known ? options : [String(value ?? ''), ...options]}
        value={String(value ?? '')}
        error={invalid}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  if (type === 'boolean') {
    return (
      <Checkbox
        id={id}
        checked={value === true}
        label={value === true ? 'true' : 'false'}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    );
  }
  if ((type === 'integer' || type === 'number') && (typeof value === 'number' || value === undefined || value === '')) {
    return (
      <NumberInput
        id={id}
        value={typeof value === 'number' ? value : ''}
        allowDecimal={type === 'number'}
        error={invalid}
        hideControls
        onChange={(next) => onChange(next === '' ? undefined : next)}
      />
    );
  }
  if (schema.format === 'date-time') {
    return (
      <div className="form-row">
        <TextInput
          id={id}
          value={String(value ?? '')}
          error={invalid}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
        <Button variant="default" onClick={() => onChange(new Date().toISOString())}>
          Now
        </Button>
      </div>
    );
  }
  if (typeof value === 'object' && value !== null) {
    return <code>{JSON.stringify(value)}</code>;
  }
  const text = String(value ?? '');
  if (text.includes('\n') || (schema.maxLength ?? 0) > 1_000) {
    return (
      <Textarea
        id={id}
        value={text}
        error={invalid}
        autosize
        minRows={2}
        maxRows={8}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  return (
    <>
      <TextInput
        id={id}
        value={text}
        error={invalid}
        list={words.length > 0 ? `${id}-words` : undefined}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {words.length > 0 && (
        <datalist id={`${id}-words`}>
          {words.map((word) => (
            <option key={word} value={word} />
          ))}
        </datalist>
      )}
    </>
  );
}
