import { beforeAll, expect, it } from 'vitest';
import { control } from '../../support/control.ts';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { iamCalls } from '../../support/iam.ts';

const PARTNER = '123456789012';
const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'iam:ListUsers', Resource: '*' }] };
let fb: Fogbank;
beforeAll(async () => {
  fb = await fogbank();
});

it.each([
  [{ account: '1' }, "delegation template put: '1' is no account id of twelve digits"],
  [{ name: 'a b' }, "delegation template put: 'a b' is no name of a template"],
  [{ policy: {} }, 'delegation template put: policy must have Statement, a list'],
])('delegation template put: refuses %j', async (wrong, error) => {
  expect(await control(fb, 'POST', 'delegation-templates', { account: PARTNER, name: 'setup', policy, ...wrong })).toEqual({ error });
});

it('delegation tokens: shows what was sent to one topic, or to all', async () => {
  expect(await control(fb, 'GET', 'delegation-tokens')).toEqual({ notifications: [] });
  const { arn: PolicyTemplateArn } = await control(fb, 'POST', 'delegation-templates', { account: PARTNER, name: 'setup', policy, requestor: 'Example Corp' });
  const { go } = iamCalls(() => fb.iam);
  for (const topic of ['one', 'two']) {
    const NotificationChannel = `arn:aws:sns:us-east-1:${PARTNER}:${topic}`;
    const { DelegationRequestId } = await go('CreateDelegationRequest', { Description: 'sets up', NotificationChannel, RequestorWorkflowId: `workflow-${topic}`, SessionDuration: 900, Permissions: { PolicyTemplateArn } });
    await go('AssociateDelegationRequest', { DelegationRequestId });
  }
  const topics = async (query = '') => (await control(fb, 'GET', `delegation-tokens${query}`)).notifications.map((n: { topic: string }) => n.topic.split(':').at(-1));
  expect(await topics()).toEqual(['one', 'two']);
  expect(await topics(`?topic=arn:aws:sns:us-east-1:${PARTNER}:two`)).toEqual(['two']);
  const [{ message }] = (await control(fb, 'GET', 'delegation-tokens')).notifications;
  expect(message).toMatchObject({ Type: 'StateChange', State: 'ASSIGNED', RequestorWorkflowId: 'workflow-one', OwnerAccountId: PARTNER });
});

it('a second template keeps the name of its partner', async () => {
  expect((await control(fb, 'POST', 'delegation-templates', { account: PARTNER, name: 'more', policy })).requestor).toBe('Example Corp');
});

it('context make: takes texts alone', async () => {
  expect(await control(fb, 'POST', 'contexts', { contexts: { key: 1 } })).toEqual({ error: 'context make: contexts must be texts by their keys' });
});

it('every arrangement is in the OpenAPI document', async () => {
  const { paths } = await control(fb, 'GET', 'openapi.json');
  expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/_fogbank/delegation-templates', '/_fogbank/delegation-tokens', '/_fogbank/role-templates', '/_fogbank/contexts', '/_fogbank/organizations']));
});
