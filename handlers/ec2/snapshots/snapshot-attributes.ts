import type { CreateVolumePermission, SnapshotBlockPublicAccessState } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import type { Context, Handlers } from '../../../src/kit/index.ts';
import { setting } from '../account-settings.ts';
import * as errors from '../errors.ts';
import { checkAccount, share, withChanges } from '../shares.ts';
import { isAwsManagedKey } from '../volumes/encryption.ts';
import { cannotSharePublicly, defaultKeyCannotBeShared, encryptedCannotBePublic, snapshotArchived } from './errors.ts';
import { ownSnapshot, snapshots, type StoredSnapshot } from './snapshots.ts';

type Permission = Wire<CreateVolumePermission>;

/** https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html */
const publicAccess = setting<SnapshotBlockPublicAccessState>('snapshot-block-public-access', 'unblocked');

/** What was public before stays so unless all public sharing is blocked: then it is as if it were private. */
async function publish(ctx: Context, snapshot: StoredSnapshot): Promise<void> {
  const blocked = (await publicAccess.of(ctx)) === 'block-all-sharing';
  const permissions = (snapshot.$?.permissions ?? []).filter((p) => !(blocked && p.Group));
  await share(ctx, 'snapshot', snapshot.SnapshotId!, permissions.map((p) => p.Group ?? p.UserId!));
}

async function block(ctx: Context, state: SnapshotBlockPublicAccessState): Promise<{ State: SnapshotBlockPublicAccessState }> {
  await publicAccess.set(ctx, state);
  for (const snapshot of await ctx.list(snapshots)) if (snapshot.$?.permissions?.some((p) => p.Group)) await publish(ctx, snapshot);
  return { State: state };
}

const CHANGES_MAX = 500;

interface Changes {
  readonly Add: readonly Permission[];
  readonly Remove: readonly Permission[];
}

/** The two forms of a change: lists of accounts and groups with an operation, or permissions to add and to remove. */
function changes(input: Ec2Operations['ModifySnapshotAttribute']['input']): Changes {
  const listed: Permission[] = [...(input.UserIds ?? []).map((UserId) => ({ UserId })), ...(input.GroupNames ?? []).map((Group) => ({ Group: Group as 'all' }))];
  const { Add = [], Remove = [] } = input.CreateVolumePermission ?? {};
  // Packer says the same in both forms, and no operation: https://github.com/hashicorp/packer-plugin-amazon/blob/main/common/step_modify_ami_attributes.go
  if (listed.length > 0 && input.OperationType === undefined && !input.CreateVolumePermission) throw errors.missingParameter('operationType');
  if (input.OperationType !== undefined && listed.length > 0 && Add.length + Remove.length > 0) throw errors.invalidParameterCombination('The parameter createVolumePermission cannot be used with the parameters userId and userGroup');
  const all = { Add: input.OperationType === 'add' ? listed : Add, Remove: input.OperationType === 'remove' ? listed : Remove };
  if (all.Add.length + all.Remove.length === 0) throw errors.missingParameter('createVolumePermission');
  if (all.Add.length > 0 && all.Remove.length > 0) throw errors.invalidParameterCombination('Permissions cannot be added and removed in one call');
  if (all.Add.length + all.Remove.length > CHANGES_MAX) throw errors.invalidParameterValue(`A call can make up to ${CHANGES_MAX} changes to a snapshot`);
  for (const { UserId, Group } of [...all.Add, ...all.Remove]) {
    if ((UserId === undefined) === (Group === undefined)) throw errors.invalidParameterCombination('A permission names either a user ID or a group');
    if (UserId !== undefined) checkAccount(UserId);
    else if (Group !== 'all') throw errors.invalidValue(Group, 'userGroup');
  }
  return all;
}

/** https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html */
async function checkShareable(ctx: Context, snapshot: StoredSnapshot, added: readonly Permission[]): Promise<void> {
  const everybody = added.some((p) => p.Group === 'all');
  if (isAwsManagedKey(snapshot.KmsKeyId)) throw defaultKeyCannotBeShared();
  if (everybody && snapshot.Encrypted) throw encryptedCannotBePublic();
  if (everybody && (await publicAccess.of(ctx)) !== 'unblocked') throw cannotSharePublicly();
  // "You can't share an archived snapshot." https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-archive.html
  if (snapshot.StorageTier === 'archive') throw snapshotArchived(snapshot.SnapshotId!);
}

async function setPermissions(ctx: Context, snapshot: StoredSnapshot, permissions: Permission[]): Promise<void> {
  snapshot.$ = { ...snapshot.$, permissions };
  await ctx.save(snapshots, snapshot);
  await publish(ctx, snapshot);
}

const onlyPermissions = (attribute: string | undefined): void => {
  if (attribute !== undefined && attribute !== 'createVolumePermission') throw errors.invalidValue(attribute, 'attribute', 'Only createVolumePermission can be changed');
};

export const snapshotAttributeOperations = {
  DescribeSnapshotAttribute: async (input, ctx) => {
    const snapshot = await ownSnapshot(ctx, input.SnapshotId);
    if (input.Attribute === 'productCodes') return { SnapshotId: input.SnapshotId, ProductCodes: [] };
    return { SnapshotId: input.SnapshotId, CreateVolumePermissions: snapshot.$?.permissions ?? [] };
  },
  ModifySnapshotAttribute: async (input, ctx) => {
    onlyPermissions(input.Attribute);
    const { Add, Remove } = changes(input);
    const snapshot = await ownSnapshot(ctx, input.SnapshotId);
    if (Add.length > 0) await checkShareable(ctx, snapshot, Add);
    await setPermissions(ctx, snapshot, withChanges(snapshot.$?.permissions ?? [], Add, Remove));
    return {};
  },
  ResetSnapshotAttribute: async (input, ctx) => {
    onlyPermissions(input.Attribute);
    await setPermissions(ctx, await ownSnapshot(ctx, input.SnapshotId), []);
    return {};
  },
  EnableSnapshotBlockPublicAccess: (input, ctx) => {
    if (input.State === 'unblocked') throw errors.invalidValue(input.State, 'state', 'Valid values: block-all-sharing | block-new-sharing');
    return block(ctx, input.State);
  },
  GetSnapshotBlockPublicAccessState: async (_input, ctx) => ({ State: await publicAccess.of(ctx), ManagedBy: 'account' }),
  DisableSnapshotBlockPublicAccess: (_input, ctx) => block(ctx, 'unblocked'),
} satisfies Handlers<Ec2Operations>;
