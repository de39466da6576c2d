import type { LaunchTemplate, LaunchTemplateVersion, RequestLaunchTemplateData } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, describes, mergeTags, resource, specifiedTags, type Context, type Handlers, type TagPair, type TagSpecification } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { resolvedForCaller } from '../images/image-aliases.ts';
import { checkTemplateUserData } from './user-data.ts';

/** `$` holds the number of the newest version that there ever was, once that one is deleted. */
export type StoredTemplate = Wire<LaunchTemplate> & { $?: { numbered: number } };
export type StoredVersion = Wire<LaunchTemplateVersion> & { readonly VersionKey: string };
type TemplateData = Wire<RequestLaunchTemplateData>;

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-launch-templates.html */
export const launchTemplates = resource<StoredTemplate>({
  service: 'ec2',
  kind: 'launch-template',
  shape: 'LaunchTemplate',
  untagged: 'absent',
  id: { member: 'LaunchTemplateId', prefix: 'lt' },
  notFound: (ids) => errors.launchTemplateIdNotFound(ids.join(', ')),
  malformed: errors.malformedId('InvalidLaunchTemplateId.Malformed', 'lt'),
  indexed: ['LaunchTemplateName'],
});

/** Keyed by template and number: `lt-…/1`. */
export const launchTemplateVersions = resource<StoredVersion>({
  service: 'ec2',
  kind: 'launch-template-version',
  shape: 'LaunchTemplateVersion',
  id: { member: 'VersionKey' },
  notFound: (ids) => errors.launchTemplateVersionNotFound(ids[0]!.split('/')[0]!, ids[0]!.split('/')[1]!),
  tags: null,
  references: { LaunchTemplateId: { kind: 'ec2:launch-template', onDelete: 'cascade' } },
});

type Named = { LaunchTemplateId?: string | undefined; LaunchTemplateName?: string | undefined };

export async function templateOf(ctx: Context, { LaunchTemplateId: id, LaunchTemplateName: name }: Named): Promise<StoredTemplate> {
  if (id !== undefined && name !== undefined) throw errors.invalidParameterCombination('Either a launch template ID or a launch template name may be specified, but not both');
  if (id !== undefined) return ctx.get(launchTemplates, id);
  if (name === undefined) throw errors.missingParameter('LaunchTemplateId or LaunchTemplateName');
  const found = await templateNamed(ctx, name);
  if (!found) throw errors.launchTemplateNameNotFound(name);
  return found;
}

const templateNamed = async (ctx: Context, name: string): Promise<StoredTemplate | undefined> => (await ctx.list(launchTemplates, { member: 'LaunchTemplateName', value: name }))[0];

/** `$Latest`, `$Default` or a number. */
export async function versionOf(ctx: Context, template: StoredTemplate, wanted: string): Promise<StoredVersion> {
  const found = await findVersion(ctx, template, wanted);
  if (!found) throw errors.launchTemplateVersionNotFound(template.LaunchTemplateId!, wanted);
  return shown(found, template);
}

async function findVersion(ctx: Context, template: StoredTemplate, wanted: string): Promise<StoredVersion | undefined> {
  const number = wanted === '$Latest' ? template.LatestVersionNumber : wanted === '$Default' ? template.DefaultVersionNumber : Number(wanted);
  return Number.isInteger(number) ? ctx.find(launchTemplateVersions, `${template.LaunchTemplateId}/${number}`) : undefined;
}

const shown = (version: StoredVersion, template: StoredTemplate): StoredVersion => ({ ...version, DefaultVersion: version.VersionNumber === template.DefaultVersionNumber });

