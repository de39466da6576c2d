// What is measured: for each name, how to write n requests, given what a server has.
import { Connection, query, signedQuery } from './connection.mjs';
import { cpuSeconds, drive } from './load.mjs';

const match = (pattern, text) => {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`no ${pattern} in ${text.slice(0, 200)}`);
  return found;
};
const times = (n, make) => Array.from({ length: n }, (_, i) => make(i));
/** Spreads over a list without a pattern that a cache would like. */
const nth = (list, i) => list[(i * 7919) % list.length];

/** What the EC2 workloads need: an image and a subnet of 65,531 addresses. */
export async function prepare(server) {
  const connection = new Connection(server.to);
  server.state = { instances: [], roles: [], started: 0 };
  try {
    const image = match(/<imageId>(ami-[^<]+)</, await query(connection, 'ec2', { Action: 'DescribeImages', 'Owner.1': 'amazon', 'Filter.1.Name': 'architecture', 'Filter.1.Value.1': 'x86_64' }));
    const vpc = match(/<vpcId>([^<]+)</, await query(connection, 'ec2', { Action: 'CreateVpc', CidrBlock: '10.0.0.0/16' }));
    const subnet = match(/<subnetId>([^<]+)</, await query(connection, 'ec2', { Action: 'CreateSubnet', VpcId: vpc, CidrBlock: '10.0.0.0/16' }));
    Object.assign(server.state, { image, subnet });
  } finally {
    connection.end();
  }
}

const runInstances = ({ to, state, hotEvery = 100 }) => {
  const i = state.started++;
  return signedQuery(to, 'ec2', {
    Action: 'RunInstances', ImageId: state.image, MinCount: '1', MaxCount: '1', InstanceType: 't3.micro', SubnetId: state.subnet,
    'TagSpecification.1.ResourceType': 'instance', 'TagSpecification.1.Tag.1.Key': 'bench', 'TagSpecification.1.Tag.1.Value': i % hotEvery === 0 ? 'hot' : 'cold',
    'TagSpecification.1.Tag.2.Key': 'Name', 'TagSpecification.1.Tag.2.Value': `i${i}`,
  });
};

const TRUST = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }] });
const SUBNETS_PER_VPC = 200;

export const WORKLOADS = {
  GetCallerIdentity: { requests: ({ to }, n) => times(n, () => signedQuery(to, 'sts', { Action: 'GetCallerIdentity' })) },
  RunInstances: {
    requests: (server, n) => times(n, () => runInstances(server)),
    after: ({ state }, bodies) => state.instances.push(...bodies.filter(Boolean).map((text) => match(/<instanceId>([^<]+)</, text))),
  },
  'DescribeInstances by id': { requests: ({ to, state }, n) => times(n, (i) => signedQuery(to, 'ec2', { Action: 'DescribeInstances', 'InstanceId.1': nth(state.instances, i) })) },
  'DescribeInstances by tag': { requests: ({ to }, n) => times(n, () => signedQuery(to, 'ec2', { Action: 'DescribeInstances', 'Filter.1.Name': 'tag:bench', 'Filter.1.Value.1': 'hot' })) },
  CreateTags: { requests: ({ to, state }, n) => times(n, (i) => signedQuery(to, 'ec2', { Action: 'CreateTags', 'ResourceId.1': nth(state.instances, i), 'Tag.1.Key': 'touched', 'Tag.1.Value': `t${i}` })) },
  'CreateVpc and CreateSubnet': {
    requests: async ({ to }, n) => {
      const connection = new Connection(to);
      const vpcs = [];
      for (let i = 0; i < Math.ceil(n / 2 / SUBNETS_PER_VPC); i++) vpcs.push(match(/<vpcId>([^<]+)</, await query(connection, 'ec2', { Action: 'CreateVpc', CidrBlock: '10.1.0.0/16' })));
      connection.end();
      return times(n, (i) => signedQuery(to, 'ec2', i % 2
        ? { Action: 'CreateSubnet', VpcId: vpcs[Math.floor((i >> 1) / SUBNETS_PER_VPC)], CidrBlock: `10.1.${(i >> 1) % SUBNETS_PER_VPC}.0/24` }
        : { Action: 'CreateVpc', CidrBlock: '10.1.0.0/16' }));
    },
  },
  CreateRole: {
    requests: ({ to, state }, n) => {
      const names = times(n, (i) => `role-${state.roles.length + i}`);
      state.roles.push(...names);
      return names.map((RoleName) => signedQuery(to, 'iam', { Action: 'CreateRole', RoleName, AssumeRolePolicyDocument: TRUST }));
    },
  },
  GetRole: { requests: ({ to, state }, n) => times(n, (i) => signedQuery(to, 'iam', { Action: 'GetRole', RoleName: nth(state.roles, i) })) },
};

