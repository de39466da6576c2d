import { AwsError, resource, type Context } from '../../src/kit/index.ts';

interface StoredSetting {
  readonly Name: string;
  Value: unknown;
}

/** What an account has set for itself in a region; what it left as it was is not stored. */
export const accountSettings = resource<StoredSetting>({
  service: 'ec2',
  kind: 'account-setting',
  shape: 'AccountSetting',
  id: { member: 'Name' },
  notFound: (ids) => new AwsError('InvalidParameterValue', `The setting '${ids[0]}' does not exist`),
  tags: null,
});

export interface Setting<T> {
  of(ctx: Context): Promise<T>;
  set(ctx: Context, value: T): Promise<void>;
}

/** A setting by its name, which has its `initial` value until the account says otherwise. */
export function setting<T>(name: string, initial: T): Setting<T> {
  return {
    of: async (ctx) => ((await ctx.find(accountSettings, name))?.Value ?? initial) as T,
    async set(ctx, value) {
      const stored = await ctx.find(accountSettings, name);
      const asBefore = JSON.stringify(value) === JSON.stringify(initial);
      if (stored && asBefore) await ctx.remove(accountSettings, stored);
      else if (stored) await ctx.save(accountSettings, { ...stored, Value: value });
      else if (!asBefore) await ctx.create(accountSettings, { Name: name, Value: value });
    },
  };
}
