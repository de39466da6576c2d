import { permission, reference, requestTagKeys, resourceTagKeys, type KeyValue, type Permission } from '../../src/iam/index.ts';
import type { Context, Structure } from '../../src/kit/index.ts';
import { arnOfPath, parsed, pathOf } from './names.ts';
import { parameters } from './parameters.ts';

interface About {
  readonly arn: string;
  readonly keys: Readonly<Record<string, KeyValue>>;
}

/** A parameter that a call names, and the tags that it has. */
async function about(text: string, ctx: Context): Promise<About> {
  const which = parsed(text, ctx);
  const tags = which && (await ctx.find(parameters, which.path))?.Tags;
  return { arn: which?.arn ?? arnOfPath(pathOf(text), ctx.account, ctx.region), keys: resourceTagKeys(tags, 'ssm') };
}

/** What each call must be allowed. https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html */
export async function permissions(operation: string, input: Structure, ctx: Context): Promise<Permission[]> {
  const action = reference('ssm').action(operation);
  if (!action) return [];
  const type = action.resources.find(({ name }) => name === 'parameter');
  const tags = input.Tags as { Key?: string; Value?: string }[] | undefined;
  const request: Record<string, KeyValue> = {
    ...requestTagKeys(tags), ...(Array.isArray(input.TagKeys) ? { 'aws:TagKeys': input.TagKeys as string[] } : {}),
    ...(operation === 'PutParameter' ? { 'ssm:Overwrite': input.Overwrite === true } : {}), ...(operation === 'GetParametersByPath' ? { 'ssm:Recursive': input.Recursive === true } : {}),
  };
  const texts = (input.Names ?? [input.Name ?? input.Path ?? (input.ResourceType === 'Parameter' ? input.ResourceId : undefined)]) as (string | undefined)[];
  const tagging = reference('ssm').action('AddTagsToResource')!;
  const needed: Permission[] = [];
  for (const text of texts) {
    if (text === undefined || type === undefined) continue;
    // A hierarchy is asked for as it is written, with or without its last slash.
    const { arn, keys } = typeof input.Path === 'string' ? { arn: arnOfPath(pathOf(text), ctx.account, ctx.region), keys: {} } : await about(text, ctx);
    needed.push(permission(action, arn, type, { ...keys, ...request }));
    // A parameter that is made with tags is tagged.
    if (operation === 'PutParameter' && tags?.length) needed.push(permission(tagging, arn, tagging.resources.find(({ name }) => name === 'parameter'), { ...keys, ...request }));
  }
  // What is about no parameter is about all that the account has: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html
  return needed.length > 0 ? needed : [permission(action, `arn:aws:ssm:${ctx.region}:${ctx.account}:*`, undefined, request)];
}
