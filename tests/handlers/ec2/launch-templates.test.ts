import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';
import { imageNamed } from '../../support/launches.ts';

let fb: Fogbank;
let LaunchTemplateId: string;
const LaunchTemplateName = 'web';
const refused = (operation: string, input: Record<string, unknown> = {}) => refusal(call(fb, operation, input));

beforeAll(async () => {
  fb = await fogbank();
  LaunchTemplateId = (await call(fb, 'CreateLaunchTemplate', { LaunchTemplateName, LaunchTemplateData: { InstanceType: 't3.micro' } })).LaunchTemplate.LaunchTemplateId;
});

/** https://github.com/getmoto/moto/blob/5.2.1/tests/test_ec2/test_launch_templates.py: those that were run against AWS. */
describe('refusals', () => {
  it.each([
    ['DescribeLaunchTemplates', { LaunchTemplateNames: ['absent'] }, 'InvalidLaunchTemplateName.NotFoundException', 'At least one of the launch templates specified in the request does not exist.'],
    ['ModifyLaunchTemplate', { LaunchTemplateName, DefaultVersion: '2' }, 'InvalidLaunchTemplateId.VersionNotFound', 'The launch template version 2 is not found for the specified launch template.'],
    ['ModifyLaunchTemplate', { LaunchTemplateName, LaunchTemplateId: 'lt-0', DefaultVersion: '2' }, 'InvalidParameterCombination', 'Either provide launch template ID or launch template name to modify the template.'],
  ])('%s %j', async (operation, input, code, message) => {
    expect(await refused(operation, input)).toMatchObject({ code, message });
  });

  it('DescribeLaunchTemplateVersions of nothing says what may be asked', async () => {
    const { code, message } = await refused('DescribeLaunchTemplateVersions');
    expect(code).toBe('MissingParameter');
    expect(message).toMatch(/^To describe the launch template data for all your launch templates, for ‘--versions’ specify ‘\$Latest’/);
  });
});

it('ModifyLaunchTemplate makes another version the default one', async () => {
  await call(fb, 'CreateLaunchTemplateVersion', { LaunchTemplateId, LaunchTemplateData: { InstanceType: 't3.small' } });
  expect((await call(fb, 'ModifyLaunchTemplate', { LaunchTemplateId, DefaultVersion: '2' })).LaunchTemplate.DefaultVersionNumber).toBe(2);
});

it('a template keeps what no launch takes yet, and the launch says so', async () => {
  const LicenseSpecifications = [{ LicenseConfigurationArn: 'arn:aws:license-manager:us-east-1:123456789012:license-configuration:lic-0123456789abcdef0123456789abcdef' }];
  for (const [name, data, refusedName] of [['licensed', { LicenseSpecifications }, 'LicenseSpecifications'], ['with-ram-disk', { RamDiskId: 'ari-0123abcd' }, 'RamdiskId']] as const) {
    await call(fb, 'CreateLaunchTemplate', { LaunchTemplateName: name, LaunchTemplateData: data });
    expect((await call(fb, 'DescribeLaunchTemplateVersions', { LaunchTemplateName: name })).LaunchTemplateVersions[0].LaunchTemplateData).toEqual(data);
    const refusedLaunch = await refused('RunInstances', { LaunchTemplate: { LaunchTemplateName: name }, ImageId: 'ami-00000000000000000', MinCount: 1, MaxCount: 1 });
    expect(refusedLaunch).toMatchObject({ code: 'UnsupportedOperation', message: `The parameter ${refusedName} is not supported by Fogbank yet.` });
  }
  const LaunchTemplateData = { LicenseSpecifications: [{ LicenseConfigurationArn: 'lic-0' }] };
  expect((await refused('CreateLaunchTemplate', { LaunchTemplateName: 'no-arn', LaunchTemplateData })).code).toBe('InvalidParameterValue');
});

it('a template is shown with tags only while it has some', async () => {
  const found = async () => (await call(fb, 'DescribeLaunchTemplates', { LaunchTemplateIds: [LaunchTemplateId] })).LaunchTemplates[0];
  expect(await found()).not.toHaveProperty('Tags');
  await call(fb, 'CreateTags', { Resources: [LaunchTemplateId], Tags: [{ Key: 'Team', Value: 'web' }] });
  expect((await found()).Tags).toEqual([{ Key: 'Team', Value: 'web' }]);
  await call(fb, 'DeleteTags', { Resources: [LaunchTemplateId] });
  expect(await found()).not.toHaveProperty('Tags');
});

it('a version on the base of another may say nothing more than its description', async () => {
  const { LaunchTemplateVersion: version } = await call(fb, 'CreateLaunchTemplateVersion', { LaunchTemplateId, SourceVersion: '1', VersionDescription: 'as before', LaunchTemplateData: {} });
  expect(version).toMatchObject({ VersionDescription: 'as before', LaunchTemplateData: { InstanceType: 't3.micro' } });
  const { code, message } = await refused('CreateLaunchTemplateVersion', { LaunchTemplateId, LaunchTemplateData: {} });
  expect({ code, message }).toEqual({ code: 'MissingParameter', message: 'The request must contain the parameter LaunchTemplateData' });
});

it('the latest version is the newest that is left, and a number is not given twice', async () => {
  const name = { LaunchTemplateName: 'shrinking' };
  const LaunchTemplateData = { InstanceType: 't3.micro' };
  await call(fb, 'CreateLaunchTemplate', { ...name, LaunchTemplateData });
  const added = async () => (await call(fb, 'CreateLaunchTemplateVersion', { ...name, LaunchTemplateData })).LaunchTemplateVersion.VersionNumber;
  const latest = async () => (await call(fb, 'DescribeLaunchTemplates', { LaunchTemplateNames: ['shrinking'] })).LaunchTemplates[0].LatestVersionNumber;
  expect([await added(), await added()]).toEqual([2, 3]);
  await call(fb, 'DeleteLaunchTemplateVersions', { ...name, Versions: ['3'] });
  expect(await latest()).toBe(2);
  await call(fb, 'DeleteLaunchTemplateVersions', { ...name, Versions: ['2'] });
  expect(await latest()).toBe(1);
  expect((await call(fb, 'DescribeLaunchTemplateVersions', { ...name, Versions: ['$Latest'] })).LaunchTemplateVersions[0].VersionNumber).toBe(1);
  expect(await added()).toBe(4);
  expect(await latest()).toBe(4);
});

/** https://github.com/github-aws-runners/terraform-aws-github-runner/issues/3700 */
it('user data is limited, before its encoding', async () => {
  const sized = (bytes: number) => ({ LaunchTemplateName: `sized-${bytes}`, LaunchTemplateData: { UserData: Buffer.alloc(bytes).toString('base64') } });
  await call(fb, 'CreateLaunchTemplate', sized(16_384));
  expect(await refused('CreateLaunchTemplate', sized(16_385))).toMatchObject({ code: 'InvalidUserData.Malformed', message: 'User data is limited to 16384 bytes.' });
});

/** As Packer gives it: https://github.com/hashicorp/packer-plugin-amazon/blob/main/common/step_run_source_instance.go */
it('an empty name of a profile is none', async () => {
  const { Instances } = await call(fb, 'RunInstances', { LaunchTemplate: { LaunchTemplateName }, ImageId: await imageNamed(fb, 'al2023-ami-2023*-x86_64'), MinCount: 1, MaxCount: 1, IamInstanceProfile: { Name: '' } });
  expect(Instances[0].IamInstanceProfile).toBeUndefined();
});
