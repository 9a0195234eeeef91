import { Iso15118Error } from '../error.ts';
import type { ComplexType, ContentType, Particle } from '../exi/grammar.ts';
import { type Iso2Message, V2G_Message } from '../exi/iso2.ts';

/**
 * The XML form of a V2G_Message of ISO 15118-2, which pools exchange as `signedData`. Written from the same tables as the
 * EXI form. Read by local names only: senders choose their own prefixes.
 */
const PREFIXES = {
  def: 'urn:iso:15118:2:2013:MsgDef',
  hdr: 'urn:iso:15118:2:2013:MsgHeader',
  body: 'urn:iso:15118:2:2013:MsgBody',
  dt: 'urn:iso:15118:2:2013:MsgDataTypes',
  sig: 'http://www.w3.org/2000/09/xmldsig#',
} as const;

type Prefix = keyof typeof PREFIXES;

/** The schema that declares each element; those not listed belong to the message body. */
const OTHER_SCHEMAS: Readonly<Record<Exclude<Prefix, 'body'>, readonly string[]>> = {
  def: ['V2G_Message', 'Header', 'Body'],
  hdr: ['SessionID', 'Notification'],
  dt: ['FaultCode', 'FaultMsg', 'Certificate', 'SubCertificates', 'RootCertificateID'],
  sig: [
    'Signature',
    'SignedInfo',
    'CanonicalizationMethod',
    'SignatureMethod',
    'Reference',
    'Transforms',
    'Transform',
    'DigestMethod',
    'DigestValue',
    'SignatureValue',
    'X509IssuerName',
    'X509SerialNumber',
  ],
};

