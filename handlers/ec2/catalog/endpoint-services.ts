import { createHash } from 'node:crypto';
import type { ServiceDetail } from '@aws-sdk/client-ec2';
import type { Wire } from '../../../protocols/wire-types.ts';
import { zonesOf } from './regions.ts';

/**
 * The endpoint services of AWS's own that a Region has: two with gateways, and the common ones with interfaces.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
 */

/** Services whose name in DNS is their own. */
const PLAIN = `access-analyzer acm acm-pca airflow.api amp-workspaces appconfig appconfigdata application-autoscaling appmesh appsync athena auditmanager autoscaling
autoscaling-plans backup batch bedrock bedrock-runtime bedrock-agent bedrock-agent-runtime cassandra cloudformation cloudhsmv2 cloudtrail codebuild codecommit codedeploy
codepipeline cognito-idp comprehend config databrew dataexchange datasync devops-guru dms ds ebs ec2 ec2messages ecs eks elasticache
elasticbeanstalk elasticfilesystem elasticloadbalancing elasticmapreduce email events finspace fis forecast fsx glue grafana guardduty healthlake imagebuilder
inspector2 iotsitewise kendra kinesisanalytics kms lakeformation lambda license-manager logs lookoutmetrics macie2 mediaconnect memory-db monitoring mgn networkmanager
organizations outposts personalize pi pinpoint pipes polly qldb.session rds rds-data redshift redshift-data rekognition resiliencehub robomaker rolesanywhere
route53resolver rum s3-outposts scheduler secretsmanager securityhub servicecatalog servicediscovery sns sqs ssm ssm-contacts ssm-incidents ssmmessages
states storagegateway sts swf synthetics tagging textract timestream transcribe transfer translate verifiedpermissions vpc-lattice workspaces xray`.split(/\s+/);

/** Services whose name in DNS is another. `*.` are wildcards. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  'ecr.api': ['api.ecr'], 'ecr.dkr': ['*.dkr.ecr', 'dkr.ecr'], 'ecs-agent': ['ecs-a'], 'ecs-telemetry': ['ecs-t'], 'eks-auth': ['eks-auth'], 'email-smtp': ['email-smtp'], 'execute-api': ['*.execute-api'],
  'elasticache-fips': ['elasticache-fips'], 'git-codecommit': ['git-codecommit'], 'codeartifact.api': ['codeartifact'], 'codeartifact.repositories': ['*.d.codeartifact', 'd.codeartifact'],
  'iot.data': ['*.iot', 'iot'], 'iot.credentials': ['*.credentials.iot'], 'kinesis-firehose': ['firehose'], 'kinesis-streams': ['kinesis'], 'prod.robomaker': ['robomaker'], 'sagemaker.api': ['api.sagemaker'],
  'sagemaker.runtime': ['runtime.sagemaker'], 'sagemaker.featurestore-runtime': ['featurestore-runtime.sagemaker'], 'guardduty-data': ['guardduty-data'], 'kms-fips': ['kms-fips'],
};

/** Services that have addresses of both families. */
const DUAL_STACK = new Set(['ec2', 'kms', 'lambda', 'logs', 'monitoring', 's3', 'secretsmanager', 'sns', 'sqs', 'ssm', 'sts', 'eks', 'ecs', 'athena', 'glue', 'events']);

const detailOf = (region: string, name: string, type: 'Gateway' | 'Interface', privateNames: readonly string[]): Wire<ServiceDetail> => {
  const zones = zonesOf(region).filter((z) => z.ZoneType === 'availability-zone');
  const names = privateNames.map((n) => (n.startsWith('*.') ? `*.${n.slice(2)}.${region}.amazonaws.com` : `${n}.${region}.amazonaws.com`));
  return {
    ServiceName: `com.amazonaws.${region}.${name}`, ServiceId: `vpce-svc-${createHash('sha256').update(`${region}/${name}/${type}`).digest('hex').slice(0, 17)}`, ServiceType: [{ ServiceType: type }],
    ServiceRegion: region, AvailabilityZones: zones.map((z) => z.ZoneName!), AvailabilityZoneIds: zones.map((z) => z.ZoneId!), Owner: 'amazon',
    BaseEndpointDnsNames: [type === 'Gateway' ? `${name}.${region}.amazonaws.com` : `${name}.${region}.vpce.amazonaws.com`],
    ...(names.length > 0 ? { PrivateDnsName: names[0]!, PrivateDnsNames: names.map((PrivateDnsName) => ({ PrivateDnsName })), PrivateDnsNameVerificationState: 'verified' as const } : {}),
    VpcEndpointPolicySupported: true, AcceptanceRequired: false, ManagesVpcEndpoints: false, Tags: [], SupportedIpAddressTypes: DUAL_STACK.has(name) ? ['ipv4', 'ipv6'] : ['ipv4'],
  };
};

function servicesOf(region: string): Wire<ServiceDetail>[] {
  const all = [
    detailOf(region, 's3', 'Gateway', []), detailOf(region, 'dynamodb', 'Gateway', []), detailOf(region, 's3express', 'Gateway', []),
    detailOf(region, 's3', 'Interface', ['s3', '*.s3', 's3-accesspoint', '*.s3-accesspoint', 's3-control', '*.s3-control']),
    // assumed: the interface of DynamoDB has no private DNS names, as its pages say.
    detailOf(region, 'dynamodb', 'Interface', []),
    ...PLAIN.map((name) => detailOf(region, name, 'Interface', [name])), ...Object.entries(OTHERS).map(([name, names]) => detailOf(region, name, 'Interface', names)),
  ];
  return all.sort((a, b) => (a.ServiceName! < b.ServiceName! ? -1 : a.ServiceName! > b.ServiceName! ? 1 : 0));
}

const known = new Map<string, readonly Wire<ServiceDetail>[]>();

export function awsEndpointServices(region: string): readonly Wire<ServiceDetail>[] {
  let services = known.get(region);
  if (!services) known.set(region, (services = servicesOf(region)));
  return services;
}
