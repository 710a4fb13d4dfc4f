import type { Rule } from '../rule.ts';
import { applicationRules } from './application.ts';
import { authenticationRules } from './authentication.ts';
import { buildRules } from './builds.ts';
import { configurationRules } from './configuration.ts';
import { databaseRules } from './databases.ts';
import { deployMechanicsRules } from './deploy-mechanics.ts';
import { exceptionFamilyRules } from './exception-families.ts';
import { healthRules } from './health.ts';
import { imagesAndPermissionsRules } from './images-and-permissions.ts';
import { importsAndSyntaxRules } from './imports-and-syntax.ts';
import { memoryAndTimeRules } from './memory-and-time.ts';
import { networkRules } from './network.ts';
import { platformRules } from './platform.ts';
import { reportRules } from './reports.ts';
import { startUpRules } from './start-up.ts';
import { testRules } from './tests.ts';
import { versionRules } from './versions.ts';
import { websocketRules } from './websocket.ts';

/** All messages whose meaning is known, by family. */
export const rules: readonly Rule[] = [
  ...startUpRules,
  ...importsAndSyntaxRules,
  ...configurationRules,
  ...databaseRules,
  ...networkRules,
  ...memoryAndTimeRules,
  ...imagesAndPermissionsRules,
  ...platformRules,
  ...authenticationRules,
  ...applicationRules,
  ...exceptionFamilyRules,
  ...testRules,
  ...websocketRules,
  ...deployMechanicsRules,
  ...versionRules,
  ...buildRules,
  ...healthRules,
  ...reportRules,
];