function prefixOf(element: string): Prefix {
  const prefixes: readonly Exclude<Prefix, 'body'>[] = ['def', 'hdr', 'dt', 'sig'];
  return prefixes.find((prefix) => OTHER_SCHEMAS[prefix].includes(element)) ?? 'body';
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.codePointAt(0)};`);
}

function propertiesOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function childrenOf(type: ComplexType): readonly { name: string; type: ContentType; many: boolean; min: number }[] {
  const options = (particle: Particle): readonly Particle[] =>
    particle.particle === 'oneOf' ? particle.options : [particle];
  return type.particles
    .flatMap(options)
    .flatMap((particle) =>
      particle.particle === 'child'
        ? [{ name: particle.name, type: particle.type, many: particle.occurrence === 'many', min: particle.min }]
        : [],
    );
}

function writeElement(name: string, type: ContentType, value: unknown, rootAttributes = ''): string {
  const tag = `${prefixOf(name)}:${name}`;
  if (type.kind === 'datatype') return `<${tag}>${escaped(type.toText(value))}</${tag}>`;
  const properties = propertiesOf(value);
  const attributes = type.attributes.flatMap(({ name: attribute }) => {
    const text = properties[attribute];
    // Ids of the message parts are the schema's global attribute; those of XML Signature are local.
    const qualified = prefixOf(name) === 'sig' ? attribute : `dt:${attribute}`;
    return typeof text === 'string' ? [` ${qualified}="${escaped(text)}"`] : [];
  });
  let content = '';
  if (type.simpleContent !== undefined) content = escaped(type.simpleContent.toText(properties['value']));
  for (const child of childrenOf(type)) {
    const given = properties[child.name];
    if (given === undefined) continue;
    for (const item of child.many && Array.isArray(given) ? given : [given]) {
      content += writeElement(child.name, child.type, item);
    }
  }
  return `<${tag}${rootAttributes}${attributes.join('')}>${content}</${tag}>`;
}

/** The message as XML text with a declaration, without white space between elements. */
export function toContractXml(message: Iso2Message): string {
  const namespaces = Object.entries(PREFIXES).map(([prefix, uri]) => ` xmlns:${prefix}="${uri}"`);
  const root = writeElement('V2G_Message', V2G_Message, message, namespaces.join(''));
  return `<?xml version="1.0" encoding="UTF-8"?>${root}`;
}

const MAX_XML_CHARS = 65_536;
const MAX_DEPTH = 16;

interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlNode[];
  text: string;
}

function invalid(text: string): Iso15118Error {
  return new Iso15118Error('XML_INVALID', text);
}

function unescaped(text: string): string {
  return text.replace(/&([^;&]{1,10});?/g, (whole, name: string) => {
    const number = /^#(?:x([0-9a-fA-F]+)|(\d+))$/.exec(name);
    if (number === null) {
      const known = Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined;
      if (known === undefined) throw invalid(`The entity ${whole} is not known`);
      return known;
    }
    const point = number[1] === undefined ? Number(number[2]) : Number.parseInt(number[1], 16);
    if (point > 0x10ffff) throw invalid(`${whole} is no character`);
    return String.fromCodePoint(point);
  });
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** Comments, instructions, end tags, start tags, text; document types and CDATA match none of them and are refused. */
const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<\/([\w.:-]+)\s*>|<([\w.:-]+)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;
const ATTRIBUTE = /([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

function parseXml(source: string): XmlNode {
  if (source.length > MAX_XML_CHARS) throw invalid(`XML of ${source.length} characters; ${MAX_XML_CHARS} are read`);
  const top: XmlNode = { name: '', attributes: {}, children: [], text: '' };
  const open: XmlNode[] = [top];
  const token = new RegExp(TOKEN);
  for (let at = 0; at < source.length; at = token.lastIndex) {
    token.lastIndex = at;
    const match = token.exec(source);
    if (match === null) throw invalid(`The XML cannot be read at character ${at + 1}`);
    const [, closing, opening, attributes = '', selfClosing, text] = match;
    const current = open[open.length - 1] ?? top;
    if (text !== undefined) current.text += unescaped(text);
    if (closing !== undefined) {
      if (open.length === 1 || current.name !== localName(closing)) throw invalid(`</${closing}> closes nothing`);
      open.pop();
    }
    if (opening !== undefined) {
      const pairs = Array.from(attributes.matchAll(ATTRIBUTE), ([, name = '', double, single]) => [
        localName(name),
        unescaped(double ?? single ?? ''),
      ]);
      const node: XmlNode = { name: localName(opening), attributes: Object.fromEntries(pairs), children: [], text: '' };
      current.children.push(node);
      if (selfClosing !== '/') open.push(node);
      if (open.length > MAX_DEPTH) throw invalid(`The XML is nested deeper than ${MAX_DEPTH} elements`);
    }
  }
  const [root] = top.children;
  if (open.length > 1 || root === undefined || top.children.length > 1) throw invalid('The XML is not one element');
  return root;
}

function readNode(node: XmlNode, type: ContentType, path: string): unknown {
  if (type.kind === 'datatype') return type.fromText(node.text);
  const properties: Record<string, unknown> = {};
  for (const { name, required } of type.attributes) {
    const text = Object.hasOwn(node.attributes, name) ? node.attributes[name] : undefined;
    if (text !== undefined) properties[name] = text;
    else if (required) throw new Iso15118Error('XML_INVALID', `the attribute ${name} is missing`, { path });
  }
  if (type.simpleContent !== undefined) properties['value'] = type.simpleContent.fromText(node.text);
  const declared = childrenOf(type);
  for (const child of node.children) {
    const found = declared.find(({ name }) => name === child.name);
    if (found === undefined) throw new Iso15118Error('XML_INVALID', `${child.name} is not expected here`, { path });
    const value = readNode(child, found.type, `${path}/${child.name}`);
    const before = properties[child.name];
    if (!found.many) properties[child.name] = value;
    else if (Array.isArray(before)) before.push(value);
    else properties[child.name] = [value];
  }
  for (const { name, min } of declared) {
    if (min > 0 && properties[name] === undefined) {
      throw new Iso15118Error('XML_INVALID', `${name} is missing`, { path });
    }
  }
  return properties;
}

/** Reads the XML form. Throws `XML_INVALID`; document types and entities of their own are refused. */
export function fromContractXml(source: string): Iso2Message {
  const root = parseXml(source.trim());
  if (root.name !== 'V2G_Message') throw invalid(`The root element is ${root.name}, not V2G_Message`);
  return readNode(root, V2G_Message, root.name) as Iso2Message;
}
