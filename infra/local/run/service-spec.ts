import { z } from 'zod';

const stringMap = z.record(z.string(), z.string()).default({});

export const TrafficTargetSpec = z.object({
  /** Without a type, a revision means REVISION and none means LATEST. */
  type: z.string().optional(),
  revision: z.string().optional(),
  percent: z.number().int().default(0),
  tag: z.string().optional(),
});
export type TrafficTargetSpec = z.infer<typeof TrafficTargetSpec>;

const ContainerSpec = z.looseObject({
  name: z.string().optional(),
  image: z.string().optional(),
  command: z.array(z.string()).default([]),
  args: z.array(z.string()).default([]),
  env: z.array(z.looseObject({ name: z.string(), value: z.string().default('') })).default([]),
  startupProbe: z
    .looseObject({
      timeoutSeconds: z.number().default(1),
      periodSeconds: z.number().default(10),
      failureThreshold: z.number().default(3),
    })
    .optional(),
});
export type ContainerSpec = z.infer<typeof ContainerSpec>;

/** What makes a revision; fields that the local cloud does not act on are kept as they came. */
export const TemplateSpec = z.looseObject({
  revision: z.string().optional(),
  labels: stringMap,
  annotations: stringMap,
  scaling: z.looseObject({ minInstanceCount: z.number().default(0) }).optional(),
  containers: z.array(ContainerSpec).default([]),
});
export type TemplateSpec = z.infer<typeof TemplateSpec>;

/** The part of google.cloud.run.v2.Service that its owner writes. */
export const ServiceSpec = z.object({
  description: z.string().optional(),
  labels: stringMap,
  annotations: stringMap,
  ingress: z.string().optional(),
  launchStage: z.string().optional(),
  scaling: z.looseObject({}).optional(),
  invokerIamDisabled: z.boolean().optional(),
  customAudiences: z.array(z.string()).default([]),
  template: TemplateSpec.default({ labels: {}, annotations: {}, containers: [] }),
  traffic: z.array(TrafficTargetSpec).default([]),
});
export type ServiceSpec = z.infer<typeof ServiceSpec>;
