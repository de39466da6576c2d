import type { PublicParameter } from '../../src/kit/index.ts';
import { catalogImage, latestImageParameters } from './catalog/images.ts';
import { regionLongName, regions, zonesOf } from './catalog/regions.ts';

// assumed: when Regions and zones were published.
const SINCE = '2019-01-01T00:00:00.000Z';
const GLOBAL_INFRASTRUCTURE = '/aws/service/global-infrastructure';

const known = new Map<string, readonly PublicParameter[]>();
/** The same in every Region. */
let infrastructure: readonly PublicParameter[] | undefined;

/**
 * What AWS publishes in a Region's Parameter Store of what EC2 knows: the newest images, and where Regions and zones are.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-finding-public-parameters.html
 */
export function publicParameters(region: string): readonly PublicParameter[] {
  let found = known.get(region);
  if (found === undefined) known.set(region, (found = [...imageParameters(region), ...(infrastructure ??= infrastructureParameters())]));
  return found;
}

const imageParameters = (region: string): PublicParameter[] =>
  Object.entries(latestImageParameters(region)).map(([name, value]) => ({ name, value, dataType: 'aws:ec2:image', since: catalogImage(region, value)!.CreationDate! }));

const infrastructureParameters = (): PublicParameter[] =>
  regions().flatMap(({ RegionName: region }) => {
    const at = `${GLOBAL_INFRASTRUCTURE}/regions/${region}`;
    const zones = zonesOf(region!).filter((zone) => zone.ZoneType === 'availability-zone').map((zone) => zone.ZoneId!);
    const facts: [string, string][] = [
      [at, region!], [`${at}/longName`, regionLongName(region!)!], [`${at}/domain`, 'amazonaws.com'], [`${at}/partition`, 'aws'],
      ...zones.flatMap((id): [string, string][] => [[`${at}/availability-zones/${id}`, id], [`${GLOBAL_INFRASTRUCTURE}/availability-zones/${id}`, id]]),
    ];
    return facts.map(([name, value]): PublicParameter => ({ name, value, dataType: 'text', since: SINCE }));
  });
