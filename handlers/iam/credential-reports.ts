import type { IamOperations } from '../../fixtures/models/iam.ts';
import { hours, isoTime, lastUse, resource, useOfKey, type Context, type Handlers } from '../../src/kit/index.ts';
import { accessKeys } from './access-keys.ts';
import { underPath } from './entities.ts';
import * as errors from './errors.ts';
import { loginProfileOf } from './login-profiles.ts';
import { mfaDevicesOf } from './mfa-devices.ts';
import { passwordPolicy } from './password-policy.ts';
import { signingCertificatesOf } from './signing-certificates.ts';
import { ROOT_CREATED, users, type StoredUser } from './users.ts';

/** One an account at most, of the state of the moment when it was complete. */
interface StoredReport {
  Name: 'CredentialReport';
  State: 'STARTED' | 'COMPLETE';
  GeneratedTime?: string;
  $: { csv?: string };
}
const NAME = 'CredentialReport';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html */
export const credentialReports = resource<StoredReport>({
  service: 'iam',
  kind: 'credential-report',
  global: true,
  shape: 'GetCredentialReportResponse',
  id: { member: 'Name' },
  notFound: () => errors.reportNotPresent(),
  tags: null,
  state: 'State',
  // assumed: a small account's report is complete when somebody asks again.
  lifecycle: { STARTED: { to: 'COMPLETE', after: 0 } },
  entering: {
    COMPLETE: async (report, ctx) => {
      report.GeneratedTime = ctx.wholeSecond;
      report.$.csv = await csv(ctx);
    },
  },
});

/** "You can generate a credential report as often as once every four hours." */
const AGE_MAX_MS = hours(4);
const DAY_MS = hours(24);

const COLUMNS = [
  'user', 'arn', 'user_creation_time', 'password_enabled', 'password_last_used', 'password_last_changed', 'password_next_rotation', 'mfa_active',
  'access_key_1_active', 'access_key_1_last_rotated', 'access_key_1_last_used_date', 'access_key_1_last_used_region', 'access_key_1_last_used_service',
  'access_key_2_active', 'access_key_2_last_rotated', 'access_key_2_last_used_date', 'access_key_2_last_used_region', 'access_key_2_last_used_service',
  'cert_1_active', 'cert_1_last_rotated', 'cert_2_active', 'cert_2_last_rotated',
];

const time = (iso: string): string => `${iso.slice(0, 19)}+00:00`;
const NOT_APPLICABLE = 'N/A';

/** enabled, last used, last changed, next rotation */
async function passwordColumns(ctx: Context, user: StoredUser): Promise<string[]> {
  const profile = await loginProfileOf(ctx, user.UserId!);
  if (!profile) return ['false', NOT_APPLICABLE, NOT_APPLICABLE, NOT_APPLICABLE];
  const days = (await passwordPolicy(ctx))?.MaxPasswordAge ?? 0;
  const rotation = days === 0 ? NOT_APPLICABLE : time(isoTime(Date.parse(profile.$.changed) + days * DAY_MS));
  // Nobody signs in to a console here.
  return ['true', 'no_information', time(profile.$.changed), rotation];
}

async function credentialColumns(ctx: Context, userId: string): Promise<string[]> {
  const keys = await ctx.list(accessKeys, { member: '$.userId', value: userId });
  const certificates = await signingCertificatesOf(ctx, userId);
  const out = [String((await mfaDevicesOf(ctx, userId)).length > 0)];
  for (const n of [0, 1]) {
    const key = keys[n];
    const use = key && (await lastUse(ctx, useOfKey(key.AccessKeyId!)));
    out.push(String(key?.Status === 'Active'), key ? time(key.CreateDate!) : NOT_APPLICABLE, ...(use ? [time(isoTime(use.at)), use.region, use.service] : [NOT_APPLICABLE, NOT_APPLICABLE, NOT_APPLICABLE]));
  }
  for (const n of [0, 1]) {
    const certificate = certificates[n];
    out.push(String(certificate?.Status === 'Active'), certificate ? time(certificate.UploadDate!) : NOT_APPLICABLE);
  }
  return out;
}

async function csv(ctx: Context): Promise<string> {
  const root = ['<root_account>', `arn:aws:iam::${ctx.account}:root`, time(ROOT_CREATED), 'not_supported', 'no_information', 'not_supported', 'not_supported', ...(await credentialColumns(ctx, ctx.account))];
  const rows = [COLUMNS, root];
  for (const user of await underPath(ctx, users, undefined)) {
    rows.push([user.UserName!, user.Arn!, time(user.CreateDate!), ...(await passwordColumns(ctx, user)), ...(await credentialColumns(ctx, user.UserId!))]);
  }
  // A name may hold a comma.
  return rows.map((row) => row.map((value) => (value.includes(',') ? `"${value}"` : value)).join(',')).join('\n');
}

const outdated = (ctx: Context, report: StoredReport): boolean => report.GeneratedTime !== undefined && ctx.nowMs - Date.parse(report.GeneratedTime) >= AGE_MAX_MS;

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateCredentialReport.html */
async function generate(_input: unknown, ctx: Context): Promise<IamOperations['GenerateCredentialReport']['output']> {
  const present = await ctx.find(credentialReports, NAME);
  if (present && !outdated(ctx, present)) return present.State === 'COMPLETE' ? { State: 'COMPLETE' } : { State: 'INPROGRESS' };
  if (present) await ctx.remove(credentialReports, present);
  await ctx.create(credentialReports, { Name: NAME, State: 'STARTED', $: {} });
  return { State: 'STARTED', Description: 'No report exists. Starting a new report generation task' };
}

export const credentialReportOperations = {
  GenerateCredentialReport: generate,
  /** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetCredentialReport.html */
  GetCredentialReport: async (_input, ctx): Promise<IamOperations['GetCredentialReport']['output']> => {
    const report = await ctx.get(credentialReports, NAME);
    if (report.State !== 'COMPLETE') throw errors.reportInProgress();
    if (outdated(ctx, report)) throw errors.reportExpired();
    return { Content: Buffer.from(report.$.csv!).toString('base64'), ReportFormat: 'text/csv', GeneratedTime: report.GeneratedTime! };
  },
} satisfies Handlers<IamOperations>;
