import { devNull } from 'node:os';
import type { Explained } from '../control/calls.ts';
import type { Settings } from '../settings.ts';

export const environmentLines = (endpoint: string, region: string): string =>
  `export AWS_ENDPOINT_URL=${endpoint}\nexport AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=${region}\n`;

/** Points every AWS client at an endpoint and nowhere else: neither the user's own configuration nor the metadata service is asked. */
export const execEnvironment = (endpoint: string, environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('AWS_'))),
  AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1',
  AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull, AWS_EC2_METADATA_DISABLED: 'true',
});

/** What `start` prints: the endpoint, and lines to copy. */
export const greeting = (endpoint: string, settings: Settings): string => `
Fogbank answers at ${endpoint}  (account ${settings.account}, state in ${settings.data})

${environmentLines(endpoint, settings.region)}aws ec2 describe-vpcs

provider "aws" {
  region                      = "${settings.region}"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
}   # with AWS_ENDPOINT_URL=${endpoint}

`;

export interface ExplainedCall {
  readonly requestId: string;
  readonly at: string;
  readonly principal: string;
  readonly service: string;
  readonly operation: string;
  readonly error?: string;
  readonly decisions: readonly Explained[];
}

/** Each decision with the statements that spoke to it; of those that did not, why not. */
export function whyText({ at, principal, service, operation, error, decisions }: ExplainedCall): string {
  const lines = [`${at}  ${principal}`, `${service} ${operation}: ${error ?? 'done'}`, ''];
  for (const { action, resource, outcome, because, statements } of decisions) {
    lines.push(`${outcome === 'allowed' ? 'allowed' : 'DENIED '}  ${action} on ${resource}${because === undefined ? '' : `\n         ${because}`}`);
    for (const s of statements.filter((statement) => statement.missed !== 'action')) {
      lines.push(`         ${s.matched ? s.effect : 'no match'}  ${s.type} ${s.policy}, statement ${s.statement}${s.missed === undefined ? '' : `: the ${s.missed} does not match`}`);
      for (const c of s.conditions ?? []) lines.push(`                   ${c.operator} ${c.key}: wants ${c.expected.join(' or ')}, is ${c.actual === null ? 'absent' : c.actual.join(', ')}`);
    }
    if (statements.every((statement) => statement.missed === 'action')) lines.push(`         no statement of ${statements.length} names the action`);
  }
  return `${lines.join('\n')}\n`;
}
