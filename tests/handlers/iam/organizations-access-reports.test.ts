import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { IAMClient } from '@aws-sdk/client-iam';
import { beforeAll, expect, it } from 'vitest';
import { control } from '../../support/control.ts';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { iamCalls } from '../../support/iam.ts';

const [MANAGEMENT, MEMBER, OTHER] = ['123456789012', '111122223333', '444455556666'] as const;
const ROOT = 'o-exampleorgid/r-abcd';
const UNIT = `${ROOT}/ou-abcd-12345678`;
const allow = (Action: string) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
let fb: Fogbank;
const { go, refused } = iamCalls(() => fb.iam);
const report = async (EntityPath: string, more: object = {}, how: object = {}) => go('GetOrganizationsAccessReport', { ...(await go('GenerateOrganizationsAccessReport', { EntityPath, ...more })), ...how });

beforeAll(async () => {
  fb = await fogbank();
  await control(fb, 'PUT', 'organizations', { id: 'o-exampleorgid', root: 'r-abcd', management: MANAGEMENT, accounts: { [MEMBER]: 'ou-abcd-12345678', [OTHER]: 'ou-abcd-12345678' }, policies: { 'p-onlyqueues': allow('sqs:*') } });
  await control(fb, 'PUT', 'organization-policies', { account: MEMBER, scps: [[allow('*')], [allow('ec2:*'), allow('iam:*')]] });
  await control(fb, 'PUT', 'organization-policies', { account: OTHER, scps: [[allow('*')], [allow('ec2:*')]] });
  const client = new IAMClient(fb.config({ accessKeyId: MEMBER }));
  const member = iamCalls(() => client);
  await member.go('CreateUser', { UserName: 'ada' });
  await member.go('PutUserPolicy', { UserName: 'ada', PolicyName: 'p', PolicyDocument: JSON.stringify(allow('ec2:*')) });
  const { AccessKey } = await member.go('CreateAccessKey', { UserName: 'ada' });
  await new EC2Client(fb.config({ region: 'eu-west-1', accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey })).send(new DescribeVpcsCommand({}));
});

it('GetOrganizationsAccessReport: says which services a unit may use, and who used them last', async () => {
  const found = await report(UNIT);
  expect(found).toMatchObject({ JobStatus: 'COMPLETED', NumberOfServicesAccessible: 2, NumberOfServicesNotAccessed: 1, IsTruncated: false });
  expect(found.AccessDetails).toMatchObject([
    { ServiceNamespace: 'ec2', ServiceName: 'Amazon EC2', Region: 'eu-west-1', EntityPath: `${UNIT}/${MEMBER}`, TotalAuthenticatedEntities: 1 },
    { ServiceNamespace: 'iam', TotalAuthenticatedEntities: 0 },
  ]);
  expect(found.AccessDetails[1].LastAuthenticatedTime).toBeUndefined();
  expect((await report(`${UNIT}/${OTHER}`)).AccessDetails).toMatchObject([{ ServiceNamespace: 'ec2', TotalAuthenticatedEntities: 0 }]);
  expect((await report(ROOT)).NumberOfServicesAccessible).toBeGreaterThan(100);
});

it('GetOrganizationsAccessReport: is of one policy where one is named, sorted and in pages', async () => {
  expect((await report(ROOT, { OrganizationsPolicyId: 'p-onlyqueues' })).AccessDetails).toMatchObject([{ ServiceNamespace: 'sqs' }]);
  const first = await report(UNIT, {}, { MaxItems: 1, SortKey: 'SERVICE_NAMESPACE_DESCENDING' });
  expect(first).toMatchObject({ IsTruncated: true, AccessDetails: [{ ServiceNamespace: 'iam' }] });
  expect((await report(UNIT, {}, { SortKey: 'LAST_AUTHENTICATED_TIME_ASCENDING' })).AccessDetails.map((d: { ServiceNamespace: string }) => d.ServiceNamespace)).toEqual(['iam', 'ec2']);
});

it('GenerateOrganizationsAccessReport: is refused outside the management account, and for what is not in the organization', async () => {
  const client = new IAMClient(fb.config({ accessKeyId: MEMBER }));
  expect((await iamCalls(() => client).refused('GenerateOrganizationsAccessReport', { EntityPath: UNIT })).code).toBe('AccessDenied');
  expect((await refused('GenerateOrganizationsAccessReport', { EntityPath: `${ROOT}/ou-abcd-99999999` })).code).toBe('InvalidInput');
  expect((await refused('GenerateOrganizationsAccessReport', { EntityPath: ROOT, OrganizationsPolicyId: 'p-notthere1' })).code).toBe('InvalidInput');
  expect((await refused('GetOrganizationsAccessReport', { JobId: '00000000-0000-4000-8000-000000000000' })).code).toBe('NoSuchEntity');
});
