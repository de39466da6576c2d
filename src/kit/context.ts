import { AwsError, type OperationModel } from '../../protocols/types.ts';
import { isoTime } from '../clock/clock.ts';
import type { Paces } from '../clock/pace.ts';
import type { Faults, Impairment, Occasion, Redirection } from '../faults/faults.ts';
import type { Keys } from '../iam/request-context.ts';
import type { IdSource } from '../ids/source.ts';
import type { Principal } from '../identity/principals.ts';
import type { Awaitable, Credential, Due, Key, Row, Scope, Store } from '../store/store.ts';
import type { Judgement } from './access.ts';
import type { Change, Journal } from './journal.ts';
import type { Questions } from './questions.ts';
import { checkQuotas } from './quotas.ts';
import { release, setAt } from './paths.ts';
import { DIGITS, onDeleteOf, type AnyResource, type OnDelete, type Referrer, type Resource } from './resource.ts';
import type { Registry } from './registry.ts';
import { showTags } from './tags.ts';

/** What the machine lends to every request and every due step. */
export interface World {
  readonly store: Store;
  readonly ids: IdSource;
  readonly pace: Paces;
  readonly registry: Registry;
  readonly settings: WorldSettings;
  readonly changes: Changes;
  readonly faults: Faults;
  readonly journal: Journal;
}

export interface WorldSettings {
  readonly adoptImages: boolean;
  readonly iam: IamMode;
  /** Whether quotas refuse what exceeds them. */
  readonly quotas: boolean;
}

/** `observe` lets through what would be denied, and records it. */
export type IamMode = 'enforce' | 'observe' | 'off';

/** How often documents of a service were written: who has read them all once need not do so again before the next time. */
export class Changes {
  private readonly counts = new Map<string, number>();

  of(service: string): number {
    return this.counts.get(service) ?? 0;
  }

  note(service: string): void {
    this.counts.set(service, this.of(service) + 1);
  }
}

/** The region under which global services keep their documents. */
export const GLOBAL = 'aws-global';

/** The name of the fact that holds an issuer's keys. */
export const issuerFact = (issuer: string): string => `issuer/${issuer}`;

/** What a handler may use: this account's and region's documents, ids, the time. Every call is part of the request's transaction. */
export class Context {
  constructor(
    readonly world: World,
    readonly account: string,
    readonly region: string,
    readonly principal: Principal,
    readonly requestId: string,
    /** Milliseconds since the epoch; the same throughout a request. */
    readonly nowMs: number,
    /** What is being answered; absent in due steps and while a region is provisioned. */
    readonly operation?: OperationModel,
    /** What policies may ask of the call itself. */
    readonly call: { readonly sourceIp?: string | undefined; readonly userAgent?: string | undefined } = {},
    /** What was decided on the way, for the log of calls. */
    readonly judgements: Judgement[] = [],
  ) {}

  /** ISO 8601, as documents keep times. */
  get now(): string {
    return (this.iso ??= isoTime(this.nowMs));
  }

  /** Now in whole seconds, as AWS notes most of what begins. */
  get wholeSecond(): string {
    return `${this.now.slice(0, 19)}.000Z`;
  }
  private iso: string | undefined;

  /** An error that is answered although what was done stands; one that is thrown undoes everything. */
  partly?: AwsError;

  /** The condition keys of the call itself, once a decision has asked for them. */
  keys?: Keys;

  /** How far behind this reader is, in milliseconds, where a fault says so. */
  lagMs = 0;

  get ids(): IdSource {
    return this.world.ids;
  }

  /** The same request, looking at another account or region. */
  in(account: string, region: string): Context {
    return new Context(this.world, account, region, this.principal, this.requestId, this.nowMs, this.operation, this.call, this.judgements);
  }

  /** The status checks of a resource that faults let fail. */
  async impairments<T extends object>(resource: Resource<T>, document: T): Promise<readonly Impairment[]> {
    const { faults } = this.world;
    return faults.none ? [] : faults.impairments(this.occasion(resource, document), this.nowMs);
  }

  /** Where a resource's next step would go instead. */
  async redirection<T extends object>(resource: Resource<T>, document: T): Promise<Redirection | undefined> {
    const { faults } = this.world;
    return faults.none ? undefined : faults.redirect(this.occasion(resource, document), this.nowMs);
  }

