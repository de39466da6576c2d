import type { Family } from '../family.ts';
import { datafeedSubscriptionOperations } from './datafeed-subscriptions.ts';
import { placementScoreOperations } from './placement-scores.ts';
import { spotFleetOperations } from './spot-fleet-operations.ts';
import { spotFleets } from './spot-fleets.ts';
import { spotPriceOperations } from './spot-prices.ts';
import { spotRequestOperations } from './spot-request-operations.ts';
import { spotRequests } from './spot-requests.ts';

export const spotFamily: Family = {
  resources: [spotRequests, spotFleets],
  operations: { ...spotPriceOperations, ...spotRequestOperations, ...spotFleetOperations, ...placementScoreOperations, ...datafeedSubscriptionOperations },
  effectless: { RequestSpotFleet: { 'SpotFleetRequestConfig.SpotMaintenanceStrategies': 'no rebalance recommendation is ever sent' } },
  refused: {
    RequestSpotInstances: ['LaunchSpecification.AddressingType', 'LaunchSpecification.KernelId', 'LaunchSpecification.RamdiskId', 'LaunchSpecification.Monitoring.MetricCategoryIds'],
    RequestSpotFleet: ['AddressingType', 'KernelId', 'RamdiskId'].map((name) => `SpotFleetRequestConfig.LaunchSpecifications.${name}`).concat('SpotFleetRequestConfig.LoadBalancersConfig'),
  },
};
