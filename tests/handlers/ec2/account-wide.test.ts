import { expect, it } from 'vitest';
import { fogbank } from '../../support/fogbank.ts';
import { as } from '../../support/others.ts';

const fb = await fogbank();
const ec2 = as(fb);

it('a spot data feed is subscribed to, replaced, and given up', async () => {
  const missing = { code: 'InvalidSpotDatafeed.NotFound', message: 'Spot datafeed subscription does not exist.' };
  expect(await ec2.refused('DescribeSpotDatafeedSubscription')).toMatchObject(missing);
  for (const Bucket of ['Ab', 'has_underscore', 'a..b', '10.0.0.1', '']) expect((await ec2.refused('CreateSpotDatafeedSubscription', { Bucket })).code).toMatch(/^(InvalidParameterValue|MissingParameter)$/);
  expect((await ec2.go('CreateSpotDatafeedSubscription', { Bucket: 'feeds', Prefix: 'spot' })).SpotDatafeedSubscription).toEqual({ Bucket: 'feeds', Prefix: 'spot', OwnerId: '123456789012', State: 'Active' });
  await ec2.go('CreateSpotDatafeedSubscription', { Bucket: 'other.feeds' });
  expect((await ec2.go('DescribeSpotDatafeedSubscription')).SpotDatafeedSubscription).toEqual({ Bucket: 'other.feeds', OwnerId: '123456789012', State: 'Active' });
  expect(await as(fb, { accessKeyId: '210987654321' }).refused('DescribeSpotDatafeedSubscription')).toMatchObject(missing);
  await ec2.go('DeleteSpotDatafeedSubscription');
  await ec2.go('DeleteSpotDatafeedSubscription');
  expect(await ec2.refused('DescribeSpotDatafeedSubscription')).toMatchObject(missing);
});

it('what AWS manages is visible until the account says otherwise', async () => {
  const shown = async () => (await ec2.go('GetManagedResourceVisibility')).Visibility.DefaultVisibility;
  expect(await shown()).toBe('visible');
  expect((await ec2.go('ModifyManagedResourceVisibility', { DefaultVisibility: 'hidden' })).Visibility.DefaultVisibility).toBe('hidden');
  expect(await shown()).toBe('hidden');
  expect((await ec2.refused('ModifyManagedResourceVisibility', { DefaultVisibility: 'dim' })).code).toBe('InvalidParameterValue');
  expect(await shown()).toBe('hidden');
});

it('the attributes of an account are asked for by name, also those that the model leaves out, and follow the quotas', async () => {
  const value = async (name: string) => (await ec2.go('DescribeAccountAttributes', { AttributeNames: [name] })).AccountAttributes;
  expect(await value('max-elastic-ips')).toEqual([{ AttributeName: 'max-elastic-ips', AttributeValues: [{ AttributeValue: '5' }] }]);
  expect((await value('vpc-max-security-groups-per-interface'))[0].AttributeValues).toEqual([{ AttributeValue: '5' }]);
  expect((await value('max-instances'))[0].AttributeValues).toEqual([{ AttributeValue: '20' }]);
  expect((await ec2.go('DescribeAccountAttributes')).AccountAttributes).toHaveLength(6);
  expect((await ec2.refused('DescribeAccountAttributes', { AttributeNames: ['max-hopes'] })).code).toBe('InvalidParameterValue');
});
