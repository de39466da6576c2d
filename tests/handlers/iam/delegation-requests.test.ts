import { IAMClient } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, GetDelegatedAccessTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { beforeAll, describe, expect, it } from 'vitest';
import { control } from '../../support/control.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';
import { callsAs, iamCalls, type IamCalls } from '../../support/iam.ts';

const OWNER = '123456789012';
const PARTNER = '999988887777';
const CHANNEL = `arn:aws:sns:us-east-1:${PARTNER}:partner`;
const BOUNDARY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const TEMPLATE = {
  Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Action: ['iam:ListUsers', 'iam:GetUser'], Resource: 'arn:aws:iam::@{AccountId}:user/@{userPaths}/*' },
    { '@Enabled': 'WITH_ROLES', Effect: 'Allow', Action: 'iam:CreateRole', Resource: '*', Condition: { StringEquals: { 'iam:PermissionsBoundary': BOUNDARY } } },
  ],
};
const LISTING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['iam:ListUsers', 'iam:GetAccountSummary'], Resource: '*' }] };

let fb: Fogbank;
let partner: IamCalls;
let root: IamCalls;
let ada: IamCalls;
let template: string;
let listing: string;
let workflows = 0;

beforeAll(async () => {
  fb = await fogbank();
  root = iamCalls(() => fb.iam);
  const partnerClient = new IAMClient(fb.config({ accessKeyId: PARTNER }));
  partner = iamCalls(() => partnerClient);
  template = (await control(fb, 'POST', 'delegation-templates', { account: PARTNER, name: 'setup', policy: TEMPLATE, requestor: 'Example Corp' })).arn;
  listing = (await control(fb, 'POST', 'delegation-templates', { account: PARTNER, name: 'listing', policy: LISTING })).arn;
  await root.go('CreateUser', { UserName: 'ada' });
  ada = await callsAs(fb, 'ada');
});

const wanted = (over: object = {}) => ({
  Description: 'sets up', NotificationChannel: CHANNEL, RequestorWorkflowId: `workflow-${++workflows}`, SessionDuration: 3600,
  Permissions: { PolicyTemplateArn: listing }, ...over,
});
const request = async (over: object = {}): Promise<string> => (await partner.go('CreateDelegationRequest', wanted(over))).DelegationRequestId;
const stateOf = async (DelegationRequestId: string, calls = ada) => (await calls.go('GetDelegationRequest', { DelegationRequestId })).DelegationRequest;
const messages = async (id: string) => (await control(fb, 'GET', 'delegation-tokens')).notifications.map((n: { message: { RequestId: string } }) => n.message).filter((m: { RequestId: string }) => m.RequestId === id);

describe('CreateDelegationRequest', () => {
  it('is refused to an account that is no partner', async () => {
    expect(await root.refused('CreateDelegationRequest', wanted({ NotificationChannel: `arn:aws:sns:us-east-1:${OWNER}:t` }))).toMatchObject({ code: 'AccessDenied', message: `Account ${OWNER} is not onboarded for IAM temporary delegation.` });
  });

  it('renders the template with the parameters, and finds the boundaries of roles', async () => {
    const Parameters = [{ Name: 'AccountId', Type: 'string', Values: [OWNER] }, { Name: 'userPaths', Type: 'stringList', Values: ['red', 'blue'] }, { Name: 'WITH_ROLES', Type: 'string', Values: ['True'] }];
    const found = await stateOf(await request({ Permissions: { PolicyTemplateArn: template, Parameters } }));
    expect(JSON.parse(found.PermissionPolicy).Statement).toEqual([
      { Effect: 'Allow', Action: ['iam:ListUsers', 'iam:GetUser'], Resource: [`arn:aws:iam::${OWNER}:user/red/*`, `arn:aws:iam::${OWNER}:user/blue/*`] },
      { Effect: 'Allow', Action: 'iam:CreateRole', Resource: '*', Condition: { StringEquals: { 'iam:PermissionsBoundary': BOUNDARY } } },
    ]);
    expect(found).toMatchObject({ State: 'UNASSIGNED', RequestorId: PARTNER, RequestorName: 'Example Corp', RolePermissionRestrictionArns: [BOUNDARY], SessionDuration: 3600, OnlySendByOwner: false });
    expect(found.ExpirationTime - found.CreateDate).toBe(24 * 3_600_000);
  });

  it.each([
    ['a template that is not there', { Permissions: { PolicyTemplateArn: 'arn:aws:iam:::delegation-template/x/y' } }, 'The policy template arn:aws:iam:::delegation-template/x/y does not exist.'],
    ['a parameter that is missing', { Permissions: { PolicyTemplateArn: 'TEMPLATE' } }, 'The policy parameter AccountId must have a value.'],
    ['a parameter that nobody knows', { Permissions: { PolicyTemplateArn: 'LISTING', Parameters: [{ Name: 'Other', Type: 'string', Values: ['x'] }] } }, 'The policy template has no parameter Other.'],
    ['a topic of another account', { NotificationChannel: `arn:aws:sns:us-east-1:${OWNER}:t` }, `The notification channel arn:aws:sns:us-east-1:${OWNER}:t is not in account ${PARTNER}.`],
    ['a topic of a Region to opt in to', { NotificationChannel: `arn:aws:sns:af-south-1:${PARTNER}:t` }, `The notification channel arn:aws:sns:af-south-1:${PARTNER}:t is not in a Region that is enabled by default.`],
  ])('refuses %s', async (_what, over, message) => {
    const given = JSON.parse(JSON.stringify(wanted(over)).replace('TEMPLATE', template).replace('LISTING', listing));
    expect(await partner.refused('CreateDelegationRequest', given)).toMatchObject({ code: 'InvalidInput', message });
  });

  it('refuses a workflow id that is in use', async () => {
    await request({ RequestorWorkflowId: 'the-same' });
    expect((await partner.refused('CreateDelegationRequest', wanted({ RequestorWorkflowId: 'the-same' }))).code).toBe('EntityAlreadyExists');
  });
});