async function addVersion(ctx: Context, template: StoredTemplate, data: TemplateData, description: string | undefined): Promise<StoredVersion> {
  const number = template.LatestVersionNumber!;
  return ctx.create<StoredVersion>(launchTemplateVersions, {
    VersionKey: `${template.LaunchTemplateId}/${number}`, LaunchTemplateId: template.LaunchTemplateId, LaunchTemplateName: template.LaunchTemplateName, VersionNumber: number,
    ...(description === undefined ? {} : { VersionDescription: description }), CreateTime: ctx.wholeSecond, CreatedBy: ctx.principal.arn, DefaultVersion: number === template.DefaultVersionNumber,
    LaunchTemplateData: data as StoredVersion['LaunchTemplateData'],
  });
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html */
const NAME = /^[a-zA-Z0-9().\-/_]{3,128}$/;

/** https://docs.aws.amazon.com/license-manager/latest/APIReference/API_LicenseConfiguration.html */
const LICENSE_ARN = /^arn:aws[a-z-]*:license-manager:[a-z0-9-]+:\d{12}:license-configuration:lic-[0-9a-f]{32}$/;

function checkData(data: TemplateData): void {
  if (data.SecurityGroups?.length && data.SecurityGroupIds?.length) throw errors.invalidParameterCombination('The parameters GroupName and GroupId cannot be used together');
  if (data.InstanceType !== undefined && data.InstanceRequirements !== undefined) throw errors.invalidParameterCombination('InstanceType and InstanceRequirements cannot be used together');
  // assumed: code and text.
  for (const { LicenseConfigurationArn: arn } of data.LicenseSpecifications ?? []) if (!LICENSE_ARN.test(arn ?? '')) throw errors.invalidParameterValue(`Invalid license configuration ARN: ${arn ?? ''}`);
  checkTemplateUserData(data.UserData);
}

/** The data with the image that a parameter stands for now: whoever names one must be able to resolve it. */
const withImage = async <T extends { ImageId?: string | undefined }>(data: T, ctx: Context): Promise<T> => (data.ImageId === undefined ? data : { ...data, ImageId: await resolvedForCaller(data.ImageId, ctx) });

async function createTemplate(input: Ec2Operations['CreateLaunchTemplate']['input'], ctx: Context): Promise<Ec2Operations['CreateLaunchTemplate']['output']> {
  const tags = specifiedTags(input.TagSpecifications as never, 'launch-template');
  if (!NAME.test(input.LaunchTemplateName)) throw errors.launchTemplateNameMalformed();
  const [namesake] = await ctx.list(launchTemplates, { member: 'LaunchTemplateName', value: input.LaunchTemplateName });
  if (namesake) throw errors.launchTemplateNameExists();
  checkData(input.LaunchTemplateData as TemplateData);
  await withImage(input.LaunchTemplateData, ctx);
  const template = await ctx.create<StoredTemplate>(launchTemplates, {
    LaunchTemplateId: ctx.newId(launchTemplates), LaunchTemplateName: input.LaunchTemplateName, CreateTime: ctx.wholeSecond, CreatedBy: ctx.principal.arn,
    DefaultVersionNumber: 1, LatestVersionNumber: 1, Tags: tags, Operator: { Managed: false },
  });
  await addVersion(ctx, template, input.LaunchTemplateData as TemplateData, input.VersionDescription);
  return { LaunchTemplate: template };
}

/**
 * A version on the base of another has its data where the request says nothing; one that says nothing at all has the same
 * data. https://github.com/ansible-collections/amazon.aws/blob/main/tests/integration/targets/ec2_launch_template/tasks/versions.yml
 */
async function createVersion(input: Ec2Operations['CreateLaunchTemplateVersion']['input'], ctx: Context): Promise<Ec2Operations['CreateLaunchTemplateVersion']['output']> {
  const template = await templateOf(ctx, input);
  if (input.SourceVersion === undefined && input.LaunchTemplateData === undefined) throw errors.missingParameter('LaunchTemplateData');
  const base = input.SourceVersion === undefined ? {} : (await versionOf(ctx, template, input.SourceVersion)).LaunchTemplateData;
  const data = { ...(base as TemplateData), ...(input.LaunchTemplateData as TemplateData) };
  checkData(data);
  const resolved = await withImage(data, ctx);
  // assumed: the number of a deleted version is not given again.
  template.LatestVersionNumber = (template.$?.numbered ?? template.LatestVersionNumber!) + 1;
  delete template.$;
  await ctx.save(launchTemplates, template);
  const version = await addVersion(ctx, template, data, input.VersionDescription);
  return { LaunchTemplateVersion: input.ResolveAlias ? { ...version, LaunchTemplateData: resolved as StoredVersion['LaunchTemplateData'] } : version };
}

/** As AWS answered it: https://github.com/getmoto/moto/blob/5.2.1/tests/test_ec2/test_launch_templates.py */
const WHICH_VERSIONS =
  'To describe the launch template data for all your launch templates, for ‘--versions’ specify ‘$Latest’, ‘$Default’, or both, and omit ‘--launch-template-id’, ‘--launch-template-name’, and version numbers. ' +
  'To describe the launch template data for a specific launch template, specify ‘--launch-template-id’ or ‘--launch-template-name’, and for ‘--versions’ specify one or more of the following values: ‘$Latest’, ‘$Default’, or one or more version numbers.';

type VersionsInput = Ec2Operations['DescribeLaunchTemplateVersions']['input'];

/** All versions of one template, or the latest and default ones of all the account's templates. */
async function describeVersions(input: VersionsInput, ctx: Context): Promise<Ec2Operations['DescribeLaunchTemplateVersions']['output']> {
  const wanted = input.Versions ?? [];
  if (input.LaunchTemplateId === undefined && input.LaunchTemplateName === undefined) {
    if (wanted.length === 0 || wanted.some((v) => v !== '$Latest' && v !== '$Default')) throw new AwsError('MissingParameter', WHICH_VERSIONS);
    const keys: string[] = [];
    for (const template of await ctx.list(launchTemplates)) for (const version of wanted) keys.push((await versionOf(ctx, template, version)).VersionKey);
    return describeKeys(keys, input, ctx);
  }
  const template = await templateOf(ctx, input);
  if (wanted.length > 0) {
    if (input.MinVersion !== undefined || input.MaxVersion !== undefined) throw errors.invalidParameterCombination('Versions cannot be used together with MinVersion or MaxVersion');
    const keys: string[] = [];
    for (const version of wanted) keys.push((await versionOf(ctx, template, version)).VersionKey);
    return describeKeys(keys, input, ctx);
  }
  const min = Number(input.MinVersion ?? 0);
  const max = Number(input.MaxVersion ?? Infinity);
  const all = (await ctx.list(launchTemplateVersions, { member: 'LaunchTemplateId', value: template.LaunchTemplateId! })).filter((v) => v.VersionNumber! >= min && v.VersionNumber! <= max);
  // AWS lists the newest version first.
  return describeKeys(all.map((v) => v.VersionKey).reverse(), input, ctx);
}

async function describeKeys(keys: readonly string[], input: VersionsInput, ctx: Context): Promise<Ec2Operations['DescribeLaunchTemplateVersions']['output']> {
  if (keys.length === 0) return { LaunchTemplateVersions: [] };
  const from = input.NextToken === undefined ? 0 : Number(Buffer.from(input.NextToken, 'base64url').toString('latin1'));
  if (!Number.isInteger(from) || from < 0 || from > keys.length) throw errors.invalidValue(` ${input.NextToken} `, 'NextToken', 'The token is invalid.');
  const to = from + (input.MaxResults ?? keys.length);
  const { LaunchTemplateVersions } = await describeByKeys({ ...input, VersionKeys: keys.slice(from, to), MaxResults: undefined, NextToken: undefined }, ctx);
  if (input.ResolveAlias) for (const version of LaunchTemplateVersions ?? []) version.LaunchTemplateData = await withImage(version.LaunchTemplateData!, ctx);
  return { LaunchTemplateVersions, ...(to < keys.length ? { NextToken: Buffer.from(String(to)).toString('base64url') } : {}) };
}

const describeByKeys = describes<StoredVersion, VersionsInput & { VersionKeys: string[] }, Ec2Operations['DescribeLaunchTemplateVersions']['output']>(launchTemplateVersions, {
  ids: 'VersionKeys',
  project: async (version, ctx) => shown(version, await ctx.get(launchTemplates, version.LaunchTemplateId!)),
});

/**
 * The latest version is the newest of those that are left:
 * https://github.com/ansible-collections/amazon.aws/blob/main/tests/integration/targets/ec2_launch_template/tasks/deletion.yml
 */
async function lowerLatest(ctx: Context, template: StoredTemplate): Promise<void> {
  const left = await ctx.list(launchTemplateVersions, { member: 'LaunchTemplateId', value: template.LaunchTemplateId! });
  const numbered = template.$?.numbered ?? template.LatestVersionNumber!;
  await ctx.save(launchTemplates, { ...template, LatestVersionNumber: Math.max(...left.map((v) => v.VersionNumber!)), $: { numbered } });
}

async function deleteVersions(input: Ec2Operations['DeleteLaunchTemplateVersions']['input'], ctx: Context): Promise<Ec2Operations['DeleteLaunchTemplateVersions']['output']> {
  const template = await templateOf(ctx, input);
  const id = template.LaunchTemplateId!;
  const deleted = [];
  const failed = [];
  // assumed: code and text; versions are deleted by their numbers.
  for (const wanted of input.Versions) if (!/^[1-9]\d{0,9}$/.test(wanted)) throw errors.invalidValue(wanted, 'LaunchTemplateVersion', 'A version number is expected.');
  for (const wanted of input.Versions) {
    const number = Number(wanted);
    const named = { LaunchTemplateId: id, LaunchTemplateName: template.LaunchTemplateName, VersionNumber: number };
    const version = await ctx.find(launchTemplateVersions, `${id}/${number}`);
    if (!version) failed.push({ ...named, ResponseError: { Code: 'launchTemplateVersionDoesNotExist' as const, Message: `Could not find launch template version ${wanted} for the specified launch template ${id}.` } });
    else if (number === template.DefaultVersionNumber) failed.push({ ...named, ResponseError: { Code: 'unexpectedError' as const, Message: `Cannot delete the launch template default version ${wanted}` } });
    else {
      await ctx.remove(launchTemplateVersions, version);
      deleted.push(named);
    }
  }
  if (deleted.some((version) => version.VersionNumber === template.LatestVersionNumber)) await lowerLatest(ctx, template);
  return { SuccessfullyDeletedLaunchTemplateVersions: deleted, UnsuccessfullyDeletedLaunchTemplateVersions: failed };
}

/** What is asked of a template in RunInstances: its data lies under the request's own parameters. */
export async function withLaunchTemplate(ctx: Context, input: Ec2Operations['RunInstances']['input']): Promise<Ec2Operations['RunInstances']['input']> {
  if (input.LaunchTemplate === undefined) return input;
  const template = await templateOf(ctx, input.LaunchTemplate);
  const version = await versionOf(ctx, template, input.LaunchTemplate.Version ?? '$Default');
  const data = version.LaunchTemplateData as unknown as TemplateData;
  // A template spells the RAM disk otherwise than RunInstances does.
  const { TagSpecifications: templateTags, InstanceRequirements: requirements, RamDiskId, ...rest } = data;
  if (requirements !== undefined && input.InstanceType === undefined) throw errors.unsupportedOperation('Launch templates with InstanceRequirements can be launched by fleets only.');
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  // The request's groups, by id or by name, go over the template's, and its interfaces over both.
  const own = input.SecurityGroupIds?.length || input.SecurityGroups?.length ? { ...rest, SecurityGroupIds: undefined, SecurityGroups: undefined } : rest;
  const { UserData } = { ...own, ...given } as { UserData?: string };
  return {
    ...(RamDiskId === undefined ? {} : { RamdiskId: RamDiskId }), ...own, ...given, ...(UserData === undefined ? {} : { UserData }),
    LaunchTemplate: { LaunchTemplateId: template.LaunchTemplateId, Version: String(version.VersionNumber) },
    TagSpecifications: mergedSpecifications(templateTags as TagSpecification[] | undefined, input.TagSpecifications as TagSpecification[] | undefined),
  } as Ec2Operations['RunInstances']['input'];
}

// assumed: tags of the template and of the request for the same kind are joined, the request's value winning.
function mergedSpecifications(template: readonly TagSpecification[] | undefined, request: readonly TagSpecification[] | undefined): TagSpecification[] | undefined {
  if (!template?.length) return request as TagSpecification[] | undefined;
  const byType = new Map(template.map((s) => [s.ResourceType, s]));
  for (const spec of request ?? []) {
    const under = byType.get(spec.ResourceType);
    byType.set(spec.ResourceType, under ? { ResourceType: spec.ResourceType, Tags: mergeTags((under.Tags ?? []) as TagPair[], (spec.Tags ?? []) as TagPair[]) } : spec);
  }
  return [...byType.values()] as TagSpecification[];
}

export const launchTemplateOperations = {
  CreateLaunchTemplate: createTemplate,
  CreateLaunchTemplateVersion: createVersion,
  DescribeLaunchTemplates: describes(launchTemplates, {
    ids: 'LaunchTemplateIds',
    prepare: async (input, ctx) => {
      const named = [];
      for (const name of input.LaunchTemplateNames ?? []) {
        const found = await templateNamed(ctx, name);
        if (!found) throw errors.launchTemplatesNotFound();
        named.push(found.LaunchTemplateId!);
      }
      return { ...input, LaunchTemplateIds: [...(input.LaunchTemplateIds ?? []), ...named] };
    },
  }),
  DescribeLaunchTemplateVersions: describeVersions,
  ModifyLaunchTemplate: async (input, ctx) => {
    if (input.LaunchTemplateId !== undefined && input.LaunchTemplateName !== undefined) throw errors.invalidParameterCombination('Either provide launch template ID or launch template name to modify the template.');
    const template = await templateOf(ctx, input);
    if (input.DefaultVersion !== undefined) {
      const version = await findVersion(ctx, template, input.DefaultVersion);
      if (!version) throw errors.launchTemplateVersionUnknown(input.DefaultVersion);
      template.DefaultVersionNumber = version.VersionNumber!;
    }
    return { LaunchTemplate: await ctx.save(launchTemplates, template) };
  },
  DeleteLaunchTemplateVersions: deleteVersions,
  DeleteLaunchTemplate: async (input, ctx) => {
    const template = await templateOf(ctx, input);
    await ctx.remove(launchTemplates, template);
    return { LaunchTemplate: template };
  },
} satisfies Handlers<Ec2Operations>;
