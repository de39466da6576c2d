import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** Documents with namespaces, and their exclusive canonical form. https://www.w3.org/TR/xml-exc-c14n/ */
export interface Element {
  /** As written: 'saml:Issuer'. */
  readonly qualified: string;
  readonly local: string;
  readonly namespace: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** What is in scope, by prefix; '' is the default one. */
  readonly namespaces: ReadonlyMap<string, string>;
  readonly children: readonly (Element | string)[];
}

type Parsed = { [name: string]: Parsed[] | string | Record<string, string> };

const ATTRIBUTES = ':@';
const TEXT = '#text';
const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
const parser = new XMLParser({
  preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '', trimValues: false, parseTagValue: false, parseAttributeValue: false, processEntities: true, htmlEntities: true, ignoreDeclaration: true, ignorePiTags: true,
});

/** The root; undefined where the text is no document, or has a document type. */
export function readXml(text: string): Element | undefined {
  const source = text.trim().replace(/\r\n?/g, '\n');
  if (/<!DOCTYPE|<!ENTITY/i.test(source)) return undefined;
  try {
    if (XMLValidator.validate(source) !== true) return undefined;
    const roots = (parser.parse(source) as Parsed[]).filter((node) => !(TEXT in node));
    return roots.length === 1 ? element(roots[0]!, new Map([['xml', XML_NAMESPACE], ['', '']])) : undefined;
  } catch {
    return undefined;
  }
}

function element(node: Parsed, outer: ReadonlyMap<string, string>): Element {
  const qualified = Object.keys(node).find((key) => key !== ATTRIBUTES)!;
  const namespaces = new Map(outer);
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries((node[ATTRIBUTES] ?? {}) as Record<string, string>)) {
    if (name === 'xmlns') namespaces.set('', value);
    else if (name.startsWith('xmlns:')) namespaces.set(name.slice(6), value);
    else attributes[name] = value;
  }
  const [prefix, local] = split(qualified);
  const namespace = namespaces.get(prefix);
  if (namespace === undefined) throw new Error(`the prefix ${prefix} is not declared`);
  const children = (node[qualified] as Parsed[]).map((child) => (TEXT in child ? String(child[TEXT]) : element(child, namespaces)));
  return { qualified, local, namespace, attributes, namespaces, children };
}

const split = (qualified: string): [prefix: string, local: string] => {
  const at = qualified.indexOf(':');
  return at < 0 ? ['', qualified] : [qualified.slice(0, at), qualified.slice(at + 1)];
};

export const elements = (parent: Element): Element[] => parent.children.filter((child): child is Element => typeof child !== 'string');
export const named = (parent: Element | undefined, namespace: string, local: string): Element[] => (parent ? elements(parent).filter((e) => e.local === local && e.namespace === namespace) : []);
export const first = (parent: Element | undefined, namespace: string, ...path: string[]): Element | undefined => path.reduce<Element | undefined>((at, local) => named(at, namespace, local)[0], parent);
export const textOf = (e: Element): string => e.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
export const everyElement = (root: Element): Element[] => [root, ...elements(root).flatMap(everyElement)];

/** Without `omitted`, which is how an enveloped signature leaves itself out. */
export function canonical(root: Element, inclusivePrefixes: readonly string[] = [], omitted?: Element): string {
  const out: string[] = [];
  write(root, new Map([['', '']]), new Set(inclusivePrefixes.map((prefix) => (prefix === '#default' ? '' : prefix))), omitted, out);
  return out.join('');
}

function write(e: Element, rendered: ReadonlyMap<string, string>, inclusive: ReadonlySet<string>, omitted: Element | undefined, out: string[]): void {
  const attributes = Object.keys(e.attributes).map((name) => {
    const [prefix, local] = split(name);
    return { name, local, prefix, namespace: prefix === '' ? '' : (e.namespaces.get(prefix) ?? '') };
  });
  const used = new Set([split(e.qualified)[0], ...attributes.map((a) => a.prefix).filter((prefix) => prefix !== ''), ...[...inclusive].filter((prefix) => e.namespaces.has(prefix))]);
  used.delete('xml');
  const declared = [...used].filter((prefix) => rendered.get(prefix) !== e.namespaces.get(prefix)).sort();
  const now = new Map(rendered);
  out.push('<', e.qualified);
  for (const prefix of declared) {
    const uri = e.namespaces.get(prefix)!;
    now.set(prefix, uri);
    out.push(prefix === '' ? ' xmlns="' : ` xmlns:${prefix}="`, attributeText(uri), '"');
  }
  attributes.sort((a, b) => compare(a.namespace, b.namespace) || compare(a.local, b.local));
  for (const { name } of attributes) out.push(' ', name, '="', attributeText(e.attributes[name]!), '"');
  out.push('>');
  for (const child of e.children) {
    if (typeof child === 'string') out.push(plainText(child));
    else if (child !== omitted) write(child, now, inclusive, omitted, out);
  }
  out.push('</', e.qualified, '>');
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const plainText = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\r/g, '&#xD;');
const attributeText = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;').replace(/\t/g, '&#x9;').replace(/\n/g, '&#xA;').replace(/\r/g, '&#xD;');
