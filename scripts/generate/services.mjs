/** The services that Fogbank speaks: the folder's name here is the SDK package's name after `client-`. */
export const services = [
  'ec2', 'iam', 'sts', 'auto-scaling', 'elastic-load-balancing-v2', 'cloudwatch', 'cloudwatch-logs', 'ssm', 'sns', 'sqs',
  'eventbridge', 'kms', 'secrets-manager', 'cost-explorer', 'budgets', 'pricing', 'organizations', 'service-quotas',
  'resource-groups-tagging-api', 'cloudtrail',
];

export const packageOf = (service) => `@aws-sdk/client-${service}`;

/** 'auto-scaling' -> 'AutoScaling' */
export const typeNameOf = (service) => service.split('-').map((word) => word[0].toUpperCase() + word.slice(1)).join('');

/**
 * Namespaces that a package has lost with its XML protocol but that clients of the Query protocol still see:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-xml.html
 */
export const xmlNamespaces = { sqs: 'http://queue.amazonaws.com/doc/2012-11-05/' };
