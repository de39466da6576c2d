import { permission, reference, requestTagKeys, type ActionReference, type KeyValue, type Permission } from '../../src/iam/index.ts';
import type { AnyResource, Context, Structure } from '../../src/kit/index.ts';
import { wishedEndpointKeys } from './client-vpn/endpoint-keys.ts';
import { stateKeys, type KeyValues } from './condition-keys.ts';
import { visibleImage } from './images/images.ts';
import { joinedBy } from './joined-resources.ts';
import { keyPairNamed } from './instances/key-pairs.ts';
import { launchPermissions } from './launch-permissions.ts';
import { groupNamed } from './security-groups/security-groups.ts';
import { usableSnapshot } from './snapshots/snapshots.ts';
import { wishedConnectionKeys } from './vpn/connection-keys.ts';

/**
 * What a call of EC2 must be allowed: its action on every resource that it names, on every one that it makes, and the
 * actions that depend on it. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
export async function permissions(operation: string, input: Structure, ctx: Context): Promise<Permission[]> {
  const action = reference('ec2').action(operation);
  if (!action) return [];
  if (operation === 'RunInstances') return launchPermissions(action, input as never, ctx);
  const profile = await profileGiven(input, ctx);
  const request: KeyValues = { 'ec2:Region': ctx.region, 'ec2:NewInstanceProfile': profile?.arn, ...attributeKeys(operation, input), ...wishKeys(operation, input) };
  const named = mentioned(input, ctx);
  for (const [kind, id] of await joinedBy(input, ctx)) named.set(id, { resource: ctx.world.registry.resource(`ec2:${kind}`)!, id });
  const needed = [...(await onNamed(action, named, input, request, ctx)), ...onMade(action, named, input, request, ctx)];
  // assumed: where a call names none of the resources that its action may have, it is about any.
  if (needed.length === 0) needed.push(permission(action, '*', undefined, { ...request, ...requestTagKeys(tagsOf(input)) }));
  return [...needed, ...tagging(operation, input, ctx), ...(await passing(operation, input, ctx))];
}

// ---- what a call names ----

const ID = /^(?:(?:[a-z0-9]+-)+[0-9a-f]{8,33}|(?:[a-z]+-)*[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

interface Mentioned {
  readonly resource: AnyResource;
  readonly id: string;
}

/** Every id in the input that is of a declared kind, wherever it stands, once. */
function mentioned(value: unknown, ctx: Context, found = new Map<string, Mentioned>()): Map<string, Mentioned> {
  if (typeof value === 'string') {
    const resource = ID.test(value) ? ctx.world.registry.resourceOfId('ec2', value) : undefined;
    if (resource) found.set(value, { resource, id: value });
  } else if (Array.isArray(value)) for (const item of value) mentioned(item, ctx, found);
  else if (value !== null && typeof value === 'object') for (const member of Object.values(value)) mentioned(member, ctx, found);
  return found;
}

/** Resources that are named by a name instead of an id. */
async function byNames(input: Structure, ctx: Context): Promise<Mentioned[]> {
  const out: Mentioned[] = [];
  const resource = (kind: string) => ctx.world.registry.resource(`ec2:${kind}`)!;
  if (typeof input.KeyName === 'string') {
    const pair = await keyPairNamed(ctx, input.KeyName);
    if (pair) out.push({ resource: resource('key-pair'), id: pair.KeyPairId! });
  }
  if (typeof input.GroupName === 'string' && input.GroupId === undefined && input.VpcId === undefined) {
    const group = await groupNamed(ctx, input.GroupName).catch(() => undefined);
    if (group) out.push({ resource: resource('security-group'), id: group.GroupId! });
  }
  const [placement] = typeof input.GroupName === 'string' ? await ctx.list<Record<string, unknown>>(resource('placement-group'), { member: 'GroupName', value: input.GroupName }) : [];
  if (placement) out.push({ resource: resource('placement-group'), id: placement.GroupId as string });
  if (typeof input.LaunchTemplateName === 'string') {
    const [template] = await ctx.list<Record<string, unknown>>(resource('launch-template'), { member: 'LaunchTemplateName', value: input.LaunchTemplateName });
    if (template) out.push({ resource: resource('launch-template'), id: template.LaunchTemplateId as string });
  }
  return out;
}

