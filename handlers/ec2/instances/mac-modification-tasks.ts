import type { MacModificationTask } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, minutes, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { macCredentials, macTaskNotFound, macTaskUnderway, noMac } from './errors.ts';
import { instances, type StoredInstance } from './instances.ts';

export type StoredMacTask = Wire<MacModificationTask>;

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/mac-sip-settings.html */
export const macModificationTasks = resource<StoredMacTask>({
  service: 'ec2',
  kind: 'mac-modification-task',
  shape: 'MacModificationTask',
  // assumed: how its id begins.
  id: { member: 'MacModificationTaskId', prefix: 'macmodification' },
  notFound: macTaskNotFound,
  malformed: errors.malformedParameter('macModificationTaskId', 'macmodification'),
  state: 'TaskState',
  // assumed: for how long.
  lifecycle: { pending: { after: seconds(30), to: 'in-progress' }, 'in-progress': { after: minutes(60), to: 'successful' } },
  entering: {
    // assumed: an instance that does not run any more is not modified.
    successful: async (task, ctx) => {
      if ((await ctx.find(instances, task.InstanceId!))?.State?.Name !== 'running') task.TaskState = 'failed';
    },
  },
  indexed: ['InstanceId'],
  filters: { 'mac-system-integrity-protection-configuration.sip-status': 'MacSystemIntegrityProtectionConfig.Status' },
});

/** The types whose settings AWS changes, and whether Apple's own processor is in them. */
const SUPPORTED: Readonly<Record<string, { readonly silicon: boolean }>> = {
  mac1: { silicon: false }, mac2: { silicon: true }, 'mac2-m1ultra': { silicon: true }, 'mac2-m2': { silicon: true }, 'mac2-m2pro': { silicon: true }, 'mac-m4': { silicon: true }, 'mac-m4pro': { silicon: true },
};

/** A running Mac that nothing else modifies. */
async function macOf(ctx: Context, id: string): Promise<{ instance: StoredInstance; silicon: boolean }> {
  const instance = await ctx.get(instances, id);
  const mac = SUPPORTED[instance.InstanceType!.split('.')[0]!];
  if (!mac) throw noMac(id);
  if (instance.State!.Name !== 'running') throw errors.incorrectInstanceState(`The instance '${id}' is not in the 'running' state.`);
  const underway = (await ctx.list(macModificationTasks, { member: 'InstanceId', value: id })).find((t) => t.TaskState === 'pending' || t.TaskState === 'in-progress');
  if (underway) throw macTaskUnderway(id, underway.MacModificationTaskId!);
  return { instance, silicon: mac.silicon };
}

/** "The credentials must be specified in the following JSON format"; the password of the internal disk may be blank. */
function checkCredentials(text: string | undefined): void {
  if (text === undefined) throw errors.missingParameter('macCredentials');
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw macCredentials();
  }
  const { rootVolumeUsername: user, rootVolumepassword: password, internalDiskPassword: internal = '' } = (given ?? {}) as Record<string, unknown>;
  if (typeof user !== 'string' || user === '' || typeof password !== 'string' || password === '' || typeof internal !== 'string') throw macCredentials();
}

type SipInput = Ec2Operations['CreateMacSystemIntegrityProtectionModificationTask']['input'];
type Config = NonNullable<StoredMacTask['MacSystemIntegrityProtectionConfig']>;

/** "The individual settings you specify here override the overall SIP status." */
function configOf({ MacSystemIntegrityProtectionStatus: status, MacSystemIntegrityProtectionConfiguration: over = {} }: SipInput): Config {
  const one = (name: keyof typeof over) => over[name] ?? status;
  return {
    AppleInternal: one('AppleInternal'), BaseSystem: one('BaseSystem'), DebuggingRestrictions: one('DebuggingRestrictions'), DTraceRestrictions: one('DTraceRestrictions'),
    FilesystemProtections: one('FilesystemProtections'), KextSigning: one('KextSigning'), NvramProtections: one('NvramProtections'), Status: status,
  };
}

const begun = (ctx: Context, InstanceId: string, TaskType: 'sip-modification' | 'volume-ownership-delegation'): StoredMacTask => ({ InstanceId, StartTime: ctx.now, TaskState: 'pending', TaskType, Tags: [] });

export const macModificationTaskOperations = {
  CreateMacSystemIntegrityProtectionModificationTask: creates(macModificationTasks, async (input, ctx) => {
    const { silicon } = await macOf(ctx, input.InstanceId);
    if (silicon) checkCredentials(input.MacCredentials);
    return { ...begun(ctx, input.InstanceId, 'sip-modification'), MacSystemIntegrityProtectionConfig: configOf(input) };
  }),
  /** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/mac-sip-settings.html#mac-sip-prereqs */
  CreateDelegateMacVolumeOwnershipTask: creates(macModificationTasks, async (input, ctx) => {
    const { silicon } = await macOf(ctx, input.InstanceId);
    if (!silicon) throw noMac(input.InstanceId);
    checkCredentials(input.MacCredentials);
    return begun(ctx, input.InstanceId, 'volume-ownership-delegation');
  }),
  DescribeMacModificationTasks: describes(macModificationTasks, { ids: 'MacModificationTaskIds' }),
} satisfies Handlers<Ec2Operations>;
