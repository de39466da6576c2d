import type { UnlimitedSupportedInstanceFamily } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Context, Handlers } from '../../../src/kit/index.ts';
import { setting } from '../account-settings.ts';
import * as errors from '../errors.ts';

type Family = UnlimitedSupportedInstanceFamily;

/** t2 is standard unless the account says otherwise, later burstable families unlimited. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances-unlimited-mode.html */
const credits = (family: string) => setting<string>(`default-credits-${family}`, family === 't2' ? 'standard' : 'unlimited');

/** With what option a burstable instance of a type starts. */
export const defaultCredits = (ctx: Context, type: string): Promise<string> => credits(type.split('.')[0]!).of(ctx);

const answer = (family: Family, CpuCredits: string) => ({ InstanceFamilyCreditSpecification: { InstanceFamily: family, CpuCredits } });

export const defaultCreditOperations = {
  ModifyDefaultCreditSpecification: async (input, ctx) => {
    const { InstanceFamily: family, CpuCredits: wanted } = input;
    if (wanted !== 'standard' && wanted !== 'unlimited') throw errors.invalidValue(wanted, 'cpuCredits', 'Valid values: standard | unlimited');
    await credits(family).set(ctx, wanted);
    return answer(family, wanted);
  },
  GetDefaultCreditSpecification: async (input, ctx) => answer(input.InstanceFamily, await credits(input.InstanceFamily).of(ctx)),
} satisfies Handlers<Ec2Operations>;
