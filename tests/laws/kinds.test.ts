import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { EC2Client } from '@aws-sdk/client-ec2';
import { CreateAccessKeyCommand, CreateUserCommand } from '@aws-sdk/client-iam';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from '../../protocols/index.ts';
import type { Shape, StructureShape } from '../../protocols/types.ts';
import type { AnyResource, Verb } from '../../src/kit/index.ts';
import { getter } from '../../src/kit/paths.ts';
import { memberPath } from '../../src/kit/filters.ts';
import { isRegion, SERVICES, start } from '../../src/main.ts';
import { settingsFrom } from '../../src/settings.ts';
import { fogbank, refusal, type Fogbank } from '../support/fogbank.ts';
import { call, EXEMPT, SAMPLES } from './samples/index.ts';

/** What holds of every declared kind of EC2. */
const ec2 = SERVICES.find((s) => s.name === 'ec2')!;
const model = loadModel('ec2');

interface Listing {
  readonly operation: string;
  /** The member of the input that names ids. */
  readonly ids: string;
  /** The model's structure of one item. */
  readonly item: StructureShape;
  readonly items: (output: any) => Record<string, string>[]; // eslint-disable-line @typescript-eslint/no-explicit-any -- outputs of all operations
}

/** The listing of a kind, and its members by the model: the operation whose output lists its shape, itself or in a list of holders (instances in reservations). */
function listingOf(resource: AnyResource): Listing {
  for (const [operation, run] of Object.entries(ec2.operations)) {
    const verb = run as unknown as Partial<Verb>;
    const named = operation === SAMPLES[resource.storeKind]?.listing;
    if (!named && (verb.verb !== 'describes' || verb.resource !== resource)) continue;
    const { input, output } = model.operation(operation)!;
    const ids = [...input.members.keys()].find((m) => m === `${resource.id.member}s` || m === `${resource.id.member}Set`)!;
    for (const [list, { target }] of output.members) {
      const found = itemIn(target, resource.shape);
      if (!found) continue;
      const { inner, item } = found;
      return { operation, ids, item, items: (o) => (inner === undefined ? o[list] : o[list].flatMap((holder: Record<string, unknown>) => holder[inner])) };
    }
  }
  throw new Error(`nothing lists ${resource.storeKind}`);
}

function itemIn(target: Shape, shape: string): { inner?: string; item: StructureShape } | undefined {
  if (target.type !== 'list' || target.member.target.type !== 'structure') return undefined;
  const item = target.member.target;
  if (item.name === shape) return { item };
  for (const [inner, member] of item.members) if (itemIn(member.target, shape)?.inner === undefined && itemIn(member.target, shape)) return { inner, item: itemIn(member.target, shape)!.item };
  return undefined;
}

/** Credentials of a user without any policy. */
async function strangerTo(fb: Fogbank): Promise<ReturnType<Fogbank['config']>> {
  await fb.iam.send(new CreateUserCommand({ UserName: 'stranger' }));
  const { AccessKey } = await fb.iam.send(new CreateAccessKeyCommand({ UserName: 'stranger' }));
  return fb.config({ accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! });
}

/** Kinds whose listing passes over ids of nothing (`omitsUnknown`); elsewhere these are errors. */
const PASSED_OVER = new Set(['ec2:egress-only-internet-gateway']);

const sampled = ec2.resources.filter((r) => SAMPLES[r.storeKind]);

it('every kind has a sample or a reason to have none', () => {
  expect(ec2.resources.map((r) => r.storeKind).filter((k) => !SAMPLES[k] && !EXEMPT[k])).toEqual([]);
});