async function onNamed(action: ActionReference, byIds: ReadonlyMap<string, Mentioned>, input: Structure, request: KeyValues, ctx: Context): Promise<Permission[]> {
  const out: Permission[] = [];
  const named = new Map([...byIds, ...(await byNames(input, ctx)).map((m) => [m.id, m] as const)]);
  for (const { resource, id } of named.values()) {
    const type = action.resources.find((r) => r.name === resource.kind);
    if (!type) continue;
    const document = (await ctx.find(resource, id)) ?? (await ofOthers(resource.kind, id, ctx));
    const keys = { ...(document ? stateKeys(resource.kind, document, ctx) : {}), ...request, ...requestTagKeys(tagsOf(input)), ...tagKeyNames(input) };
    // Some have names in their ARNs: their declarations say so.
    const arn = resource.arn && document ? resource.arn(document, ctx.account, ctx.region) : arnFor(resource.kind, id, ctx);
    // What does not exist has no tags that could allow anything. https://github.com/runs-on/terraform-aws-runs-on/issues/60
    out.push(permission(action, arn, type, keys));
  }
  return out;
}

/** What others own and let the account use has keys too. */
const ofOthers = async (kind: string, id: string, ctx: Context): Promise<object | undefined> => (kind === 'image' ? visibleImage(ctx, id) : kind === 'snapshot' ? usableSnapshot(ctx, id) : undefined);

export const arnFor = (type: string, id: string, ctx: Context): string => reference('ec2').arn(type, ctx, id) ?? '*';

// ---- what a call makes ----

/** Resource types that every call of the action has and that this one does not name: it makes them. */
function onMade(action: ActionReference, byIds: ReadonlyMap<string, Mentioned>, input: Structure, request: KeyValues, ctx: Context): Permission[] {
  const named = new Set([...byIds.values()].map((m) => m.resource.kind));
  if (/^(Describe|Get|Delete|Detach|Disassociate|Release)/.test(action.name.slice('ec2:'.length))) return [];
  return action.resources.filter((type) => type.required && !(named.has(type.name) && !MAKES_ITS_OWN.test(action.name))).map((type) => {
    const name = madeName(type.name, input) ?? '*';
    return permission(action, arnFor(type.name, name, ctx), type, { ...request, ...creationKeys(type.name, input, ctx), ...requestTagKeys(specified(input, type.name) ?? tagsOf(input)) });
  });
}

/** What has a name in its ARN is known by it before it is made. */
const madeName = (type: string, input: Structure): string | undefined => {
  const name = type === 'key-pair' ? input.KeyName : type === 'placement-group' ? input.GroupName : undefined;
  return typeof name === 'string' && name !== '' ? name : undefined;
};

/** These name one of the kind that they make. */
const MAKES_ITS_OWN = /:(Copy(Image|Snapshot|Volumes)|CreateTransitGatewayConnect)$/;

