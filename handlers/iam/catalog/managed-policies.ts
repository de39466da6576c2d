/**
 * AWS managed policies at their newest version. Names and dates are in memory once used; documents stay compressed, and
 * reading one opens the chunk that it lies in (scripts/generate-catalog-managed-policies.mjs writes the file).
 */
import { createHash } from 'node:crypto';
import { brotliDecompressSync } from 'node:zlib';
import { readFixture } from '../../../fixtures/load.ts';

export interface ManagedPolicy {
  PolicyName: string;
  PolicyId: string;
  Arn: string;
  Path: string;
  DefaultVersionId: string;
  CreateDate: string;
  UpdateDate: string;
  /** Absent where nothing is known: the record of documents has no descriptions. */
  Description?: string;
}

interface Place {
  chunk: number;
  position: number;
}

interface Index {
  policies: readonly ManagedPolicy[];
  byArn: Map<string, ManagedPolicy>;
  places: Map<string, Place>;
  ends: number[];
  chunks: Buffer;
}

type PolicyRow = [arn: string, version: string, created: string, updated: string, chunk: number, position: number];

let index: Index | undefined;
let opened: { chunk: number; documents: string[] } | undefined;

/** All AWS managed policies, ordered by name. */
export function managedPolicies(): readonly ManagedPolicy[] {
  return load().policies;
}

export function managedPolicy(arn: string): ManagedPolicy | undefined {
  return load().byArn.get(arn);
}

/** The text of a policy's default version, or undefined where AWS has no such policy. */
export function managedPolicyDocument(arn: string): string | undefined {
  const place = load().places.get(arn);
  if (place === undefined) return undefined;
  // assumed: the record has parsed documents; AWS's own text is indented by four spaces in most policies.
  return JSON.stringify(JSON.parse(documentsOf(place.chunk)[place.position]!), null, 4);
}

function load(): Index {
  if (index !== undefined) return index;
  const bytes = readFixture('catalog/managed-policies.bin');
  const start = 4 + bytes.readUInt32LE();
  const { policies: rows, ends } = parse<{ policies: PolicyRow[]; ends: number[] }>(bytes.subarray(4, start));
  const policies = rows.map(describePolicy);
  index = {
    policies,
    byArn: new Map(policies.map((policy) => [policy.Arn, policy])),
    places: new Map(rows.map(([arn, , , , chunk, position]) => [arn, { chunk, position }])),
    ends,
    chunks: bytes.subarray(start),
  };
  return index;
}

function describePolicy([arn, version, created, updated]: PolicyRow): ManagedPolicy {
  const resource = arn.slice(arn.indexOf(':policy/') + ':policy'.length);
  const slash = resource.lastIndexOf('/');
  return {
    PolicyName: resource.slice(slash + 1),
    PolicyId: policyId(arn),
    Arn: arn,
    Path: resource.slice(0, slash + 1),
    DefaultVersionId: version,
    CreateDate: created,
    UpdateDate: updated,
  };
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** assumed: AWS's own ids are not recorded; these have their form and are the same on every run. */
function policyId(arn: string): string {
  const hash = createHash('sha256').update(arn).digest();
  return `ANPA${Array.from({ length: 17 }, (_, position) => BASE32[hash[position]! % 32]).join('')}`;
}

/** The documents of one chunk, minified. Only the last one opened is kept: policies are read in bursts of neighbours. */
function documentsOf(chunk: number): string[] {
  if (opened?.chunk !== chunk) {
    const { ends, chunks } = load();
    opened = { chunk, documents: parse<string[]>(chunks.subarray(ends[chunk - 1] ?? 0, ends[chunk])) };
  }
  return opened.documents;
}

function parse<T>(bytes: Buffer): T {
  return JSON.parse(brotliDecompressSync(bytes).toString('utf8')) as T;
}
