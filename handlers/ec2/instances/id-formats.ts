import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { pageOf, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';

/** Ids are long ones for everything since July 2018, whatever was chosen before. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html */
const RESOURCES = [
  'bundle', 'conversion-task', 'customer-gateway', 'dhcp-options', 'elastic-ip-allocation', 'elastic-ip-association', 'export-task', 'flow-log', 'image', 'import-task', 'instance', 'internet-gateway',
  'network-acl', 'network-acl-association', 'network-interface', 'network-interface-attachment', 'prefix-list', 'reservation', 'route-table', 'route-table-association', 'security-group', 'snapshot', 'subnet',
  'subnet-cidr-block-association', 'volume', 'vpc', 'vpc-cidr-block-association', 'vpc-endpoint', 'vpc-peering-connection', 'vpn-connection', 'vpn-gateway',
];

/** These mean several types at once. */
const GROUPS = ['all-current', 'all'];

function statuses(wanted: string | undefined): { Resource: string; UseLongIds: true }[] {
  if (wanted !== undefined && !RESOURCES.includes(wanted)) throw errors.invalidValue(wanted, 'resource', 'Unknown resource type');
  return (wanted === undefined ? RESOURCES : [wanted]).map((Resource) => ({ Resource, UseLongIds: true }));
}

function checkChange({ Resource: wanted, UseLongIds }: { Resource: string; UseLongIds: boolean }): Record<string, never> {
  if (!GROUPS.includes(wanted)) statuses(wanted);
  // assumed: the code and the text. The period in which short ids could be chosen is over.
  if (!UseLongIds) throw errors.unsupportedOperation('The opt-in period has ended: all resources have long IDs.');
  return {};
}

function checkPrincipal(arn: string): void {
  if (!/^(all|arn:aws:iam::\d{12}:(root|(user|role)\/.+))$/.test(arn)) throw errors.invalidValue(arn, 'principalArn', 'Expecting the ARN of an IAM user, an IAM role or the root user.');
}

export const idFormatOperations = {
  DescribeIdFormat: async (input) => ({ Statuses: statuses(input.Resource) }),
  ModifyIdFormat: async (input) => checkChange(input),
  DescribeIdentityIdFormat: async (input) => {
    checkPrincipal(input.PrincipalArn);
    return { Statuses: statuses(input.Resource) };
  },
  ModifyIdentityIdFormat: async (input) => {
    checkPrincipal(input.PrincipalArn);
    return checkChange(input);
  },
  DescribeAggregateIdFormat: async () => ({ UseLongIdsAggregated: true, Statuses: statuses(undefined) }),
  /** Of principals only the root user has explicit settings, as every account's does. */
  DescribePrincipalIdFormat: async (input, ctx) => {
    const wanted = input.Resources?.length ? input.Resources.flatMap((name) => statuses(name)) : statuses(undefined);
    const { items, next } = pageOf([{ Arn: `arn:aws:iam::${ctx.account}:root`, Statuses: wanted }], input);
    return { Principals: items, ...next };
  },
} satisfies Handlers<Ec2Operations>;
