/**
 * The public images of Amazon and of the publishers that AWS lists beside its own, in the shape of DescribeImages. The
 * data holds families (a name with a release in it); a Region's images are expanded at their first use. An id is a hash
 * of Region and name, so it is the same on every run and in every installation. Values are shared and read-only.
 */
import { createHash } from 'node:crypto';
import type { BlockDeviceMapping, Image, Snapshot } from '@aws-sdk/client-ec2';
import { readJsonFixture } from '../../../fixtures/load.ts';

/** A snapshot as AWS describes it, its time as text. */
export type CatalogSnapshot = Omit<Snapshot, 'StartTime' | 'CompletionTime' | 'RestoreExpiryTime'> & { StartTime: string };

interface Traits {
  owner: string;
  alias?: string;
  root: string;
  sizeGib: number;
  volumeType: NonNullable<BlockDeviceMapping['Ebs']>['VolumeType'];
  platform?: Image['Platform'];
  platformDetails?: string;
  usageOperation?: string;
  ephemeral?: string;
  ephemeralCount?: number;
  bootMode?: Record<string, Image['BootMode']>;
  imds?: boolean;
  tpm?: boolean;
  deprecatedAfterDays?: number;
}

interface Family extends Partial<Traits> {
  publisher: string;
  name: string;
  description?: string;
  architectures: Record<string, string>;
  releases: string;
  parameters?: string[];
}

interface Catalog {
  publishers: Record<string, Traits>;
  releases: Record<string, string[]>;
  families: Family[];
}

interface RegionImages {
  images: readonly Image[];
  byId: Map<string, Image>;
  bySnapshotId: Map<string, Image>;
  parameters: Record<string, string>;
}

const DAY_MS = 86_400_000;
// Public images are deprecated two years after their creation unless the owner says sooner:
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-deprecate.html
const DEPRECATED_AFTER_DAYS = 730;

let catalog: Catalog | undefined;
const expanded = new Map<string, RegionImages>();

/** The public images of a Region, newest release of each family first. */
export function catalogImages(region: string): readonly Image[] {
  return regionImages(region).images;
}

export function catalogImage(region: string, imageId: string): Image | undefined {
  return regionImages(region).byId.get(imageId);
}

/** The snapshot behind the root device of a public image. */
export function catalogSnapshot(region: string, snapshotId: string): CatalogSnapshot | undefined {
  const image = regionImages(region).bySnapshotId.get(snapshotId);
  if (image === undefined) return undefined;
  return {
    SnapshotId: snapshotId,
    OwnerId: image.OwnerId!,
    ...(image.ImageOwnerAlias === undefined ? {} : { OwnerAlias: image.ImageOwnerAlias }),
    VolumeId: 'vol-ffffffff',
    VolumeSize: image.BlockDeviceMappings![0]!.Ebs!.VolumeSize!,
    Description: `Created by CreateImage for ${image.ImageId}`, // assumed: publishers write what they like
    StartTime: image.CreationDate!,
    State: 'completed',
    Progress: '100%',
    Encrypted: false,
    StorageTier: 'standard',
  };
}

/** Public Systems Manager parameters that name the newest image of a family: parameter name to image id. */
export function latestImageParameters(region: string): Readonly<Record<string, string>> {
  return regionImages(region).parameters;
}

/**
 * A plain Linux image under an id that the catalogue does not have: for stacks that name images of a real account.
 * Undefined where the id is not a well-formed image id.
 */
export function adoptedImage(imageId: string): Image | undefined {
  if (!/^ami-(?:[0-9a-f]{8}|[0-9a-f]{17})$/.test(imageId)) return undefined;
  // assumed: everything but the id; nothing is known about the real image.
  const traits: Traits = { owner: '137112412989', alias: 'amazon', root: '/dev/xvda', sizeGib: 8, volumeType: 'gp3' };
  const name = `adopted-${imageId}-x86_64`;
  return describeImage({ traits, region: '', name, imageId, architecture: 'x86_64', created: '2025-01-01T00:00:00.000Z', description: 'An image adopted by its id' });
}

function regionImages(region: string): RegionImages {
  let known = expanded.get(region);
  if (known === undefined) expanded.set(region, (known = expandRegion(region)));
  return known;
}

