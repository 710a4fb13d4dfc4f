import { z } from 'zod';

/** Of several in one server; empty: the server as a whole. */
const GrpcServiceSchema = z
  .string()
  .max(100)
  .regex(/^[\w./-]*$/, 'write the name that the server has registered, such as shop.v1.Carts');

/** In place of a GET: `grpc.health.v1.Health/Check`. */
export const GrpcHealthSchema = z.strictObject({ service: GrpcServiceSchema.default('') });

/** As people write it: what one leaves out, the file's defaults may say. */
export const GrpcHealthFileSchema = z.strictObject({ service: GrpcServiceSchema.optional() });
