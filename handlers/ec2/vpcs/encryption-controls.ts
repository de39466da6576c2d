import type { VpcEncryptionControl, VpcEncryptionControlExclusions } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, creates, describes, pageOf, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { blockingResources, type Excludable } from './encryption-blockers.ts';
import { vpcs, type StoredVpc } from './vpcs.ts';

export type StoredEncryptionControl = Wire<VpcEncryptionControl>;

const leaving = (control: StoredEncryptionControl): boolean => control.State === 'deleting' || control.State === 'deleted';

/** https://docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html */
export const encryptionControls = resource<StoredEncryptionControl>({
  service: 'ec2',
  kind: 'vpc-encryption-control',
  shape: 'VpcEncryptionControl',
  id: { member: 'VpcEncryptionControlId', prefix: 'vpcec' },
  notFound: errors.notFound('InvalidVpcEncryptionControlId.NotFound', 'VPC encryption control ID'),
  malformed: errors.malformedId('InvalidVpcEncryptionControlId.Malformed', 'vpcec'),
  state: 'State',
  lifecycle: {
    creating: { after: seconds(5), to: 'available' },
    'enforce-in-progress': { after: seconds(30), to: 'available' },
    'monitor-in-progress': { after: seconds(5), to: 'available' },
    deleting: { after: seconds(5), to: 'deleted' },
    deleted: { after: seconds(60), to: 'gone' },
  },
  // assumed: what is being enabled or disabled is so with the change of the control.
  entering: { available: (control) => settle(control), 'enforce-failed': (control) => settle(control) },
  references: { VpcId: { kind: 'ec2:vpc', onDelete: 'cascade' } },
});

type Exclusions = Wire<VpcEncryptionControlExclusions>;

export const EXCLUSIONS: readonly Excludable[] = [
  'InternetGateway', 'EgressOnlyInternetGateway', 'NatGateway', 'VirtualPrivateGateway', 'VpcPeering', 'Lambda', 'VpcLattice', 'ElasticFileSystem', 'GlobalAccelerator', 'ApiGatewayV2',
];

function settle(control: StoredEncryptionControl): void {
  for (const name of EXCLUSIONS) {
    const exclusion = control.ResourceExclusions![name]!;
    if (exclusion.State === 'enabling') exclusion.State = 'enabled';
    if (exclusion.State === 'disabling') exclusion.State = 'disabled';
  }
}

const isExcluded = (control: StoredEncryptionControl, name: Excludable): boolean => ['enabled', 'enabling'].includes(control.ResourceExclusions![name]!.State!);

export async function controlOf(ctx: Context, vpcId: string): Promise<StoredEncryptionControl | undefined> {
  return (await ctx.list(encryptionControls, { member: 'VpcId', value: vpcId })).find((c) => !leaving(c));
}

/** A VPC shows the control that it has. */
export async function withEncryption(vpc: StoredVpc, ctx: Context): Promise<StoredVpc> {
  const control = await controlOf(ctx, vpc.VpcId!);
  return control ? { ...vpc, EncryptionControl: control } : vpc;
}

async function planControl(input: Ec2Operations['CreateVpcEncryptionControl']['input'], ctx: Context): Promise<Partial<StoredEncryptionControl>> {
  await ctx.get(vpcs, input.VpcId);
  // assumed: this code.
  if (await controlOf(ctx, input.VpcId)) throw new AwsError('VpcEncryptionControlAlreadyExists', `The VPC ${input.VpcId} already has an encryption control.`);
  return newControl(input.VpcId);
}

/** A control begins by watching. */
export const newControl = (vpcId: string): StoredEncryptionControl => ({
  VpcId: vpcId, Mode: 'monitor', State: 'creating', ResourceExclusions: Object.fromEntries(EXCLUSIONS.map((name) => [name, { State: 'disabled' }])) as Exclusions, Tags: [],
});

/** What keeps a VPC from being enforced, but for what is excluded. */
async function blocking(ctx: Context, vpcId: string, control: StoredEncryptionControl | undefined) {
  return (await blockingResources(ctx, vpcId)).filter((b) => !(control && b.excludable && isExcluded(control, b.excludable)));
}

export type Wishes = { readonly [Name in `${Excludable}Exclusion`]?: 'enable' | 'disable' };

