import { NOTHING_MANAGED, NO_OPERATING_SYSTEM, type Family } from '../family.ts';
import { consoleScreenshotOperations } from './console-screenshots.ts';
import { consoleOperations } from './consoles.ts';
import { cpuOptionOperations } from './cpu-options.ts';
import { defaultCreditOperations } from './default-credits.ts';
import { enclaveCertificateOperations, enclaveCertificates } from './enclave-certificates.ts';
import { eventNotificationOperations } from './event-notifications.ts';
import { eventWindowOperations, eventWindows } from './event-windows.ts';
import { firmwareOperations } from './firmware.ts';
import { idFormatOperations } from './id-formats.ts';
import { instanceAttributeOperations } from './instance-attributes.ts';
import { instanceOperations } from './instance-operations.ts';
import { instancePlacementOperations } from './instance-placements.ts';
import { instanceProfileAssociationOperations } from './instance-profile-associations.ts';
import { instanceStatusOperations } from './instance-statuses.ts';
import { instanceTypeSelectionOperations } from './instance-type-selections.ts';
import { instanceTypeOperations } from './instance-types.ts';
import { instances } from './instances.ts';
import { keyPairOperations, keyPairs } from './key-pairs.ts';
import { launchOptionOperations } from './launch-options.ts';
import { launchTemplateDataOperations } from './launch-template-data.ts';
import { launchTemplateOperations, launchTemplates, launchTemplateVersions } from './launch-templates.ts';
import { macModificationTaskOperations, macModificationTasks } from './mac-modification-tasks.ts';
import { metadataOptionOperations } from './metadata-options.ts';
import { passwordOperations } from './passwords.ts';
import { privateDnsNameOperations } from './private-dns-names.ts';
import { retiredOperations } from './retired.ts';
import { replaceRootVolumeTasks, rootVolumeReplacementOperations } from './root-volume-replacements.ts';
import { REFUSED_BY_LAUNCH } from './run-instances.ts';
import { scheduledEventOperations, scheduledEvents } from './scheduled-events.ts';
import { topologyOperations } from './topologies.ts';

/** What a template does not keep either. */
const TEMPLATE_DATA = ['ElasticGpuSpecifications', 'Monitoring.MetricCategoryIds'].map((name) => `LaunchTemplateData.${name}`);

const NONE_SOLD = 'AWS sells no Scheduled Instances any more';

export const instancesFamily: Family = {
  resources: [instances, keyPairs, launchTemplates, launchTemplateVersions, replaceRootVolumeTasks, eventWindows, scheduledEvents, macModificationTasks, enclaveCertificates],
  operations: {
    ...instanceOperations, ...instanceStatusOperations, ...instanceAttributeOperations, ...instanceProfileAssociationOperations, ...instanceTypeOperations, ...instanceTypeSelectionOperations,
    ...keyPairOperations, ...launchTemplateOperations, ...launchTemplateDataOperations, ...defaultCreditOperations, ...privateDnsNameOperations, ...cpuOptionOperations, ...launchOptionOperations,
    ...metadataOptionOperations, ...instancePlacementOperations, ...consoleOperations, ...consoleScreenshotOperations, ...passwordOperations, ...firmwareOperations, ...rootVolumeReplacementOperations, ...topologyOperations,
    ...eventWindowOperations, ...scheduledEventOperations, ...macModificationTaskOperations, ...eventNotificationOperations, ...enclaveCertificateOperations, ...idFormatOperations, ...retiredOperations,
  },
  refused: {
    CreateLaunchTemplate: ['Operator', ...TEMPLATE_DATA], CreateLaunchTemplateVersion: TEMPLATE_DATA,
    RunInstances: [...REFUSED_BY_LAUNCH, 'Monitoring.MetricCategoryIds'], MonitorInstances: ['MetricCategoryIds'], UnmonitorInstances: ['MetricCategoryIds'],
  },
  effectless: {
    DescribeInstances: { IncludeManagedResources: NOTHING_MANAGED },
    DescribeInstanceStatus: { IncludeManagedResources: NOTHING_MANAGED },
    DescribeLaunchTemplates: { IncludeManagedResources: NOTHING_MANAGED },
    DescribeLaunchTemplateVersions: { IncludeManagedResources: NOTHING_MANAGED },
    StopInstances: { Force: NO_OPERATING_SYSTEM, SkipOsShutdown: NO_OPERATING_SYSTEM },
    TerminateInstances: { Force: NO_OPERATING_SYSTEM, SkipOsShutdown: NO_OPERATING_SYSTEM },
    GetConsoleScreenshot: { WakeUp: 'no screen ever sleeps' },
    ReportInstanceStatus: { ReasonCodes: '"Use of this action does not change the value returned by DescribeInstanceStatus"' },
    DescribeScheduledInstanceAvailability: {
      MaxSlotDurationInHours: NONE_SOLD, MinSlotDurationInHours: NONE_SOLD, 'Recurrence.OccurrenceDays': NONE_SOLD, 'Recurrence.OccurrenceRelativeToEnd': NONE_SOLD, 'Recurrence.OccurrenceUnit': NONE_SOLD,
    },
    DescribeScheduledInstances: { SlotStartTimeRange: NONE_SOLD },
  },
};
