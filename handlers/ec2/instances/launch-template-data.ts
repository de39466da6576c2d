import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Context, Handlers } from '../../../src/kit/index.ts';
import { networkInterfaces } from '../network-interfaces/network-interfaces.ts';
import { volumes } from '../volumes/volumes.ts';
import { instances, type StoredInstance } from './instances.ts';

type Data = NonNullable<Ec2Operations['GetLaunchTemplateData']['output']['LaunchTemplateData']>;

async function blockDevices(instance: StoredInstance, ctx: Context): Promise<Data['BlockDeviceMappings']> {
  const mappings = [];
  for (const { DeviceName, Ebs } of instance.BlockDeviceMappings ?? []) {
    const { Encrypted, Iops, KmsKeyId, SnapshotId, Size, VolumeType, Throughput } = await ctx.get(volumes, Ebs!.VolumeId!);
    mappings.push({
      DeviceName,
      Ebs: {
        Encrypted, DeleteOnTermination: Ebs!.DeleteOnTermination, ...(VolumeType === 'gp2' || Iops === undefined ? {} : { Iops }), ...(KmsKeyId === undefined ? {} : { KmsKeyId }),
        ...(SnapshotId ? { SnapshotId } : {}), VolumeSize: Size, VolumeType, ...(Throughput === undefined ? {} : { Throughput }),
      },
    });
  }
  return mappings;
}

/** Addresses are an instance's own: a template names subnets and groups, and how many addresses there are. */
async function interfaces(instance: StoredInstance, ctx: Context): Promise<Data['NetworkInterfaces']> {
  const shown = [];
  for (const { NetworkInterfaceId } of instance.NetworkInterfaces ?? []) {
    const eni = await ctx.get(networkInterfaces, NetworkInterfaceId!);
    const { Attachment: attachment, PrivateIpAddresses: addresses = [] } = eni;
    shown.push({
      ...(attachment!.DeviceIndex === 0 ? { AssociatePublicIpAddress: instance.$.autoPublicIp } : {}), DeleteOnTermination: attachment!.DeleteOnTermination, Description: eni.Description, DeviceIndex: attachment!.DeviceIndex,
      Groups: eni.Groups!.map((g) => g.GroupId!), InterfaceType: eni.InterfaceType, Ipv6Addresses: (eni.Ipv6Addresses ?? []).map(({ Ipv6Address }) => ({ Ipv6Address })),
      PrivateIpAddresses: addresses.map(({ Primary, PrivateIpAddress }) => ({ Primary, PrivateIpAddress })), SubnetId: eni.SubnetId, NetworkCardIndex: attachment!.NetworkCardIndex,
    });
  }
  return shown;
}

/** `aws:` tags are AWS's to give. */
function tagSpecifications({ Tags = [] }: StoredInstance): Data['TagSpecifications'] {
  const own = Tags.filter((t) => !t.Key!.startsWith('aws:'));
  return own.length === 0 ? [] : [{ ResourceType: 'instance', Tags: own }];
}

export const launchTemplateDataOperations = {
  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetLaunchTemplateData.html */
  GetLaunchTemplateData: async (input, ctx) => {
    const i = await ctx.get(instances, input.InstanceId);
    const { State: _state, ...metadata } = i.MetadataOptions!;
    const { AvailabilityZone, GroupName, GroupId, PartitionNumber, Tenancy } = i.Placement!;
    return {
      LaunchTemplateData: {
        EbsOptimized: i.EbsOptimized, ...(i.IamInstanceProfile?.Arn === undefined ? {} : { IamInstanceProfile: { Arn: i.IamInstanceProfile.Arn } }), BlockDeviceMappings: await blockDevices(i, ctx),
        NetworkInterfaces: await interfaces(i, ctx), ImageId: i.ImageId, InstanceType: i.InstanceType, ...(i.KeyName === undefined ? {} : { KeyName: i.KeyName }), Monitoring: { Enabled: i.Monitoring!.State === 'enabled' },
        Placement: { AvailabilityZone, GroupName, Tenancy, ...(GroupId === undefined ? {} : { GroupId }), ...(PartitionNumber === undefined ? {} : { PartitionNumber }) },
        DisableApiTermination: i.$.disableApiTermination, DisableApiStop: i.$.disableApiStop, InstanceInitiatedShutdownBehavior: i.$.shutdownBehavior, ...(i.$.userData === undefined ? {} : { UserData: i.$.userData }),
        TagSpecifications: tagSpecifications(i), ...(i.$.credits === undefined ? {} : { CreditSpecification: { CpuCredits: i.$.credits } }), CpuOptions: i.CpuOptions!,
        CapacityReservationSpecification: i.CapacityReservationSpecification!, HibernationOptions: i.HibernationOptions!, MetadataOptions: metadata, EnclaveOptions: i.EnclaveOptions!,
        PrivateDnsNameOptions: i.PrivateDnsNameOptions!, MaintenanceOptions: { AutoRecovery: i.MaintenanceOptions!.AutoRecovery },
      },
    };
  },
} satisfies Handlers<Ec2Operations>;