const CALLED_BY_ROLE = [
  ['sts', () => ({ Action: 'GetCallerIdentity' })],
  ['ec2', ({ instances }, i) => ({ Action: 'DescribeInstances', 'InstanceId.1': nth(instances, i) })],
];
for (const [service, parameters] of CALLED_BY_ROLE) {
  const { Action } = parameters({ instances: [] }, 0);
  WORKLOADS[`${Action}, root`] = { requests: ({ to, state }, n) => times(n, (i) => signedQuery(to, service, parameters(state, i))) };
  WORKLOADS[`${Action}, role`] = { requests: ({ to, state }, n) => times(n, (i) => signedQuery(to, service, parameters(state, i), state.session)) };
}

const POLICIES = 10;

/** A role with ten attached policies, the last of which allows what is measured; `state.session` are credentials of it. */
export async function becomeRole({ to, state }) {
  const connection = new Connection(to);
  const trust = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: '000000000000' }, Action: 'sts:AssumeRole' }] });
  await query(connection, 'iam', { Action: 'CreateRole', RoleName: 'measured', AssumeRolePolicyDocument: trust });
  for (let i = 1; i <= POLICIES; i++) {
    const document = JSON.stringify({ Version: '2012-10-17', Statement: [
      { Effect: 'Allow', Action: [`s3:Get*`, `s3:List*`], Resource: `arn:aws:s3:::bucket-${i}/*`, Condition: { StringEquals: { 'aws:PrincipalTag/team': `team-${i}` } } },
      { Effect: 'Allow', Action: ['ec2:StartInstances', 'ec2:StopInstances'], Resource: '*', Condition: { StringLike: { 'aws:ResourceTag/owner': `owner-${i}-*` } } },
      { Effect: i === POLICIES ? 'Allow' : 'Deny', Action: 'ec2:Describe*', Resource: '*', Condition: i === POLICIES ? {} : { StringEquals: { 'aws:RequestedRegion': `nowhere-${i}` } } },
    ] });
    const arn = match(/<Arn>([^<]+)</, await query(connection, 'iam', { Action: 'CreatePolicy', PolicyName: `measured-${i}`, PolicyDocument: document }));
    await query(connection, 'iam', { Action: 'AttachRolePolicy', RoleName: 'measured', PolicyArn: arn });
  }
  const text = await query(connection, 'sts', { Action: 'AssumeRole', RoleArn: 'arn:aws:iam::000000000000:role/measured', RoleSessionName: 'bench' });
  state.session = { accessKeyId: match(/<AccessKeyId>([^<]+)</, text), secretAccessKey: match(/<SecretAccessKey>([^<]+)</, text), sessionToken: match(/<SessionToken>([^<]+)</, text) };
  connection.end();
}

/** One round. A workload that the server cannot do yields `{ error }`. */
export async function round(server, name, n, connections) {
  const { requests, after } = WORKLOADS[name];
  try {
    const { bodies, ...result } = await drive(server, await requests(server, n), { connections, keepBodies: after !== undefined });
    // moto answers one in some hundred concurrent writes with 500: such a call is a measurement too.
    if (result.errors > (server.name === 'moto' ? n / 100 : 0)) return { error: `${result.errors} of ${n} failed, first: ${result.firstError}` };
    after?.(server, bodies);
    return result;
  } catch (error) {
    return { error: error.message };
  }
}

const SEED_STEP = 500;

/** Grows a server to `count` instances, one RunInstances each. */
export async function seed(server, count) {
  while (server.state.instances.length < count) {
    const { error } = await round(server, 'RunInstances', Math.min(SEED_STEP, count - server.state.instances.length), 4);
    if (error) throw new Error(`seeding: ${error}`);
  }
}

/** The whole listing, page by page: `{ cpuMs, items, pages }`. */
export async function listAll(server, pageSize) {
  const connection = new Connection(server.to);
  const before = cpuSeconds(server.pid);
  let [token, items, pages] = ['', 0, 0];
  do {
    const text = await query(connection, 'ec2', { Action: 'DescribeInstances', MaxResults: String(pageSize), ...(token ? { NextToken: token } : {}) });
    items += text.split('<instanceId>').length - 1;
    pages++;
    token = /<nextToken>([^<]+)<\/nextToken>/.exec(text)?.[1] ?? '';
  } while (token);
  connection.end();
  return { cpuMs: (cpuSeconds(server.pid) - before) * 1000, items, pages };
}