describe.each(sampled.map((r) => [r.storeKind, r] as const))('%s', (kind, resource) => {
  const sample = SAMPLES[kind]!;
  const listing = listingOf(resource);
  const input = model.operation(listing.operation)!.input;
  let fb: Fogbank;
  const ids: string[] = [];
  const make = async (n: number, extra: Record<string, unknown> = {}) => sample.id(await call(fb, sample.operation, { ...(await sample.input(fb, n)), ...extra }));
  /** DescribeNatGateways calls its filters Filter. */
  const filtersMember = input.members.has('Filters') ? 'Filters' : 'Filter';
  /** Pages of five, or of as few as the operation gives. */
  const pageSize = Math.max(5, (input.members.get('MaxResults')?.target.limits as { min?: number } | undefined)?.min ?? 5);
  /** DescribeSpotFleetRequests has none. */
  const hasFilters = input.members.has(filtersMember);
  const list = async (extra: Record<string, unknown>): Promise<string[]> => listing.items(await call(fb, listing.operation, extra)).map((i) => resource.idOf(i));

  beforeAll(async () => {
    fb = await fogbank();
    for (let n = 1; n <= 7; n++) ids.push(await make(n));
  });

  it('is found by its id', async () => {
    expect(await list({ [listing.ids]: [ids[3]] })).toEqual([ids[3]]);
  });

  it('refuses an unknown id, and a malformed one before that', async () => {
    const unknown = list({ [listing.ids]: [`${resource.id.prefix ? `${resource.id.prefix}-` : ''}${resource.id.uuid ? '00000000-0000-4000-8000-000000000000' : '00000000000000000'}`] });
    if (PASSED_OVER.has(kind)) expect(await unknown).toEqual([]);
    else expect((await refusal(unknown)).code).toBe(resource.notFound(['x']).code);
    if (!resource.malformed) return;
    const malformed = await refusal(list({ [listing.ids]: ['not-an-id'] }));
    expect(malformed.code).toBe(resource.malformed('x').code);
  });

  it('gives pages that together are the whole, in the same order', async () => {
    if (!input.members.has('MaxResults')) return;
    const all = await list({});
    const pages: string[] = [];
    let token: string | undefined;
    do {
      const page = await call(fb, listing.operation, { MaxResults: pageSize, NextToken: token });
      expect(listing.items(page).length).toBeLessThanOrEqual(pageSize);
      pages.push(...listing.items(page).map((i) => resource.idOf(i)));
      token = page.NextToken;
    } while (token);
    expect(pages).toEqual(all);
    expect(all).toEqual(expect.arrayContaining(ids));
  });

  it('refuses a token that no page gave', async () => {
    if (!input.members.has('NextToken')) return;
    const refused = await refusal(list({ MaxResults: pageSize, NextToken: 'bm9uc2Vuc2U' }));
    expect(refused).toMatchObject({ code: 'InvalidParameterValue', status: 400 });
  });

  it('is selected by each documented filter with its own value, and by none with another', async () => {
    const filters = (model.operation(listing.operation)!.filters ?? []).filter((f) => !f.startsWith('tag'));
    const row = (await fb.machine.store.get({ account: '123456789012', region: 'us-east-1', kind, id: ids[2]! }))!;
    const stored = JSON.parse(row.document) as object;
    const tried: string[] = [];
    for (const name of filters) {
      const declared = resource.filters?.[name];
      const path = typeof declared === 'string' ? declared : memberPath(listing.item, name.split('.'));
      const values = typeof declared === 'function' ? [declared(stored)].flat() : path === undefined ? [] : getter(path)(stored);
      const value = values.find((v) => v !== undefined && v !== null && v !== '');
      if (value === undefined) continue;
      tried.push(name);
      expect(await list({ [filtersMember]: [{ Name: name, Values: [String(value)] }] }), name).toContain(ids[2]);
      expect(await list({ [filtersMember]: [{ Name: name, Values: ['no-such-value'] }] }), name).toEqual([]);
    }
    if (filters.length > 0) expect(tried.length).toBeGreaterThan(0);
  });

  it('refuses an unknown filter', async () => {
    if (!hasFilters) return;
    expect(await refusal(list({ [filtersMember]: [{ Name: 'no-such-filter', Values: ['x'] }] }))).toMatchObject({ code: resource.invalidFilter?.('no-such-filter').code ?? 'InvalidParameterValue', message: "The filter 'no-such-filter' is invalid" });
  });

  it('keeps the tags that it is given, finds by them, and loses them', async () => {
    if (resource.tags === null) return;
    const [tagged] = [ids[4]!];
    await call(fb, 'CreateTags', { Resources: [tagged], Tags: [{ Key: 'Tier', Value: 'web' }, { Key: 'Empty', Value: '' }] });
    if (hasFilters) {
      expect(await list({ [filtersMember]: [{ Name: 'tag:Tier', Values: ['w*'] }] })).toEqual([tagged]);
      expect(await list({ [filtersMember]: [{ Name: 'tag-key', Values: ['Empty'] }] })).toEqual([tagged]);
    }
    const { Tags } = await call(fb, 'DescribeTags', { Filters: [{ Name: 'resource-id', Values: [tagged] }] });
    expect(Tags).toEqual([{ Key: 'Tier', Value: 'web', ResourceId: tagged, ResourceType: resource.kind }, { Key: 'Empty', Value: '', ResourceId: tagged, ResourceType: resource.kind }]);
    await call(fb, 'DeleteTags', { Resources: [tagged], Tags: [{ Key: 'Tier' }, { Key: 'Empty', Value: 'other' }] });
    expect((await call(fb, 'DescribeTags', { Filters: [{ Name: 'resource-id', Values: [tagged] }] })).Tags.map((t: { Key: string }) => t.Key)).toEqual(['Empty']);
  });

  it('has the tags of its creation', async () => {
    if (!model.operation(sample.operation)!.input.members.has('TagSpecifications')) return;
    const id = await make(8, { TagSpecifications: [{ ResourceType: resource.kind, Tags: [{ Key: 'born', Value: 'with' }] }] });
    expect(await list({ [filtersMember]: [{ Name: 'tag:born', Values: ['with'] }] })).toEqual([id]);
    const refused = await refusal(make(9, { TagSpecifications: [{ ResourceType: resource.kind, Tags: [{ Key: 'aws:x', Value: 'y' }] }] }));
    expect(refused.code).toBe('InvalidParameterValue');
  });

  it('is not made by a dry run', async () => {
    // The operations of Dedicated Hosts have none.
    if (!model.operation(sample.operation)!.input.members.has('DryRun')) return;
    const before = await list({});
    const refused = await refusal(make(10, { DryRun: true }));
    expect(refused).toMatchObject({ code: 'DryRunOperation', status: 412 });
    expect(await list({})).toEqual(before);
  });

  it('is made once for one client token, which no other request may use', async () => {
    const token = model.operation(sample.operation)!.idempotencyToken;
    if (token === undefined) return;
    const first = await make(11, { [token]: 'the-same' });
    expect(await make(11, { [token]: 'the-same' })).toBe(first);
    const other = model.operation(sample.operation)!.input.members.has('TagSpecifications') ? { TagSpecifications: [{ ResourceType: resource.kind, Tags: [{ Key: 'k', Value: 'v' }] }] } : {};
    if (Object.keys(other).length > 0) expect((await refusal(make(11, { [token]: 'the-same', ...other }))).code).toBe('IdempotentParameterMismatch');
  });

  it('is neither made nor seen by who has no policy', async () => {
    const before = await list({});
    const stranger = { ...fb, ec2: new EC2Client(await strangerTo(fb)) };
    const creation = await sample.input(fb, 12);
    for (const [operation, given] of [[listing.operation, {}], [sample.operation, creation], ...(model.operation(sample.operation)!.input.members.has('DryRun') ? [[sample.operation, { ...creation, DryRun: true }] as const] : [])] as const) {
      expect(await refusal(call(stranger, operation, given))).toMatchObject({ code: 'UnauthorizedOperation', status: 403 });
    }
    expect(await list({})).toEqual(before);
  });

  it('is answered with members of the model only', async () => {
    const row = (await fb.machine.store.get({ account: '123456789012', region: 'us-east-1', kind, id: ids[0]! }))!;
    const { members } = listing.item;
    expect(Object.keys(JSON.parse(row.document)).filter((m) => m !== '$' && !members.has(m))).toEqual([]);
  });
});

