import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { leastValue } from './json-edit.ts';
import { escapePointer } from './json-lines.ts';
import './schema-form.css';
import {
  describe,
  type FieldProblem,
  type FieldProps,
  type FormContext,
  Leaf,
  RemoveButton,
  remove,
  set,
} from './schema-field.tsx';
import { type JsonSchema, resolve } from './schema-walk.ts';

export type { FieldProblem } from './schema-field.tsx';

interface FormProps {
  readonly schema: JsonSchema;
  readonly document: unknown;
  readonly problems: readonly FieldProblem[];
  /** Words to choose from for a member, beside free text: tokens, running transactions. */
  readonly suggestions: Readonly<Record<string, readonly string[]>>;
  /** Stands in the place of the field of a member that has a form of its own. */
  readonly special?: ((pointer: string) => ReactNode) | undefined;
  onChange(document: unknown): void;
}

/**
 * A form over a JSON document. It shows what is required and what is filled; everything else is a chip away. The document
 * is the truth: members that the schema does not know stay, and are told.
 */
export function SchemaForm({ schema, document, problems, suggestions, special, onChange }: FormProps) {
  const context: FormContext = { root: schema, document, problems, suggestions, special, onChange };
  return (
    <div className="form">
      <Members
        context={context}
        schema={choose(resolve(schema, schema), schema, document)}
        pointer=""
        value={document}
      />
    </div>
  );
}

function Members({
  context,
  schema,
  pointer,
  value,
}: {
  readonly context: FormContext;
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

function Field(props: FieldProps) {
  const { context, pointer, name, required, value, onRemove } = props;
  const schema = choose(resolve(props.schema, context.root), context.root, value);
  const type = Array.isArray(schema.type) ? schema.type[0] : (schema.type as string | undefined);
  const own = context.problems.filter((problem) => problem.pointer === pointer);
  const help = describe(props.schema, context.root, name);
  const special = context.special?.(pointer);
  if (special !== undefined && special !== null) {
    return (
      <Group name={name} required={required} help={help} problems={own} onRemove={onRemove}>
        {special}
      </Group>
    );
  }
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

/** The branch of a choice that the value fits best: the one whose fixed members it has, or else the one of its type. */
function choose(schema: JsonSchema, root: JsonSchema, value: unknown): JsonSchema {
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches === undefined) return schema;
  if (branches.every((branch) => branch.const !== undefined))
    return { ...schema, enum: branches.map((branch) => branch.const) };
  const resolved = branches.map((branch) => resolve(branch, root));
  const wanted = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  const ofType = resolved.filter((branch) => branch.type === wanted || branch.properties !== undefined);
  return ofType.find((branch) => fixedMembersFit(branch, value)) ?? ofType[0] ?? resolved[0] ?? schema;
}

function fixedMembersFit({ properties }: JsonSchema, value: unknown): boolean {
  const record = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  return Object.entries(properties ?? {}).every(([name, member]) => {
    const words = member.const !== undefined ? [member.const] : member.enum?.length === 1 ? member.enum : undefined;
    return words === undefined || words.includes(record[name]);
  });
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