function expandRegion(region: string): RegionImages {
  catalog ??= readJsonFixture<Catalog>('catalog/images.json');
  const images: Image[] = [];
  const parameters: Record<string, string> = {};
  for (const family of catalog.families) {
    for (const architecture of Object.keys(family.architectures)) {
      const releases = releasesOf(catalog, family, architecture, region);
      images.push(...releases);
      for (const parameter of family.parameters ?? []) {
        parameters[parameter.replaceAll('{arch}', family.architectures[architecture]!)] = releases[0]!.ImageId!;
      }
    }
  }
  return {
    images,
    byId: new Map(images.map((image) => [image.ImageId!, image])),
    bySnapshotId: new Map(images.map((image) => [image.BlockDeviceMappings![0]!.Ebs!.SnapshotId!, image])),
    parameters,
  };
}

function releasesOf(data: Catalog, family: Family, architecture: string, region: string): Image[] {
  const traits = { ...data.publishers[family.publisher]!, ...family };
  const spelled = family.architectures[architecture]!;
  return data.releases[family.releases]!.map((release, age) => {
    const fill = (template: string) => template.replaceAll('{release}', release).replaceAll('{arch}', spelled);
    const name = fill(family.name);
    const created = creationDate(name, release);
    const lifeDays = traits.deprecatedAfterDays ?? DEPRECATED_AFTER_DAYS;
    return describeImage({
      traits, region, name, architecture, created,
      description: family.description === undefined ? undefined : fill(family.description),
      imageId: `ami-${digest(`${region}/${name}`)}`,
      // The newest release stays current here: a list in a file grows old, and AWS would have a newer one by then.
      deprecated: age === 0 ? undefined : new Date(Date.parse(created) + lifeDays * DAY_MS).toISOString(),
    });
  });
}

interface Release {
  traits: Traits;
  region: string;
  name: string;
  imageId: string;
  architecture: string;
  created: string;
  description?: string | undefined;
  deprecated?: string | undefined;
}

function describeImage({ traits, region, name, imageId, architecture, created, description, deprecated }: Release): Image {
  const bootMode = traits.bootMode?.[architecture];
  return {
    Architecture: architecture as Image['Architecture'],
    CreationDate: created,
    ImageId: imageId,
    ImageLocation: `${traits.alias ?? traits.owner}/${name}`,
    ImageType: 'machine',
    Public: true,
    OwnerId: traits.owner,
    ...(traits.platform === undefined ? {} : { Platform: traits.platform }),
    PlatformDetails: traits.platformDetails ?? 'Linux/UNIX',
    UsageOperation: traits.usageOperation ?? 'RunInstances',
    State: 'available',
    BlockDeviceMappings: blockDeviceMappings(traits, `snap-${digest(`snapshot/${region}/${name}`)}`),
    ...(description === undefined ? {} : { Description: description }),
    EnaSupport: true,
    Hypervisor: 'xen',
    ...(traits.alias === undefined ? {} : { ImageOwnerAlias: traits.alias }),
    Name: name,
    RootDeviceName: traits.root,
    RootDeviceType: 'ebs',
    SriovNetSupport: 'simple',
    VirtualizationType: 'hvm',
    ...(bootMode === undefined ? {} : { BootMode: bootMode }),
    ...(traits.tpm === true ? { TpmSupport: 'v2.0' as const } : {}),
    ...(traits.imds === true ? { ImdsSupport: 'v2.0' as const } : {}),
    ...(deprecated === undefined ? {} : { DeprecationTime: deprecated }),
  };
}

function blockDeviceMappings(traits: Traits, snapshotId: string): BlockDeviceMapping[] {
  const root: BlockDeviceMapping = {
    DeviceName: traits.root,
    Ebs: {
      DeleteOnTermination: true,
      ...(traits.volumeType === 'gp3' ? { Iops: 3000, Throughput: 125 } : {}),
      SnapshotId: snapshotId,
      VolumeSize: traits.sizeGib,
      VolumeType: traits.volumeType,
      Encrypted: false,
    },
  };
  // Instance store volumes take the letters after the root device: sdb, sdc on Ubuntu, xvdca to xvdcz on Windows.
  const firstLetter = traits.ephemeral === 'sd' ? 'b' : 'a';
  const ephemeral = Array.from({ length: traits.ephemeralCount ?? 0 }, (_, index) => ({
    DeviceName: `${traits.ephemeral === 'sd' ? '/dev/' : ''}${traits.ephemeral}${String.fromCharCode(firstLetter.charCodeAt(0) + index)}`,
    VirtualName: `ephemeral${index}`,
  }));
  return [root, ...ephemeral];
}

/** The day is in the release; the time of day, which no name tells, follows from the name's hash. */
function creationDate(name: string, release: string): string {
  const [, year, month, day] = /(20\d\d)\.?(\d\d)\.?(\d\d)/.exec(release)!;
  const second = Number.parseInt(digest(name).slice(0, 6), 16) % 86_400;
  return new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)) + second * 1000).toISOString();
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 17);
}
