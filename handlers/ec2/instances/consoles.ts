import { createHash } from 'node:crypto';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { isoTime, minutes, type Context, type Handlers } from '../../../src/kit/index.ts';
import { setting } from '../account-settings.ts';
import { instanceType, instanceTypeLimits } from '../catalog/instance-types.ts';
import * as errors from '../errors.ts';
import { instances, type StoredInstance } from './instances.ts';

/** What is drawn once for an instance, without being kept: hosts' keys, addresses of memory. */
const drawn = (instance: StoredInstance, what: string): string => createHash('sha256').update(`${instance.InstanceId}/${what}`).digest('base64').replace(/=+$/, '');

/** "[    1.234567] " */
const at = (seconds: number): string => `[${seconds.toFixed(6).padStart(12)}] `;

/** What Linux and cloud-init write while they start, as far as the instance is. */
function linuxBoot(instance: StoredInstance, upSeconds: number): string[] {
  const info = instanceType(instance.InstanceType!)!;
  const host = (instance.PrivateDnsName || instance.InstanceId!).split('.')[0]!;
  const [eni] = instance.NetworkInterfaces ?? [];
  const arm = instance.Architecture === 'arm64';
  const { CoreCount: cores = 1, ThreadsPerCore: threads = 1 } = instance.CpuOptions ?? {};
  const lines: (readonly [number, string])[] = [
    [0, 'Linux version 6.1.0 (builder@fogbank) (gcc version 11.4.1, GNU ld version 2.39) #1 SMP'],
    [0, `Command line: BOOT_IMAGE=(hd0,gpt1)/boot/vmlinuz-6.1.0 root=UUID=${drawn(instance, 'root').toLowerCase().replace(/[^0-9a-f]/g, '0').slice(0, 8)} ro console=tty0 console=ttyS0,115200n8`],
    [0.000001, arm ? 'EFI v2.70 by EDK II' : `DMI: ${info.Hypervisor === 'xen' ? 'Xen HVM domU' : `Amazon EC2 ${instance.InstanceType}/, BIOS 1.0 10/16/2017`}`],
    [0.012034, `Memory: ${info.MemoryInfo!.SizeInMiB! * 1024}K available`],
    [0.041872, `smp: Brought up 1 node, ${cores * threads} CPUs`],
    [0.913408, info.EbsInfo!.NvmeSupport === 'unsupported' ? 'blkfront: xvda: flush diskcache: enabled' : 'nvme nvme0: pci function 0000:00:04.0'],
    [1.204411, `${info.NetworkInfo!.EnaSupport === 'unsupported' ? 'xen_netfront: Initialising Xen virtual ethernet driver' : `ena 0000:00:05.0: Elastic Network Adapter (ENA) found, mac addr ${eni?.MacAddress ?? ''}`}`],
    [2.530017, 'systemd[1]: Detected virtualization amazon.'],
    [2.530911, `systemd[1]: Hostname set to <${host}>.`],
    [5.810226, 'cloud-init[1520]: Cloud-init v. 22.2.2 running \'init\''],
    [5.910226, `cloud-init[1520]: ci-info: | eth0 | True | ${instance.PrivateIpAddress ?? ''} | ${eni?.MacAddress ?? ''} |`],
    ...(instance.KeyName === undefined ? [] : [[6.701, `cloud-init[1544]: ci-info: authorized keys of ${instance.KeyName}`] as const]),
    [8.120345, 'cloud-init[1544]: -----BEGIN SSH HOST KEY FINGERPRINTS-----'],
    [8.120401, `cloud-init[1544]: 256 SHA256:${drawn(instance, 'ed25519')} root@${host} (ED25519)`],
    [8.120455, 'cloud-init[1544]: -----END SSH HOST KEY FINGERPRINTS-----'],
    ...(instance.$.userData === undefined ? [] : [[9.45, 'cloud-init[1602]: running user data'] as const]),
    [10.3, `cloud-init[1602]: Cloud-init v. 22.2.2 finished at ${instance.$.runningSince ?? instance.LaunchTime}. Datasource DataSourceEc2.`],
  ];
  const written = lines.filter(([when]) => when <= upSeconds).map(([when, text]) => at(when) + text);
  return upSeconds < 11 ? written : [...written, '', `${host} login: `];
}

