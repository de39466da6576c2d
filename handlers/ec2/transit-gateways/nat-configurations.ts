import type { GetTransitGatewayAttachmentNatConfigurationResult, TransitGatewayNatRule } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { contains, formatCidr, overlaps, parseCidr } from '../vpcs/cidr.ts';
import { vpnConnections } from '../vpn/vpn-connections.ts';
import { attachments, isAttached, type StoredAttachment } from './attachments.ts';
import * as errors from './errors.ts';
import { living } from './lifecycles.ts';

/** One for an attachment, by whose id it is known. */
type Configuration = Wire<GetTransitGatewayAttachmentNatConfigurationResult>;
type Rule = Wire<TransitGatewayNatRule>;
type Input = Ec2Operations['ModifyTransitGatewayAttachmentNatConfiguration']['input'];

const settle = (state: 'activated' | 'deactivated') => (configuration: Configuration): void => {
  for (const rule of configuration.NatGatewayRules ?? []) rule.State = state;
};

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyTransitGatewayAttachmentNatConfiguration.html */
export const natConfigurations = resource<Configuration>({
  service: 'ec2',
  kind: 'transit-gateway-nat-configuration',
  shape: 'GetTransitGatewayAttachmentNatConfigurationResult',
  id: { member: 'TransitGatewayAttachmentId' },
  notFound: errors.attachmentMissing,
  tags: null,
  state: 'NatGatewaySupport',
  lifecycle: { enabling: { after: seconds(30), to: 'enabled' }, disabling: { after: seconds(30), to: 'disabled' } },
  entering: { enabled: settle('activated'), disabled: settle('deactivated') },
  references: { TransitGatewayAttachmentId: { kind: 'ec2:transit-gateway-attachment', onDelete: 'cascade' } },
});

const untouched = (attachmentId: string): Configuration => ({ TransitGatewayAttachmentId: attachmentId, NatGatewaySupport: 'disabled', NatSystemRouteSupport: 'enable', NatGatewayRules: [] });

const RULES_MAX = 50;
const RULE_NUMBER_MAX = 32_766;
const NOT_TRANSLATED = ['224.0.0.0/4', '169.254.0.0/16'].map((text) => parseCidr(text)!);
/** RFC 1918 and RFC 6598. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map((text) => parseCidr(text)!);

function ruleOf(given: NonNullable<Input['NatGatewayRules']>[number]): Rule {
  const { RuleNumber: number, MatchSourceCidr: match, NatCidr: nat } = given;
  if (number === undefined || match === undefined || nat === undefined) throw general.missingParameter(number === undefined ? 'RuleNumber' : match === undefined ? 'MatchSourceCidr' : 'NatCidr');
  if (!Number.isInteger(number) || number < 1 || number > RULE_NUMBER_MAX) throw general.invalidValue(number, 'RuleNumber', `Valid values are 1 to ${RULE_NUMBER_MAX}.`);
  const source = parseCidr(match);
  if (source?.version !== 4 || NOT_TRANSLATED.some((range) => overlaps(range, source))) throw general.invalidValue(match, 'MatchSourceCidr', 'This is not a valid CIDR block.');
  const target = parseCidr(nat);
  if (target?.version !== 4 || !PRIVATE.some((range) => contains(range, target))) throw general.invalidValue(nat, 'NatCidr', 'The CIDR block must be in a private or shared address space.');
  if (target.prefix !== source.prefix) throw general.invalidValue(nat, 'NatCidr', 'The CIDR block must have the same prefix length as MatchSourceCidr.');
  return { RuleNumber: number, MatchSourceCidr: formatCidr(source), NatCidr: formatCidr(target) };
}

function rulesOf(given: NonNullable<Input['NatGatewayRules']>): Rule[] {
  if (given.length > RULES_MAX) throw general.invalidParameterValue(`You can specify up to ${RULES_MAX} NAT gateway rules for an attachment.`);
  const rules = given.map(ruleOf);
  rules.forEach((rule, i) => rules.slice(0, i).forEach((other) => {
    if (rule.RuleNumber === other.RuleNumber) throw general.invalidValue(rule.RuleNumber, 'RuleNumber', 'Each rule number must be unique.');
    for (const member of ['MatchSourceCidr', 'NatCidr'] as const) if (overlaps(parseCidr(rule[member]!)!, parseCidr(other[member]!)!)) throw general.invalidValue(rule[member], member, 'The CIDR block overlaps with that of another rule.');
  }));
  return rules;
}

async function attached(ctx: Context, id: string): Promise<StoredAttachment> {
  const attachment = await living(ctx, attachments, id);
  // assumed: the code with which other attachments than those of VPCs and VPNs (and of Direct Connect) are refused.
  if (attachment.ResourceType !== 'vpc' && attachment.ResourceType !== 'vpn') throw general.unsupportedOperation(`NAT gateway support is not available for ${attachment.ResourceType} attachments.`);
  if (!isAttached(attachment)) throw errors.invalidState(id);
  return attachment;
}

/** "You can enable or disable this option only for … Site-to-Site VPN attachments that use dynamic routing." */
async function speaksBgp(ctx: Context, attachment: StoredAttachment): Promise<boolean> {
  const connection = attachment.ResourceType === 'vpn' ? await ctx.find(vpnConnections, attachment.ResourceId!) : undefined;
  return connection?.Options?.StaticRoutesOnly === false;
}