  private occasion<T extends object>(resource: Resource<T>, document: T): Occasion {
    const { AvailabilityZone: zone, Placement: placement } = document as { AvailabilityZone?: string; Placement?: { AvailabilityZone?: string } };
    return {
      service: resource.service, account: this.account, region: this.region, kind: resource.storeKind, id: resource.idOf(document), zone: async () => zone ?? placement?.AvailabilityZone,
      tags: async () => resource.tagsOf(document).map(({ key, value }) => `${key}=${value}`),
    };
  }

  newId(resource: AnyResource): string {
    const { prefix, uuid, digits = DIGITS } = resource.id;
    return uuid ? [...(prefix ? [prefix] : []), this.ids.uuid()].join('-') : `${prefix}-${this.ids.hex(digits)}`;
  }

  arn<T extends object>(resource: Resource<T>, document: T): string {
    return resource.arnOf(document, this.account, resource.global ? '' : this.region);
  }

  // ---- reading ----

  async find<T extends object>(resource: Resource<T>, id: string): Promise<T | undefined> {
    const got = this.world.store.get(this.key(resource, id));
    const row = got instanceof Promise ? await got : got;
    return row && (row.read() as T);
  }

  /** Form first, existence second, as AWS checks them; some operations have a code of their own for what does not exist. */
  async get<T extends object>(resource: Resource<T>, id: string, notFound = resource.notFound): Promise<T> {
    if (resource.malformed && !resource.wellFormed(id)) throw resource.malformed(id);
    const got = this.world.store.get(this.key(resource, id));
    const row = got instanceof Promise ? await got : got;
    if (!row) throw notFound([id]);
    return row.read() as T;
  }

  /** All of `ids`, in their order; the error names every one that does not exist. */
  async getAll<T extends object>(resource: Resource<T>, ids: readonly string[]): Promise<T[]> {
    for (const id of ids) if (resource.malformed && !resource.wellFormed(id)) throw resource.malformed(id);
    const found: T[] = [];
    const missing: string[] = [];
    for (const id of ids) {
      const document = await this.find(resource, id);
      if (document) found.push(document);
      else missing.push(id);
    }
    if (missing.length > 0) throw resource.notFound(missing);
    return found;
  }

  /** Every document, or those whose declared (referred or indexed) member holds `value`. */
  async list<T extends object>(resource: Resource<T>, where?: { readonly member: string; readonly value: string | readonly string[] }): Promise<T[]> {
    const scope = this.scope(resource);
    if (where && !resource.linked.has(where.member)) throw new Error(`${resource.storeKind} declares no index for ${where.member}`);
    const { store } = this.world;
    const found = where
      ? store.linked(scope, where.member, typeof where.value === 'string' ? [where.value] : where.value)
      : store.page(scope, 0, Number.MAX_SAFE_INTEGER);
    const documents = store.readAll(found instanceof Promise ? await found : found);
    return (documents instanceof Promise ? await documents : documents) as T[];
  }

  /** The values of one indexed member among the documents whose other one holds `value`, without reading the documents. */
  async values(resource: AnyResource, member: string, where: { readonly member: string; readonly value: string }): Promise<string[]> {
    for (const path of [member, where.member]) if (!resource.linked.has(path)) throw new Error(`${resource.storeKind} declares no index for ${path}`);
    return this.world.store.linkedValues(this.scope(resource), where, member);
  }

  /** How many documents hold `value` in an indexed member. */
  async count(resource: AnyResource, { member, value }: { readonly member: string; readonly value: string }): Promise<number> {
    if (!resource.linked.has(member)) throw new Error(`${resource.storeKind} declares no index for ${member}`);
    return this.world.store.linkedCount(this.scope(resource), member, value);
  }

  /** Documents of another service, by '<service>:<kind>'; undefined where that service or document does not exist. */
  async findForeign(storeKind: string, id: string): Promise<Record<string, unknown> | undefined> {
    const resource = this.world.registry.resource(storeKind);
    return resource && this.find(resource, id);
  }

