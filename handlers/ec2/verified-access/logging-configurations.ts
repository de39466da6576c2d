import type { VerifiedAccessInstanceLoggingConfiguration, VerifiedAccessLogs } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, modifies, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { verifiedAccessInstances, type StoredInstance } from './instances.ts';

/** What has been set of an instance's access logs. */
export type StoredLogs = Wire<VerifiedAccessLogs>;

type Input = Ec2Operations['ModifyVerifiedAccessInstanceLoggingConfiguration']['input'];

/** https://docs.aws.amazon.com/verified-access/latest/ug/access-logs-trust-context.html */
const VERSIONS = ['ocsf-0.1', 'ocsf-1.0.0-rc.2'];

/** Where logs of each kind go: the member that says so. */
const TARGETS = { S3: 'BucketName', CloudWatchLogs: 'LogGroup', KinesisDataFirehose: 'DeliveryStream' } as const;

/** What an instance shows of its logs: every destination, those that are off too. */
const configurationOf = (instance: StoredInstance): Wire<VerifiedAccessInstanceLoggingConfiguration> => ({
  VerifiedAccessInstanceId: instance.VerifiedAccessInstanceId,
  AccessLogs: { S3: { Enabled: false }, CloudWatchLogs: { Enabled: false }, KinesisDataFirehose: { Enabled: false }, LogVersion: VERSIONS.at(-1), IncludeTrustContext: false, ...instance.$.logs },
});

function destination(name: keyof typeof TARGETS, wish: { readonly Enabled: boolean }): object {
  const target = (wish as Readonly<Record<string, unknown>>)[TARGETS[name]];
  if (wish.Enabled && !target) throw general.missingParameter(`AccessLogs.${name}.${TARGETS[name]}`);
  // assumed: what delivers logs is there and takes them.
  return { ...wish, ...(wish.Enabled && { DeliveryStatus: { Code: 'success' } }) };
}

/** assumed: a destination that is not mentioned stays as it is. */
function changeLogs(logs: StoredLogs, wish: Input['AccessLogs']): StoredLogs {
  const { LogVersion, IncludeTrustContext } = wish;
  if (LogVersion !== undefined && !VERSIONS.includes(LogVersion)) throw general.invalidValue(LogVersion, 'AccessLogs.LogVersion', `Valid values are ${VERSIONS.join(', ')}.`);
  const owner = wish.S3?.BucketOwner;
  if (owner !== undefined && !/^\d{12}$/.test(owner)) throw general.invalidValue(owner, 'AccessLogs.S3.BucketOwner', 'The ID of an account is expected.');
  const changed = (Object.keys(TARGETS) as (keyof typeof TARGETS)[]).filter((name) => wish[name] !== undefined).map((name) => [name, destination(name, wish[name]!)]);
  return { ...logs, ...Object.fromEntries(changed), ...(LogVersion !== undefined && { LogVersion }), ...(IncludeTrustContext !== undefined && { IncludeTrustContext }) };
}

export const loggingConfigurationOperations = {
  DescribeVerifiedAccessInstanceLoggingConfigurations: describes(verifiedAccessInstances, { ids: 'VerifiedAccessInstanceIds', shape: 'VerifiedAccessInstanceLoggingConfiguration', project: configurationOf }),
  ModifyVerifiedAccessInstanceLoggingConfiguration: modifies(verifiedAccessInstances, { id: 'VerifiedAccessInstanceId' }, (instance, input) => {
    instance.$.logs = changeLogs(instance.$.logs, input.AccessLogs);
    return { LoggingConfiguration: configurationOf(instance) };
  }),
} satisfies Handlers<Ec2Operations>;
