import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { specifiedTags, type Context, type TagPair } from '../../../src/kit/index.ts';
import { instanceTypeLimits, type InstanceTypeLimits } from '../catalog/instance-types.ts';
import { instanceTypeOffered, offeredZones } from '../catalog/instance-type-offerings.ts';
import * as errors from '../errors.ts';
import { UNMANAGED } from '../managed-resources.ts';
import { onHost } from '../hosts/host-placement.ts';
import { checkInstanceType } from '../images/image-instance-types.ts';
import { resolvedImageId } from '../images/image-aliases.ts';
import { imageForLaunch, noteLaunch, type StoredImage } from '../images/images.ts';
import { placeInGroup } from '../placement-groups/placements.ts';
import { defaultCredits } from './default-credits.ts';
import { instances, type StoredInstance } from './instances.ts';
import { keyPairNamed, type StoredKeyPair } from './key-pairs.ts';
import { claim, planClaims, type Claims, type Launcher } from './launch-claims.ts';
import { withLaunchTemplate } from './launch-templates.ts';
import { checkLaunchSupport, checkHibernationRoot, optionTraits } from './launch-options.ts';
import { attachLaunchInterfaces, launchPlace, planLaunchInterfaces, type LaunchPlace } from './launch-interfaces.ts';
import { createLaunchVolumes, planLaunchVolumes } from './launch-volumes.ts';
import { administratorPassword } from './passwords.ts';
import { profileForLaunch } from './instance-profile-associations.ts';
import { checkUserData } from './user-data.ts';

type Instance = NonNullable<Ec2Operations['RunInstances']['output']['Instances']>[number];
export type RunInput = Ec2Operations['RunInstances']['input'];

const TAGGABLE = ['instance', 'volume', 'network-interface', 'spot-instances-request'];

/** What no launch takes, though a template may keep it. */
export const REFUSED_BY_LAUNCH = ['KernelId', 'RamdiskId', 'LicenseSpecifications', 'ElasticGpuSpecification', 'ElasticInferenceAccelerators', 'SecondaryInterfaces', 'Operator', 'AdditionalInfo'] as const;

/** Everything that is the same for all instances of one call. */
export interface Launch {
  readonly input: RunInput;
  readonly image: StoredImage;
  readonly type: string;
  readonly limits: InstanceTypeLimits;
  readonly place: LaunchPlace;
  readonly pair: StoredKeyPair | undefined;
  readonly profile: StoredInstance['IamInstanceProfile'];
  readonly reservationId: string;
  readonly claims: Claims;
  readonly tags: { readonly instance: TagPair[]; readonly volume: TagPair[]; readonly interface: TagPair[] };
}

/** What a parameter stands for is resolved as the launch begins. */
const withImage = async (input: RunInput, ctx: Context): Promise<RunInput> => (input.ImageId === undefined ? input : { ...input, ImageId: await resolvedImageId(input.ImageId, ctx) });

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html */
export async function runInstances(asked: RunInput, ctx: Context, launcher: Launcher = {}): Promise<Ec2Operations['RunInstances']['output']> {
  const input = await withImage(await onHost(await withLaunchTemplate(ctx, asked), ctx), ctx);
  const launch = await planLaunch(input, ctx, launcher);
  const made: StoredInstance[] = [];
  // "If you specify more instances than Amazon EC2 can launch in the target Availability Zone, it launches the largest possible number of instances above the specified minimum count."
  const count = await launch.claims.count(input.MinCount!, input.MaxCount!);
  for (let index = 0; index < count; index++) made.push(await launchOne(launch, index, ctx));
  await noteLaunch(ctx, launch.image);
  return { ReservationId: launch.reservationId, OwnerId: ctx.account, Groups: [], Instances: made };
}

/** What a launch answers: devices, public addresses and options come about while the instances are pending. https://docs.aws.amazon.com/cli/latest/reference/ec2/run-instances.html#examples */
export function justLaunched(instance: Instance): Instance {
  const { BlockDeviceMappings: _devices, NetworkInterfaces: interfaces, MetadataOptions: options, PublicDnsName: _name, PublicIpAddress: _address, Tags, ...rest } = instance;
  return { BlockDeviceMappings: [], NetworkInterfaces: interfaces!.map(attaching), PublicDnsName: '', Tags: Tags ?? [], MetadataOptions: { ...options, State: 'pending' }, ...rest };
}