describe('the life of a request', () => {
  it('goes from its owner to an approver, and its token becomes credentials that are limited by its policy', async () => {
    const id = await request({ OwnerAccountId: OWNER });
    const DelegationRequestId = id;
    expect((await ada.go('ListDelegationRequests', {})).DelegationRequests.map((r: { DelegationRequestId: string }) => r.DelegationRequestId)).not.toContain(id);
    await ada.go('AssociateDelegationRequest', { DelegationRequestId });
    expect(await stateOf(id)).toMatchObject({ State: 'ASSIGNED', OwnerId: `arn:aws:iam::${OWNER}:user/ada`, OwnerAccountId: OWNER });
    expect((await ada.go('ListDelegationRequests', { OwnerId: `arn:aws:iam::${OWNER}:user/ada` })).DelegationRequests).toMatchObject([{ DelegationRequestId: id }]);
    await ada.go('UpdateDelegationRequest', { DelegationRequestId, Notes: 'please' });
    expect(await stateOf(id)).toMatchObject({ State: 'PENDING_APPROVAL', Notes: 'please' });
    expect(await ada.refused('SendDelegationToken', { DelegationRequestId })).toMatchObject({ code: 'InvalidInput', message: `The delegation request ${id} is in the state PENDING_APPROVAL; SendDelegationToken needs ACCEPTED.` });
    await ada.go('AcceptDelegationRequest', { DelegationRequestId });
    await ada.go('SendDelegationToken', { DelegationRequestId });
    expect(await stateOf(id)).toMatchObject({ State: 'FINALIZED', ApproverId: `arn:aws:iam::${OWNER}:user/ada` });
    const sent = await messages(id);
    expect(sent.map((m: { Type: string; State: string }) => `${m.Type} ${m.State}`)).toEqual(['StateChange ASSIGNED', 'StateChange PENDING_APPROVAL', 'StateChange ACCEPTED', 'StateChange FINALIZED', 'ExchangeToken FINALIZED']);
    const { ExchangeToken: TradeInToken, ExpiresAt } = sent.at(-1);

    const sts = new STSClient(fb.config({ accessKeyId: PARTNER }));
    const { Credentials, AssumedPrincipal } = await sts.send(new GetDelegatedAccessTokenCommand({ TradeInToken }));
    expect(AssumedPrincipal).toBe(`arn:aws:iam::${OWNER}:user/ada`);
    expect(Math.abs(Credentials!.Expiration!.getTime() - Date.parse(ExpiresAt))).toBeLessThan(1001);
    const config = fb.config({ accessKeyId: Credentials!.AccessKeyId!, secretAccessKey: Credentials!.SecretAccessKey!, sessionToken: Credentials!.SessionToken! });
    const client = new IAMClient(config);
    const delegated = iamCalls(() => client);
    expect((await new STSClient(config).send(new GetCallerIdentityCommand({}))).Account).toBe(OWNER);
    expect((await delegated.go('ListUsers')).Users).toHaveLength(1);
    expect(await delegated.refused('CreateUser', { UserName: 'eve' })).toMatchObject({ code: 'AccessDenied', message: `User: arn:aws:iam::${OWNER}:user/ada is not authorized to perform: iam:CreateUser on resource: arn:aws:iam::${OWNER}:user/eve because no session policy allows the iam:CreateUser action` });

    expect((await refusal(fb.sts.send(new GetDelegatedAccessTokenCommand({ TradeInToken })))).message).toBe(`The trade-in token was not issued to account ${OWNER}.`);
    expect((await refusal(sts.send(new GetDelegatedAccessTokenCommand({ TradeInToken: `${TradeInToken}x` })))).code).toBe('AccessDenied');
    fb.machine.clock.advance(3_601_000);
    expect((await refusal(sts.send(new GetDelegatedAccessTokenCommand({ TradeInToken })))).code).toBe('ExpiredTradeInTokenException');
    expect((await delegated.refused('ListUsers')).code).toBe('ExpiredToken');
  });

  it('gives nothing that the approver has not', async () => {
    await root.go('CreateUser', { UserName: 'poor' });
    const poor = await callsAs(fb, 'poor', 'nothing');
    await root.go('PutUserPolicy', { UserName: 'poor', PolicyName: 'accept', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'iam:AcceptDelegationRequest', Resource: '*' }] }) });
    const DelegationRequestId = await request();
    await poor.go('AssociateDelegationRequest', { DelegationRequestId });
    expect((await poor.go('GetDelegationRequest', { DelegationRequestId, DelegationPermissionCheck: true }))).toMatchObject({ PermissionCheckStatus: 'COMPLETE', PermissionCheckResult: 'DENIED' });
    await poor.go('AcceptDelegationRequest', { DelegationRequestId });
    await poor.go('SendDelegationToken', { DelegationRequestId });
    const { ExchangeToken: TradeInToken } = (await messages(DelegationRequestId)).at(-1);
    const { Credentials } = await new STSClient(fb.config({ accessKeyId: PARTNER })).send(new GetDelegatedAccessTokenCommand({ TradeInToken }));
    const client = new IAMClient(fb.config({ accessKeyId: Credentials!.AccessKeyId!, secretAccessKey: Credentials!.SecretAccessKey!, sessionToken: Credentials!.SessionToken! }));
    expect((await iamCalls(() => client).refused('ListUsers')).message).toContain('because no identity-based policy allows the iam:ListUsers action');
  });

  it('lets a partner act as root, for what was asked alone', async () => {
    const DelegationRequestId = await request();
    for (const operation of ['AssociateDelegationRequest', 'AcceptDelegationRequest', 'SendDelegationToken']) await root.go(operation, { DelegationRequestId });
    const { ExchangeToken: TradeInToken } = (await messages(DelegationRequestId)).at(-1);
    const { Credentials } = await new STSClient(fb.config({ accessKeyId: PARTNER })).send(new GetDelegatedAccessTokenCommand({ TradeInToken }));
    const client = new IAMClient(fb.config({ accessKeyId: Credentials!.AccessKeyId!, secretAccessKey: Credentials!.SecretAccessKey!, sessionToken: Credentials!.SessionToken! }));
    const delegated = iamCalls(() => client);
    expect((await delegated.go('GetAccountSummary')).SummaryMap.Users).toBeGreaterThan(0);
    expect((await delegated.refused('ListRoles')).code).toBe('AccessDenied');
  });

  it('ends with a rejection, which stands', async () => {
    const DelegationRequestId = await request();
    await ada.go('AssociateDelegationRequest', { DelegationRequestId });
    await ada.go('AcceptDelegationRequest', { DelegationRequestId });
    await ada.go('RejectDelegationRequest', { DelegationRequestId, Notes: 'no' });
    expect(await stateOf(DelegationRequestId)).toMatchObject({ State: 'REJECTED', RejectionReason: 'no' });
    for (const operation of ['AcceptDelegationRequest', 'UpdateDelegationRequest', 'SendDelegationToken', 'AssociateDelegationRequest']) expect((await ada.refused(operation, { DelegationRequestId })).code).toBe('InvalidInput');
  });

  it('ends by itself, and the partner is told', async () => {
    const [unassigned, assigned] = [await request(), await request()];
    await ada.go('AssociateDelegationRequest', { DelegationRequestId: assigned });
    fb.machine.clock.advance(24 * 3_600_000 + 1000);
    expect((await stateOf(unassigned)).State).toBe('EXPIRED');
    expect((await stateOf(assigned)).State).toBe('ASSIGNED');
    fb.machine.clock.advance(6 * 24 * 3_600_000);
    expect((await stateOf(assigned)).State).toBe('EXPIRED');
    expect((await messages(unassigned)).map((m: { State: string }) => m.State)).toEqual(['EXPIRED']);
    fb.machine.clock.advance(31 * 24 * 3_600_000);
    expect((await ada.refused('GetDelegationRequest', { DelegationRequestId: unassigned })).code).toBe('NoSuchEntity');
  });
});

