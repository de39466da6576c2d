import type { StateType } from '@aws-sdk/client-iam';
import { readJsonFixture } from '../../../fixtures/load.ts';
import type { IamOperations } from '../../../fixtures/models/iam.ts';
import { isoTime, type Context, type Handlers } from '../../../src/kit/index.ts';
import { paged } from '../entities.ts';
import * as errors from '../errors.ts';
import { publish } from './notifications.ts';
import { permissionCheck } from './permission-checks.ts';
import { about, delegationRequests, everywhere, requestOf, shown, type StoredRequest } from './stored.ts';
import { humanReadableSummary } from './summaries.ts';
import { boundariesOf, partnerName, permissionPolicy } from './templates.ts';

/** "Root users can only approve delegation requests with a duration of 4 hours or less." https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-temporary-delegation.html */
const ROOT_SECONDS_MAX = 4 * 3600;

const inDefaultRegions = (region: string): boolean => readJsonFixture<{ regions: { name: string; optIn: boolean }[] }>('catalog/regions.json').regions.some(({ name, optIn }) => name === region && !optIn);

/** "IAM will not accept SNS topics from other accounts." https://docs.aws.amazon.com/IAM/latest/UserGuide/temporary-delegation-building-integration.html */
function checkChannel(ctx: Context, arn: string): void {
  const [, region, account] = /^arn:aws:sns:([a-z0-9-]+):(\d{12}):[\w-]{1,256}$/.exec(arn) ?? [];
  // assumed: the texts.
  if (region === undefined) throw errors.invalidInput(`The notification channel ${arn} is not the ARN of an SNS topic.`);
  if (account !== ctx.account) throw errors.invalidInput(`The notification channel ${arn} is not in account ${ctx.account}.`);
  if (!inDefaultRegions(region)) throw errors.invalidInput(`The notification channel ${arn} is not in a Region that is enabled by default.`);
}

async function create(input: IamOperations['CreateDelegationRequest']['input'], ctx: Context): Promise<IamOperations['CreateDelegationRequest']['output']> {
  const requestor = await partnerName(ctx);
  checkChannel(ctx, input.NotificationChannel);
  const policy = await permissionPolicy(ctx, input.Permissions);
  const { OwnerAccountId, Description, Permissions, RequestMessage, RedirectUrl, SessionDuration, OnlySendByOwner } = input;
  const requests = everywhere(ctx);
  const namesake = (await requests.list(delegationRequests, { member: 'RequestorId', value: ctx.account })).some((r) => r.$.workflow === input.RequestorWorkflowId);
  // assumed: the text.
  if (namesake) throw errors.entityAlreadyExists(`A delegation request with the workflow id ${input.RequestorWorkflowId} already exists.`);
  const boundaries = boundariesOf(policy);
  const request = await requests.create(delegationRequests, {
    DelegationRequestId: ctx.newId(delegationRequests), ...(OwnerAccountId === undefined ? {} : { OwnerAccountId }), Description, ...(RequestMessage === undefined ? {} : { RequestMessage }), Permissions, PermissionPolicy: policy,
    ...(boundaries.length === 0 ? {} : { RolePermissionRestrictionArns: boundaries }), State: 'UNASSIGNED', RequestorId: ctx.account, RequestorName: requestor, CreateDate: ctx.now, SessionDuration,
    ...(RedirectUrl === undefined ? {} : { RedirectUrl }), OnlySendByOwner: OnlySendByOwner ?? false, $: { workflow: input.RequestorWorkflowId, channel: input.NotificationChannel },
  });
  // assumed: the link's form.
  return { ConsoleDeepLink: `https://console.aws.amazon.com/iam/home#/temporary-delegation-requests/${request.DelegationRequestId}`, DelegationRequestId: request.DelegationRequestId };
}

/** Which states a request may be in for what is done to it, and which follows. https://docs.aws.amazon.com/IAM/latest/UserGuide/temporary-delegation-building-integration.html#temporary-delegation-state-transitions */
async function move(ctx: Context, id: string, from: readonly StateType[], to: StateType, change: (request: StoredRequest) => void): Promise<StoredRequest> {
  const request = await requestOf(ctx, id);
  // assumed: the code and text.
  if (!from.includes(request.State)) throw errors.invalidInput(`The delegation request ${id} is in the state ${request.State}; ${ctx.operation!.name} needs ${from.join(' or ')}.`);
  change(request);
  return everywhere(ctx).transition(delegationRequests, request, to);
}

