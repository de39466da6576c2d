import type { TunnelOption } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import type { Context } from '../../../src/kit/index.ts';
import { drawPublicIp } from '../addresses/public-addresses.ts';
import * as errors from '../errors.ts';
import { contains, formatAddress, formatCidr, parseCidr } from '../vpcs/cidr.ts';

export type Tunnel = Wire<TunnelOption>;
export type TunnelInput = NonNullable<NonNullable<Ec2Operations['CreateVpnConnection']['input']['Options']>['TunnelOptions']>[number];

// ---- inside addresses ----

/** Ranges that AWS keeps for itself. https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html */
const RESERVED = ['169.254.0.0/30', '169.254.1.0/30', '169.254.2.0/30', '169.254.3.0/30', '169.254.4.0/30', '169.254.5.0/30', '169.254.169.252/30'];
const INSIDE = parseCidr('169.254.0.0/16')!;
const INSIDE_IPV6 = parseCidr('fd00::/8')!;

function checkInside(input: TunnelInput): void {
  const { TunnelInsideCidr: ipv4, TunnelInsideIpv6Cidr: ipv6 } = input;
  const inside = ipv4 === undefined ? undefined : parseCidr(ipv4);
  if (ipv4 !== undefined && (inside?.prefix !== 30 || !contains(INSIDE, inside) || RESERVED.includes(ipv4))) throw errors.invalidParameterValue(`Value (${ipv4}) for parameter tunnelInsideCidr is invalid. It must be a size /30 CIDR block from the 169.254.0.0/16 range that is not reserved.`);
  const wide = ipv6 === undefined ? undefined : parseCidr(ipv6);
  if (ipv6 !== undefined && (wide?.prefix !== 126 || !contains(INSIDE_IPV6, wide))) throw errors.invalidParameterValue(`Value (${ipv6}) for parameter tunnelInsideIpv6Cidr is invalid. It must be a size /126 CIDR block from the local fd00::/8 range.`);
}

const drawInside = (ctx: Context): string => `${formatAddress(4, INSIDE.base + BigInt(ctx.ids.below(16_384) * 4))}/30`;
const drawInsideIpv6 = (ctx: Context): string => formatCidr(parseCidr(`fd${ctx.ids.hex(2)}:${ctx.ids.hex(4)}:${ctx.ids.hex(4)}:${ctx.ids.hex(4)}:${ctx.ids.hex(4)}:${ctx.ids.hex(4)}:${ctx.ids.hex(4)}:${ctx.ids.hex(4)}/126`)!);

/** "Any specified CIDR blocks must be unique across all VPN connections that use the same virtual private gateway." */
export function checkFree(blocks: readonly (string | undefined)[], taken: ReadonlySet<string>): void {
  const used = blocks.find((block) => block !== undefined && taken.has(block));
  if (used !== undefined) throw errors.invalidParameterValue(`The tunnel inside CIDR ${used} is in use.`);
}

// ---- what is asked for ----

const KEY = /^(?!0)[A-Za-z0-9._]{8,64}$/;
const KEY_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz123456789';

const ENCRYPTIONS = ['AES128', 'AES256', 'AES128-GCM-16', 'AES256-GCM-16'];
const INTEGRITIES = ['SHA1', 'SHA2-256', 'SHA2-384', 'SHA2-512'];
const GROUPS = [2, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24];

/** What a tunnel may agree on with the device. https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html */
const LISTS = {
  Phase1EncryptionAlgorithms: ENCRYPTIONS, Phase2EncryptionAlgorithms: ENCRYPTIONS, Phase1IntegrityAlgorithms: INTEGRITIES, Phase2IntegrityAlgorithms: INTEGRITIES,
  Phase1DHGroupNumbers: GROUPS, Phase2DHGroupNumbers: [5, ...GROUPS], IKEVersions: ['ikev1', 'ikev2'],
} as const satisfies Partial<Record<keyof TunnelInput, readonly (string | number)[]>>;

/** Who sets them is heard; the others are AWS's defaults, which it does not show. */
const PLAIN = ['Phase1LifetimeSeconds', 'Phase2LifetimeSeconds', 'RekeyMarginTimeSeconds', 'RekeyFuzzPercentage', 'ReplayWindowSize', 'StartupAction', 'EnableTunnelLifecycleControl'] as const;