  /** Asks the service that knows; undefined where none does. */
  async ask<Q extends keyof Questions>(question: Q, asked: Questions[Q]['asked']): Promise<Questions[Q]['answer'] | undefined> {
    for (const { answers } of this.world.registry.services) {
      const answer = answers?.[question];
      if (answer) return answer(asked, this);
    }
    return undefined;
  }

  /** Who refers to `id` in this account and region. */
  async referrers(resource: AnyResource, id: string): Promise<(Referrer & { row: Row; onDelete: OnDelete })[]> {
    const out: (Referrer & { row: Row; onDelete: OnDelete })[] = [];
    for (const { owner, member, reference } of this.world.registry.referring(resource.storeKind)) {
      if (Boolean(owner.global) !== Boolean(resource.global)) continue;
      for (const row of await this.world.store.linked(this.scope(owner), member, [id])) {
        out.push({ kind: row.kind, id: row.id, member, row, onDelete: onDeleteOf(reference, row.read() as object) });
      }
    }
    return out.sort((a, b) => a.row.seq - b.row.seq);
  }

  // ---- writing ----

  /** Stores a new document and sets its lifecycle going. */
  async create<T extends object>(resource: Resource<T>, document: T): Promise<T> {
    if (this.world.settings.quotas) await checkQuotas(this, resource, document);
    showTags(resource, document);
    const due = resource.state === undefined ? undefined : await this.enter(resource, document);
    this.world.changes.note(resource.service);
    const inserted = this.world.store.insert(this.key(resource, resource.idOf(document)), document, resource.termsOf(document), due);
    if (inserted instanceof Promise) await inserted;
    this.note(resource, document, 'created');
    return document;
  }

  /** Stores a changed document; its id stays what it was. `from` is the state that it has left. */
  async save<T extends object>(resource: Resource<T>, document: T, from?: string): Promise<T> {
    const found = this.row(resource, resource.idOf(document));
    const row = found instanceof Promise ? await found : found;
    this.world.changes.note(resource.service);
    showTags(resource, document);
    const updated = this.world.store.update(row, document, resource.termsOf(document));
    if (updated instanceof Promise) await updated;
    this.note(resource, document, 'changed', from);
    return document;
  }

  /** As `create`, in the place of one of the same id that may be there. */
  async replace<T extends object>(resource: Resource<T>, document: T): Promise<T> {
    const before = await this.find(resource, resource.idOf(document));
    if (before) await this.remove(resource, before);
    return this.create(resource, document);
  }

  /** Does what may be refused in the midst of something larger: a refusal takes back what was done for it, and is answered. */
  async attempt<T>(work: () => Promise<T>): Promise<{ readonly done: T } | { readonly refused: AwsError }> {
    const { journal, store } = this.world;
    const mark = journal.soFar.length;
    try {
      return { done: await store.attempt(work) };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      journal.backTo(mark);
      return { refused: error };
    }
  }

  private note(resource: AnyResource, document: object, change: Change['change'], from?: string): void {
    const state = resource.state === undefined ? undefined : resource.stateOf(document);
    const noted: { -readonly [Member in keyof Change]: Change[Member] } = {
      at: this.nowMs, requestId: this.requestId, account: this.account, region: resource.global ? GLOBAL : this.region, kind: resource.storeKind, id: resource.idOf(document), change,
    };
    if (from !== undefined && from !== state) noted.from = from;
    if (state !== undefined) noted.state = state;
    this.world.journal.note(noted, document);
  }

  /** Moves a document to another state of its lifecycle, now; what follows is scheduled. */
  async transition<T extends object>(resource: Resource<T>, document: T, state: string): Promise<T> {
    const from = resource.stateOf(document);
    setAt(document, resource.state!, state);
    const due = await this.enter(resource, document);
    await this.world.store.schedule(await this.row(resource, resource.idOf(document)), due);
    return this.save(resource, document, from);
  }

  /** Removes a document, and does to those that refer to it what their declarations say. */
  async remove<T extends object>(resource: Resource<T>, document: T): Promise<void> {
    const id = resource.idOf(document);
    this.world.changes.note(resource.service);
    for (const referrer of await this.referrers(resource, id)) {
      const owner = this.world.registry.resource(referrer.kind)!;
      // Removing another referrer may have taken this one along.
      const current = await this.world.store.get(referrer.row);
      if (!current) continue;
      const other = current.read() as Record<string, unknown>;
      if (referrer.onDelete === 'cascade') await this.remove(owner, other);
      if (referrer.onDelete === 'release') {
        release(other, referrer.member, id);
        await this.save(owner, other);
      }
    }
    await this.world.store.remove(await this.row(resource, id));
    this.note(resource, document, 'removed');
  }

