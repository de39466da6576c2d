import type { Structure } from '../../protocols/types.ts';
import type { Identity, Permission } from '../iam/permissions.ts';
import type { Principal } from '../identity/principals.ts';
import type { Context } from './context.ts';
import { NO_TERMS, type Terms } from '../store/store.ts';
import type { Effectless, RefusedParameters } from './parameters.ts';
import type { Answers } from './questions.ts';
import { prefixOf, type AnyResource, type Reference } from './resource.ts';
import type { TearDowns } from './teardown.ts';
import type { TokenBucket } from './token-buckets.ts';

/** An operation; the verbs add what laws and documentation want to know of it. */
export interface Operation {
  (input: any, ctx: Context): Promise<object | void>; // eslint-disable-line @typescript-eslint/no-explicit-any -- typed by Handlers<Operations>
  readonly verb?: string;
  readonly resource?: AnyResource;
}

/** The handlers of a service, checked against its model's operations: a wrong name, input or output is a compile error. */
export type Handlers<Operations> = {
  [Name in keyof Operations]?: Operations[Name] extends { input: infer I; output: infer O }
    ? ((input: I, ctx: Context) => Promise<Answer<O>>) & { readonly verb?: string; readonly resource?: AnyResource }
    : never;
};

/** Operations without output answer nothing. */
export type Answer<O> = O | ({} extends O ? void : never); // eslint-disable-line @typescript-eslint/no-empty-object-type

export interface Service {
  /** The model's name: 'ec2'. */
  readonly name: string;
  readonly resources: readonly AnyResource[];
  readonly operations: Readonly<Record<string, Operation | undefined>>;
  /** Parameters that are refused: no operation takes what it then ignores. */
  readonly refused?: RefusedParameters;
  /** Parameters that are taken and rightly change nothing. */
  readonly effectless?: Effectless;
  /** Operations whose requests nobody signs. */
  readonly unsigned?: readonly string[];
  /** What a call must be allowed to do. Without it: its action, on '*'. */
  readonly permissions?: (operation: string, input: Structure, ctx: Context) => Promise<readonly Permission[]>;
  /** What is known of a caller: IAM says it. */
  readonly identityOf?: (principal: Principal, ctx: Context) => Promise<Identity>;
  /** What other services may ask of this one. */
  readonly answers?: Answers;
  /** The zone in which a call would place something, where it says or follows. */
  readonly zoneOf?: (operation: string, input: Structure, ctx: Context) => Promise<string | undefined>;
  /** How often a call may be made. Without it: as often as wanted. */
  readonly tokenBuckets?: (operation: string, input: Structure) => readonly TokenBucket[];
  /** What kinds give back when everything is to go. */
  readonly tearDowns?: TearDowns;
  /** What comes about without a call: hardware is delivered, maintenance is scheduled. By the name of the control that lets it happen. */
  readonly happenings?: Readonly<Record<string, Happening>>;
  /** What an account has in a region when the region is first looked at. */
  readonly provision?: (ctx: Context) => Promise<void>;
}

/** `given` is what the control says of it; refusals are AwsErrors. */
export type Happening = (given: any, ctx: Context) => Promise<object>; // eslint-disable-line @typescript-eslint/no-explicit-any -- each happening's own

/** A member of one kind by which it refers to another. */
export interface Referring {
  readonly owner: AnyResource;
  readonly member: string;
  readonly reference: Reference<any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- of every kind
}


/** Every service that main.ts has joined to the machine, and every kind of document by name and id prefix. */
export class Registry {
  private readonly byName = new Map<string, Service>();
  private readonly byKind = new Map<string, AnyResource>();
  private readonly byPrefix = new Map<string, AnyResource>();
  private readonly byReferred = new Map<string, Referring[]>();

  constructor(services: readonly Service[]) {
    for (const service of services) {
      this.byName.set(service.name, service);
      for (const resource of service.resources) {
        if (this.byKind.has(resource.storeKind)) throw new Error(`${resource.storeKind} is declared twice`);
        this.byKind.set(resource.storeKind, resource);
        for (const [member, reference] of Object.entries(resource.references ?? {}) as [string, Reference<any>][]) {
          const known = this.byReferred.get(reference.kind);
          if (known) known.push({ owner: resource, member, reference });
          else this.byReferred.set(reference.kind, [{ owner: resource, member, reference }]);
        }
        if (resource.id.prefix || resource.id.uuid) this.byPrefix.set(`${service.name}/${resource.id.prefix ?? ''}`, resource);
      }
    }
  }

  get services(): Iterable<Service> {
    return this.byName.values();
  }

  service(name: string): Service | undefined {
    return this.byName.get(name);
  }

  resource(storeKind: string): AnyResource | undefined {
    return this.byKind.get(storeKind);
  }

  /** The service that knows callers. */
  identities(): Required<Pick<Service, 'name' | 'identityOf'>> | undefined {
    for (const service of this.byName.values()) if (service.identityOf) return service as Required<Service>;
    return undefined;
  }

  /** Who may refer to documents of this kind, and by which member. */
  referring(storeKind: string): readonly Referring[] {
    return this.byReferred.get(storeKind) ?? [];
  }

  /** What a stored document is found by, as its kind declares it now. */
  termsOf(storeKind: string, document: object): Terms {
    return this.byKind.get(storeKind)?.termsOf(document as Record<string, unknown>) ?? NO_TERMS;
  }

  /** The kind that an id's prefix names: 'vol-…' is a volume. */
  resourceOfId(service: string, id: string): AnyResource | undefined {
    return this.byPrefix.get(`${service}/${prefixOf(id)}`);
  }
}

