import { GetAccountSummaryCommand, SetSecurityTokenServicePreferencesCommand, type GlobalEndpointTokenVersion } from '@aws-sdk/client-iam';
import { expect, it } from 'vitest';
import { fogbank, refusal } from '../../support/fogbank.ts';

const fb = await fogbank();
const set = (version: string) => fb.iam.send(new SetSecurityTokenServicePreferencesCommand({ GlobalEndpointTokenVersion: version as GlobalEndpointTokenVersion }));
const shown = async () => (await fb.iam.send(new GetAccountSummaryCommand({}))).SummaryMap!.GlobalEndpointTokenVersion;

it('an account begins with version 1 of the global endpoint\'s tokens and keeps what it chooses', async () => {
  expect(await shown()).toBe(1);
  await set('v2Token');
  expect(await shown()).toBe(2);
  await set('v1Token');
  expect(await shown()).toBe(1);
  expect((await refusal(set('v3Token'))).code).toBe('ValidationError');
});