const attaching = ({ Association: _association, Attachment: attachment, PrivateIpAddresses: addresses = [], ...rest }: NonNullable<Instance['NetworkInterfaces']>[number]) => ({
  Attachment: { ...attachment, Status: 'attaching' as const }, PrivateIpAddresses: addresses.map(({ Association: _public, ...address }) => address), ...rest,
});

export async function planLaunch(input: RunInput, ctx: Context, launcher: Launcher = {}): Promise<Launch> {
  checkCounts(input);
  for (const name of REFUSED_BY_LAUNCH) if (input[name] !== undefined) throw errors.unsupportedOperation(`The parameter ${name} is not supported by Fogbank yet.`);
  if (input.ImageId === undefined) throw errors.missingParameter('ImageId');
  const specifications = input.TagSpecifications as never;
  const tags = { instance: [...specifiedTags(specifications, 'instance', TAGGABLE), ...templateTags(input), ...(launcher.tags ?? [])], volume: specifiedTags(specifications, 'volume', TAGGABLE), interface: specifiedTags(specifications, 'network-interface', TAGGABLE) };
  const image = await imageForLaunch(ctx, input.ImageId);
  const type: string = input.InstanceType ?? 'm1.small';
  const limits = instanceTypeLimits(type);
  if (!limits) throw errors.invalidParameterValue(`Invalid value '${type}' for InstanceType.`);
  if (!limits.architectures.includes(image.Architecture!)) throw errors.architectureMismatch(limits.architectures.join(', '), image.Architecture!);
  checkInstanceType(image, type);
  checkLaunchSupport(input, image, type);
  checkCredits(input, limits);
  const pair = input.KeyName === undefined ? undefined : await keyPairNamed(ctx, input.KeyName);
  if (input.KeyName !== undefined && !pair) throw errors.keyPairNotFound(input.KeyName);
  checkUserData(input.UserData);
  const place = await launchPlace(input, ctx, (zone) => instanceTypeOffered(ctx.region, zone, type));
  if (!instanceTypeOffered(ctx.region, place.subnet.AvailabilityZone!, type)) throw errors.typeNotOffered(type, place.subnet.AvailabilityZone!, offeredZones(ctx.region, type));
  const claims = await planClaims({ input, image, type, place }, launcher, ctx);
  return { input, image, type, limits, place, pair, claims, profile: await profileForLaunch(ctx, input.IamInstanceProfile), reservationId: `r-${ctx.ids.hex(17)}`, tags };
}

/** EC2 marks instances with the template that they came from. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/launch-instances-from-launch-template.html */
const templateTags = ({ LaunchTemplate: from }: RunInput): TagPair[] =>
  from ? [{ Key: 'aws:ec2launchtemplate:id', Value: from.LaunchTemplateId! }, { Key: 'aws:ec2launchtemplate:version', Value: from.Version! }] : [];

