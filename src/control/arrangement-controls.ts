import { checkPolicy } from '../iam/policy-documents.ts';
import { isoTime } from '../clock/clock.ts';
import { arrange, arranged, sealContext, type Organization } from '../kit/arrangements.ts';
import type { Machine } from '../machine.ts';
import type { Awaitable } from '../store/store.ts';
import { ControlError, duration, type Control, type Given } from './control.ts';

/** What AWS and its partners, or an organisation, arrange otherwise than by an API that is here. */

const ACCOUNT = /^\d{12}$/;
const account = { type: 'string', help: 'twelve digits' } as const;

function accountGiven(control: string, text: unknown): string {
  if (typeof text !== 'string' || !ACCOUNT.test(text)) throw new ControlError(`${control}: '${String(text)}' is no account id of twelve digits`);
  return text;
}

async function kept(machine: Machine, work: () => Awaitable<void>): Promise<void> {
  await machine.transact(work);
  await machine.kept();
}

// ---- temporary delegation ----

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-temporary-delegation-partner-guide.html */
async function putDelegationTemplate(machine: Machine, given: Given): Promise<object> {
  const partner = accountGiven('delegation template put', given.account);
  const name = given.name as string;
  if (!/^[\w+=,.@-]{1,128}$/.test(name)) throw new ControlError(`delegation template put: '${name}' is no name of a template`);
  const requestor = (given.requestor as string | undefined) ?? (await arranged(machine.store, 'delegation-partner', partner))?.name ?? `Partner ${partner}`;
  // assumed: the form of the ARN.
  const arn = `arn:aws:iam:::delegation-template/${partner}/${name}`;
  const policy = JSON.stringify(given.policy);
  if (!Array.isArray((given.policy as { Statement?: unknown }).Statement)) throw new ControlError('delegation template put: policy must have Statement, a list');
  await kept(machine, async () => {
    await arrange(machine.store, 'delegation-partner', partner, { account: partner, name: requestor });
    await arrange(machine.store, 'delegation-template', arn, { arn, account: partner, policy });
  });
  return { arn, account: partner, requestor };
}

interface Published {
  readonly messageId: string;
  readonly topic: string;
  readonly at: string;
  readonly message: Readonly<Record<string, unknown>>;
}

/** What was sent to partners' topics, the last one last. */
async function delegationTokens(machine: Machine, { topic }: Given): Promise<{ notifications: Published[] }> {
  await machine.catchUp();
  const notifications: Published[] = [];
  for (const scope of await machine.store.scopes()) {
    if (scope.kind !== 'iam:delegation-notification') continue;
    for (const row of await machine.store.page(scope, 0, Number.MAX_SAFE_INTEGER)) {
      const { MessageId, TopicArn, Timestamp, $ } = row.read() as { MessageId: string; TopicArn: string; Timestamp: string; $: { sealed: string } };
      if (topic === undefined || topic === TopicArn) notifications.push({ messageId: MessageId, topic: TopicArn, at: Timestamp, message: JSON.parse(machine.store.unseal($.sealed)) as Published['message'] });
    }
  }
  return { notifications };
}

// ---- role templates ----

const TEMPLATE_ARN = /^arn:aws:iam::aws:role-template\/([a-z0-9.-]+)\/([\w+=,.@-]+):(\d+)$/;

/** Versions are immutable: each put adds the next minor one, which new roles are made from. */
async function putRoleTemplate(machine: Machine, { arn, template }: Given): Promise<object> {
  const [, service, name, major] = TEMPLATE_ARN.exec(arn as string) ?? [];
  if (service === undefined) throw new ControlError(`role template put: '${String(arn)}' is not like arn:aws:iam::aws:role-template/lambda.amazonaws.com/Name:1`);
  const { RoleNamePattern: pattern, AssumeRolePolicyDocumentTemplate: trust } = template as { RoleNamePattern?: unknown; AssumeRolePolicyDocumentTemplate?: unknown };
  if (typeof pattern !== 'string') throw new ControlError('role template put: template must have RoleNamePattern');
  if (typeof trust !== 'object' && typeof trust !== 'string') throw new ControlError('role template put: template must have AssumeRolePolicyDocumentTemplate');
  const present = (await arranged(machine.store, 'role-template', arn as string))?.versions ?? [];
  const minor = present.length;
  const now = isoTime(Math.floor(machine.clock.peek()));
  const text = (document: unknown) => (typeof document === 'string' ? document : JSON.stringify(document));
  const inline = (template.InlinePolicyTemplates as { PolicyName: string; PolicyDocument: unknown }[] | undefined)?.map((p) => ({ ...p, PolicyDocument: text(p.PolicyDocument) }));
  const version = {
    TemplateName: name, MajorVersion: Number(major), ManagedByType: 'Service', ManagedByValue: service, Enabled: true, VersionEnabled: true, RolePathPattern: '/', ...(template as object),
    AssumeRolePolicyDocumentTemplate: text(trust), ...(inline && { InlinePolicyTemplates: inline }), TemplateArn: arn, MinorVersion: minor, DefaultMinorVersion: minor, CreateTimestamp: now, UpdateTimestamp: now,
  };
  await kept(machine, () => arrange(machine.store, 'role-template', arn as string, { versions: [...present, version] }));
  return { arn, minorVersion: minor };
}

// ---- trusted contexts ----

