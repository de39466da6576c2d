import { describe, expect, it } from 'vitest';
import {
  adoptedImage, catalogImage, catalogImages, catalogSnapshot, latestImageParameters,
} from '../../../../handlers/ec2/catalog/images.ts';
import { regions } from '../../../../handlers/ec2/catalog/regions.ts';

function matching(pattern: string, owner = 'amazon', region = 'us-east-1') {
  const expression = new RegExp(`^${pattern.replace(/[.()/]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')}$`);
  return catalogImages(region)
    .filter((image) => (image.ImageOwnerAlias === owner || image.OwnerId === owner) && expression.test(image.Name!))
    .sort((a, b) => (a.CreationDate! < b.CreationDate! ? 1 : -1));
}

describe('images', () => {
  it.each([
    ['amzn2-ami-hvm-*-x86_64-gp2', 'amazon'],
    ['amzn2-ami-hvm-2.0.*-arm64-gp2', 'amazon'],
    ['amzn2-ami-kernel-5.10-hvm-*-x86_64-gp2', 'amazon'],
    ['al2023-ami-2023*-x86_64', 'amazon'],
    ['al2023-ami-2023.*-kernel-6.1-arm64', '137112412989'],
    ['al2023-ami-minimal-*-x86_64', 'amazon'],
    ['amzn2-ami-ecs-hvm-*-x86_64-ebs', '591542846629'],
    ['al2023-ami-ecs-hvm-*-x86_64', 'amazon'],
    ['amazon-eks-node-1.31-v*', '602401143452'],
    ['amazon-eks-node-al2023-x86_64-standard-1.33-*', '602401143452'],
    ['ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-*', '099720109477'],
    ['ubuntu/images/*/ubuntu-noble-24.04-amd64-server-*', '099720109477'],
    ['debian-12-amd64-*', '136693071363'],
    ['RHEL-9*_HVM-*-x86_64-*', '309956199498'],
    ['Fedora-Cloud-Base-*.x86_64-4*', '125523088429'],
    ['suse-sles-15-sp6-v*-hvm-ssd-x86_64', '013907871322'],
    ['Windows_Server-2022-English-Full-Base-*', '801119661308'],
    ['Windows_Server-2019-English-Core-Base-*', 'amazon'],
  ])('has several releases of %s by %s', (pattern, owner) => {
    const found = matching(pattern, owner);
    expect(found.length).toBeGreaterThanOrEqual(2);
    expect(found[0]!.CreationDate! > found.at(-1)!.CreationDate!).toBe(true);
  });

  it('has ids that are well formed, unique in all Regions and the same on every run', () => {
    const ids = regions().flatMap((region) => catalogImages(region.RegionName!).map((image) => image.ImageId!));
    for (const id of ids) expect(id).toMatch(/^ami-[0-9a-f]{17}$/);
    expect(new Set(ids).size).toBe(ids.length);
    // These two stand in people's state files: a change here breaks them.
    expect(matching('al2023-ami-2023.11.20260427.1-kernel-6.1-x86_64')[0]!.ImageId).toBe('ami-c703db2298f299538');
    expect(matching('amzn2-ami-hvm-2.0.20260427.1-x86_64-gp2', 'amazon', 'eu-west-1')[0]!.ImageId).toBe('ami-ab23713547abce309');
  });

  it('has no name twice in a Region', () => {
    const names = catalogImages('us-west-2').map((image) => image.Name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('describes an Amazon Linux 2023 image in full', () => {
    const image = matching('al2023-ami-2023.11.*-kernel-6.1-x86_64')[0]!;
    expect(image).toMatchObject({
      Architecture: 'x86_64', OwnerId: '137112412989', ImageOwnerAlias: 'amazon', Public: true, State: 'available', ImageType: 'machine',
      ImageLocation: `amazon/${image.Name}`, PlatformDetails: 'Linux/UNIX', UsageOperation: 'RunInstances', RootDeviceName: '/dev/xvda',
      RootDeviceType: 'ebs', VirtualizationType: 'hvm', BootMode: 'uefi-preferred', ImdsSupport: 'v2.0', EnaSupport: true, SriovNetSupport: 'simple',
    });
    expect(image.CreationDate).toMatch(/^2026-04-27T\d\d:\d\d:\d\d\.000Z$/);
    expect(image.BlockDeviceMappings).toEqual([{
      DeviceName: '/dev/xvda',
      Ebs: { DeleteOnTermination: true, Iops: 3000, Throughput: 125, SnapshotId: expect.stringMatching(/^snap-[0-9a-f]{17}$/), VolumeSize: 8, VolumeType: 'gp3', Encrypted: false },
    }]);
  });

  it('describes Windows with its platform, usage operation and 30 GiB', () => {
    expect(matching('Windows_Server-2022-English-Full-Base-*')[0]).toMatchObject({
      Platform: 'windows', PlatformDetails: 'Windows', UsageOperation: 'RunInstances:0002', RootDeviceName: '/dev/sda1',
      BlockDeviceMappings: expect.arrayContaining([expect.objectContaining({ Ebs: expect.objectContaining({ VolumeSize: 30 }) })]),
    });
  });

  it('deprecates superseded releases and keeps the newest', () => {
    const [newest, older] = matching('al2023-ami-2023.*-kernel-6.1-x86_64');
    expect(newest!.DeprecationTime).toBeUndefined();
    expect(Date.parse(older!.DeprecationTime!) - Date.parse(older!.CreationDate!)).toBe(90 * 86_400_000);
  });

  it('finds an image and its snapshot by id, in its own Region only', () => {
    const image = catalogImages('us-east-1')[0]!;
    expect(catalogImage('us-east-1', image.ImageId!)).toBe(image);
    expect(catalogImage('us-east-2', image.ImageId!)).toBeUndefined();
    const { SnapshotId, VolumeSize } = image.BlockDeviceMappings![0]!.Ebs!;
    expect(catalogSnapshot('us-east-1', SnapshotId!)).toMatchObject({ SnapshotId, VolumeSize, OwnerId: image.OwnerId, State: 'completed', Encrypted: false });
    expect(catalogSnapshot('us-east-1', 'snap-00000000000000000')).toBeUndefined();
  });

  it('names the newest image of a family by Systems Manager parameter', () => {
    const parameters = latestImageParameters('us-east-1');
    const nameOf = (parameter: string) => catalogImage('us-east-1', parameters[parameter]!)?.Name;
    expect(nameOf('/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64')).toBe('al2023-ami-2023.11.20260427.1-kernel-6.1-x86_64');
    expect(nameOf('/aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-gp2')).toBe('amzn2-ami-hvm-2.0.20260427.1-x86_64-gp2');
    expect(nameOf('/aws/service/canonical/ubuntu/server/22.04/stable/current/amd64/hvm/ebs-gp2/ami-id')).toMatch(/ubuntu-jammy-22.04-amd64/);
    expect(nameOf('/aws/service/ecs/optimized-ami/amazon-linux-2/recommended/image_id')).toMatch(/^amzn2-ami-ecs-hvm-.*x86_64/);
    for (const [parameter, id] of Object.entries(parameters)) {
      expect(parameter).not.toContain('{');
      expect(catalogImage('us-east-1', id)).toBeDefined();
    }
  });

  it('adopts a well-formed id it does not know, and nothing else', () => {
    expect(adoptedImage('ami-0123456789abcdef0')).toMatchObject({ ImageId: 'ami-0123456789abcdef0', Architecture: 'x86_64', State: 'available', RootDeviceType: 'ebs' });
    for (const id of ['ami-123', 'ami-0123456789ABCDEF0', 'i-0123456789abcdef0', '']) expect(adoptedImage(id)).toBeUndefined();
  });
});
