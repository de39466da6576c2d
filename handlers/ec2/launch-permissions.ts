import { permission, reference, requestTagKeys, type ActionReference, type Permission } from '../../src/iam/index.ts';
import { demand, isJudged, type Context } from '../../src/kit/index.ts';
import { instanceTypeOffered } from './catalog/instance-type-offerings.ts';
import { sharedArn, stateKeys, subnetKey, vpcKey, type KeyValues } from './condition-keys.ts';
import { aliasPermissions, resolvedImageId } from './images/image-aliases.ts';
import { imageForLaunch, type StoredImage } from './images/images.ts';
import { keyPairNamed } from './instances/key-pairs.ts';
import { launchPlace, type LaunchPlace } from './instances/launch-interfaces.ts';
import { withLaunchTemplate } from './instances/launch-templates.ts';
import { mappings } from './instances/launch-volumes.ts';
import { networkInterfaces } from './network-interfaces/network-interfaces.ts';
import { arnFor, passing, profileGiven, specified, tagging } from './permissions.ts';
import type { RunInput } from './instances/run-instances.ts';
import { securityGroups } from './security-groups/security-groups.ts';

/**
 * RunInstances needs each of the resources that it brings together: image, instance, interface, groups, subnet, volumes, key
 * pair, template. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html#iam-example-runinstances
 */
export async function launchPermissions(action: ActionReference, asked: RunInput, ctx: Context): Promise<Permission[]> {
  const input = await withLaunchTemplate(ctx, asked);
  // A launch that cannot be planned is refused for what it is, once the action itself is allowed.
  const plan = await planned(input, ctx).catch(() => undefined);
  const template = input.LaunchTemplate?.LaunchTemplateId;
  const common: KeyValues = {
    'ec2:Region': ctx.region, ...(template === undefined ? {} : { 'ec2:LaunchTemplate': arnFor('launch-template', template, ctx) }),
  };
  const needs = (type: string, arn: string, keys: KeyValues): Permission => permission(action, arn, action.resources.find((r) => r.name === type), {
    ...common, ...(template === undefined ? {} : { 'ec2:IsLaunchTemplateResource': !gives(asked, type) }), ...keys,
  });
  const made = (type: string, keys: KeyValues) => needs(type, arnFor(type, '*', ctx), { ...keys, ...requestTagKeys(specified(input as never, type)) });
  const out: Permission[] = await aliasPermissions(input.ImageId, ctx);
  if (input.ImageId !== undefined) out.push(needs('image', sharedArn(ctx, 'image', plan?.image.ImageId ?? input.ImageId)!, plan?.image ? stateKeys('image', plan.image, ctx) : { 'ec2:ImageID': input.ImageId }));
  out.push(made('instance', { ...instanceKeys(input, plan, (await profileGiven(input as never, ctx))?.arn ?? input.IamInstanceProfile?.Arn), 'ec2:PlacementGroup': plan?.place.group && arnFor('placement-group', plan.place.group.GroupName!, ctx) }));
  if (plan) {
    for (const group of plan.groups) out.push(needs('security-group', arnFor('security-group', group.id, ctx), group.keys));
    out.push(needs('subnet', arnFor('subnet', plan.place.subnet.SubnetId!, ctx), stateKeys('subnet', plan.place.subnet, ctx)));
    out.push(...(await interfaces(input, plan, needs, made, ctx)));
    const { group } = plan.place;
    if (group) out.push(needs('placement-group', arnFor('placement-group', group.GroupName!, ctx), stateKeys('placement-group', group, ctx)));
  }
  for (const { Ebs: ebs } of plan ? mappings(input, plan.image) : []) {
    out.push(made('volume', {
      'ec2:VolumeSize': ebs!.VolumeSize, 'ec2:VolumeType': ebs!.VolumeType ?? 'gp2', 'ec2:VolumeIops': ebs!.Iops, 'ec2:VolumeThroughput': ebs!.Throughput, 'ec2:Encrypted': ebs!.Encrypted ?? false,
      'ec2:KmsKeyId': ebs!.KmsKeyId, 'ec2:ParentSnapshot': sharedArn(ctx, 'snapshot', ebs!.SnapshotId), 'ec2:AvailabilityZone': plan!.place.subnet.AvailabilityZone,
    }));
  }
  if (input.KeyName !== undefined) {
    const pair = await keyPairNamed(ctx, input.KeyName);
    out.push(needs('key-pair', arnFor('key-pair', input.KeyName, ctx), pair ? stateKeys('key-pair', pair, ctx) : { 'ec2:KeyPairName': input.KeyName }));
  }
  if (template !== undefined) {
    const resource = ctx.world.registry.resource('ec2:launch-template')!;
    const document = await ctx.find(resource, template);
    out.push(needs('launch-template', arnFor('launch-template', template, ctx), document ? stateKeys('launch-template', document, ctx) : {}));
  }
  // "Amazon EC2 does not evaluate the spot-instances-request resource … if the Spot Instance request is not tagged on create." https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html#iam-example-spot-instances
  if (specified(input as never, 'spot-instances-request')?.length) out.push(made('spot-instances-request', {}));
  return [...out, ...tagging('RunInstances', input as never, ctx), ...(await passing('RunInstances', input as never, ctx))];
}

/** What a call launches on its caller's behalf, its caller must be allowed to launch. */
export async function demandLaunch(input: RunInput, ctx: Context): Promise<void> {
  if (await isJudged(ctx)) await demand(ctx, await launchPermissions(reference('ec2').action('RunInstances')!, input, ctx), 'ec2Query');
}

