import { Iso15118Error } from '../error.ts';
import { BitReader, BitWriter, bitsFor, DEFAULT_EXI_LIMITS, type ExiLimits } from './bits.ts';
import type { ComplexType, ContentType, FragmentElement, SchemaSet } from './grammar.ts';
import { advance, codeWidth, type Position, type Production, productionsAt, startOfElement } from './productions.ts';

/**
 * Schema-informed EXI 1.0 as ISO 15118 uses it: bit-packed, not strict, default fidelity, no string table hits. Events
 * beyond the schema (xsi:type, prefixes, comments) are refused with a typed error.
 */
const EXI_HEADER = 0x80;

type Properties = Record<string, unknown>;

/** An error from below gets the path of the element it happened in. */
function located<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof Iso15118Error && thrown.path === '') {
      throw new Iso15118Error(thrown.code, thrown.message, { path, cause: thrown });
    }
    throw thrown;
  }
}

function propertiesOf(value: unknown, path: string): Properties {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)) {
    return value as Properties;
  }
  throw new Iso15118Error('EXI_VALUE', 'an object with the children of the element expected', { path });
}

function writeContent(writer: BitWriter, type: ContentType, value: unknown, path: string): void {
  if (type.kind === 'datatype') {
    writer.bits(1, 0);
    located(path, () => type.write(writer, value));
    writer.bits(1, 0);
    return;
  }
  const properties = propertiesOf(value, path);
  const at = startOfElement();
  const emit = (wanted: (production: Production) => boolean, what: string): void => {
    const productions = productionsAt(type, at);
    const code = productions.findIndex(wanted);
    if (code < 0)
      throw new Iso15118Error('EXI_VALUE', `${what} does not fit here, or something before it is missing`, { path });
    writer.bits(codeWidth(productions), code);
  };
  type.attributes.forEach((attribute, index) => {
    const text = properties[attribute.name];
    if (text === undefined && !attribute.required) return;
    if (typeof text !== 'string') {
      throw new Iso15118Error('EXI_VALUE', `the attribute ${attribute.name} must be text`, { path });
    }
    emit((production) => production.event === 'attribute' && production.index === index, attribute.name);
    at.attribute = index + 1;
    writer.string(text);
  });
  const simple = type.simpleContent;
  if (simple !== undefined) {
    emit((production) => production.event === 'characters', 'the value');
    at.attribute = type.attributes.length;
    at.charactersDone = true;
    located(path, () => simple.write(writer, properties['value']));
  } else {
    writeChildren(writer, type, properties, at, emit, path);
  }
  emit((production) => production.event === 'end', 'the end');
}

function writeChildren(
  writer: BitWriter,
  type: ComplexType,
  properties: Properties,
  at: Position,
  emit: (wanted: (production: Production) => boolean, what: string) => void,
  path: string,
): void {
  type.particles.forEach((particle, slot) => {
    if (particle.particle === 'refused') return;
    const children = particle.particle === 'oneOf' ? particle.options : [particle];
    for (const child of children) {
      if (child.particle === 'refused') continue;
      const given = properties[child.name];
      if (given === undefined) continue;
      const items: readonly unknown[] = child.occurrence === 'many' && Array.isArray(given) ? given : [given];
      for (const item of items) {
        emit((production) => production.event === 'child' && production.child === child, child.name);
        advance(type, at, { event: 'child', slot, child, choice: particle.particle === 'oneOf' });
        writeContent(writer, child.type, item, `${path}/${child.name}`);
      }
    }
  });
}

function readContent(reader: BitReader, type: ContentType, path: string): unknown {
  reader.countElement();
  if (type.kind === 'datatype') {
    return located(path, () => {
      if (reader.bits(1) === 1) throw new Iso15118Error('EXI_DEVIATION', 'content that the schema does not have');
      const value = type.read(reader);
      if (reader.bits(1) === 1) throw new Iso15118Error('EXI_DEVIATION', 'something follows where the element ends');
      return value;
    });
  }
  const properties: Properties = {};
  const at = startOfElement();
  for (;;) {
    const productions = productionsAt(type, at);
    const production = productions[located(path, () => reader.bits(codeWidth(productions)))];
    if (production === undefined) {
      throw new Iso15118Error('EXI_DEVIATION', 'an event that the schema does not have (xsi:type, prefix, comment …)', {
        path,
      });
    }
    switch (production.event) {
      case 'end':
        return properties;
      case 'refused':
        throw new Iso15118Error('EXI_UNSUPPORTED', `${production.name} is not read by this codec`, { path });
      case 'attribute': {
        const name = type.attributes[production.index]?.name ?? '';
        properties[name] = located(`${path}/${name}`, () => reader.string());
        at.attribute = production.index + 1;
        break;
      }
      case 'characters':
        at.attribute = type.attributes.length;
        at.charactersDone = true;
        properties['value'] = located(path, () => type.simpleContent?.read(reader));
        break;
      case 'child': {
        const { child } = production;
        advance(type, at, production);
        const value = readContent(reader, child.type, `${path}/${child.name}`);
        const before = properties[child.name];
        if (child.occurrence !== 'many') properties[child.name] = value;
        else if (Array.isArray(before)) before.push(value);
        else properties[child.name] = [value];
      }
    }
  }
}

