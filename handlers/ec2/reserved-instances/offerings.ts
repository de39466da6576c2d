import type { ReservedInstancesOffering } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { pagePosition, pageToken, wildcardMatcher, type Handlers, type Structure } from '../../../src/kit/index.ts';
import { instanceTypeNames } from '../catalog/instance-types.ts';
import { instanceTypeOffered, offeredTypes, offeredZones } from '../catalog/instance-type-offerings.ts';
import { onDemandUsdPerHour } from '../catalog/prices.ts';
import { zone, zonesOf } from '../catalog/regions.ts';
import * as errors from '../errors.ts';
import { hash, PRODUCTS } from '../spot/market.ts';

export type Offering = Wire<ReservedInstancesOffering>;
type Input = Ec2Operations['DescribeReservedInstancesOfferings']['input'];

const YEAR_SECONDS = 31_536_000;
const CLASSES = ['standard', 'convertible'] as const;
const YEARS = [1, 3] as const;
const PAYMENTS = ['No Upfront', 'Partial Upfront', 'All Upfront'] as const;
const TENANCIES = ['default', 'dedicated'] as const;
/** The place of an offering that is for the whole Region. */
const REGION = 0;

/** assumed: what an hour costs as a share of the On-Demand price, by class, years and payment; AWS's shares differ a little from type to type. */
const SHARES: Readonly<Record<(typeof CLASSES)[number], Readonly<Record<1 | 3, readonly [number, number, number]>>>> = {
  standard: { 1: [0.63, 0.6, 0.59], 3: [0.43, 0.4, 0.38] },
  convertible: { 1: [0.72, 0.69, 0.68], 3: [0.52, 0.49, 0.48] },
};
const UPFRONT = [0, 0.5, 1] as const;
const DEDICATED_FACTOR = 1.1;

/** Nobody else sells here, and an hour costs the same whether it is used or not. */
const ALL_ALIKE: Partial<Offering> = { Marketplace: false, UsagePrice: 0 };

/** What makes an offering: indexes into the lists above, and of the place among the Region's zones. */
interface Choice {
  readonly type: string;
  readonly product: number;
  readonly place: number;
  readonly offeringClass: number;
  readonly years: number;
  readonly payment: number;
  readonly tenancy: number;
}

/** Eight hexadecimal digits that follow from a text; a listing makes thousands of them. */
const digest = (text: string): string => hash(text).toString(16).padStart(8, '0');
const codeOf = (c: Choice): number => ((((((c.product * 16 + c.place) * 2 + c.offeringClass) * 2 + c.years) * 4 + c.payment) * 2) + c.tenancy);

/** An offering's id says what it is, so that it is found again: the type's digest, the choice, and a digest of both. */
function idOf(choice: Choice, region: string): string {
  const code = codeOf(choice).toString(16).padStart(4, '0');
  const [a, b, c] = ['a', 'b', 'c'].map((salt) => digest(`${salt}|${region}|${choice.type}|${code}`)) as [string, string, string];
  return [digest(choice.type), code, `4${a.slice(0, 3)}`, `8${a.slice(3, 6)}`, b + c.slice(0, 4)].join('-');
}

let typesByDigest: Map<string, string> | undefined;

function choiceOf(id: string, region: string): Choice | undefined {
  typesByDigest ??= new Map(instanceTypeNames().map((type) => [digest(type), type]));
  const type = typesByDigest.get(id.slice(0, 8));
  let code = parseInt(id.slice(9, 13), 16);
  if (type === undefined || Number.isNaN(code)) return undefined;
  const take = (size: number): number => {
    const value = code % size;
    code = Math.floor(code / size);
    return value;
  };
  const tenancy = take(2);
  const payment = take(4);
  const years = take(2);
  const offeringClass = take(2);
  const place = take(16);
  const choice = { type, product: take(4), place, offeringClass, years, payment, tenancy };
  return idOf(choice, region) === id ? choice : undefined;
}

