// The role under which a stack runs when it must do with the least policy: first with everything allowed, then with
// exactly what `fogbank policy` wrote of the first run.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { ACCOUNT } from './stack.mjs';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const NAME = 'terraform-runner';
const ARN = `arn:aws:iam::${ACCOUNT}:role/${NAME}`;

/** Credentials of the role; without a policy it is an administrator. */
export async function becomeRunner(endpoint, policy) {
  const config = { endpoint, region: 'us-east-1', credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'test' } };
  const iam = new IAMClient(config);
  const trust = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' }] });
  await iam.send(new CreateRoleCommand({ RoleName: NAME, AssumeRolePolicyDocument: trust }));
  if (policy === undefined) await iam.send(new AttachRolePolicyCommand({ RoleName: NAME, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }));
  else await iam.send(new PutRolePolicyCommand({ RoleName: NAME, PolicyName: 'least', PolicyDocument: JSON.stringify(policy) }));
  const { Credentials } = await new STSClient(config).send(new AssumeRoleCommand({ RoleArn: ARN, RoleSessionName: 'run' }));
  return { accessKey: Credentials.AccessKeyId, secretKey: Credentials.SecretAccessKey, token: Credentials.SessionToken };
}

/** What the runner did, as a policy. */
export function leastPolicyOf(endpoint) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'policy', '--from-log', ARN, '--endpoint', endpoint], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`fogbank policy: ${stderr.trim()}`);
  return JSON.parse(stdout);
}