async function associate({ DelegationRequestId: id }: { DelegationRequestId: string }, ctx: Context): Promise<void> {
  await move(ctx, id, ['UNASSIGNED'], 'ASSIGNED', (request) => {
    request.OwnerAccountId = ctx.account;
    request.OwnerId = ctx.principal.arn;
  });
}

async function accept({ DelegationRequestId: id }: { DelegationRequestId: string }, ctx: Context): Promise<void> {
  await move(ctx, id, ['ASSIGNED', 'PENDING_APPROVAL'], 'ACCEPTED', (request) => {
    // assumed: the code and text.
    if (ctx.principal.type === 'root' && request.SessionDuration! > ROOT_SECONDS_MAX) throw errors.accessDenied(`The root user cannot accept a delegation request with a duration of more than ${ROOT_SECONDS_MAX} seconds.`);
    request.ApproverId = ctx.principal.arn;
    request.$.approver = ctx.principal;
  });
}

const TOKEN_HEADER = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');
const SIGNATURE_BYTES = 32;

/** "The delegation period starts when customer releases the exchange token." */
async function send({ DelegationRequestId: id }: { DelegationRequestId: string }, ctx: Context): Promise<void> {
  const request = await requestOf(ctx, id);
  // assumed: the text.
  if (request.OnlySendByOwner && request.OwnerId !== ctx.principal.arn) throw errors.accessDenied(`Only ${request.OwnerId} can send the delegation token of ${id}.`);
  const until = Math.floor(ctx.nowMs + request.SessionDuration! * 1000);
  const token = `${TOKEN_HEADER}.${Buffer.from(JSON.stringify({ sub: id, aud: request.RequestorId, exp: Math.floor(until / 1000) })).toString('base64url')}.${ctx.ids.bytes(SIGNATURE_BYTES).toString('base64url')}`;
  const sent = await move(ctx, id, ['ACCEPTED'], 'FINALIZED', (one) => {
    one.$.token = ctx.seal(token);
    one.$.until = until;
  });
  await publish(everywhere(ctx), sent.$.channel, { Type: 'ExchangeToken', ...about(sent), ExchangeToken: token, ExpiresAt: isoTime(until) });
}

async function get(input: IamOperations['GetDelegationRequest']['input'], ctx: Context): Promise<IamOperations['GetDelegationRequest']['output']> {
  const request = await requestOf(ctx, input.DelegationRequestId);
  // The check takes no time here: the first answer has its result.
  const check = input.DelegationPermissionCheck ? { PermissionCheckStatus: 'COMPLETE' as const, PermissionCheckResult: await permissionCheck(ctx, request.PermissionPolicy!) } : {};
  return { DelegationRequest: shown(request), ...check };
}

/** What nobody owns yet is in no list, even if it is meant for the account. https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListDelegationRequests.html */
async function list(input: IamOperations['ListDelegationRequests']['input'], ctx: Context): Promise<IamOperations['ListDelegationRequests']['output']> {
  const owned = (await everywhere(ctx).list(delegationRequests, { member: 'OwnerAccountId', value: ctx.account })).filter((r) => r.OwnerId !== undefined && (input.OwnerId === undefined || r.OwnerId === input.OwnerId));
  const { page, IsTruncated, ...rest } = paged(owned, input);
  return { DelegationRequests: page.map(shown), isTruncated: IsTruncated, ...rest };
}

export const delegationOperations = {
  CreateDelegationRequest: create,
  AssociateDelegationRequest: associate,
  UpdateDelegationRequest: async (input, ctx) => {
    await move(ctx, input.DelegationRequestId, ['ASSIGNED', 'PENDING_APPROVAL'], 'PENDING_APPROVAL', (request) => {
      if (input.Notes !== undefined) request.Notes = input.Notes;
    });
  },
  AcceptDelegationRequest: accept,
  RejectDelegationRequest: async (input, ctx) => {
    await move(ctx, input.DelegationRequestId, ['ASSIGNED', 'PENDING_APPROVAL', 'ACCEPTED'], 'REJECTED', (request) => {
      if (input.Notes !== undefined) request.RejectionReason = input.Notes;
    });
  },
  SendDelegationToken: send,
  GetDelegationRequest: get,
  ListDelegationRequests: list,
  GetHumanReadableSummary: humanReadableSummary,
} satisfies Handlers<IamOperations>;