/** What the input says of a resource that does not exist yet. */
function creationKeys(type: string, input: Structure, ctx: Context): KeyValues {
  const text = (member: string) => input[member] as KeyValue;
  switch (type) {
    case 'volume':
      return {
        'ec2:VolumeSize': text('Size'), 'ec2:VolumeType': text('VolumeType') ?? 'gp2', 'ec2:VolumeIops': text('Iops'), 'ec2:VolumeThroughput': text('Throughput'), 'ec2:Encrypted': text('Encrypted') ?? false, 'ec2:KmsKeyId': text('KmsKeyId'),
        'ec2:VolumeInitializationRate': text('VolumeInitializationRate'), 'ec2:ParentVolume': typeof input.SourceVolumeId === 'string' ? arnFor('volume', input.SourceVolumeId, ctx) : undefined,
        'ec2:AvailabilityZone': text('AvailabilityZone'), 'ec2:AvailabilityZoneId': text('AvailabilityZoneId'), 'ec2:ParentSnapshot': typeof input.SnapshotId === 'string' ? arnFor('snapshot', input.SnapshotId, ctx) : undefined,
      };
    case 'snapshot':
      return {
        'ec2:ParentVolume': typeof input.VolumeId === 'string' ? arnFor('volume', input.VolumeId, ctx) : undefined, 'ec2:Owner': ctx.account,
        'ec2:ParentSnapshot': typeof input.SourceSnapshotId === 'string' ? arnFor('snapshot', input.SourceSnapshotId, ctx) : undefined, 'ec2:Encrypted': text('Encrypted'),
      };
    case 'network-interface':
      return { 'ec2:Subnet': typeof input.SubnetId === 'string' ? arnFor('subnet', input.SubnetId, ctx) : undefined };
    case 'security-group':
      return { 'ec2:Vpc': typeof input.VpcId === 'string' ? arnFor('vpc', input.VpcId, ctx) : undefined };
    case 'vpc-endpoint':
      return {
        'ec2:VpceServiceName': text('ServiceName'), 'ec2:VpceServiceRegion': text('ServiceRegion') ?? ctx.region, 'ec2:VpceMultiRegion': input.ServiceRegion !== undefined && input.ServiceRegion !== ctx.region,
        'ec2:VpceServiceOwner': /^com\.amazonaws\.(?!vpce\.)/.test(String(input.ServiceName)) ? 'amazon' : undefined,
        'ec2:VpcePrivateDnsPreference': dnsOption(input, 'PrivateDnsPreference'), 'ec2:VpcePrivateDnsSpecifiedDomains': dnsOption(input, 'PrivateDnsSpecifiedDomains'),
      };
    case 'vpc-peering-connection':
      return {
        'ec2:RequesterVpc': typeof input.VpcId === 'string' ? arnFor('vpc', input.VpcId, ctx) : undefined,
        'ec2:AccepterVpc': typeof input.PeerVpcId === 'string' ? `arn:aws:ec2:${String(input.PeerRegion ?? ctx.region)}:${String(input.PeerOwnerId ?? ctx.account)}:vpc/${input.PeerVpcId}` : undefined,
      };
    case 'vpc-endpoint-service':
      return { 'ec2:VpceServicePrivateDnsName': text('PrivateDnsName'), 'ec2:VpceServiceRegion': ctx.region, 'ec2:VpceSupportedRegion': text('SupportedRegions') };
    case 'vpc':
    case 'subnet':
      return { 'ec2:Ipv4IpamPoolId': text('Ipv4IpamPoolId'), 'ec2:Ipv6IpamPoolId': text('Ipv6IpamPoolId'), 'ec2:VpcID': type === 'subnet' ? text('VpcId') : undefined };
    case 'elastic-ip':
      return { 'ec2:Domain': text('Domain') ?? 'vpc' };
    case 'placement-group':
      return { 'ec2:PlacementGroupName': text('GroupName'), 'ec2:PlacementGroupStrategy': text('Strategy') ?? 'cluster' };
    case 'instance-connect-endpoint':
      return { 'ec2:SubnetID': text('SubnetId') };
    case 'capacity-reservation':
      return {
        'ec2:AvailabilityZone': text('AvailabilityZone'), 'ec2:AvailabilityZoneId': text('AvailabilityZoneId'), 'ec2:EbsOptimized': text('EbsOptimized') ?? false, 'ec2:EphemeralStorage': text('EphemeralStorage') ?? false,
        'ec2:EndDate': text('EndDate'), 'ec2:EndDateType': text('EndDateType') ?? (input.EndDate === undefined ? 'unlimited' : 'limited'), 'ec2:InstanceCount': text('InstanceCount'),
        'ec2:InstanceMatchCriteria': text('InstanceMatchCriteria') ?? 'open', 'ec2:InstancePlatform': text('InstancePlatform'), 'ec2:InstanceType': text('InstanceType'), 'ec2:OutpostArn': text('OutpostArn'),
        'ec2:PlacementGroup': text('PlacementGroupArn'), 'ec2:Tenancy': text('Tenancy') ?? 'default',
      };
    case 'dedicated-host':
      return {
        'ec2:AutoPlacement': text('AutoPlacement') ?? 'on', 'ec2:AvailabilityZone': text('AvailabilityZone'), 'ec2:HostRecovery': text('HostRecovery') ?? 'off', 'ec2:InstanceType': text('InstanceType'), 'ec2:Quantity': text('Quantity') ?? 1,
      };
    case 'client-vpn-endpoint':
      return wishedEndpointKeys(input, ctx);
    case 'vpn-connection':
      return wishedConnectionKeys(input);
    case 'key-pair':
      return { 'ec2:KeyPairName': text('KeyName'), 'ec2:KeyPairType': text('KeyType') ?? 'rsa' };
    default:
      return {};
  }
}