  /** Throws the resource's `inUse` where a reference refuses its deletion. */
  async refuseWhileReferred(resource: AnyResource, id: string): Promise<void> {
    const refusing = (await this.referrers(resource, id)).filter((r) => r.onDelete === 'refuse');
    if (refusing.length > 0) throw resource.inUse?.(id, refusing) ?? new AwsError('DependencyViolation', `The ${resource.kind} '${id}' has dependencies and cannot be deleted.`);
  }

  /** Entering a state: its hook, and the step that follows. */
  private async enter<T extends object>(resource: Resource<T>, document: T): Promise<Due | undefined> {
    const entering = resource.entering?.[resource.stateOf(document)]?.(document, this);
    if (entering) await entering;
    const state = resource.stateOf(document);
    const transition = resource.lifecycle?.[state];
    if (!transition) return undefined;
    const after = typeof transition.after === 'function' ? transition.after(document, this.nowMs) : transition.after;
    if (after === undefined) return undefined;
    const delay = transition.paced === false ? after : this.delay(resource, state, after);
    return { at: this.nowMs + delay, from: state, to: transition.to };
  }

  /** How long a document stays in a state here that it leaves after `realisticMs` in AWS: for what shows its progress. */
  delay(resource: AnyResource, state: string, realisticMs: number): number {
    return this.world.pace.delay(realisticMs, resource.storeKind, state);
  }

  // ---- identity ----

  /** Issues or changes credentials; the secret is sealed here. */
  async putCredential(credential: Omit<Credential, 'secret' | 'principal' | 'active' | 'account'> & { secret: string; principal: Principal; active: boolean }): Promise<void> {
    await this.world.store.putCredential({
      accessKeyId: credential.accessKeyId, account: credential.principal.account, principal: JSON.stringify(credential.principal),
      secret: this.world.store.seal(credential.secret), sessionToken: credential.sessionToken, expires: credential.expires, active: credential.active ? 1 : 0,
    });
  }

  /** A key that was deleted is remembered as one: an unknown key would be root's where `--auth` is open. */
  async revokeCredential(accessKeyId: string): Promise<void> {
    const issued = await this.world.store.credential(accessKeyId);
    if (issued) await this.world.store.putCredential({ ...issued, secret: '', active: 0 });
  }

  /** Whose key it is, and until when (milliseconds since the epoch); undefined where Fogbank did not issue it. */
  async issuedKey(accessKeyId: string): Promise<{ account: string; expires: number | null } | undefined> {
    const found = await this.world.store.credential(accessKeyId);
    return found && { account: found.account, expires: found.expires };
  }

  /** For what must not be readable in a state file. */
  seal(text: string): string {
    return this.world.store.seal(text);
  }

  unseal(sealed: string): string {
    return this.world.store.unseal(sealed);
  }

  // ---- the world outside ----

  /** The keys of a token issuer (a JWK set, JSON), as its own address would answer. Fogbank never asks the network: they are put here before. */
  async issuerKeys(issuer: string): Promise<string | undefined> {
    return this.world.store.fact(issuerFact(issuer));
  }

  async putIssuerKeys(issuer: string, keys: string): Promise<void> {
    await this.world.store.putFact(issuerFact(issuer), keys);
  }

  // ---- keys ----

  scope(resource: AnyResource): Scope {
    return { account: this.account, region: resource.global ? GLOBAL : this.region, kind: resource.storeKind };
  }

  key(resource: AnyResource, id: string): Key {
    return { account: this.account, region: resource.global ? GLOBAL : this.region, kind: resource.storeKind, id: id };
  }

  private row(resource: AnyResource, id: string): Awaitable<Row> {
    const present = (row: Row | undefined): Row => {
      if (!row) throw new Error(`${resource.storeKind} ${id} is not in the store`);
      return row;
    };
    const got = this.world.store.get(this.key(resource, id));
    return got instanceof Promise ? got.then(present) : present(got);
  }
}
