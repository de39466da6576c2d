import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';

/** EC2-Classic is retired, and with it what linked its instances to VPCs. https://aws.amazon.com/blogs/aws/ec2-classic-is-retiring-heres-how-to-prepare/ */
// assumed: the operations answer as they did in Regions that never had EC2-Classic.
const retired = async (): Promise<never> => {
  throw errors.unsupportedOperation('The functionality you requested is not available in this region.');
};

export const classicLinkOperations = {
  AttachClassicLinkVpc: retired,
  DetachClassicLinkVpc: retired,
  DescribeClassicLinkInstances: retired,
  EnableVpcClassicLink: retired,
  DisableVpcClassicLink: retired,
  DescribeVpcClassicLink: retired,
  EnableVpcClassicLinkDnsSupport: retired,
  DisableVpcClassicLinkDnsSupport: retired,
  DescribeVpcClassicLinkDnsSupport: retired,
} satisfies Handlers<Ec2Operations>;