const wireName = (member: string): string => member.replace(/^(DPD|IKE|.)/, (head) => head.toLowerCase());

function checkLists(input: TunnelInput): void {
  for (const [member, allowed] of Object.entries(LISTS)) {
    for (const { Value: value } of (input[member as keyof typeof LISTS] ?? []) as readonly { Value?: string | number }[]) {
      if (value === undefined || !(allowed as readonly (string | number)[]).includes(value)) throw errors.invalidValue(value, wireName(member), `Valid values: ${allowed.join(', ')}`);
    }
  }
  const words = { DPDTimeoutAction: ['clear', 'none', 'restart'], StartupAction: ['add', 'start'] } as const;
  for (const [member, allowed] of Object.entries(words)) {
    const value = input[member as keyof typeof words];
    if (value !== undefined && !(allowed as readonly string[]).includes(value)) throw errors.invalidValue(value, wireName(member), `Valid values: ${allowed.join(', ')}`);
  }
}

/** `present` says what the tunnel has already, since some limits follow from others. */
function checkNumbers(input: TunnelInput, present: Tunnel): void {
  const range = (member: keyof TunnelInput & string, low: number, high: number) => {
    const value = input[member] as number | undefined;
    if (value !== undefined && !(value >= low && value <= high)) throw errors.invalidValue(value, wireName(member), `A number from ${low} to ${high} is expected.`);
  };
  range('Phase1LifetimeSeconds', 900, 28_800);
  range('Phase2LifetimeSeconds', 900, 3600);
  const phase1 = input.Phase1LifetimeSeconds ?? present.Phase1LifetimeSeconds ?? 28_800;
  const phase2 = input.Phase2LifetimeSeconds ?? present.Phase2LifetimeSeconds;
  // assumed: a second lifetime that nobody has set is not in the way of a short first one.
  if (phase2 !== undefined && phase2 >= phase1) throw errors.invalidValue(phase2, 'phase2LifetimeSeconds', 'The value must be less than the value for phase1LifetimeSeconds.');
  range('RekeyMarginTimeSeconds', 60, Math.floor((phase2 ?? 3600) / 2));
  range('RekeyFuzzPercentage', 0, 100);
  range('ReplayWindowSize', 64, 2048);
  if (input.DPDTimeoutSeconds !== undefined && input.DPDTimeoutSeconds < 30) throw errors.invalidValue(input.DPDTimeoutSeconds, 'dpdTimeoutSeconds', 'A number of 30 or more is expected.');
}

/** https://docs.aws.amazon.com/vpn/latest/s2svpn/monitoring-logs.html */
function logOptions(given: NonNullable<TunnelInput['LogOptions']>): NonNullable<Tunnel['LogOptions']> {
  const { LogEnabled = false, LogGroupArn, LogOutputFormat, BgpLogEnabled, BgpLogGroupArn, BgpLogOutputFormat } = given.CloudWatchLogOptions ?? {};
  const formats = ['json', 'text'];
  for (const format of [LogOutputFormat, BgpLogOutputFormat]) if (format !== undefined && !formats.includes(format)) throw errors.invalidValue(format, 'logOutputFormat', `Valid values: ${formats.join(', ')}`);
  for (const arn of [LogGroupArn, BgpLogGroupArn]) if (arn !== undefined && !/^arn:aws[a-z-]*:logs:[a-z0-9-]+:\d{12}:log-group:[^\s]+$/.test(arn)) throw errors.invalidValue(arn, 'logGroupArn', 'Expected the ARN of a log group.');
  if (LogEnabled && LogGroupArn === undefined) throw errors.missingParameter('LogGroupArn');
  if (BgpLogEnabled && BgpLogGroupArn === undefined) throw errors.missingParameter('BgpLogGroupArn');
  return {
    CloudWatchLogOptions: {
      LogEnabled, ...(LogEnabled && { LogGroupArn: LogGroupArn!, LogOutputFormat: LogOutputFormat ?? 'json' }),
      ...(BgpLogEnabled !== undefined && { BgpLogEnabled }), ...(BgpLogEnabled && { BgpLogGroupArn: BgpLogGroupArn!, BgpLogOutputFormat: BgpLogOutputFormat ?? 'json' }),
    },
  };
}