/** Enforcing fails while something in the VPC does not encrypt and is not excluded. */
export async function applyMode(ctx: Context, control: StoredEncryptionControl, mode: 'monitor' | 'enforce', wishes: Wishes): Promise<StoredEncryptionControl> {
  for (const name of EXCLUSIONS) {
    const wish = mode === 'monitor' ? 'disable' : wishes[`${name}Exclusion`];
    if (wish !== undefined && isExcluded(control, name) !== (wish === 'enable')) control.ResourceExclusions![name]!.State = wish === 'enable' ? 'enabling' : 'disabling';
  }
  delete control.StateMessage;
  const obstacles = mode === 'enforce' ? await blocking(ctx, control.VpcId!, control) : [];
  if (obstacles.length > 0) {
    control.StateMessage = `Encryption cannot be enforced because of ${obstacles.length} resource(s): ${obstacles.slice(0, 10).map((o) => o.Id).join(', ')}`;
    return ctx.transition(encryptionControls, control, 'enforce-failed');
  }
  control.Mode = mode;
  return ctx.transition(encryptionControls, control, `${mode}-in-progress`);
}

async function modifyControl(input: Ec2Operations['ModifyVpcEncryptionControl']['input'], ctx: Context): Promise<Ec2Operations['ModifyVpcEncryptionControl']['output']> {
  const control = await ctx.get(encryptionControls, input.VpcEncryptionControlId);
  if (!['available', 'enforce-failed', 'monitor-failed'].includes(control.State!)) throw errors.incorrectState(`The VPC encryption control ${input.VpcEncryptionControlId} is in the state ${control.State}.`);
  const mode = input.Mode ?? control.Mode!;
  if (input.Mode === undefined && EXCLUSIONS.every((name) => input[`${name}Exclusion`] === undefined)) throw errors.missingParameter('mode');
  checkWishes(mode, input);
  return { VpcEncryptionControl: await applyMode(ctx, control, mode, input) };
}

/** Exclusions are of the enforce mode. assumed: this code. */
function checkWishes(mode: string, wishes: Wishes): void {
  if (mode === 'monitor' && EXCLUSIONS.some((name) => wishes[`${name}Exclusion`] === 'enable')) throw errors.invalidParameterCombination('Exclusions can be enabled in the enforce mode only');
}

/** A VPC may be born with a control; nothing is in it yet that could be in its way. */
export async function bornWith(ctx: Context, vpcId: string, configuration: ({ readonly Mode: 'monitor' | 'enforce' } & Wishes) | undefined): Promise<void> {
  if (!configuration) return;
  checkWishes(configuration.Mode, configuration);
  const control = newControl(vpcId);
  control.Mode = configuration.Mode;
  for (const name of EXCLUSIONS) if (configuration[`${name}Exclusion`] === 'enable') control.ResourceExclusions![name]!.State = 'enabling';
  await ctx.create(encryptionControls, { ...control, VpcEncryptionControlId: ctx.newId(encryptionControls) });
}

export const encryptionControlOperations = {
  CreateVpcEncryptionControl: creates(encryptionControls, planControl),
  DescribeVpcEncryptionControls: describes(encryptionControls, {
    ids: 'VpcEncryptionControlIds',
    prepare: async (input, ctx) => {
      await ctx.getAll(vpcs, input.VpcIds ?? []);
      return input;
    },
    visible: (control, input) => !input.VpcIds?.length || input.VpcIds.includes(control.VpcId!),
  }),
  ModifyVpcEncryptionControl: modifyControl,
  GetVpcResourcesBlockingEncryptionEnforcement: async (input, ctx) => {
    await ctx.get(vpcs, input.VpcId);
    const all = await blocking(ctx, input.VpcId, await controlOf(ctx, input.VpcId));
    const { items, next } = pageOf(all.map(({ Id, Type, Description, excludable }) => ({ Id, Type, Description, IsExcludable: excludable !== undefined })), input);
    return { NonCompliantResources: items, ...next };
  },
  DeleteVpcEncryptionControl: async (input, ctx) => {
    const control = await ctx.get(encryptionControls, input.VpcEncryptionControlId);
    if (leaving(control)) return { VpcEncryptionControl: control };
    return { VpcEncryptionControl: await ctx.transition(encryptionControls, control, 'deleting') };
  },
} satisfies Handlers<Ec2Operations>;