/** By what members a call itself says which resource of a type it takes, and does not leave it to its template. */
const GIVEN_BY: Readonly<Record<string, readonly (keyof RunInput)[]>> = {
  image: ['ImageId'], 'key-pair': ['KeyName'], subnet: ['SubnetId', 'NetworkInterfaces'], 'security-group': ['SecurityGroupIds', 'SecurityGroups', 'NetworkInterfaces'],
  'network-interface': ['NetworkInterfaces', 'SubnetId', 'SecurityGroupIds', 'SecurityGroups'], volume: ['BlockDeviceMappings'], 'placement-group': ['Placement'], 'launch-template': [],
};
/** assumed: a launch's count and tags are not parameters of the template that it overrides. */
const NOT_OVERRIDDEN = new Set<string>(['LaunchTemplate', 'MinCount', 'MaxCount', 'ClientToken', 'DryRun', 'TagSpecifications', ...Object.values(GIVEN_BY).flat()]);

/**
 * Whether a call overrides its template in what it says of a type of resource; an instance is overridden by all that is said of none of the others.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html#iam-example-runinstances-launch-templates
 */
function gives(asked: RunInput, type: string): boolean {
  const members = GIVEN_BY[type];
  const said = (member: string): boolean => {
    const value = (asked as Record<string, unknown>)[member];
    return Array.isArray(value) ? value.length > 0 : value !== undefined;
  };
  return members ? members.some(said) : Object.keys(asked).some((member) => !NOT_OVERRIDDEN.has(member) && said(member));
}

interface Planned {
  readonly image: StoredImage;
  readonly place: LaunchPlace;
  readonly groups: readonly { id: string; keys: KeyValues }[];
}

async function planned(input: RunInput, ctx: Context): Promise<Planned> {
  const type: string = input.InstanceType ?? 'm1.small';
  const image = await imageForLaunch(ctx, await resolvedImageId(input.ImageId!, ctx));
  const place = await launchPlace(input, ctx, (zone) => instanceTypeOffered(ctx.region, zone, type));
  const ids = new Set([...place.groups, ...(input.NetworkInterfaces ?? []).flatMap((n) => n.Groups ?? [])]);
  if (ids.size === 0) {
    const home = (await ctx.list(securityGroups, { member: 'VpcId', value: place.subnet.VpcId! })).find((g) => g.GroupName === 'default');
    if (home) ids.add(home.GroupId!);
  }
  const groups = [];
  for (const id of ids) {
    const document = await ctx.find(securityGroups, id);
    groups.push({ id, keys: document ? stateKeys('security-group', document, ctx) : {} });
  }
  return { image, place, groups };
}

function instanceKeys(input: RunInput, plan: Planned | undefined, profileArn: string | undefined): KeyValues {
  const secure = plan?.image.ImdsSupport === 'v2.0';
  return {
    'ec2:InstanceType': input.InstanceType ?? 'm1.small', 'ec2:AvailabilityZone': plan?.place.subnet.AvailabilityZone, 'ec2:AvailabilityZoneId': plan?.place.subnet.AvailabilityZoneId,
    'ec2:EbsOptimized': input.EbsOptimized ?? false, 'ec2:Tenancy': input.Placement?.Tenancy ?? plan?.place.tenancy, 'ec2:RootDeviceType': plan?.image.RootDeviceType, 'ec2:InstanceMarketType': input.InstanceMarketOptions?.MarketType ?? 'on-demand',
    'ec2:InstanceProfile': profileArn, 'ec2:MetadataHttpTokens': input.MetadataOptions?.HttpTokens ?? (secure ? 'required' : 'optional'),
    'ec2:MetadataHttpEndpoint': input.MetadataOptions?.HttpEndpoint ?? 'enabled', 'ec2:MetadataHttpPutResponseHopLimit': input.MetadataOptions?.HttpPutResponseHopLimit ?? (secure ? 2 : 1),
    'ec2:InstanceMetadataTags': input.MetadataOptions?.InstanceMetadataTags ?? 'disabled', 'ec2:InstanceAutoRecovery': input.MaintenanceOptions?.AutoRecovery ?? 'default',
    'ec2:CpuOptionsAmdSevSnp': input.CpuOptions?.AmdSevSnp, 'ec2:InstanceBandwidthWeighting': input.NetworkPerformanceOptions?.BandwidthWeighting ?? 'default',
  };
}

type Needs = (type: string, arn: string, keys: KeyValues) => Permission;

/** Interfaces that exist are named; every other one is made. */
async function interfaces(input: RunInput, { place }: Planned, needs: Needs, made: (type: string, keys: KeyValues) => Permission, ctx: Context): Promise<Permission[]> {
  const wished = input.NetworkInterfaces?.length ? input.NetworkInterfaces : [{}];
  const out: Permission[] = [];
  for (const wish of wished as NonNullable<RunInput['NetworkInterfaces']>) {
    if (wish.NetworkInterfaceId === undefined) {
      out.push(made('network-interface', {
        'ec2:Subnet': subnetKey(ctx, wish.SubnetId ?? place.subnet.SubnetId), 'ec2:Vpc': vpcKey(ctx, place.subnet.VpcId), 'ec2:AvailabilityZone': place.subnet.AvailabilityZone,
        'ec2:AssociatePublicIpAddress': wish.AssociatePublicIpAddress ?? place.subnet.MapPublicIpOnLaunch,
      }));
      continue;
    }
    const document = await ctx.find(networkInterfaces, wish.NetworkInterfaceId);
    out.push(needs('network-interface', arnFor('network-interface', wish.NetworkInterfaceId, ctx), document ? stateKeys('network-interface', document, ctx) : {}));
  }
  return out;
}
