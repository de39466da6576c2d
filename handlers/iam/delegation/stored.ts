import type { DelegationRequest, StateType } from '@aws-sdk/client-iam';
import type { Wire } from '../../../protocols/wire-types.ts';
import { hours, isoTime, resource, type Context, type Principal } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { publish } from './notifications.ts';

export type StoredRequest = Wire<DelegationRequest> & {
  DelegationRequestId: string;
  State: StateType;
  RequestorId: string;
  $: {
    workflow: string;
    channel: string;
    /** Who accepted, as they were then. */
    approver?: Principal;
    /** The exchange token, and until when it is good (milliseconds since the epoch). */
    token?: string;
    until?: number;
  };
};

/** No account has this number: whoever has a request's link may look at it until somebody owns it, so that requests are kept in one place. */
const ALL_ACCOUNTS = '000000000000';
export const everywhere = (ctx: Context): Context => ctx.in(ALL_ACCOUNTS, ctx.region);

const DAY_MS = hours(24);
const WEEK_MS = 7 * DAY_MS;
/** How long a request stays as it is. https://docs.aws.amazon.com/IAM/latest/UserGuide/temporary-delegation-building-integration.html#temporary-delegation-state-transitions */
const STAYS_MS: Readonly<Record<StateType, number>> = {
  // assumed: how long an expired one is kept.
  UNASSIGNED: DAY_MS, ASSIGNED: WEEK_MS, PENDING_APPROVAL: WEEK_MS, ACCEPTED: WEEK_MS, REJECTED: WEEK_MS, FINALIZED: WEEK_MS, EXPIRED: 30 * DAY_MS,
};

/** Each state begins by saying when it ends, and the partner is told of all but the first. */
async function entered(request: StoredRequest, ctx: Context): Promise<void> {
  request.UpdatedTime = ctx.now;
  if (request.State !== 'EXPIRED') request.ExpirationTime = isoTime(ctx.nowMs + STAYS_MS[request.State]);
  if (request.State === 'UNASSIGNED') return;
  await publish(ctx, request.$.channel, { Type: 'StateChange', ...about(request) });
}

/** What every message of a request says. */
export const about = (request: StoredRequest): object => ({
  RequestId: request.DelegationRequestId, RequestorWorkflowId: request.$.workflow, State: request.State, ...(request.OwnerAccountId === undefined ? {} : { OwnerAccountId: request.OwnerAccountId }), UpdatedAt: request.UpdatedTime,
});

const STATES = Object.keys(STAYS_MS) as StateType[];

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-temporary-delegation.html */
export const delegationRequests = resource<StoredRequest>({
  service: 'iam',
  kind: 'delegation-request',
  global: true,
  shape: 'DelegationRequest',
  id: { member: 'DelegationRequestId', prefix: 'dr' },
  // assumed: the text.
  notFound: (ids) => errors.noSuchEntity(`The delegation request with id ${ids[0]} cannot be found.`),
  arn: (request, account) => arnOf(request, account),
  tags: null,
  state: 'State',
  // These are deadlines, however fast the rest goes.
  lifecycle: Object.fromEntries(STATES.map((state) => [state, { to: state === 'EXPIRED' ? 'gone' : 'EXPIRED', after: STAYS_MS[state], paced: false as const }])),
  entering: Object.fromEntries(STATES.map((state) => [state, entered])),
  indexed: ['OwnerAccountId', 'RequestorId'],
});

/** In the owner's account; in whoever looks at it while nobody owns it. */
export const arnOf = (request: Pick<StoredRequest, 'DelegationRequestId' | 'OwnerAccountId'>, account: string): string => `arn:aws:iam::${request.OwnerAccountId ?? account}:delegation-request/${request.DelegationRequestId}`;

export const shown = ({ $: _hidden, ...request }: StoredRequest): Wire<DelegationRequest> => request;

/** A request that this account may know of: nobody's yet, or its own. */
export async function requestOf(ctx: Context, id: string): Promise<StoredRequest> {
  const request = await everywhere(ctx).find(delegationRequests, id);
  if (!request) throw delegationRequests.notFound([id]);
  // assumed: the text, which is that of a caller whose account another one's resource has not let in.
  if (request.OwnerAccountId !== undefined && request.OwnerAccountId !== ctx.account) throw errors.accessDenied(`User: ${ctx.principal.arn} is not authorized to perform: iam:${ctx.operation!.name} on resource: ${arnOf(request, ctx.account)}`);
  return request;
}
