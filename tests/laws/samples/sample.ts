import * as sdk from '@aws-sdk/client-ec2';
import type { Fogbank } from '../../support/fogbank.ts';

/** How one of each kind comes into being through the real SDK; `n` makes samples differ. Answers its id. */
export interface Sample {
  /** The creating operation, for the DryRun and ClientToken laws. */
  readonly operation: string;
  readonly input: (fb: Fogbank, n: number) => Promise<Record<string, unknown>>;
  /** Where the listing is no `describes`. */
  readonly listing?: string;
  readonly id: (output: any) => string; // eslint-disable-line @typescript-eslint/no-explicit-any -- outputs of all operations
}

/** A call by the operation's name. */
export async function call(fb: Fogbank, operation: string, input: Record<string, unknown>): Promise<any> { // eslint-disable-line @typescript-eslint/no-explicit-any -- as above
  const Command = (sdk as unknown as Record<string, new (input: unknown) => never>)[`${operation}Command`]!;
  return fb.ec2.send(new Command(input));
}

const worlds = new WeakMap<Fogbank, Promise<World>>();

interface World {
  readonly vpc: string;
  readonly subnet: string;
  readonly volume: string;
  readonly snapshot: string;
}

/** What other samples stand on, made once for each Fogbank. */
export function world(fb: Fogbank): Promise<World> {
  let made = worlds.get(fb);
  if (!made) worlds.set(fb, (made = makeWorld(fb)));
  return made;
}

/** A public image that any x86_64 type starts. */
export const image = async (fb: Fogbank): Promise<string> =>
  (await call(fb, 'DescribeImages', { Owners: ['amazon'], Filters: [{ Name: 'name', Values: ['al2023-ami-2023*'] }, { Name: 'architecture', Values: ['x86_64'] }] })).Images[0].ImageId as string;

async function makeWorld(fb: Fogbank): Promise<World> {
  const vpc = (await call(fb, 'CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc.VpcId as string;
  const subnet = (await call(fb, 'CreateSubnet', { VpcId: vpc, CidrBlock: '10.0.0.0/20', AvailabilityZone: 'us-east-1a' })).Subnet.SubnetId as string;
  const volume = (await call(fb, 'CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 1 })).VolumeId as string;
  const snapshot = (await call(fb, 'CreateSnapshot', { VolumeId: volume })).SnapshotId as string;
  return { vpc, subnet, volume, snapshot };
}