const places = (region: string): string[] => zonesOf(region).filter((z) => z.ZoneType === 'availability-zone').map((z) => z.ZoneName!);

function offeringOf(choice: Choice, region: string): Offering {
  const years = YEARS[choice.years]!;
  const usdPerHour = onDemandUsdPerHour(choice.type, region, PRODUCTS[choice.product]!)! * SHARES[CLASSES[choice.offeringClass]!][years][choice.payment]! * (TENANCIES[choice.tenancy] === 'dedicated' ? DEDICATED_FACTOR : 1);
  const hourly = Math.round(usdPerHour * (1 - UPFRONT[choice.payment]!) * 100_000) / 100_000;
  return {
    ReservedInstancesOfferingId: idOf(choice, region), InstanceType: choice.type as Offering['InstanceType'], ProductDescription: PRODUCTS[choice.product] as Offering['ProductDescription'], InstanceTenancy: TENANCIES[choice.tenancy]!,
    OfferingClass: CLASSES[choice.offeringClass]!, OfferingType: PAYMENTS[choice.payment]!, Duration: years * YEAR_SECONDS, CurrencyCode: 'USD', ...ALL_ALIKE, PricingDetails: [],
    FixedPrice: Math.round(usdPerHour * UPFRONT[choice.payment]! * years * 8760), RecurringCharges: [{ Frequency: 'Hourly', Amount: hourly }],
    ...placePart(choice.place, region),
  };
}

function placePart(place: number, region: string): Pick<Offering, 'Scope' | 'AvailabilityZone' | 'AvailabilityZoneId'> {
  const name = place === REGION ? undefined : places(region)[place - 1]!;
  return name === undefined ? { Scope: 'Region' } : { Scope: 'Availability Zone', AvailabilityZone: name, AvailabilityZoneId: zone(region, name)!.ZoneId! };
}

/** An offering by its id. */
export function findOffering(id: string, region: string): Offering | undefined {
  const choice = choiceOf(id, region);
  if (!choice || choice.payment >= PAYMENTS.length) return undefined;
  const name = choice.place === REGION ? undefined : places(region)[choice.place - 1];
  if (choice.place !== REGION && name === undefined) return undefined;
  return instanceTypeOffered(region, name, choice.type) ? offeringOf(choice, region) : undefined;
}

const FILTERS: Readonly<Record<string, keyof Offering>> = {
  'availability-zone': 'AvailabilityZone', 'availability-zone-id': 'AvailabilityZoneId', duration: 'Duration', 'fixed-price': 'FixedPrice', 'instance-type': 'InstanceType', marketplace: 'Marketplace',
  'product-description': 'ProductDescription', 'reserved-instances-offering-id': 'ReservedInstancesOfferingId', scope: 'Scope', 'usage-price': 'UsagePrice',
};

/** What is asked of one member of an offering. */
interface Test {
  readonly member: keyof Offering;
  readonly accepts: (value: unknown) => boolean;
}

function testsOf(input: Input): Test[] {
  const plain = (product: string) => product.replace(/ \(Amazon VPC\)$/, '');
  const equal = (member: keyof Offering, wanted: unknown): Test[] => (wanted === undefined ? [] : [{ member, accepts: (value) => value === wanted }]);
  return [
    ...equal('AvailabilityZone', input.AvailabilityZone), ...equal('AvailabilityZoneId', input.AvailabilityZoneId), ...equal('OfferingClass', input.OfferingClass), ...equal('InstanceTenancy', input.InstanceTenancy),
    ...equal('OfferingType', input.OfferingType), ...equal('ProductDescription', input.ProductDescription && plain(input.ProductDescription)),
    { member: 'Duration', accepts: (value) => (value as number) >= (input.MinDuration ?? 0) && (value as number) <= (input.MaxDuration ?? Number.MAX_SAFE_INTEGER) },
    ...(input.Filters ?? []).map(({ Name = '', Values = [] }): Test => {
      if (!Object.hasOwn(FILTERS, Name)) throw errors.invalidParameterValue(`The filter '${Name}' is invalid`);
      const accepts = wildcardMatcher(Name === 'product-description' ? Values.map(plain) : Values);
      return { member: FILTERS[Name]!, accepts: (value) => value !== undefined && accepts(String(value)) };
    }),
  ];
}

