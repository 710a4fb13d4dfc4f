import type { Rule } from '../rule.ts';
import { applicationRules } from './application.ts';
import { authenticationRules } from './authentication.ts';
import { configurationRules } from './configuration.ts';
import { deployMechanicsRules } from './deploy-mechanics.ts';
import { imagesAndPermissionsRules } from './images-and-permissions.ts';
import { importsAndSyntaxRules } from './imports-and-syntax.ts';
import { memoryAndTimeRules } from './memory-and-time.ts';
import { networkAndDatabaseRules } from './network-and-database.ts';
import { platformRules } from './platform.ts';
import { startUpRules } from './start-up.ts';
import { testRules } from './tests.ts';
import { versionRules } from './versions.ts';
import { websocketRules } from './websocket.ts';

/** All messages whose meaning is known, by family. */
export const rules: readonly Rule[] = [
  ...startUpRules,
  ...importsAndSyntaxRules,
  ...configurationRules,
  ...networkAndDatabaseRules,
  ...memoryAndTimeRules,
  ...imagesAndPermissionsRules,
  ...platformRules,
  ...authenticationRules,
  ...applicationRules,
  ...testRules,
  ...websocketRules,
  ...deployMechanicsRules,
  ...versionRules,
];
