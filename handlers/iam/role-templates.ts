import type { RoleTemplateVersion } from '@aws-sdk/client-iam';
import type { IamOperations } from '../../fixtures/models/iam.ts';
import type { Wire } from '../../protocols/wire-types.ts';
import { checkPolicy, permission, reference, type Permission } from '../../src/iam/index.ts';
import { arranged, AwsError, type Context, type Handlers, type Structure } from '../../src/kit/index.ts';
import { boundary } from './boundaries.ts';
import { ROLE_TEMPLATES } from './catalog/role-templates.ts';
import { arnOf, checkedTags, checkQuota, uniqueId } from './entities.ts';
import * as errors from './errors.ts';
import { anyPolicy, checkSize } from './policies.ts';
import { combinations, missingValue, placeholdersOf, rendered, type Values } from './policy-templates.ts';
import { roles, shownRole, type StoredRole } from './roles.ts';

/** Blueprints of roles that AWS's services publish. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_role-template.html */
type Version = Wire<RoleTemplateVersion>;
type Acquiring = IamOperations['AcquireRole']['input'];

const NAME_LENGTH_MAX = 64;
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const TRUST_LENGTH_MAX = 2048;
const INLINE_LENGTH_MAX = 10_240;
const SESSION_SECONDS_DEFAULT = 3600;

async function versionOf(ctx: Context, arn: string, minor: number | undefined): Promise<Version> {
  const versions = ((await arranged(ctx.world.store, 'role-template', arn))?.versions ?? ROLE_TEMPLATES[arn] ?? []) as readonly Version[];
  // assumed: the texts.
  if (versions.length === 0) throw errors.noSuchEntity(`Role template ${arn} does not exist.`);
  const found = versions.find((version) => version.MinorVersion === (minor ?? versions.at(-1)!.DefaultMinorVersion));
  if (!found) throw errors.noSuchEntity(`Role template ${arn} does not have the minor version ${minor}.`);
  return { ...found, DefaultMinorVersion: versions.at(-1)!.DefaultMinorVersion! };
}

const FORMS: Readonly<Record<string, RegExp>> = { Number: /^-?\d+(\.\d+)?$/, Arn: /^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/ };

/** The values of all parameters: those given, else those that the template has. */
function valuesOf({ ParametersDefinition: definitions = [], TemplateName }: Version, given: Acquiring['ReplacementValues'] = {}): Values {
  const known = new Set(definitions.map((d) => d.Name));
  // assumed: the codes and texts here.
  const strange = Object.keys(given).find((name) => !known.has(name));
  if (strange !== undefined) throw errors.invalidInput(`The role template ${TemplateName} has no parameter ${strange}.`);
  const values: Record<string, readonly string[]> = Object.create(null) as Record<string, readonly string[]>;
  for (const { Name: name, Type: type, IsRequired: required, DefaultValue: fallback } of definitions) {
    const own = Object.hasOwn(given, name) ? (given[name]!.Values ?? []) : undefined;
    if (own === undefined && fallback === undefined && required) throw errors.invalidInput(`The parameter ${name} must have a value.`);
    const value = own ?? (fallback === undefined ? undefined : [fallback]);
    if (value === undefined) continue;
    if (value.length === 0 || (!type.endsWith('List') && value.length > 1)) throw errors.invalidInput(`The parameter ${name} must have ${type.endsWith('List') ? 'a value' : 'exactly one value'}.`);
    const form = FORMS[type.replace(/List$/, '')];
    const wrong = form && value.find((one) => !form.test(one));
    if (wrong !== undefined) throw errors.invalidInput(`The value ${wrong} of the parameter ${name} is no ${type.replace(/List$/, '')}.`);
    values[name] = value;
  }
  return values;
}

function one(text: string, values: Values): string {
  const missing = placeholdersOf(text).find((name) => values[name] === undefined);
  if (missing !== undefined) throw errors.invalidInput(`The parameter ${missing} must have a value.`);
  const all = combinations(text, values);
  if (all.length !== 1) throw errors.invalidInput(`${text} must have one value.`);
  return all[0]!;
}

function documentOf(text: string, values: Values): string {
  const missing = missingValue(text, values);
  if (missing !== undefined) throw errors.invalidInput(`The parameter ${missing} must have a value.`);
  return rendered(text, values);
}

/** A role as a template and its parameters make it. */
interface Blueprint {
  readonly template: string;
  readonly minor: number;
  readonly name: string;
  readonly path: string;
  readonly description: string | undefined;
  readonly trust: string;
  readonly inline: Readonly<Record<string, string>>;
  readonly attached: readonly string[];
  readonly boundary: string | undefined;
  readonly tags: { Key: string; Value: string }[];
  readonly seconds: number;
}

async function blueprint(ctx: Context, input: Acquiring): Promise<Blueprint> {
  const version = await versionOf(ctx, input.TemplateArn, input.TemplateMinorVersion);
  if (version.Enabled === false || version.VersionEnabled === false) throw errors.invalidInput(`The role template ${input.TemplateArn} is disabled.`);
  const values = valuesOf(version, input.ReplacementValues);
  return {
    template: input.TemplateArn, minor: version.MinorVersion!, name: one(version.RoleNamePattern!, values), path: version.RolePathPattern === undefined ? '/' : one(version.RolePathPattern, values),
    description: version.RoleDescriptionPattern === undefined ? undefined : one(version.RoleDescriptionPattern, values), trust: documentOf(version.AssumeRolePolicyDocumentTemplate!, values),
    inline: Object.fromEntries((version.InlinePolicyTemplates ?? []).map((p) => [one(p.PolicyName, values), documentOf(p.PolicyDocument, values)])), attached: version.ManagedPolicyArns ?? [], boundary: version.PermissionBoundaryArn,
    tags: (version.RoleTagsTemplate ?? []).map((t) => ({ Key: one(t.Key, values), Value: one(t.Value, values) })), seconds: version.MaxSessionDuration ?? SESSION_SECONDS_DEFAULT,
  };
}