/** The EXI document with the given root element. Throws `EXI_VALUE` when the value does not fit the schema. */
export function encodeDocument(schema: SchemaSet, root: string, value: unknown): Uint8Array {
  const declared = schema.roots[root];
  if (declared === undefined) throw new Iso15118Error('EXI_VALUE', `${root} is no message of ${schema.name}`);
  const writer = new BitWriter();
  writer.bits(8, EXI_HEADER);
  writer.bits(bitsFor(schema.globalElements + 1), declared.code);
  writeContent(writer, declared.type, value, root);
  return writer.finish();
}

export interface DecodedDocument {
  readonly root: string;
  readonly value: unknown;
}

/** Reads one EXI document. Whatever the bytes are, it ends with a value or an `Iso15118Error`. */
export function decodeDocument(
  schema: SchemaSet,
  bytes: Uint8Array,
  limits: ExiLimits = DEFAULT_EXI_LIMITS,
): DecodedDocument {
  const reader = new BitReader(bytes, limits);
  const header = reader.bits(8);
  if (header !== EXI_HEADER) {
    throw new Iso15118Error('EXI_HEADER', `The stream starts with 0x${header.toString(16).padStart(2, '0')}, not 0x80`);
  }
  const code = reader.bits(bitsFor(schema.globalElements + 1));
  const found = Object.entries(schema.roots).find(([, root]) => root.code === code);
  if (found === undefined) {
    throw new Iso15118Error(
      'EXI_UNSUPPORTED',
      `Root element number ${code} of ${schema.name} is no certificate message`,
    );
  }
  const [root, declared] = found;
  const value = readContent(reader, declared.type, root);
  if (reader.remainingBits >= 8) {
    throw new Iso15118Error('EXI_TRAILING', `${reader.remainingBits >> 3} bytes follow after the end of ${root}`);
  }
  return { root, value };
}

/**
 * The EXI fragment of one element: the octets whose hash is a ds:DigestValue. With `relaxed: false` an element whose name
 * has two types is still written by its own type, as some stacks do against EXI 1.0 section 8.5.3.
 */
export function encodeFragment(
  schema: SchemaSet,
  element: string,
  value: unknown,
  options: { readonly relaxed?: boolean } = {},
): Uint8Array {
  const declared = schema.fragments[element];
  if (declared === undefined) throw new Iso15118Error('EXI_VALUE', `${element} is no signed element of ${schema.name}`);
  const writer = new BitWriter();
  writer.bits(8, EXI_HEADER);
  const width = bitsFor(schema.elementNames + 2);
  writer.bits(width, declared.code);
  if (declared.relaxedIdAttribute !== undefined && options.relaxed !== false) {
    writeRelaxed(writer, schema, declared, value, element);
  } else {
    writeContent(writer, declared.type, value, element);
  }
  writer.bits(width, schema.elementNames + 1);
  return writer.finish();
}

/**
 * The relaxed ElementFragment grammar: all attribute names, any attribute, all element names, any element, end,
 * characters; after the attribute the same without attributes.
 */
function writeRelaxed(
  writer: BitWriter,
  schema: SchemaSet,
  declared: FragmentElement,
  value: unknown,
  path: string,
): void {
  const properties = propertiesOf(value, path);
  const { Id, value: content } = properties as { Id?: unknown; value?: unknown };
  if (typeof Id !== 'string' || typeof content !== 'string') {
    throw new Iso15118Error('EXI_VALUE', 'an Id and a text value expected', { path });
  }
  const afterAttributes = schema.elementNames + 1 + 1 + 1 + 1;
  const before = bitsFor(schema.attributeNames + 1 + afterAttributes);
  writer.bits(before, declared.relaxedIdAttribute ?? 0);
  writer.string(Id);
  writer.bits(before, schema.attributeNames + 1 + schema.elementNames + 1 + 1);
  writer.string(content);
  writer.bits(bitsFor(afterAttributes), schema.elementNames + 1);
}