const dnsOption = (input: Structure, member: string): KeyValue => (input.DnsOptions as Record<string, KeyValue> | undefined)?.[member];

// ---- keys of the request ----

type Tags = { Key?: string; Value?: string }[];

const tagsOf = (input: Structure): Tags | undefined => (Array.isArray(input.Tags) ? (input.Tags as Tags) : undefined);

/** The tags that TagSpecifications give to a type. */
export const specified = (input: Structure, type: string): Tags | undefined =>
  (input.TagSpecifications as { ResourceType?: string; Tags?: Tags }[] | undefined)?.find((s) => s.ResourceType === type)?.Tags;

/** DeleteTags may name keys without values. */
const tagKeyNames = (input: Structure): KeyValues => (tagsOf(input) ? { 'aws:TagKeys': tagsOf(input)!.map((t) => t.Key ?? '') } : {});

/** `ec2:Attribute/InstanceType` and its like, of calls that change attributes. */
function attributeKeys(operation: string, input: Structure): KeyValues {
  const keys: KeyValues = {};
  if (!/^(Modify|Reset)/.test(operation)) return keys;
  const names: string[] = [];
  for (const [member, value] of Object.entries(input)) {
    if (/Ids?$|^(DryRun|ClientToken|OperationType|UserGroups|GroupNames|ProductCodes)$/.test(member)) continue;
    const name = member === 'Attribute' ? String(value) : member;
    const plain = typeof value === 'object' && value !== null && 'Value' in value ? (value as { Value: unknown }).Value : value;
    names.push(name);
    if (member !== 'Attribute' && typeof plain !== 'object') keys[`ec2:Attribute/${name}`] = String(plain);
  }
  if (names.length === 1) keys['ec2:Attribute'] = names[0];
  return keys;
}

/** What calls about snapshots and images ask for. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html#amazonec2-policy-keys */
function wishKeys(operation: string, input: Structure): KeyValues {
  if (operation === 'LockSnapshot') return { 'ec2:SnapshotLockDuration': input.LockDuration as KeyValue, 'ec2:SnapshotCoolOffPeriod': input.CoolOffPeriod as KeyValue };
  if (operation === 'CreateImage') return { 'ec2:BootModeOverride': input.BootModeOverride as KeyValue };
  if (operation === 'CreateSnapshot' || operation === 'CreateSnapshots') return { 'ec2:Location': input.Location as KeyValue };
  if (operation === 'CreateNetworkInterfacePermission') return { 'ec2:AuthorizedUser': input.AwsAccountId as KeyValue, 'ec2:AuthorizedService': input.AwsService as KeyValue, 'ec2:Permission': input.Permission as KeyValue };
  return operation === 'ModifySnapshotAttribute' ? permissionKeys(input) : {};
}

