import { policy, type Policy } from '../../../src/iam/index.ts';

/**
 * What a privileged session of a member account's root is limited to: these deny, and give nothing that root has not.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/security-iam-awsmanpol.html
 */
const BEGINNING = 'arn:aws:iam::aws:policy/root-task/';

interface Task {
  readonly actions: readonly string[];
  /** Of these only root's own credentials are meant. */
  readonly ofRoot?: readonly string[];
}

const LOOKING = ['iam:ListAccessKeys', 'iam:ListSigningCertificates', 'iam:GetLoginProfile', 'iam:ListMFADevices', 'iam:GetUser', 'iam:GetAccessKeyLastUsed'];
const PASSWORD = ['iam:CreateLoginProfile', 'iam:GetLoginProfile'];
const DELETING = ['iam:DeleteAccessKey', 'iam:DeleteSigningCertificate', 'iam:DeleteLoginProfile', 'iam:DeactivateMFADevice', ...LOOKING];

const TASKS: Readonly<Record<string, Task>> = {
  IAMAuditRootUserCredentials: { actions: [...LOOKING, 'iam:GetAccountSummary'], ofRoot: LOOKING },
  IAMCreateRootUserPassword: { actions: PASSWORD, ofRoot: PASSWORD },
  IAMDeleteRootUserCredentials: { actions: DELETING, ofRoot: DELETING },
  S3UnlockBucketPolicy: { actions: ['s3:DeleteBucketPolicy', 's3:PutBucketPolicy', 's3:GetBucketPolicy', 's3:ListAllMyBuckets'] },
  // assumed: the actions, of which the guide shows no document.
  SQSUnlockQueuePolicy: { actions: ['sqs:SetQueueAttributes', 'sqs:GetQueueAttributes', 'sqs:ListQueues', 'sqs:GetQueueUrl'] },
};

export function rootTask(arn: string): Policy {
  const task = TASKS[arn.slice(BEGINNING.length)];
  const statements = [
    { Sid: 'DenyAllOtherActionsOnAnyResource', Effect: 'Deny', NotAction: task?.actions ?? ['none:None'], Resource: '*' },
    ...(task?.ofRoot ? [{ Sid: 'DenyNonRootUserResource', Effect: 'Deny', Action: task.ofRoot, NotResource: 'arn:aws:iam::*:root' }] : []),
  ];
  return policy({ type: 'identity', name: arn, managed: true }, JSON.stringify({ Version: '2012-10-17', Statement: statements }));
}
