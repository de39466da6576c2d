import { readJsonFixture } from '../../fixtures/load.ts';

/**
 * What the service authorization reference says of actions: on which resource types they are, and which condition keys
 * each of them has. https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
interface Stored {
  readonly prefix: string;
  readonly actions: Readonly<Record<string, { access: string; resources?: readonly [type: string, required: 0 | 1, keys: readonly number[]][]; keys?: readonly number[] }>>;
  readonly resources: Readonly<Record<string, readonly [arn: string, tagKeys: readonly number[]]>>;
  readonly keys: readonly string[];
}

export interface ResourceTypeReference {
  readonly name: string;
  /** Whether every call of the action has one. */
  readonly required: boolean;
  readonly keys: KeyNames;
}

export interface ActionReference {
  /** 'ec2:RunInstances' */
  readonly name: string;
  readonly access: string;
  readonly resources: readonly ResourceTypeReference[];
  readonly keys: KeyNames;
}

/** Condition key names, some of which stand for all with the same beginning ('aws:RequestTag/…'). */
export class KeyNames {
  private readonly names = new Set<string>();
  private readonly beginnings: string[] = [];

  constructor(names: readonly string[]) {
    for (const name of names) {
      const cut = name.indexOf('${');
      if (cut < 0) this.names.add(name.toLowerCase());
      else this.beginnings.push(name.slice(0, cut).toLowerCase());
    }
  }

  /** `key` in lower case. */
  has(key: string): boolean {
    return this.names.has(key) || this.beginnings.some((beginning) => key.startsWith(beginning));
  }
}

export class ServiceReference {
  private readonly known = new Map<string, ActionReference | undefined>();

  constructor(private readonly stored: Stored) {}

  get prefix(): string {
    return this.stored.prefix;
  }

  action(name: string): ActionReference | undefined {
    if (!this.known.has(name)) this.known.set(name, this.read(name));
    return this.known.get(name);
  }

  /** `arn:${Partition}:ec2:…`, as the reference writes it. */
  template(type: string): string | undefined {
    return this.stored.resources[type]?.[0];
  }

  /** The ARN of one resource; `id` takes the place of the template's last variable, or of all that are not its region and account. */
  arn(type: string, at: { region: string; account: string }, id: string): string | undefined {
    const variables: Record<string, string> = { Partition: 'aws', Region: at.region, Account: at.account };
    return this.stored.resources[type]?.[0].replace(/\$\{([^}]+)\}/g, (_, name: string) => variables[name] ?? id);
  }

  private read(name: string): ActionReference | undefined {
    const action = this.stored.actions[name];
    if (!action) return undefined;
    const names = (numbers: readonly number[] = []) => new KeyNames(numbers.map((n) => this.stored.keys[n]!));
    return {
      name: `${this.stored.prefix}:${name}`, access: action.access, keys: names(action.keys),
      resources: (action.resources ?? []).map(([type, required, keys]) => ({ name: type, required: required === 1, keys: names([...keys, ...(this.stored.resources[type]?.[1] ?? [])]) })),
    };
  }
}

const services = new Map<string, ServiceReference>();

/** By the model's name of the service: 'ec2'. */
export function reference(service: string): ServiceReference {
  let found = services.get(service);
  if (!found) services.set(service, (found = new ServiceReference(readJsonFixture<Stored>(`iam/${service}.json`))));
  return found;
}
