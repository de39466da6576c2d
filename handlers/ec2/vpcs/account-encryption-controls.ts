import type { AccountVpcEncryptionControl } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { applyMode, bornWith, controlOf, encryptionControls, EXCLUSIONS, newControl, type Wishes } from './encryption-controls.ts';
import { vpcs } from './vpcs.ts';

/** `Key` is there because an account has one in a Region, without an id. */
export type StoredAccountControl = Wire<AccountVpcEncryptionControl> & { Key: string };

/** What an account wants of all its VPCs in a Region. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html */
export const accountEncryptionControls = resource<StoredAccountControl>({
  service: 'ec2',
  kind: 'account-vpc-encryption-control',
  shape: 'AccountVpcEncryptionControl',
  id: { member: 'Key' },
  notFound: (ids) => new AwsError('InternalError', `No account control of ${ids[0]}`),
  tags: null,
});

type Exclusions = NonNullable<StoredAccountControl['Exclusions']>;

const untouched = (region: string): StoredAccountControl => ({
  Key: region, State: 'default-state', Mode: 'unmanaged', ManagedBy: 'account', Exclusions: Object.fromEntries(EXCLUSIONS.map((name) => [name, 'disabled'])) as Exclusions,
});

const accountControl = async (ctx: Context): Promise<StoredAccountControl> => (await ctx.find(accountEncryptionControls, ctx.region)) ?? untouched(ctx.region);

const wishesOf = (control: StoredAccountControl): Wishes => Object.fromEntries(EXCLUSIONS.map((name) => [`${name}Exclusion`, control.Exclusions![name] === 'enabled' ? 'enable' : 'disable']));

const modeOf = (control: StoredAccountControl): 'monitor' | 'enforce' | undefined => (control.Mode === 'attempt-monitor' ? 'monitor' : control.Mode === 'attempt-enforce' ? 'enforce' : undefined);

/** Every VPC gets a control, and the mode where nothing is in its way. */
async function attempt(ctx: Context, control: StoredAccountControl): Promise<NonNullable<StoredAccountControl['State']>> {
  const mode = modeOf(control);
  if (!mode) return 'transitions-successful';
  const reached: boolean[] = [];
  for (const { VpcId } of await ctx.list(vpcs)) {
    const own = (await controlOf(ctx, VpcId!)) ?? (await ctx.create(encryptionControls, { ...newControl(VpcId!), VpcEncryptionControlId: ctx.newId(encryptionControls) }));
    reached.push((await applyMode(ctx, own, mode, wishesOf(control))).State !== 'enforce-failed');
  }
  return reached.every((r) => r) ? 'transitions-successful' : reached.some((r) => r) ? 'transitions-partially-successful' : 'transitions-failed';
}

/** A new VPC has the control that was asked for with it, else what its account wants. */
export async function encryptNew(ctx: Context, vpcId: string, asked: Ec2Operations['CreateVpc']['input']['VpcEncryptionControl']): Promise<void> {
  const account = await ctx.find(accountEncryptionControls, ctx.region);
  const Mode = account && modeOf(account);
  await bornWith(ctx, vpcId, asked ?? (Mode && { Mode, ...(Mode === 'enforce' ? wishesOf(account) : {}) }));
}

const shown = ({ Key: _key, ...control }: StoredAccountControl) => ({ AccountVpcEncryptionControl: control });

export const accountEncryptionControlOperations = {
  DescribeAccountVpcEncryptionControl: async (_input, ctx) => shown(await accountControl(ctx)),
  /** assumed: the attempt is over when it is answered. */
  ModifyAccountVpcEncryptionControl: async (input, ctx) => {
    const control = await accountControl(ctx);
    const given = EXCLUSIONS.filter((name) => input[name] !== undefined);
    if (input.Mode === undefined && given.length === 0) throw errors.missingParameter('mode');
    control.Mode = input.Mode ?? control.Mode!;
    if (control.Mode !== 'attempt-enforce' && given.some((name) => input[name] === 'enable')) throw errors.invalidParameterCombination('Exclusions can be enabled in the enforce mode only');
    for (const name of given) control.Exclusions![name] = input[name] === 'enable' ? 'enabled' : 'disabled';
    control.State = await attempt(ctx, control);
    control.LastUpdateTimestamp = ctx.now;
    if (await ctx.find(accountEncryptionControls, ctx.region)) await ctx.save(accountEncryptionControls, control);
    else await ctx.create(accountEncryptionControls, control);
    return shown(control);
  },
} satisfies Handlers<Ec2Operations>;
