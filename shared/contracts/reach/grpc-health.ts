import { z } from 'zod';

/** In place of a GET: `grpc.health.v1.Health/Check`. */
export const GrpcHealthSchema = z.strictObject({
  /** Of several in one server; empty: the server as a whole. */
  service: z
    .string()
    .max(100)
    .regex(/^[\w./-]*$/, 'write the name that the server has registered, such as shop.v1.Carts')
    .default(''),
});
