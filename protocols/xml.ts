/**
 * The XML that both Query protocols answer with. A writer is compiled for each shape on first use: a closure with the tags
 * already concatenated, which appends to one string; the string is encoded into Buffers before it grows long, because a
 * listing built as one string costs three times as much.
 */
import { Buffer } from 'node:buffer';
import type { Json, Member, Shape, Structure, StructureShape } from './types.ts';

export const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** About a hundred items of a listing; a string of more than 128 KiB is a mapping of its own. */
const flushLength = 100_000;

export class XmlSink {
  text = xmlDeclaration;
  readonly #pieces: Buffer[] = [];

  flushIfLong(): void {
    if (this.text.length > flushLength) this.#flush();
  }

  finish(): string | Buffer[] {
    if (this.#pieces.length === 0) return this.text;
    this.#flush();
    return this.#pieces;
  }

  #flush(): void {
    this.#pieces.push(Buffer.from(this.text, 'utf8'));
    this.text = '';
  }
}

// Control characters that XML 1.0 cannot carry in any spelling: https://www.w3.org/TR/xml/#charsets
// eslint-disable-next-line no-control-regex
const special = /[&<>"\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
// eslint-disable-next-line no-control-regex
const specials = /[&<>"\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#xD;' };

/** A character that XML cannot carry becomes the replacement character. */
export function escapeXml(text: string): string {
  return special.test(text) ? text.replace(specials, (character) => escapes[character] ?? '\ufffd') : text;
}

export const element = (name: string, text: string): string => `<${name}>${escapeXml(text)}</${name}>`;

type Write = (value: Json, sink: XmlSink) => void;
export type WriteStructure = (value: Structure, sink: XmlSink) => void;

/** Compiles writers for one protocol, which says how a timestamp is spelled. */
export class XmlCompiler {
  readonly #timestamp: (value: string) => string;
  readonly #structures = new WeakMap<StructureShape, WriteStructure>();
  readonly #results = new WeakMap<StructureShape, WriteStructure>();

  constructor(timestamp: (value: string) => string) {
    this.#timestamp = timestamp;
  }

  structure(shape: StructureShape): WriteStructure {
    return this.#cached(this.#structures, shape, false);
  }

  /** As `structure`, but a list that is absent is written as an empty element: clients index what an operation always returns. */
  result(shape: StructureShape): WriteStructure {
    return this.#cached(this.#results, shape, true);
  }

  #cached(cache: WeakMap<StructureShape, WriteStructure>, shape: StructureShape, listsAlways: boolean): WriteStructure {
    let writer = cache.get(shape);
    if (!writer) {
      writer = this.#compileStructure(shape, listsAlways);
      cache.set(shape, writer);
    }
    return writer;
  }

  #compileStructure(shape: StructureShape, listsAlways: boolean): WriteStructure {
    const members = [...shape.members.values()].map((member) => ({
      name: member.name,
      // Compiled on first use: shapes are recursive, and most members of most answers are absent.
      write: undefined as Write | undefined,
      absent: listsAlways && member.target.type === 'list' && !member.xmlFlattened ? `<${member.xmlName ?? member.name}/>` : '',
      member,
    }));
    return (value, sink) => {
      for (const entry of members) {
        const memberValue = value[entry.name];
        if (memberValue !== undefined && memberValue !== null) (entry.write ??= this.#member(entry.member))(memberValue, sink);
        else if (entry.absent !== '') sink.text += entry.absent;
      }
    };
  }

  #member(member: Member): Write {
    const name = member.xmlName ?? member.name;
    const { target } = member;
    if (target.type === 'list') return this.#list(target, name, member.xmlFlattened === true);
    if (target.type === 'map') return this.#map(target, name, member.xmlFlattened === true);
    return this.#tagged(target, name);
  }

  #tagged(target: Shape, name: string): Write {
    const open = `<${name}>`;
    const close = `</${name}>`;
    switch (target.type) {
      case 'structure':
      case 'union': {
        const write = this.structure(target);
        return (value, sink) => {
          sink.text += open;
          write(value as Structure, sink);
          sink.text += close;
        };
      }
      case 'list':
        return this.#list(target, name, false);
      case 'map':
        return this.#map(target, name, false);
      case 'string':
      case 'blob':
        return (value, sink) => {
          sink.text += open + escapeXml(typeof value === 'string' ? value : String(value)) + close;
        };
      case 'timestamp': {
        const spell = this.#timestamp;
        return (value, sink) => {
          sink.text += open + spell(value as string) + close;
        };
      }
      default:
        return (value, sink) => {
          sink.text += open + String(value) + close;
        };
    }
  }

  #list(list: Shape & { type: 'list' }, name: string, flattened: boolean): Write {
    const item = this.#tagged(list.member.target, flattened ? name : (list.member.xmlName ?? 'member'));
    const writeItems = (items: Json[], sink: XmlSink): void => {
      for (const value of items) {
        if (value === null || value === undefined) continue;
        item(value, sink);
        sink.flushIfLong();
      }
    };
    if (flattened) return (value, sink) => writeItems(value as Json[], sink);
    const open = `<${name}>`;
    const close = `</${name}>`;
    const empty = `<${name}/>`;
    return (value, sink) => {
      const items = value as Json[];
      if (items.length === 0) {
        sink.text += empty;
        return;
      }
      sink.text += open;
      writeItems(items, sink);
      sink.text += close;
    };
  }

  #map(map: Shape & { type: 'map' }, name: string, flattened: boolean): Write {
    const key = this.#tagged(map.key.target, map.key.xmlName ?? 'key');
    const value = this.#tagged(map.value.target, map.value.xmlName ?? 'value');
    const entryName = flattened ? name : 'entry';
    return (entries, sink) => {
      const names = Object.keys(entries as Structure);
      if (!flattened) sink.text += names.length > 0 ? `<${name}>` : `<${name}/>`;
      for (const entry of names) {
        sink.text += `<${entryName}>`;
        key(entry, sink);
        const entryValue = (entries as Structure)[entry];
        if (entryValue !== undefined && entryValue !== null) value(entryValue, sink);
        sink.text += `</${entryName}>`;
      }
      if (!flattened && names.length > 0) sink.text += `</${name}>`;
    };
  }
}