/** What IAM Identity Center would get for somebody who signed in: https://docs.aws.amazon.com/singlesignon/latest/userguide/trustedidentitypropagation-identity-enhanced-iam-role-sessions.html */
function makeContext(machine: Machine, given: Given): object {
  const contexts = given.contexts as Record<string, unknown>;
  if (Object.values(contexts).some((value) => typeof value !== 'string')) throw new ControlError('context make: contexts must be texts by their keys');
  const provider = (given.provider as string | undefined) ?? 'arn:aws:iam::aws:contextProvider/IdentityCenter';
  // assumed: how long an assertion is good.
  const expires = Math.floor(machine.clock.peek()) + duration((given.lifetime as string | undefined) ?? '5m');
  return { provider, assertion: sealContext(machine.store, { provider, contexts: contexts as Record<string, string>, expires }) };
}

// ---- organizations ----

function organizationGiven(given: Given): Organization {
  const fail = (what: string): never => { throw new ControlError(`organization put: ${what}`); };
  const { id, root, accounts, policies = {} } = given as { id: string; root: string; accounts: Record<string, unknown>; policies?: Record<string, unknown> };
  if (!/^o-[0-9a-z]{10,32}$/.test(id)) fail(`'${id}' is no id of an organization`);
  if (!/^r-[0-9a-z]{4,32}$/.test(root)) fail(`'${root}' is no id of a root`);
  const management = accountGiven('organization put', given.management);
  const paths: Record<string, string> = { [management]: `${id}/${root}/${management}` };
  for (const [one, units] of Object.entries(accounts)) {
    accountGiven('organization put', one);
    if (typeof units !== 'string' || !/^(ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}(\/ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})*)?$/.test(units)) fail(`'${String(units)}' of ${one} is no path of organizational units below the root`);
    paths[one] = [id, root, ...(units === '' ? [] : [units as string]), one].join('/');
  }
  const administrators = ((given.administrators as string | undefined) ?? '').split(',').filter((one) => one !== '').map((one) => accountGiven('organization put', one));
  for (const one of administrators) if (paths[one] === undefined) fail(`${one} is no account of the organization`);
  const texts: Record<string, string> = {};
  for (const [policyId, document] of Object.entries(policies)) {
    texts[policyId] = JSON.stringify(document);
    try {
      checkPolicy(texts[policyId]!, 'identity');
    } catch (error) {
      fail(`${policyId}: ${(error as Error).message}`);
    }
  }
  return { Id: id, FeatureSet: (given.features as Organization['FeatureSet'] | undefined) ?? 'ALL', MasterAccountId: management, paths, delegatedAdministrators: administrators, policies: texts };
}

export const arrangementControls: readonly Control[] = [
  {
    name: 'delegation template put', method: 'POST', path: '/_fogbank/delegation-templates', summary: 'onboard an account as a partner for temporary delegation, with a policy template that its delegation requests may use',
    parameters: {
      account, name: { type: 'string', help: 'of the template' }, policy: { type: 'object', help: 'a policy document with @{parameters}' }, requestor: { type: 'string', help: 'what customers know the partner by', optional: true },
    },
    run: putDelegationTemplate, text: (a) => a.arn,
  },
  {
    name: 'delegation tokens', method: 'GET', path: '/_fogbank/delegation-tokens', summary: 'what was sent to the notification channels of delegation requests: changes of state and exchange tokens',
    parameters: { topic: { type: 'string', help: 'the ARN of one topic', optional: true } },
    run: delegationTokens, text: (a) => a.notifications.map((n: Published) => `${n.at}  ${n.topic}  ${JSON.stringify(n.message)}`).join('\n') || 'there are none',
  },
  {
    name: 'role template put', method: 'POST', path: '/_fogbank/role-templates', summary: 'publish the next minor version of a role template, for AcquireRole',
    parameters: { arn: { type: 'string', help: 'arn:aws:iam::aws:role-template/lambda.amazonaws.com/Name:1' }, template: { type: 'object', help: 'as GetRoleTemplateVersion shows it: RoleNamePattern, AssumeRolePolicyDocumentTemplate, …' } },
    run: putRoleTemplate, text: (a) => `${a.arn} has minor version ${a.minorVersion}`,
  },
  {
    name: 'context make', method: 'POST', path: '/_fogbank/contexts', summary: "make an assertion of a trusted context provider, for AssumeRole's ProvidedContexts",
    parameters: {
      contexts: { type: 'object', help: '{"identitystore:UserId": "…"}' }, provider: { type: 'string', help: 'arn:aws:iam::aws:contextProvider/IdentityCenter, when it is left out', optional: true },
      lifetime: { type: 'string', help: '5m, when it is left out', optional: true },
    },
    run: makeContext, text: (a) => a.assertion,
  },
  {
    name: 'organization put', method: 'PUT', path: '/_fogbank/organizations', summary: 'say which accounts an organisation has, and where: for centralized root access and access reports',
    parameters: {
      id: { type: 'string', help: 'o-…' }, root: { type: 'string', help: 'r-…' }, management: { type: 'string', help: 'the management account' },
      accounts: { type: 'object', help: 'its member accounts: {"111122223333": "ou-…/ou-…"}, an empty text for the root itself' },
      administrators: { type: 'string', help: 'delegated administrators for IAM, with commas between', optional: true }, policies: { type: 'object', help: 'service control policies by id, p-…', optional: true },
      features: { type: 'string', help: 'ALL or CONSOLIDATED_BILLING', choices: ['ALL', 'CONSOLIDATED_BILLING'], optional: true },
    },
    run: async (machine, given) => {
      const organization = organizationGiven(given);
      await kept(machine, async () => {
        await arrange(machine.store, 'organization', organization.Id, organization);
        for (const one of Object.keys(organization.paths)) await arrange(machine.store, 'membership', one, { organization: organization.Id });
      });
      return { id: organization.Id, accounts: Object.keys(organization.paths).length };
    }, text: (a) => `${a.id} has ${a.accounts} accounts`,
  },
];