it('every kind is the same after a restart', async () => {
  const data = mkdtempSync(join(tmpdir(), 'fogbank-'));
  const boot = () => start(settingsFrom({ port: '0', data, pace: 'instant', account: '123456789012', quotas: 'off', log: 'silent' }, {}, isRegion), pino({ level: 'silent' }));
  const clients = (endpoint: string) => new EC2Client({ endpoint, region: 'us-east-1', maxAttempts: 1, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
  const all = async (fb: Fogbank) => {
    const out: Record<string, unknown> = {};
    for (const resource of sampled) {
      const { operation, items } = listingOf(resource);
      out[resource.storeKind] = items(await call(fb, operation, operation === 'DescribeImages' || operation === 'DescribeSnapshots' ? { [operation === 'DescribeImages' ? 'Owners' : 'OwnerIds']: ['self'] } : {}));
    }
    return out;
  };
  try {
    const first = await boot();
    const before = { ...first, ec2: clients(first.endpoint) } as unknown as Fogbank;
    for (const resource of sampled) {
      const sample = SAMPLES[resource.storeKind]!;
      await call(before, sample.operation, await sample.input(before, 1));
    }
    const seen = await all(before);
    await first.stop();
    const second = await boot();
    expect(await all({ ...second, ec2: clients(second.endpoint) } as unknown as Fogbank)).toEqual(seen);
    await second.stop();
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
});
