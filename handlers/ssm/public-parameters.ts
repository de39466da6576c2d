import type { Parameter } from '@aws-sdk/client-ssm';
import type { Wire } from '../../protocols/wire-types.ts';
import type { Context, PublicParameter } from '../../src/kit/index.ts';
import { arnOfPath } from './names.ts';

/** The services whose parameters these are say them. https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html */
const published = async (ctx: Context): Promise<readonly PublicParameter[]> => (await ctx.ask('publicParameters', undefined)) ?? [];

// assumed: their version; AWS counts every change since it first published one.
const VERSION = 1;

const shown = ({ name, value, dataType, since }: PublicParameter, ctx: Context): Wire<Parameter> => ({
  Name: name, Type: 'String', Value: value, Version: VERSION, LastModifiedDate: since, ARN: arnOfPath(name, '', ctx.region), DataType: dataType,
});

export async function publicParameter(path: string, ctx: Context): Promise<Wire<Parameter> | undefined> {
  const found = (await published(ctx)).find(({ name }) => name === path);
  return found && shown(found, ctx);
}

export const publicParameters = async (ctx: Context): Promise<Wire<Parameter>[]> => (await published(ctx)).map((one) => shown(one, ctx));