function checkCounts({ MinCount, MaxCount }: RunInput): void {
  if (MinCount! < 1) throw errors.invalidParameterValue(`Value (${MinCount}) for parameter minCount is invalid. Minimum value is 1.`);
  if (MaxCount! < MinCount!) throw errors.invalidParameterValue(`Value (${MaxCount}) for parameter maxCount is invalid. Must be greater than or equal to minCount.`);
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreditSpecificationRequest.html */
function checkCredits({ CreditSpecification: wish, InstanceType: type }: RunInput, limits: InstanceTypeLimits): void {
  if (wish === undefined) return;
  if (wish.CpuCredits !== 'standard' && wish.CpuCredits !== 'unlimited') throw errors.invalidValue(wish.CpuCredits, 'cpuCredits', 'Valid values: standard | unlimited');
  // assumed: the code and the text.
  if (!limits.burstable) throw errors.invalidParameterCombination(`The parameter CreditSpecification is not supported for the instance type ${type}.`);
}

async function launchOne(launch: Launch, index: number, ctx: Context): Promise<StoredInstance> {
  const { input, image, limits, place } = launch;
  const id = ctx.newId(instances);
  const enis = await planLaunchInterfaces(input, place, id, launch.tags.interface, limits, ctx);
  const drives = await planLaunchVolumes(input, image, place.subnet, id, launch.tags.volume, ctx);
  const primary = enis[0]!;
  const { Placement: placed, ...claimed } = await claim(launch.claims, id, ctx);
  const passwordData = administratorPassword(launch.pair, image.Platform !== undefined, ctx);
  const zone = primary.AvailabilityZone!;
  const grouped = place.group && (await placeInGroup(ctx, place.group, { type: launch.type, zone, tenancy: place.tenancy, partition: input.Placement?.PartitionNumber }));
  if (input.HibernationOptions?.Configured) checkHibernationRoot(launch.type, drives.find((d) => d.device === image.RootDeviceName)?.volume);
  // What is spread stands last: V8 adds members to a copied object fifty times slower than it copies into a literal.
  const instance: StoredInstance = {
    InstanceId: id, InstanceType: launch.type as StoredInstance['InstanceType'], AmiLaunchIndex: index, LaunchTime: ctx.wholeSecond, ClientToken: input.ClientToken ?? '',
    State: { Name: 'pending', Code: 0 }, StateTransitionReason: '', Monitoring: { State: input.Monitoring?.Enabled ? 'enabled' : 'disabled' },
    Placement: { AvailabilityZone: zone, AvailabilityZoneId: primary.AvailabilityZoneId, GroupName: '', ...grouped, Tenancy: place.tenancy as 'default', ...placed },
    VpcId: primary.VpcId, SubnetId: primary.SubnetId, PrivateDnsName: primary.PrivateDnsName ?? '', PublicDnsName: '',
    BlockDeviceMappings: drives.map((d) => ({ DeviceName: d.device, Ebs: { AttachTime: ctx.wholeSecond, DeleteOnTermination: d.deleteOnTermination, Status: 'attached', VolumeId: d.volume.VolumeId, EbsCardIndex: 0 } })),
    UsageOperationUpdateTime: ctx.wholeSecond, ProductCodes: [], Tags: launch.tags.instance, Operator: UNMANAGED,
    $: {
      reservationId: launch.reservationId, userData: input.UserData, disableApiTermination: input.DisableApiTermination ?? false, disableApiStop: input.DisableApiStop ?? false,
      shutdownBehavior: (input.InstanceInitiatedShutdownBehavior ?? 'stop') as 'stop' | 'terminate', credits: await creditsOf(launch, ctx), autoPublicIp: primary.Association?.IpOwnerId === 'amazon', ...launch.claims.kept, ...(passwordData === undefined ? {} : { passwordData }),
    },
    ...imageTraits(image), ...(await optionTraits(input, image, launch.type, place.subnet, ctx)), ...claimed,
    ...(input.KeyName === undefined ? {} : { KeyName: input.KeyName }), ...(launch.profile ? { IamInstanceProfile: launch.profile } : {}), ...(place.subnet.OutpostArn === undefined ? {} : { OutpostArn: place.subnet.OutpostArn }),
  };
  await attachLaunchInterfaces(instance, enis, ctx);
  await createLaunchVolumes(drives, ctx);
  return ctx.create(instances, instance);
}

function imageTraits(image: StoredImage): Partial<StoredInstance> {
  return {
    ImageId: image.ImageId, Architecture: image.Architecture as StoredInstance['Architecture'], RootDeviceName: image.RootDeviceName, RootDeviceType: image.RootDeviceType, VirtualizationType: image.VirtualizationType,
    EnaSupport: image.EnaSupport ?? false, Hypervisor: image.Hypervisor ?? 'xen', PlatformDetails: image.PlatformDetails, UsageOperation: image.UsageOperation,
    ...(image.Platform ? { Platform: 'windows' as 'Windows' } : {}), ...(image.BootMode ? { BootMode: image.BootMode as StoredInstance['BootMode'] } : {}),
  };
}

async function creditsOf({ input, limits, type }: Launch, ctx: Context): Promise<string | undefined> {
  return limits.burstable ? (input.CreditSpecification?.CpuCredits ?? (await defaultCredits(ctx, type))) : undefined;
}