function windowsBoot(instance: StoredInstance, upSeconds: number): string[] {
  const when = (instance.$.runningSince ?? instance.LaunchTime!).replace('T', ' ').slice(0, 19);
  const lines: (readonly [number, string])[] = [
    [0, `${when}Z: Windows sysprep configuration complete.`], [5, `${when}Z: OS: ${instance.PlatformDetails}`], [6, `${when}Z: AMI-ID: ${instance.ImageId}`],
    [7, `${when}Z: InstanceType: ${instance.InstanceType}`], [9, `${when}Z: RDPCERTIFICATE-THUMBPRINT: ${createHash('sha1').update(drawn(instance, 'rdp')).digest('hex').toUpperCase()}`],
    [10, `${when}Z: Windows is Ready to use`],
  ];
  return lines.filter(([due]) => due <= upSeconds).map(([, text]) => text);
}

const BOOT_SECONDS = 12;

/** The console as it stands: nothing before the instance runs, its start, and then its end. */
export function consoleText(instance: StoredInstance, ctx: Context): string | undefined {
  const since = instance.$.runningSince;
  if (since === undefined) return undefined;
  const state = instance.State!.Name!;
  const whole = ctx.delay(instances, 'initializing', BOOT_SECONDS * 1000);
  const up = state !== 'running' || whole === 0 ? BOOT_SECONDS : ((ctx.nowMs - Date.parse(since)) / whole) * BOOT_SECONDS;
  const lines = instance.Platform === undefined ? linuxBoot(instance, up) : windowsBoot(instance, up);
  const down = /^(stopping|stopped|shutting-down|terminated)$/.test(state);
  if (down && instance.Platform === undefined) lines.push(`${at(BOOT_SECONDS + 60)}${instance.$.hibernated ? 'PM: hibernation: hibernation entry' : 'systemd-shutdown[1]: Syncing filesystems and block devices.'}`, `${at(BOOT_SECONDS + 61)}${instance.$.hibernated ? 'PM: hibernation: Image saving done' : 'reboot: Power down'}`);
  return `${lines.join('\r\n')}\r\n`;
}

// ---- the serial console ----

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configure-access-to-serial-console.html */
const serialAccess = setting<boolean>('serial-console-access', false);

async function setSerialAccess(ctx: Context, enabled: boolean): Promise<{ SerialConsoleAccessEnabled: boolean }> {
  await serialAccess.set(ctx, enabled);
  return { SerialConsoleAccessEnabled: enabled };
}

/** The buffer is posted some while after a change of state; only Nitro instances show what is there at once. */
const POSTED_AFTER_MS = minutes(1);

export const consoleOperations = {
  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html */
  GetConsoleOutput: async (input, ctx) => {
    const instance = await ctx.get(instances, input.InstanceId);
    const latest = input.Latest === true;
    if (latest && !instanceTypeLimits(instance.InstanceType!)!.nitro) throw errors.unsupportedOperation('This instance type does not support retrieving the latest console logs. ');
    const text = consoleText(instance, ctx);
    const posted = Date.parse(instance.$.runningSince ?? ctx.now) + ctx.delay(instances, 'initializing', POSTED_AFTER_MS);
    const shown = text !== undefined && (latest || posted <= ctx.nowMs);
    return { InstanceId: input.InstanceId, Timestamp: latest || !shown ? ctx.wholeSecond : isoTime(posted - (posted % 1000)), ...(shown ? { Output: Buffer.from(text).toString('base64') } : {}) };
  },
  /** The kernel gets an interrupt that cannot be masked; what it does with it is its own affair. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SendDiagnosticInterrupt.html */
  SendDiagnosticInterrupt: async (input, ctx) => {
    const instance = await ctx.get(instances, input.InstanceId);
    if (instance.State!.Name !== 'running') throw errors.incorrectInstanceState(`The instance '${input.InstanceId}' is not in the 'running' state.`);
    if (!instanceTypeLimits(instance.InstanceType!)!.nitro) throw errors.unsupportedOperation(`Diagnostic interrupts are not supported for the instance type ${instance.InstanceType}.`);
    return {};
  },
  EnableSerialConsoleAccess: (_input, ctx) => setSerialAccess(ctx, true),
  DisableSerialConsoleAccess: (_input, ctx) => setSerialAccess(ctx, false),
  GetSerialConsoleAccessStatus: async (_input, ctx) => ({ SerialConsoleAccessEnabled: await serialAccess.of(ctx), ManagedBy: 'account' }),
} satisfies Handlers<Ec2Operations>;