/** Checks what is asked for of a tunnel and writes it as it is shown. */
export function asked(input: TunnelInput, present: Tunnel = {}): Partial<Tunnel> {
  checkInside(input);
  if (input.PreSharedKey !== undefined && !KEY.test(input.PreSharedKey)) throw errors.invalidParameterValue('The pre-shared key must be from 8 to 64 letters, digits, periods and underscores, and must not begin with zero.');
  checkLists(input);
  checkNumbers(input, present);
  const { IKEVersions, ...lists } = LISTS;
  const named = [...PLAIN, ...(Object.keys(lists) as (keyof typeof lists)[]), 'TunnelInsideCidr', 'TunnelInsideIpv6Cidr', 'PreSharedKey'] as const;
  return {
    ...Object.fromEntries(named.filter((member) => input[member] !== undefined).map((member) => [member, input[member]])),
    ...(input.DPDTimeoutSeconds !== undefined && { DpdTimeoutSeconds: input.DPDTimeoutSeconds }), ...(input.DPDTimeoutAction !== undefined && { DpdTimeoutAction: input.DPDTimeoutAction }),
    ...(input.IKEVersions && { IkeVersions: input.IKEVersions as NonNullable<Tunnel['IkeVersions']> }), ...(input.LogOptions && { LogOptions: logOptions(input.LogOptions) }),
  } as Partial<Tunnel>;
}

// ---- tunnels of a new connection ----

export interface TunnelPlan {
  readonly inside: 'ipv4' | 'ipv6';
  readonly outside: 'PublicIpv4' | 'Ipv6';
  /** Devices that have a certificate share no key. */
  readonly certified: boolean;
  /** Inside addresses of the gateway's other tunnels. */
  readonly taken: ReadonlySet<string>;
}

/** A block that nobody has. */
function free(draw: () => string, taken: ReadonlySet<string>): string {
  for (;;) {
    const block = draw();
    if (!taken.has(block) && !RESERVED.includes(block)) return block;
  }
}

// assumed: from which range the addresses of AWS's ends are, where these are IPv6.
const outsideIpv6 = (ctx: Context): string => formatAddress(6, parseCidr(`2600:1f${ctx.ids.hex(2)}:${ctx.ids.hex(4)}:${ctx.ids.hex(4)}::${ctx.ids.hex(4)}/128`)!.base);

const TUNNELS = 2;

export async function planTunnels(given: readonly TunnelInput[], plan: TunnelPlan, ctx: Context): Promise<Tunnel[]> {
  if (given.length > TUNNELS) throw errors.invalidParameterValue('At most two tunnels may be configured.');
  const wishes = Array.from({ length: TUNNELS }, (_, i) => asked(given[i] ?? {}));
  const taken = new Set(plan.taken);
  const tunnels: Tunnel[] = [];
  for (const wish of wishes) {
    // assumed: the words with which both are refused.
    if (plan.certified && wish.PreSharedKey !== undefined) throw errors.invalidParameterCombination('A pre-shared key cannot be used with a customer gateway that has a certificate');
    if (plan.inside === 'ipv4' && wish.TunnelInsideIpv6Cidr !== undefined) throw errors.invalidParameterCombination('The parameter TunnelInsideIpv6Cidr requires the tunnel inside IP version ipv6');
    checkFree([wish.TunnelInsideCidr, wish.TunnelInsideIpv6Cidr], taken);
    const tunnel: Tunnel = {
      OutsideIpAddress: plan.outside === 'Ipv6' ? outsideIpv6(ctx) : await drawPublicIp(ctx), ...(!plan.certified && { PreSharedKey: ctx.ids.text(KEY_ALPHABET, 32) }), ...wish,
      TunnelInsideCidr: wish.TunnelInsideCidr ?? free(() => drawInside(ctx), taken),
      ...(plan.inside === 'ipv6' && { TunnelInsideIpv6Cidr: wish.TunnelInsideIpv6Cidr ?? free(() => drawInsideIpv6(ctx), taken) }),
      LogOptions: wish.LogOptions ?? { CloudWatchLogOptions: { LogEnabled: false } },
    };
    for (const block of insideOf(tunnel)) taken.add(block);
    tunnels.push(tunnel);
  }
  return tunnels;
}

export const insideOf = (tunnel: Tunnel): string[] => [tunnel.TunnelInsideCidr, tunnel.TunnelInsideIpv6Cidr].filter((block) => block !== undefined);