/** `ec2:Add/userId` and its like: with whom sharing begins or ends. */
function permissionKeys(input: Structure): KeyValues {
  const { Add = [], Remove = [] } = (input.CreateVolumePermission ?? {}) as { Add?: { UserId?: string; Group?: string }[]; Remove?: { UserId?: string; Group?: string }[] };
  const listed = { Add: input.OperationType === 'add', Remove: input.OperationType === 'remove' };
  const keys: KeyValues = {};
  for (const [change, permissions] of [['Add', Add], ['Remove', Remove]] as const) {
    const users = [...permissions.flatMap((p) => p.UserId ?? []), ...(listed[change] ? ((input.UserIds ?? []) as string[]) : [])];
    const groups = [...permissions.flatMap((p) => p.Group ?? []), ...(listed[change] ? ((input.GroupNames ?? []) as string[]) : [])];
    if (users.length > 0) keys[`ec2:${change}/userId`] = users;
    if (groups.length > 0) keys[`ec2:${change}/group`] = groups;
  }
  return keys;
}

// ---- what depends on a call ----

/** Tags at creation are CreateTags, with the creating action as a key. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html */
export function tagging(operation: string, input: Structure, ctx: Context): Permission[] {
  const action = reference('ec2').action('CreateTags')!;
  return ((input.TagSpecifications ?? []) as { ResourceType?: string; Tags?: Tags }[]).filter((s) => s.ResourceType !== undefined && (s.Tags?.length ?? 0) > 0).map(({ ResourceType, Tags }) => {
    const type = action.resources.find((r) => r.name === ResourceType);
    return permission(action, arnFor(ResourceType!, '*', ctx), type, { 'ec2:Region': ctx.region, 'ec2:CreateAction': operation, ...requestTagKeys(Tags) });
  });
}

type GivenProfile = { Arn?: string; Name?: string };

/** The profile that a call gives, by whichever of its names, and the role that is in it. */
export async function profileGiven(input: Structure, ctx: Context): Promise<{ arn: string; roleArn: string | undefined } | undefined> {
  const given = input.IamInstanceProfile as GivenProfile | undefined;
  const name = given?.Name ?? given?.Arn?.split('/').at(-1);
  const found = name === undefined ? undefined : await ctx.findForeign('iam:instance-profile', name);
  if (!found) return undefined;
  const roleName = (found.$ as { role?: string } | undefined)?.role;
  const role = roleName === undefined ? undefined : await ctx.findForeign('iam:role', roleName);
  return { arn: found.Arn as string, roleArn: role?.Arn as string | undefined };
}

const mayPass = (arn: string, service: string, keys: KeyValues = {}): Permission => permission(reference('iam').action('PassRole')!, arn, undefined, { 'iam:PassedToService': service, ...keys });

/**
 * Who gives an instance or a service a role must be allowed to pass it. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 * Flow logs and Spot Fleets take roles of their own: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html,
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-fleet-prerequisites.html
 */
export async function passing(operation: string, input: Structure, ctx: Context): Promise<Permission[]> {
  if (operation === 'CreateFlowLogs') return typeof input.DeliverLogsPermissionArn === 'string' ? [mayPass(input.DeliverLogsPermissionArn, 'vpc-flow-logs.amazonaws.com')] : [];
  if (operation === 'RequestSpotInstances') return passing('', (input.LaunchSpecification ?? {}) as Structure, ctx);
  if (operation === 'RequestSpotFleet') {
    const { IamFleetRole, LaunchSpecifications = [] } = (input.SpotFleetRequestConfig ?? {}) as { IamFleetRole?: string; LaunchSpecifications?: Structure[] };
    const needed = IamFleetRole === undefined ? [] : [mayPass(IamFleetRole, 'spotfleet.amazonaws.com')];
    for (const specification of LaunchSpecifications) needed.push(...(await passing('', specification, ctx)));
    return needed;
  }
  const roleArn = (await profileGiven(input, ctx))?.roleArn;
  if (roleArn === undefined) return [];
  const instance = typeof input.InstanceId === 'string' ? input.InstanceId : '*';
  return [mayPass(roleArn, 'ec2.amazonaws.com', { 'iam:AssociatedResourceArn': operation === 'ReplaceIamInstanceProfileAssociation' ? undefined : arnFor('instance', instance, ctx) })];
}