describe('who may', () => {
  it('is anybody who has the link, until an account is named or somebody owns it', async () => {
    const stranger = new IAMClient(fb.config({ accessKeyId: '111122223333' }));
    const calls = iamCalls(() => stranger);
    const open = await request();
    expect((await stateOf(open, calls)).State).toBe('UNASSIGNED');
    const named = await request({ OwnerAccountId: OWNER });
    for (const operation of ['GetDelegationRequest', 'AssociateDelegationRequest']) expect((await calls.refused(operation, { DelegationRequestId: named })).code).toBe('AccessDenied');
    await calls.go('AssociateDelegationRequest', { DelegationRequestId: open });
    expect((await ada.refused('GetDelegationRequest', { DelegationRequestId: open })).code).toBe('AccessDenied');
  });

  it('is the owner without any policy, but not to accept', async () => {
    await root.go('CreateUser', { UserName: 'bare' });
    const bare = await callsAs(fb, 'bare', 'nothing');
    const DelegationRequestId = await request();
    await bare.go('AssociateDelegationRequest', { DelegationRequestId });
    expect((await stateOf(DelegationRequestId, bare)).OwnerId).toBe(`arn:aws:iam::${OWNER}:user/bare`);
    expect((await bare.go('ListDelegationRequests', { OwnerId: `arn:aws:iam::${OWNER}:user/bare` })).DelegationRequests).toHaveLength(1);
    expect((await bare.refused('ListDelegationRequests', {})).code).toBe('AccessDenied');
    expect((await bare.refused('AcceptDelegationRequest', { DelegationRequestId })).code).toBe('AccessDenied');
    await ada.go('AcceptDelegationRequest', { DelegationRequestId });
    await bare.go('SendDelegationToken', { DelegationRequestId });
  });

  it('is the owner alone who sends the token, where the partner wants it so', async () => {
    const DelegationRequestId = await request({ OnlySendByOwner: true });
    await root.go('AssociateDelegationRequest', { DelegationRequestId });
    await ada.go('AcceptDelegationRequest', { DelegationRequestId });
    expect((await ada.refused('SendDelegationToken', { DelegationRequestId })).code).toBe('AccessDenied');
    await root.go('SendDelegationToken', { DelegationRequestId });
  });

  it('is not root for more than four hours', async () => {
    const DelegationRequestId = await request({ SessionDuration: 4 * 3600 + 1 });
    await root.go('AssociateDelegationRequest', { DelegationRequestId });
    expect((await root.refused('AcceptDelegationRequest', { DelegationRequestId })).code).toBe('AccessDenied');
    await ada.go('AcceptDelegationRequest', { DelegationRequestId });
  });
});

