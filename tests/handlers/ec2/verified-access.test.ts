import { beforeAll, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { as, type Caller } from '../../support/others.ts';

let fb: Fogbank;
let ec2: Caller;
const pass = (seconds: number) => fb.machine.clock.advance(seconds * 1000);
const instance = async (input: Record<string, unknown> = {}): Promise<string> => (await ec2.go('CreateVerifiedAccessInstance', input)).VerifiedAccessInstance.VerifiedAccessInstanceId;
const group = async (VerifiedAccessInstanceId: string, input: Record<string, unknown> = {}): Promise<string> => (await ec2.go('CreateVerifiedAccessGroup', { VerifiedAccessInstanceId, ...input })).VerifiedAccessGroup.VerifiedAccessGroupId;
const provider = async (input: Record<string, unknown> = {}): Promise<string> =>
  (await ec2.go('CreateVerifiedAccessTrustProvider', { ...DEVICE, ...input })).VerifiedAccessTrustProvider.VerifiedAccessTrustProviderId;

const DEVICE = { TrustProviderType: 'device', DeviceTrustProviderType: 'crowdstrike', DeviceOptions: { TenantId: 'tenant' }, PolicyReferenceName: 'falcon' };
const OIDC = { Issuer: 'https://id.example.com', AuthorizationEndpoint: 'https://id.example.com/authorize', TokenEndpoint: 'https://id.example.com/token', UserInfoEndpoint: 'https://id.example.com/user', ClientId: 'client', ClientSecret: 'secret', Scope: 'openid' };
const USER = { TrustProviderType: 'user', UserTrustProviderType: 'oidc', OidcOptions: OIDC, PolicyReferenceName: 'idp' };
const POLICY = 'permit(principal, action, resource)\nwhen {\n  context.idp.groups has "ops" || context.http_request.method == "GET"\n};';

beforeAll(async () => {
  fb = await fogbank({ pace: 'realistic' });
  fb.machine.clock.hold();
  ec2 = as(fb);
});

// ---- instances and trust providers ----

it('an instance is described as it was made and changed', async () => {
  const { VerifiedAccessInstance: made } = await ec2.go('CreateVerifiedAccessInstance', { Description: 'first', FIPSEnabled: true, CidrEndpointsCustomSubDomain: 'va.example.com' });
  expect(made).toMatchObject({ Description: 'first', FipsEnabled: true, VerifiedAccessTrustProviders: [], CidrEndpointsCustomSubDomain: { SubDomain: 'va.example.com' } });
  expect(made.CidrEndpointsCustomSubDomain.Nameservers).toHaveLength(4);
  expect(made.CreationTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  pass(5);
  const id = made.VerifiedAccessInstanceId;
  expect((await ec2.refused('ModifyVerifiedAccessInstance', { VerifiedAccessInstanceId: id, CidrEndpointsCustomSubDomain: 'no domain' })).code).toBe('InvalidParameterValue');
  const { VerifiedAccessInstance: changed } = await ec2.go('ModifyVerifiedAccessInstance', { VerifiedAccessInstanceId: id, Description: 'second', CidrEndpointsCustomSubDomain: 'va.example.com' });
  expect(changed).toMatchObject({ Description: 'second', CidrEndpointsCustomSubDomain: made.CidrEndpointsCustomSubDomain, CreationTime: made.CreationTime });
  expect(Date.parse(changed.LastUpdatedTime) - Date.parse(made.LastUpdatedTime)).toBe(5000);
  await ec2.go('ModifyVerifiedAccessInstance', { VerifiedAccessInstanceId: id, CidrEndpointsCustomSubDomain: '' });
  expect((await ec2.go('DescribeVerifiedAccessInstances', { VerifiedAccessInstanceIds: [id] })).VerifiedAccessInstances[0].CidrEndpointsCustomSubDomain).toBeUndefined();
  expect((await ec2.go('DeleteVerifiedAccessInstance', { VerifiedAccessInstanceId: id })).VerifiedAccessInstance.VerifiedAccessInstanceId).toBe(id);
  expect(await ec2.refused('DescribeVerifiedAccessInstances', { VerifiedAccessInstanceIds: [id] })).toMatchObject({ code: 'InvalidVerifiedAccessInstanceId.NotFound', message: `The Verified Access instance ID '${id}' does not exist` });
});

it.each([
  [{ TrustProviderType: 'user', DeviceTrustProviderType: undefined, DeviceOptions: undefined }, 'MissingParameter'], [{ DeviceOptions: undefined }, 'MissingParameter'], [{ DeviceTrustProviderType: undefined }, 'MissingParameter'],
  [{ UserTrustProviderType: 'oidc' }, 'InvalidParameterCombination'], [{ DeviceOptions: { TenantId: 't', PublicSigningKeyUrl: 'http://x' } }, 'InvalidParameterValue'], [{ PolicyReferenceName: '1st' }, 'InvalidParameterValue'],
  [{ ...USER }, 'InvalidParameterCombination'], [{ SseSpecification: { CustomerManagedKeyEnabled: true } }, 'MissingParameter'], [{ SseSpecification: { KmsKeyArn: 'arn:aws:kms:us-east-1:123456789012:key/k' } }, 'InvalidParameterCombination'],
  [{ SseSpecification: { CustomerManagedKeyEnabled: true, KmsKeyArn: 'key' } }, 'InvalidParameterValue'],
])('CreateVerifiedAccessTrustProvider: refuses a device provider with %j', async (input, code) => {
  expect((await ec2.refused('CreateVerifiedAccessTrustProvider', { ...DEVICE, ...input })).code).toBe(code);
});

it.each([
  [{ OidcOptions: undefined }, 'MissingParameter'], [{ OidcOptions: { ...OIDC, Scope: undefined } }, 'MissingParameter'], [{ OidcOptions: { ...OIDC, TokenEndpoint: 'ftp://x' } }, 'InvalidParameterValue'],
  [{ UserTrustProviderType: 'iam-identity-center' }, 'InvalidParameterCombination'], [{ NativeApplicationOidcOptions: OIDC }, 'MissingParameter'],
])('CreateVerifiedAccessTrustProvider: refuses a user provider with %j', async (input, code) => {
  expect((await ec2.refused('CreateVerifiedAccessTrustProvider', { ...USER, ...input })).code).toBe(code);
});

it("a trust provider never shows its client's secret", async () => {
  const id = await provider({ ...USER, DeviceTrustProviderType: undefined, DeviceOptions: undefined });
  const { ClientSecret: _secret, ...shown } = OIDC;
  const [described] = (await ec2.go('DescribeVerifiedAccessTrustProviders', { VerifiedAccessTrustProviderIds: [id] })).VerifiedAccessTrustProviders;
  expect(described.OidcOptions).toEqual(shown);
  expect(described.SseSpecification).toEqual({ CustomerManagedKeyEnabled: false });
  await ec2.go('ModifyVerifiedAccessTrustProvider', { VerifiedAccessTrustProviderId: id, OidcOptions: { Scope: 'openid email', ClientSecret: 'other' } });
  expect((await ec2.go('DescribeVerifiedAccessTrustProviders', { VerifiedAccessTrustProviderIds: [id] })).VerifiedAccessTrustProviders[0].OidcOptions).toEqual({ ...shown, Scope: 'openid email' });
  const row = await fb.machine.store.get({ account: '123456789012', region: 'us-east-1', kind: 'ec2:verified-access-trust-provider', id });
  expect(row!.document).not.toContain('"other"');
  expect((await ec2.refused('ModifyVerifiedAccessTrustProvider', { VerifiedAccessTrustProviderId: id, DeviceOptions: { PublicSigningKeyUrl: 'https://x.example.com' } })).code).toBe('InvalidParameterCombination');
  expect((await ec2.refused('ModifyVerifiedAccessTrustProvider', { VerifiedAccessTrustProviderId: id, NativeApplicationOidcOptions: { Scope: 'x' } })).code).toBe('InvalidParameterCombination');
});

it('trust providers are attached to an instance, which neither can leave', async () => {
  const VerifiedAccessInstanceId = await instance();
  const [devices, users, others] = [await provider(), await provider({ ...USER, DeviceTrustProviderType: undefined, DeviceOptions: undefined, Description: 'people' }), await provider({ TrustProviderType: 'user', UserTrustProviderType: 'iam-identity-center', DeviceTrustProviderType: undefined, DeviceOptions: undefined })];
  const pair = (id: string) => ({ VerifiedAccessInstanceId, VerifiedAccessTrustProviderId: id });
  expect((await ec2.refused('DetachVerifiedAccessTrustProvider', pair(devices))).message).toBe(`The Verified Access trust provider ${devices} is not attached to the Verified Access instance ${VerifiedAccessInstanceId}`);
  await ec2.go('AttachVerifiedAccessTrustProvider', pair(devices));
  const both = await ec2.go('AttachVerifiedAccessTrustProvider', pair(users));
  expect(both.VerifiedAccessTrustProvider.VerifiedAccessTrustProviderId).toBe(users);
  expect(both.VerifiedAccessInstance.VerifiedAccessTrustProviders).toEqual([
    { VerifiedAccessTrustProviderId: devices, Description: '', TrustProviderType: 'device', DeviceTrustProviderType: 'crowdstrike' },
    { VerifiedAccessTrustProviderId: users, Description: 'people', TrustProviderType: 'user', UserTrustProviderType: 'oidc' },
  ]);
  expect((await ec2.refused('AttachVerifiedAccessTrustProvider', pair(users))).message).toContain('already attached');
  expect((await ec2.refused('AttachVerifiedAccessTrustProvider', pair(others))).message).toContain('already has a user trust provider');
  expect((await ec2.refused('DeleteVerifiedAccessTrustProvider', { VerifiedAccessTrustProviderId: users })).code).toBe('DependencyViolation');
  expect((await ec2.refused('DeleteVerifiedAccessInstance', { VerifiedAccessInstanceId })).code).toBe('DependencyViolation');
  await ec2.go('ModifyVerifiedAccessTrustProvider', { VerifiedAccessTrustProviderId: users, Description: 'all people' });
  expect((await ec2.go('DescribeVerifiedAccessInstances', { VerifiedAccessInstanceIds: [VerifiedAccessInstanceId] })).VerifiedAccessInstances[0].VerifiedAccessTrustProviders[1].Description).toBe('all people');
  for (const id of [devices, users]) await ec2.go('DetachVerifiedAccessTrustProvider', pair(id));
  await ec2.go('DeleteVerifiedAccessTrustProvider', { VerifiedAccessTrustProviderId: users });
  await ec2.go('DeleteVerifiedAccessInstance', { VerifiedAccessInstanceId });
});

// ---- logs ----

it('an instance logs where it is told to', async () => {
  const VerifiedAccessInstanceId = await instance();
  const logs = async () => (await ec2.go('DescribeVerifiedAccessInstanceLoggingConfigurations', { VerifiedAccessInstanceIds: [VerifiedAccessInstanceId] })).LoggingConfigurations[0];
  const off = { S3: { Enabled: false }, CloudWatchLogs: { Enabled: false }, KinesisDataFirehose: { Enabled: false }, LogVersion: 'ocsf-1.0.0-rc.2', IncludeTrustContext: false };
  expect(await logs()).toEqual({ VerifiedAccessInstanceId, AccessLogs: off });
  const change = (AccessLogs: Record<string, unknown>) => ({ VerifiedAccessInstanceId, AccessLogs });
  for (const [wrong, code] of [[{ S3: { Enabled: true } }, 'MissingParameter'], [{ CloudWatchLogs: { Enabled: true } }, 'MissingParameter'], [{ LogVersion: 'ocsf-2' }, 'InvalidParameterValue'], [{ S3: { Enabled: true, BucketName: 'logs', BucketOwner: 'me' } }, 'InvalidParameterValue']] as const) {
    expect((await ec2.refused('ModifyVerifiedAccessInstanceLoggingConfiguration', change(wrong))).code).toBe(code);
  }
  await ec2.go('ModifyVerifiedAccessInstanceLoggingConfiguration', change({ S3: { Enabled: true, BucketName: 'logs', Prefix: 'va' }, LogVersion: 'ocsf-0.1' }));
  await ec2.go('ModifyVerifiedAccessInstanceLoggingConfiguration', change({ CloudWatchLogs: { Enabled: true, LogGroup: '/va' }, IncludeTrustContext: true }));
  expect((await logs()).AccessLogs).toEqual({
    ...off, S3: { Enabled: true, BucketName: 'logs', Prefix: 'va', DeliveryStatus: { Code: 'success' } }, CloudWatchLogs: { Enabled: true, LogGroup: '/va', DeliveryStatus: { Code: 'success' } }, LogVersion: 'ocsf-0.1', IncludeTrustContext: true,
  });
  await ec2.go('ModifyVerifiedAccessInstanceLoggingConfiguration', change({ S3: { Enabled: false } }));
  expect((await logs()).AccessLogs.S3).toEqual({ Enabled: false });
});

// ---- groups and policies ----

it('a group holds its instance, and is described for a while after its end', async () => {
  const VerifiedAccessInstanceId = await instance();
  const { VerifiedAccessGroup: made } = await ec2.go('CreateVerifiedAccessGroup', { VerifiedAccessInstanceId, Description: 'ops' });
  const VerifiedAccessGroupId = made.VerifiedAccessGroupId as string;
  expect(made).toMatchObject({ Owner: '123456789012', Description: 'ops', VerifiedAccessGroupArn: `arn:aws:ec2:us-east-1:123456789012:verified-access-group/${VerifiedAccessGroupId}` });
  expect((await ec2.refused('DeleteVerifiedAccessInstance', { VerifiedAccessInstanceId })).code).toBe('DependencyViolation');
  const other = await instance();
  expect((await ec2.go('ModifyVerifiedAccessGroup', { VerifiedAccessGroupId, VerifiedAccessInstanceId: other, Description: 'dev' })).VerifiedAccessGroup).toMatchObject({ VerifiedAccessInstanceId: other, Description: 'dev' });
  await ec2.go('DeleteVerifiedAccessInstance', { VerifiedAccessInstanceId });
  expect((await ec2.go('DescribeVerifiedAccessGroups', { VerifiedAccessInstanceId: other })).VerifiedAccessGroups).toHaveLength(1);
  expect((await ec2.go('DeleteVerifiedAccessGroup', { VerifiedAccessGroupId })).VerifiedAccessGroup.DeletionTime).toBeDefined();
  expect((await ec2.go('DescribeVerifiedAccessGroups', { VerifiedAccessGroupIds: [VerifiedAccessGroupId] })).VerifiedAccessGroups[0].DeletionTime).toBeDefined();
  expect((await ec2.refused('DeleteVerifiedAccessGroup', { VerifiedAccessGroupId })).code).toBe('InvalidVerifiedAccessGroupId.NotFound');
  await ec2.go('DeleteVerifiedAccessInstance', { VerifiedAccessInstanceId: other });
  pass(3600);
  expect((await ec2.refused('DescribeVerifiedAccessGroups', { VerifiedAccessGroupIds: [VerifiedAccessGroupId] })).code).toBe('InvalidVerifiedAccessGroupId.NotFound');
});

it("a group's policy is enabled with a document and disabled without one", async () => {
  const VerifiedAccessGroupId = await group(await instance());
  const get = () => ec2.go('GetVerifiedAccessGroupPolicy', { VerifiedAccessGroupId });
  const change = { VerifiedAccessGroupId };
  expect((await get()).PolicyEnabled).toBe(false);
  expect(await ec2.refused('ModifyVerifiedAccessGroupPolicy', { ...change, PolicyDocument: POLICY })).toMatchObject({ code: 'InvalidParameterValue', message: 'Policy Document cannot be provided when Policy Enabled is false or missing' });
  expect((await ec2.refused('ModifyVerifiedAccessGroupPolicy', { ...change, PolicyEnabled: true })).code).toBe('MissingParameter');
  expect((await ec2.refused('ModifyVerifiedAccessGroupPolicy', change)).code).toBe('MissingParameter');
  expect(await ec2.go('ModifyVerifiedAccessGroupPolicy', { ...change, PolicyEnabled: true, PolicyDocument: POLICY })).toMatchObject({ PolicyEnabled: true, PolicyDocument: POLICY, SseSpecification: { CustomerManagedKeyEnabled: false } });
  expect(await get()).toMatchObject({ PolicyEnabled: true, PolicyDocument: POLICY });
  await ec2.go('ModifyVerifiedAccessGroupPolicy', { ...change, PolicyEnabled: false });
  expect(await get()).toMatchObject({ PolicyEnabled: false });
  expect((await get()).PolicyDocument).toBeUndefined();
});

it.each([
  'permit(principal, action, resource);', 'permit(principal, action, resource) when { true } unless { context.a.b == "}" };',
  '@id("one") // a comment\nforbid(principal == User::"a", action in [Action::"x", Action::"y"], resource is App) when { [1, 2].contains(context.n) };\npermit(principal,action,resource);',
])('CreateVerifiedAccessGroup: takes the policy %j', async (PolicyDocument) => {
  const VerifiedAccessGroupId = await group(await instance(), { PolicyDocument });
  expect(await ec2.go('GetVerifiedAccessGroupPolicy', { VerifiedAccessGroupId })).toMatchObject({ PolicyEnabled: true, PolicyDocument });
});

it.each([
  '', '{"Statement": []}', 'permit(principal, action, resource)', 'permit(principal, action);', 'allow(principal, action, resource);', 'permit(action, principal, resource);', 'permit(principal, action, resource) when { };',
  'permit(principal, action, resource) when { (true };', 'permit(principal, action, resource) when { true', 'permit(principal ==, action, resource);', 'permit(principal, action, resource) when { "open };', 'permit(principal, action, resource) if { true };',
])('CreateVerifiedAccessGroup: refuses the policy %j', async (PolicyDocument) => {
  const VerifiedAccessInstanceId = await instance();
  const refused = await ec2.refused('CreateVerifiedAccessGroup', { VerifiedAccessInstanceId, PolicyDocument });
  expect(refused.code).toBe('InvalidParameterValue');
  expect(refused.message).toMatch(/^The policy document is not valid: /);
  await ec2.go('DeleteVerifiedAccessInstance', { VerifiedAccessInstanceId });
});

it('quotas limit what an account has', async () => {
  const limited = as(await fogbank({ quotas: 'enforce' }));
  for (let n = 0; n < 5; n++) await limited.go('CreateVerifiedAccessInstance');
  expect(await limited.refused('CreateVerifiedAccessInstance')).toMatchObject({ code: 'VerifiedAccessInstanceLimitExceeded', message: 'The maximum number of Verified Access Instances has been reached.' });
});
