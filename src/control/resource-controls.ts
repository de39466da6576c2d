import { Context, GLOBAL } from '../kit/context.ts';
import { rootOf } from '../identity/principals.ts';
import type { AnyResource } from '../kit/resource.ts';
import { tearDown, type Doomed } from '../kit/teardown.ts';
import type { Machine } from '../machine.ts';
import type { Row, Scope } from '../store/store.ts';
import { ControlError, type Control } from './control.ts';

const optional = (help: string) => ({ type: 'string', help, optional: true }) as const;

/** Which resources are meant: all that are given must hold. */
const SELECTION = {
  account: optional('twelve digits'), region: optional('us-east-1; aws-global for IAM'), kind: optional('ec2:instance'), state: optional('running'),
  tag: optional('a key, or key=value'), vpc: optional('a VPC: it and what is in it'), id: optional('an id'),
} as const;

type Selection = Partial<Record<keyof typeof SELECTION | 'text', string>>;

interface Found {
  readonly account: string;
  readonly region: string;
  readonly kind: string;
  readonly id: string;
  readonly name?: string;
  readonly state?: string;
  readonly tags: Readonly<Record<string, string>>;
}

const shown = (resource: AnyResource, row: Row): Found => {
  const document = row.read() as object;
  const tags = Object.fromEntries(resource.tagsOf(document).map(({ key, value }) => [key, value]));
  const state = resource.state === undefined ? undefined : resource.stateOf(document);
  return { account: row.account, region: row.region, kind: row.kind, id: row.id, ...(tags.Name !== undefined && { name: tags.Name }), ...(state !== undefined && { state }), tags };
};

const mentions = (document: string, text: string): boolean => document.includes(JSON.stringify(text));

/** In order of account, region, kind and creation. */
async function* selected(machine: Machine, wanted: Selection): AsyncGenerator<{ resource: AnyResource; row: Row }> {
  const [key, value] = wanted.tag === undefined ? [] : /^([^=]*)(?:=(.*))?$/s.exec(wanted.tag)!.slice(1);
  const text = wanted.text?.toLowerCase();
  for (const scope of await machine.store.scopes()) {
    const resource = machine.world.registry.resource(scope.kind);
    if (!resource || !(['account', 'region', 'kind'] as const).every((name) => wanted[name] === undefined || wanted[name] === scope[name])) continue;
    for (const row of await machine.store.page(scope, 0, Number.MAX_SAFE_INTEGER)) {
      if (wanted.id !== undefined && row.id !== wanted.id) continue;
      if (wanted.vpc !== undefined && row.id !== wanted.vpc && !mentions(row.document, wanted.vpc)) continue;
      const needed = wanted.state !== undefined || key !== undefined || text !== undefined;
      const found = needed ? shown(resource, row) : undefined;
      if (found && wanted.state !== undefined && found.state !== wanted.state) continue;
      if (found && key !== undefined && !(Object.hasOwn(found.tags, key) && (value === undefined || found.tags[key] === value))) continue;
      if (found && text !== undefined && ![row.id, ...Object.keys(found.tags), ...Object.values(found.tags)].some((one) => one.toLowerCase().includes(text))) continue;
      yield { resource, row };
    }
  }
}

/** A request of the account's root that nobody sent. */
const contextIn = (machine: Machine, { account, region }: Pick<Scope, 'account' | 'region'>): Context =>
  new Context(machine.world, account, region === GLOBAL ? machine.settings.region : region, rootOf(account, ''), '', Math.floor(machine.clock.peek()));

async function remove(machine: Machine, wanted: Selection): Promise<{ deleted: { kind: string; id: string }[] }> {
  await machine.catchUp();
  const deleted = await machine.transact(async () => {
    const groups = new Map<string, { scope: Pick<Scope, 'account' | 'region'>; doomed: Doomed[] }>();
    for await (const { resource, row } of selected(machine, wanted)) {
      const key = `${row.account}/${row.region}`;
      if (!groups.has(key)) groups.set(key, { scope: row, doomed: [] });
      groups.get(key)!.doomed.push({ resource, id: row.id });
    }
    const gone = [];
    for (const { scope, doomed } of groups.values()) gone.push(...await tearDown(contextIn(machine, scope), doomed));
    return gone.map(({ resource, id }) => ({ kind: resource.storeKind, id }));
  });
  await machine.kept();
  return { deleted };
}

const line = (f: Found): string => [f.account, f.region, f.kind, f.id, f.state ?? '-', f.name ?? ''].join('  ').trimEnd();

/** What there is, over all accounts and regions at once. */
export const resourceControls: readonly Control[] = [
  {
    name: 'resources', method: 'GET', path: '/_fogbank/resources', summary: 'find resources by id, name, tag, state, account, region or VPC',
    parameters: { text: optional('part of an id or of a tag'), ...SELECTION, limit: { type: 'number', help: 'the first so many; 1000 when it is left out', optional: true } },
    run: async (machine, { limit = 1000, ...wanted }) => {
      await machine.catchUp();
      const found: Found[] = [];
      for await (const { resource, row } of selected(machine, wanted)) {
        if (found.length >= limit) break;
        found.push(shown(resource, row));
      }
      return { resources: found };
    }, text: (a) => a.resources.map(line).join('\n') || 'there are none',
  },
  {
    name: 'resource', method: 'GET', path: '/_fogbank/resources/:id', summary: 'everything that is known of one resource', parameters: { id: { type: 'string', help: 'its id' } },
    run: async (machine, { id }) => {
      await machine.catchUp();
      const found = [];
      for await (const { resource, row } of selected(machine, { id })) {
        const { $: _kept, ...document } = row.read() as Record<string, unknown>;
        found.push({ ...shown(resource, row), document });
      }
      if (found.length === 0) throw new ControlError(`there is no resource '${String(id)}' in any account or region`, 404);
      return { resources: found };
    },
  },
  {
    name: 'statistics', method: 'GET', path: '/_fogbank/statistics', summary: 'how many resources there are, by account, region, kind and state',
    run: async (machine) => {
      await machine.catchUp();
      const counts = new Map<string, { account: string; region: string; kind: string; state: string | null; count: number }>();
      for await (const { resource, row } of selected(machine, {})) {
        const state = resource.state === undefined ? null : resource.stateOf(row.read() as object);
        const key = `${row.account} ${row.region} ${row.kind} ${state}`;
        const known = counts.get(key);
        if (known) known.count++;
        else counts.set(key, { account: row.account, region: row.region, kind: row.kind, state, count: 1 });
      }
      return { counts: [...counts.values()] };
    }, text: (a) => a.counts.map((c: { account: string; region: string; kind: string; state: string | null; count: number }) => `${c.account}  ${c.region}  ${c.kind}  ${c.state ?? '-'}  ${c.count}`).join('\n') || 'there is nothing',
  },
  {
    name: 'delete', method: 'DELETE', path: '/_fogbank/resources', summary: 'delete everything of a tag, VPC, account, region, kind or id, and what depends on it, in the order in which AWS would let you', parameters: SELECTION,
    run: (machine, wanted) => {
      if (Object.keys(wanted).length === 0) throw new ControlError(`delete: say what, by ${Object.keys(SELECTION).join(', ')}; reset deletes everything`);
      return remove(machine, wanted);
    }, text: (a) => a.deleted.map((d: { kind: string; id: string }) => `${d.kind} ${d.id}`).join('\n') || 'there was nothing to delete',
  },
];
