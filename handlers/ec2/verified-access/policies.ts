import type { VerifiedAccessSseSpecificationResponse } from '@aws-sdk/client-ec2';
import type { Wire } from '../../../protocols/wire-types.ts';
import * as general from '../errors.ts';
import { checkCedar } from './cedar.ts';
import { documentWithoutPolicy, policyWithoutDocument } from './errors.ts';

/** What groups and endpoints have alike: a policy, which is shown by an operation of its own, and how it is encrypted. */
export interface Policy {
  PolicyEnabled: boolean;
  PolicyDocument?: string;
}

export type Encryption = Wire<VerifiedAccessSseSpecificationResponse>;

interface Governed {
  SseSpecification?: Encryption;
  $: { policy: Policy };
}

/** A policy that is given at creation is enabled. */
export const policyOf = (document: string | undefined): Policy => (document === undefined ? { PolicyEnabled: false } : { PolicyEnabled: true, PolicyDocument: checkCedar(document) });

const KMS_KEY = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key\/[A-Za-z0-9-]+|alias\/[A-Za-z0-9/_-]+)$/;

/** https://docs.aws.amazon.com/verified-access/latest/ug/data-protection.html */
export function encryptionOf(wish: Encryption | undefined): Encryption {
  const { CustomerManagedKeyEnabled: own = false, KmsKeyArn: key } = wish ?? {};
  if (own && key === undefined) throw general.missingParameter('SseSpecification.KmsKeyArn');
  if (!own && key !== undefined) throw general.invalidParameterCombination('SseSpecification.KmsKeyArn can be specified only when CustomerManagedKeyEnabled is true');
  // assumed: a key exists when its ARN is well formed.
  if (key !== undefined && !KMS_KEY.test(key)) throw general.invalidValue(key, 'SseSpecification.KmsKeyArn', 'It is not the ARN of a KMS key.');
  return { CustomerManagedKeyEnabled: own, ...(own && { KmsKeyArn: key }) };
}

interface Change {
  readonly PolicyEnabled?: boolean;
  readonly PolicyDocument?: string;
  readonly SseSpecification?: Encryption;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVerifiedAccessGroupPolicy.html */
export function changePolicy(governed: Governed, { PolicyEnabled: enabled, PolicyDocument: document, SseSpecification: sse }: Change): Policy & { SseSpecification: Encryption } {
  if (enabled === undefined && document === undefined && sse === undefined) throw general.missingParameter('PolicyEnabled, PolicyDocument or SseSpecification');
  if (document !== undefined && enabled !== true) throw documentWithoutPolicy();
  if (enabled === true && document === undefined) throw policyWithoutDocument();
  if (enabled !== undefined) governed.$.policy = policyOf(document);
  if (sse !== undefined) governed.SseSpecification = encryptionOf(sse);
  return { ...governed.$.policy, SseSpecification: governed.SseSpecification! };
}
