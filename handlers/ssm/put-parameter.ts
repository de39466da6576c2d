import { runInNewContext } from 'node:vm';
import type { SsmOperations } from '../../fixtures/models/ssm.ts';
import type { Context, Handlers } from '../../src/kit/index.ts';
import * as errors from './errors.ts';
import { ownName, pathOf } from './names.ts';
import { keyOf, parameters, parameterVersions, versionsOf, type StoredParameter, type StoredVersion } from './parameters.ts';
import { checkedTags } from './tags.ts';

type Input = SsmOperations['PutParameter']['input'];

/** https://docs.aws.amazon.com/general/latest/gr/ssm.html#limits_ssm */
const VERSIONS_MAX = 100;
const STANDARD_BYTES = 4096;
const ADVANCED_BYTES = 8192;

const DATA_TYPES = ['text', 'aws:ec2:image'];
const DEFAULT_KEY = 'alias/aws/ssm';
/** An id, an alias, or the ARN of one: https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id */
const KEY = /^(?:arn:aws:kms:[a-z0-9-]+:\d{12}:)?(?:alias\/[a-zA-Z0-9:/_-]+|(?:key\/)?(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))$/;

type Wished = Required<Pick<StoredVersion, 'Type' | 'DataType' | 'Tier'>> & Pick<StoredVersion, 'KeyId' | 'Description' | 'AllowedPattern'>;

/**
 * What the call does not say stays as it was. The type may change, whatever HierarchyTypeMismatchException is documented for: the Terraform
 * provider does so in place, and tests it against AWS (`TestAccSSMParameter_updateType`).
 * https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ssm/parameter_test.go
 */
function wished(input: Input, before: StoredParameter | undefined): Wished {
  const type = input.Type ?? before?.Type;
  if (type === undefined) throw errors.validation('A parameter type is required when you create a parameter.');
  const key = type === 'SecureString' ? (input.KeyId ?? before?.KeyId ?? DEFAULT_KEY) : undefined;
  // assumed: code and text.
  if (key === undefined && input.KeyId !== undefined) throw errors.validation('KeyId is only valid for parameters of the type SecureString.');
  // assumed: every key that is well-formed is there, and the caller may use it.
  if (key !== undefined && !KEY.test(key)) throw errors.invalidKeyId(key);
  const description = input.Description ?? before?.Description;
  const pattern = input.AllowedPattern ?? before?.AllowedPattern;
  return {
    Type: type, DataType: dataTypeOf(input, type, before), Tier: tierOf(input, before), ...(key === undefined ? {} : { KeyId: key }), ...(description ? { Description: description } : {}), ...(pattern ? { AllowedPattern: pattern } : {}),
  };
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-ec2-aliases.html */
function dataTypeOf({ DataType: asked }: Input, type: string, before: StoredParameter | undefined): string {
  const wanted = asked ?? before?.DataType ?? 'text';
  // assumed: the text.
  if (!DATA_TYPES.includes(wanted)) throw errors.validation(`The following data type is not supported: ${wanted} (Data type names are all lowercase.)`);
  // https://github.com/bottlerocket-os/bottlerocket/issues/2599; assumed: code and text, here and below.
  if (before !== undefined && before.DataType !== wanted) throw errors.validation(`The data type of an existing parameter can't be changed.`);
  if (wanted !== 'text' && type !== 'String') throw errors.validation(`The data type ${wanted} is only valid for parameters of the type String.`);
  return wanted;
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html */
function tierOf({ Tier: asked, Value }: Input, before: StoredParameter | undefined): NonNullable<StoredVersion['Tier']> {
  const bytes = Buffer.byteLength(Value);
  const was = before?.Tier ?? 'Standard';
  // assumed: the text.
  if (was === 'Advanced' && asked === 'Standard') {
    throw errors.validation("This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.");
  }
  const tier = asked === 'Intelligent-Tiering' ? (was === 'Advanced' || bytes > STANDARD_BYTES ? 'Advanced' : 'Standard') : (asked ?? was);
  if (tier === 'Standard' && bytes > STANDARD_BYTES) {
    throw errors.validation(
      'Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html',
    );
  }
  // assumed: the text.
  if (bytes > ADVANCED_BYTES) throw errors.validation('Advanced tier parameters support a maximum parameter value of 8192 characters.');
  return tier;
}

const MATCH_MS_MAX = 500;

/** A pattern that would go on for hours is broken off: everybody else is waiting. assumed: it is then taken for one that is no pattern. */
function fits(value: string, pattern: string): boolean {
  try {
    return runInNewContext('new RegExp(pattern).test(value)', { pattern, value }, { timeout: MATCH_MS_MAX }) as boolean;
  } catch {
    throw errors.invalidPattern(pattern);
  }
}

function checkValue(value: string, pattern: string | undefined): void {
  // As the model's own constraint would be told; the model has none.
  if (value === '') throw errors.validation("1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1.");
  // assumed: what JavaScript and AWS's own regular expressions have in common is what patterns are written in.
  if (pattern !== undefined && !fits(value, pattern)) throw errors.patternMismatch(pattern);
}

/** Where there are as many as there may be, the oldest goes, unless somebody calls it by a label. */
async function makeRoom(name: string, path: string, ctx: Context): Promise<void> {
  const [oldest, ...rest] = await versionsOf(path, ctx);
  if (oldest === undefined || rest.length + 1 < VERSIONS_MAX) return;
  if (oldest.Labels.length > 0) throw errors.versionLimit(name, oldest.Version!);
  await ctx.remove(parameterVersions, oldest);
}

async function putParameter(input: Input, ctx: Context): Promise<SsmOperations['PutParameter']['output']> {
  // https://github.com/hashicorp/terraform-provider-aws/issues/18550
  if (input.Overwrite && input.Tags?.length) {
    throw errors.validation("Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.");
  }
  const asked = ownName(input.Name, ctx);
  const path = pathOf(asked);
  const before = await ctx.find(parameters, path);
  if (before && !input.Overwrite) throw errors.parameterAlreadyExists();
  const wish = wished(input, before);
  checkValue(input.Value, wish.AllowedPattern);
  const tags = checkedTags(input.Tags ?? []);
  const number = (before?.Version ?? 0) + 1;
  // "If you submit an invalid AMI value, the PutParameter operation will return success, but the asynchronous validation will fail and the parameter will not be created or updated."
  // https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
  if (wish.DataType === 'aws:ec2:image' && !(await ctx.ask('image', input.Value))) return { Version: number, Tier: wish.Tier };
  // A name of one level is the same with and without its slash: it stays as it was first written.
  const name = before?.Name ?? asked;
  await makeRoom(name, path, ctx);
  const common = { Name: name, LastModifiedDate: ctx.now, LastModifiedUser: ctx.principal.arn, Version: number, Policies: [], ...wish };
  if (before) await ctx.save(parameters, { Path: path, Tags: before.Tags ?? [], ...common });
  else await ctx.create(parameters, { Path: path, Tags: tags, ...common });
  await ctx.create(parameterVersions, { Key: keyOf(path, number), Path: path, Value: wish.Type === 'SecureString' ? ctx.seal(input.Value) : input.Value, Labels: [], ...common });
  return { Version: number, Tier: wish.Tier };
}

export const putParameterOperations = { PutParameter: putParameter } satisfies Handlers<SsmOperations>;
