import { SetSecurityTokenServicePreferencesCommand, type GlobalEndpointTokenVersion } from '@aws-sdk/client-iam';
import { expect, it } from 'vitest';
import { globalEndpointTokenVersion } from '../../../handlers/iam/security-token-service-preferences.ts';
import { rootOf } from '../../../src/identity/principals.ts';
import { Context } from '../../../src/kit/index.ts';
import { fogbank, refusal } from '../../support/fogbank.ts';

const fb = await fogbank();
const set = (version: string) => fb.iam.send(new SetSecurityTokenServicePreferencesCommand({ GlobalEndpointTokenVersion: version as GlobalEndpointTokenVersion }));
const kept = () => fb.machine.transact(() => globalEndpointTokenVersion(new Context(fb.machine.world, '123456789012', 'us-east-1', rootOf('123456789012', 'test'), 'r', fb.machine.clock.now())));

it('an account begins with version 1 of the global endpoint\'s tokens and keeps what it chooses', async () => {
  expect(await kept()).toBe(1);
  await set('v2Token');
  expect(await kept()).toBe(2);
  await set('v1Token');
  expect(await kept()).toBe(1);
  expect((await refusal(set('v3Token'))).code).toBe('ValidationError');
});