const namesake = async (ctx: Context, name: string): Promise<StoredRole | undefined> => (await ctx.list(roles, { member: '$.lower', value: name.toLowerCase() }))[0];

const same = (a: string, b: string): boolean => JSON.stringify(JSON.parse(a)) === JSON.stringify(JSON.parse(b));

/** "If a role that matches the template already exists in the account, AcquireRole returns that role." https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_role-manager_enable-use.html */
function matches(role: StoredRole, wanted: Blueprint): boolean {
  // assumed: what makes a match. What somebody added does not matter, what is missing does.
  return role.RoleName === wanted.name && role.SourceRoleTemplate?.TemplateArn === wanted.template && same(role.AssumeRolePolicyDocument!, wanted.trust) && wanted.attached.every((arn) => role.$.attached!.includes(arn))
    && Object.entries(wanted.inline).every(([name, text]) => role.$.inline![name] !== undefined && same(role.$.inline![name]!, text)) && role.PermissionsBoundary?.PermissionsBoundaryArn === wanted.boundary;
}

async function check(ctx: Context, wanted: Blueprint): Promise<void> {
  if (!/^[\w+=,.@-]+$/.test(wanted.name) || wanted.name.length > NAME_LENGTH_MAX) throw errors.invalidInput(`The role name ${wanted.name} is not valid.`);
  if (!/^\/([!-~]+\/)?$/.test(wanted.path)) throw errors.invalidInput(`The path ${wanted.path} is not valid.`);
  checkPolicy(wanted.trust, 'trust');
  checkSize(wanted.trust, TRUST_LENGTH_MAX, 'ACLSizePerRole');
  for (const text of Object.values(wanted.inline)) checkPolicy(text, 'identity');
  checkSize(Object.values(wanted.inline).join(''), INLINE_LENGTH_MAX, `PolicySize for role ${wanted.name}`);
  for (const [i, arn] of wanted.attached.entries()) {
    if (!(await anyPolicy(ctx, arn))) throw errors.noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
    await checkQuota(ctx, 'L-0DA4ABF3', i, 'PoliciesPerRole');
  }
}

async function acquire(input: Acquiring, ctx: Context): Promise<IamOperations['AcquireRole']['output']> {
  const wanted = await blueprint(ctx, input);
  const present = await namesake(ctx, wanted.name);
  if (present && matches(present, wanted)) return { Role: shownRole(present) };
  if (present) throw errors.entityAlreadyExists(`Role with name ${wanted.name} already exists.`);
  await check(ctx, wanted);
  const role: StoredRole = {
    Path: wanted.path, RoleName: wanted.name, RoleId: uniqueId(ctx, 'AROA'), Arn: arnOf(ctx, 'role', wanted.path, wanted.name), CreateDate: ctx.wholeSecond, AssumeRolePolicyDocument: wanted.trust,
    ...(wanted.description === undefined ? {} : { Description: wanted.description }), MaxSessionDuration: wanted.seconds, ...(wanted.boundary === undefined ? {} : { PermissionsBoundary: await boundary(ctx, wanted.boundary) }),
    Tags: checkedTags(wanted.tags), SourceRoleTemplate: { TemplateArn: wanted.template, TemplateMinorVersion: wanted.minor },
    $: { lower: wanted.name.toLowerCase(), attached: [...wanted.attached], inline: { ...wanted.inline } },
  };
  return { Role: shownRole(await ctx.create(roles, role)) };
}

/** Whoever acquires a role must be allowed all that it takes. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_role-manager_enable-use.html */
export async function roleTemplatePermissions(operation: string, input: Structure, ctx: Context): Promise<Permission[]> {
  const template = String(input.TemplateArn);
  const reading = reference('iam').action('GetRoleTemplateVersion')!;
  if (operation === 'GetRoleTemplateVersion') return [permission(reading, template, reading.resources[0], {})];
  // What an acquisition asks for says which template it is for.
  const asked = (name: string, resource: string, keys: Permission['keys'] = {}): Permission => ({ action: `iam:${name}`, resource, keys: { ...keys, 'iam:RoleTemplateARN': template } });
  const needed = [asked('GetRoleTemplateVersion', template)];
  const found = await blueprint(ctx, input as unknown as Acquiring).catch((error: unknown) => {
    // The operation itself says what is wrong, to who may read the template.
    if (error instanceof AwsError) return undefined;
    throw error;
  });
  if (!found) return needed;
  const arn = arnOf(ctx, 'role', found.path, found.name);
  const present = await namesake(ctx, found.name);
  if (present && matches(present, found)) return [...needed, asked('GetRole', present.Arn!)];
  const bounded = found.boundary === undefined ? {} : { 'iam:PermissionsBoundary': found.boundary };
  return [
    ...needed, asked('CreateRole', arn, bounded), ...found.attached.map((policyArn) => asked('AttachRolePolicy', arn, { ...bounded, 'iam:PolicyARN': policyArn })), ...Object.keys(found.inline).map(() => asked('PutRolePolicy', arn, bounded)),
    ...(found.boundary === undefined ? [] : [asked('PutRolePermissionsBoundary', arn, bounded)]), ...(found.tags.length === 0 ? [] : [asked('TagRole', arn)]),
  ];
}

export const roleTemplateOperations = {
  AcquireRole: acquire,
  GetRoleTemplateVersion: async (input, ctx) => ({ RoleTemplateVersion: await versionOf(ctx, input.TemplateArn, input.MinorVersion) }),
} satisfies Handlers<IamOperations>;
