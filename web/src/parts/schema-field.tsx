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
import { IconX } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import { describeField, plainText } from './field-words.ts';
import { withoutValue, withValue } from './json-edit.ts';
import { type JsonSchema, resolve, typeInWords } from './schema-walk.ts';

export interface FieldProblem {
  readonly pointer: string;
  readonly text: string;
}

/** What all fields of a form share. */
export interface FormContext {
  readonly root: JsonSchema;
  readonly document: unknown;
  readonly problems: readonly FieldProblem[];
  readonly suggestions: Readonly<Record<string, readonly string[]>>;
  readonly special: ((pointer: string) => ReactNode) | undefined;
  onChange(document: unknown): void;
}

export function set(context: FormContext, pointer: string, value: unknown): void {
  context.onChange(withValue(context.document, pointer, value));
}

export function remove(context: FormContext, pointer: string): void {
  context.onChange(withoutValue(context.document, pointer));
}

export interface FieldProps {
  readonly context: FormContext;
  readonly schema: JsonSchema;
  readonly pointer: string;
  readonly name: string;
  readonly required: boolean;
  readonly value: unknown;
  readonly onRemove: (() => void) | undefined;
}

export function describe(schema: JsonSchema, root: JsonSchema, name: string): string | undefined {
  const text = resolve(schema, root).description;
  return text === undefined ? describeField(name) : plainText(text);
}

export function RemoveButton({ name, onRemove }: { readonly name: string; onRemove(): void }) {
  return (
    <ActionIcon aria-label={`Take ${name} out`} onClick={onRemove}>
      <IconX size={14} />
    </ActionIcon>
  );
}

/** A member that is one value, with the input that fits its type. */
export function Leaf({
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