const passes = (part: Partial<Offering>, tests: readonly Test[]): boolean => tests.every(({ member, accepts }) => accepts(part[member]));

/** Which of the values of one member are asked for, by their indexes: there are hundreds of thousands of offerings, and most are never made. */
const asked = (member: keyof Offering, values: readonly unknown[], tests: readonly Test[]): number[] =>
  values.flatMap((value, i) => (tests.every((test) => test.member !== member || test.accepts(value)) ? [i] : []));

const PLACE: readonly (keyof Offering)[] = ['AvailabilityZone', 'AvailabilityZoneId', 'Scope'];

/** The offerings that are asked for, type by type: for the Region and for each zone that has the type. */
function* offeringsFor(input: Input, tests: readonly Test[], region: string): Generator<Offering> {
  if (!passes(ALL_ALIKE, tests.filter(({ member }) => member in ALL_ALIKE))) return;
  const products = asked('ProductDescription', PRODUCTS, tests);
  const classes = asked('OfferingClass', CLASSES, tests);
  const years = asked('Duration', YEARS.map((n) => n * YEAR_SECONDS), tests);
  const payments = asked('OfferingType', PAYMENTS, tests);
  const tenancies = asked('InstanceTenancy', TENANCIES, tests);
  const ofPlace = tests.filter(({ member }) => PLACE.includes(member));
  const names = places(region);
  const wanted = [REGION, ...names.keys()].map((_, place) => passes(placePart(place, region), ofPlace));
  for (const type of typesFor(input, region)) {
    const offered = offeredZones(region, type);
    for (const place of [REGION, ...names.flatMap((name, n) => (offered.includes(name) ? [n + 1] : []))]) {
      if (!wanted[place]) continue;
      for (const product of products) for (const offeringClass of classes) for (const year of years) for (const payment of payments) for (const tenancy of tenancies) {
        const offering = offeringOf({ type, product, place, offeringClass, years: year, payment, tenancy }, region);
        if (passes(offering, tests)) yield offering;
      }
    }
  }
}

/** The types that can be asked about at all, before offerings are made. */
function typesFor(input: Input, region: string): readonly string[] {
  if (input.InstanceType !== undefined) return offeredTypes(region).filter((type) => type === input.InstanceType);
  const wanted = input.Filters?.find((f) => f.Name === 'instance-type');
  const accepts = wanted && wildcardMatcher(wanted.Values ?? []);
  return offeredTypes(region).filter((type) => accepts?.(type) !== false);
}

/** "The default is 100." */
const OFFERINGS_PER_PAGE = 100;

export const offeringOperations = {
  DescribeReservedInstancesOfferings: async (input, ctx) => {
    const tests = testsOf(input);
    if (input.ReservedInstancesOfferingIds?.length) {
      const found = input.ReservedInstancesOfferingIds.map((id) => {
        const offering = findOffering(id, ctx.region);
        if (!offering) throw errors.invalidParameterValue(`Invalid value '${id}' for reservedInstancesOfferingId.`);
        return offering;
      });
      return { ReservedInstancesOfferings: found.filter((o) => passes(o, tests)) };
    }
    const from = pagePosition(input.NextToken, input as never as Structure, errors.invalidNextToken);
    const size = input.MaxResults ?? OFFERINGS_PER_PAGE;
    const found: Offering[] = [];
    let position = 0;
    for (const offering of offeringsFor(input, tests, ctx.region)) {
      if (position++ < from) continue;
      if (found.length === size) return { ReservedInstancesOfferings: found, NextToken: pageToken(position - 1, input as never as Structure) };
      found.push(offering);
    }
    return { ReservedInstancesOfferings: found };
  },
} satisfies Handlers<Ec2Operations>;
