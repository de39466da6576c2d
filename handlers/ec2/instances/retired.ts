import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { AwsError, pageOf, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { instances } from './instances.ts';

/** What AWS has no more: the listings are there, and nothing is in them. */
function checkFilters(filters: readonly { Name?: string }[] | undefined, known: readonly string[]): void {
  for (const { Name = '' } of filters ?? []) if (!known.includes(Name)) throw errors.invalidParameterValue(`The filter '${Name}' is invalid`);
}

const SCHEDULED_FILTERS = ['availability-zone', 'instance-type', 'platform'];
const GPU_FILTERS = ['availability-zone', 'elastic-gpu-health', 'elastic-gpu-state', 'elastic-gpu-type', 'instance-id'];

export const retiredOperations = {
  /** "You can't purchase Scheduled Instances at this time." https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeScheduledInstanceAvailability.html */
  DescribeScheduledInstanceAvailability: async (input) => {
    checkFilters(input.Filters, SCHEDULED_FILTERS);
    const { EarliestTime: from, LatestTime: to } = input.FirstSlotStartTimeRange;
    if (to < from) throw errors.invalidParameterValue('The earliest time of the first slot cannot be after its latest time');
    const { Frequency: frequency } = input.Recurrence;
    if (frequency !== undefined && !/^(Daily|Weekly|Monthly)$/.test(frequency)) throw errors.invalidValue(frequency, 'recurrence.frequency', 'Valid values: Daily | Weekly | Monthly');
    return { ScheduledInstanceAvailabilitySet: pageOf([], input).items };
  },
  DescribeScheduledInstances: async (input) => {
    checkFilters(input.Filters, SCHEDULED_FILTERS);
    const [id] = input.ScheduledInstanceIds ?? [];
    if (id !== undefined) throw new AwsError('InvalidScheduledInstance', `The Scheduled Instance ID '${id}' does not exist`);
    return { ScheduledInstanceSet: pageOf([], input).items };
  },
  /** "Amazon Elastic Graphics reached end of life on January 8, 2024." */
  DescribeElasticGpus: async (input) => {
    checkFilters(input.Filters, GPU_FILTERS);
    const [id] = input.ElasticGpuIds ?? [];
    if (id !== undefined) throw new AwsError('InvalidElasticGpuID.NotFound', `The Elastic GPU ID '${id}' does not exist`);
    return { ElasticGpuSet: pageOf([], input).items };
  },
  /** Whether an instance has a product code of the caller's. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ConfirmProductInstance.html */
  ConfirmProductInstance: async (input, ctx) => {
    const instance = await ctx.get(instances, input.InstanceId);
    const has = (instance.ProductCodes ?? []).some((code) => code.ProductCodeId === input.ProductCode);
    return has ? { Return: true, OwnerId: ctx.account } : { Return: false };
  },
} satisfies Handlers<Ec2Operations>;
