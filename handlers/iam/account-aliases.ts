import type { IamOperations } from '../../fixtures/models/iam.ts';
import { resource, type Context, type Handlers } from '../../src/kit/index.ts';
import { paged } from './entities.ts';
import * as errors from './errors.ts';

interface StoredAlias {
  AccountAlias: string;
  Account: string;
}

/** Unique among all accounts, so that they are kept in one place. https://docs.aws.amazon.com/IAM/latest/UserGuide/console-account-alias.html */
export const accountAliases = resource<StoredAlias>({
  service: 'iam',
  kind: 'account-alias',
  global: true,
  shape: 'ListAccountAliasesResponse',
  id: { member: 'AccountAlias' },
  // assumed: the text.
  notFound: (aliases) => errors.noSuchEntity(`The account alias ${aliases[0]} does not exist.`),
  tags: null,
  indexed: ['Account'],
});

/** No account has this number. */
const ALL_ACCOUNTS = '000000000000';
const everywhere = (ctx: Context): Context => ctx.in(ALL_ACCOUNTS, ctx.region);

const aliasesOf = (ctx: Context): Promise<StoredAlias[]> => everywhere(ctx).list(accountAliases, { member: 'Account', value: ctx.account });

/** An account has one alias: a new one takes the place of the old one. https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccountAlias.html */
async function createAlias(input: IamOperations['CreateAccountAlias']['input'], ctx: Context): Promise<void> {
  const alias = input.AccountAlias;
  // assumed: the text; the user guide says that an alias must not look like an account's number.
  if (/^\d{12}$/.test(alias)) throw errors.validationError('The account alias must not be a 12-digit number.');
  if (await everywhere(ctx).find(accountAliases, alias)) throw errors.entityAlreadyExists(`The account alias ${alias} already exists.`);
  for (const present of await aliasesOf(ctx)) await everywhere(ctx).remove(accountAliases, present);
  await everywhere(ctx).create(accountAliases, { AccountAlias: alias, Account: ctx.account });
}

export const accountAliasOperations = {
  CreateAccountAlias: createAlias,
  DeleteAccountAlias: async (input, ctx) => {
    const alias = (await aliasesOf(ctx)).find((a) => a.AccountAlias === input.AccountAlias);
    if (!alias) throw accountAliases.notFound([input.AccountAlias]);
    await everywhere(ctx).remove(accountAliases, alias);
  },
  ListAccountAliases: async (input, ctx) => {
    const { page, ...rest } = paged((await aliasesOf(ctx)).map((a) => a.AccountAlias), input);
    return { ...rest, AccountAliases: page };
  },
} satisfies Handlers<IamOperations>;