it('GetDelegationRequest: is sure of what needs no condition, and unsure where one decides', async () => {
  const DelegationRequestId = await request();
  const check = async (calls: IamCalls) => (await calls.go('GetDelegationRequest', { DelegationRequestId, DelegationPermissionCheck: true })).PermissionCheckResult;
  expect(await check(ada)).toBe('ALLOWED');
  await root.go('CreateUser', { UserName: 'office' });
  const office = await callsAs(fb, 'office', 'nothing');
  const statement = { Effect: 'Allow', Action: 'iam:*', Resource: '*', Condition: { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } } };
  await root.go('PutUserPolicy', { UserName: 'office', PolicyName: 'p', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) });
  expect(await check(office)).toBe('UNSURE');
});

it('GetHumanReadableSummary: tells in English what a request asks for', async () => {
  const id = await request();
  const EntityArn = `arn:aws:iam::${OWNER}:delegation-request/${id}`;
  expect(await ada.go('GetHumanReadableSummary', { EntityArn, Locale: 'en-US' })).toMatchObject({
    SummaryState: 'AVAILABLE', Locale: 'en-US',
    SummaryContent: 'Example Corp asks for temporary access to your account for 1 hour. It may list users and get account summary in AWS Identity and Access Management (IAM), on all resources.',
  });
  const german = await ada.go('GetHumanReadableSummary', { EntityArn, Locale: 'de' });
  expect(german).toMatchObject({ SummaryState: 'NOT_SUPPORTED', Locale: 'de' });
  expect(german.SummaryContent).toBeUndefined();
});