function checkInput(input: Input, mayLeaveOut: boolean): void {
  if (input.NatGatewayRules !== undefined && input.ResetNatGatewayRules === true) throw general.invalidParameterCombination('The parameters NatGatewayRules and ResetNatGatewayRules cannot be used together');
  if (input.NatGatewaySupport === undefined && input.NatSystemRouteSupport === undefined && input.NatGatewayRules === undefined && !input.ResetNatGatewayRules) throw general.missingParameter('NatGatewaySupport');
  // "For VPC attachments, the transit gateway always installs these routes."
  if (input.NatSystemRouteSupport === 'disable' && !mayLeaveOut) throw general.unsupportedOperation('NatSystemRouteSupport can be disabled for VPN attachments with dynamic routing only.');
}

async function modify(input: Input, ctx: Context): Promise<Configuration> {
  checkInput(input, await speaksBgp(ctx, await attached(ctx, input.TransitGatewayAttachmentId)));
  const present = await ctx.find(natConfigurations, input.TransitGatewayAttachmentId);
  const before = present ?? untouched(input.TransitGatewayAttachmentId);
  if (before.NatGatewaySupport === 'enabling' || before.NatGatewaySupport === 'disabling') throw errors.invalidState(input.TransitGatewayAttachmentId);
  const was = before.NatGatewaySupport === 'enabled';
  const enabled = input.NatGatewaySupport === undefined ? was : input.NatGatewaySupport === 'enable';
  const changed = input.NatGatewayRules !== undefined || input.ResetNatGatewayRules === true;
  const rules = input.NatGatewayRules ? rulesOf(input.NatGatewayRules) : input.ResetNatGatewayRules ? [] : before.NatGatewayRules!;
  // assumed: the code with which support without rules is refused.
  if (enabled && rules.length === 0) throw general.invalidParameterCombination('NAT gateway support cannot be enabled without NAT gateway rules.');
  const after: Configuration = { ...before, NatGatewayRules: rules, NatSystemRouteSupport: input.NatSystemRouteSupport ?? before.NatSystemRouteSupport! };
  if (!present) await ctx.create(natConfigurations, after);
  const moves = enabled !== was || (enabled && changed);
  for (const rule of rules) rule.State = moves ? 'pending' : enabled ? 'activated' : 'deactivated';
  if (!moves) return ctx.save(natConfigurations, after);
  return ctx.transition(natConfigurations, after, enabled ? 'enabling' : 'disabling');
}

export const natConfigurationOperations = {
  ModifyTransitGatewayAttachmentNatConfiguration: modify,
  GetTransitGatewayAttachmentNatConfiguration: async (input, ctx) => {
    await attached(ctx, input.TransitGatewayAttachmentId);
    return (await ctx.find(natConfigurations, input.TransitGatewayAttachmentId)) ?? untouched(input.TransitGatewayAttachmentId);
  },
} satisfies Handlers<Ec2Operations>;
