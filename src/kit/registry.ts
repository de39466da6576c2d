import type { Context } from './context.ts';
import type { AnyResource } from './resource.ts';

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
  /** What an account has in a region when the region is first looked at. */
  readonly provision?: (ctx: Context) => Promise<void>;
}

/** Every service that main.ts has joined to the machine, and every kind of document by name and id prefix. */
export class Registry {
  private readonly byName = new Map<string, Service>();
  private readonly byKind = new Map<string, AnyResource>();
  private readonly byPrefix = new Map<string, AnyResource>();

  constructor(services: readonly Service[]) {
    for (const service of services) {
      this.byName.set(service.name, service);
      for (const resource of service.resources) {
        if (this.byKind.has(resource.storeKind)) throw new Error(`${resource.storeKind} is declared twice`);
        this.byKind.set(resource.storeKind, resource);
        if (resource.id.prefix) this.byPrefix.set(`${service.name}/${resource.id.prefix}`, resource);
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

  /** The kind that an id's prefix names: 'vol-…' is a volume. */
  resourceOfId(service: string, id: string): AnyResource | undefined {
    return this.byPrefix.get(`${service}/${id.slice(0, id.lastIndexOf('-'))}`);
  }
}

