import type { ImageUsageReport, ImageUsageReportEntry } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, deletes, describes, hours, isoTime, pageOf, resource, seconds, type Context, type Handlers, type Structure } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { filtered } from '../regions.ts';
import { checkAccount, granteesOf } from '../shares.ts';
import { reportNotFound } from './errors.ts';
import { depthOf, instancesOf, templatesOf } from './image-references.ts';
import { images, ownImage } from './images.ts';

type Entry = Wire<ImageUsageReportEntry>;
/** `$` holds what the report says once it is made. */
type StoredReport = Wire<ImageUsageReport> & { $?: { entries: Entry[] } };

const LIFE_MS = hours(24) * 30;

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/your-ec2-ami-usage.html */
export const imageUsageReports = resource<StoredReport>({
  service: 'ec2',
  kind: 'image-usage-report',
  shape: 'ImageUsageReport',
  id: { member: 'ReportId', prefix: 'amiur' },
  notFound: reportNotFound,
  malformed: errors.malformedId('InvalidImageUsageReportId.Malformed', 'amiur'),
  state: 'State',
  lifecycle: {
    pending: { after: seconds(60), to: 'available' },
    // "Amazon EC2 will delete the report 30 days after the report was created."
    available: { after: LIFE_MS, to: 'gone', paced: false },
  },
  entering: { available: async (report, ctx) => void (report.$ = { entries: await count(report, ctx) }) },
});

const DEPTH_USUAL = 20;

/**
 * Who else uses the image, and how often. assumed: of a public image, those accounts are looked at that it is shared with by
 * name, that launched it, or that the report names.
 */
async function count(report: StoredReport, ctx: Context): Promise<Entry[]> {
  const { ImageId, ReportId, CreationTime: ReportCreationTime } = report;
  const users = (await ctx.find(images, ImageId!))?.$?.usedBy ?? [];
  const known = report.AccountIds?.length ? report.AccountIds : [...new Set([...(await granteesOf(ctx, ImageId!)), ...users])];
  const entries: Entry[] = [];
  for (const AccountId of known.filter((a) => a !== 'all' && a !== ctx.account).sort()) {
    const there = ctx.in(AccountId, ctx.region);
    for (const { ResourceType, ResourceTypeOptions } of report.ResourceTypes ?? []) {
      const used = ResourceType === 'ec2:Instance' ? await instancesOf(there, ImageId!) : ResourceType === 'ec2:LaunchTemplate' ? await templatesOf(there, ImageId!, depthOf(ResourceTypeOptions, DEPTH_USUAL)) : [];
      if (used.length > 0) entries.push({ ResourceType, ReportId, UsageCount: used.length, AccountId, ImageId, ReportCreationTime });
    }
  }
  return entries;
}

const TYPES = ['ec2:Instance', 'ec2:LaunchTemplate', 'imagebuilder:ImageRecipe', 'imagebuilder:ContainerRecipe'];

async function plan(input: Ec2Operations['CreateImageUsageReport']['input'], ctx: Context): Promise<Partial<StoredReport>> {
  if (input.ResourceTypes.length === 0) throw errors.missingParameter('resourceType');
  for (const { ResourceType: type, ResourceTypeOptions: options } of input.ResourceTypes) {
    if (type === undefined || !TYPES.includes(type)) throw errors.invalidValue(type, 'resourceType', `Valid values: ${TYPES.join(' | ')}`);
    if (options?.length && type !== 'ec2:LaunchTemplate') throw errors.invalidParameterCombination(`The resource type ${type} has no options`);
    const unknown = options?.find((o) => o.OptionName !== 'version-depth');
    if (unknown) throw errors.invalidValue(unknown.OptionName, 'optionName', 'Valid values: version-depth');
    depthOf(options, DEPTH_USUAL);
  }
  for (const account of input.AccountIds ?? []) checkAccount(account);
  const image = await ownImage(ctx, input.ImageId);
  return {
    ImageId: image.ImageId, ResourceTypes: input.ResourceTypes, State: 'pending', CreationTime: ctx.now, ExpirationTime: isoTime(ctx.nowMs + LIFE_MS), ...(input.AccountIds?.length ? { AccountIds: input.AccountIds } : {}),
  };
}

async function describeEntries(input: Ec2Operations['DescribeImageUsageReportEntries']['input'], ctx: Context): Promise<Ec2Operations['DescribeImageUsageReportEntries']['output']> {
  const reports = input.ReportIds?.length ? await ctx.getAll(imageUsageReports, input.ReportIds) : await ctx.list(imageUsageReports);
  const entries = reports.filter((r) => !input.ImageIds?.length || input.ImageIds.includes(r.ImageId!)).flatMap((r) => r.$?.entries ?? []);
  const selected = filtered(entries, input.Filters, { 'account-id': (e) => e.AccountId, 'creation-time': (e) => e.ReportCreationTime, 'resource-type': (e) => e.ResourceType });
  const { items, next } = pageOf(selected, input as unknown as Structure, errors.invalidNextToken);
  return { ImageUsageReportEntries: items, ...next };
}

export const imageUsageReportOperations = {
  CreateImageUsageReport: creates(imageUsageReports, plan),
  DescribeImageUsageReports: describes(imageUsageReports, { ids: 'ReportIds', visible: (report, input) => !input.ImageIds?.length || input.ImageIds.includes(report.ImageId!) }),
  DescribeImageUsageReportEntries: describeEntries,
  DeleteImageUsageReport: async (input, ctx) => {
    await remove(input, ctx);
    return { Return: true };
  },
} satisfies Handlers<Ec2Operations>;

const remove = deletes<StoredReport, Ec2Operations['DeleteImageUsageReport']['input'], object>(imageUsageReports, { id: 'ReportId' });
