import type { ManagedResourceDefaultVisibility } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../fixtures/models/ec2.ts';
import type { Context, Handlers } from '../../src/kit/index.ts';
import { setting } from './account-settings.ts';

/**
 * Whether listings show what AWS services manage for the account. No service manages anything here yet: nothing is hidden.
 * assumed: accounts begin with everything visible, and set this for each Region.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyManagedResourceVisibility.html
 */
const visibility = setting<ManagedResourceDefaultVisibility>('managed-resource-visibility', 'visible');

/** What is the account's own shows that no service manages it. */
export const UNMANAGED = { Managed: false, HiddenByDefault: false };

const shown = async (ctx: Context) => ({ Visibility: { DefaultVisibility: await visibility.of(ctx) } });

export const managedResourceOperations = {
  GetManagedResourceVisibility: (_input, ctx) => shown(ctx),
  ModifyManagedResourceVisibility: async (input, ctx) => {
    await visibility.set(ctx, input.DefaultVisibility);
    return shown(ctx);
  },
} satisfies Handlers<Ec2Operations>;
