import { Server, ServerCredentials } from '@grpc/grpc-js';
import { HealthImplementation, type ServingStatus } from 'grpc-health-check';

/** A gRPC server, by HTTP/2 without TLS, whose health service says what HEALTH says; `none`: it has no such service. */
const { PORT = '8080', HEALTH = 'SERVING' } = process.env;

const server = new Server();
if (HEALTH !== 'none') new HealthImplementation({ '': HEALTH as ServingStatus }).addToServer(server);
server.bindAsync(`127.0.0.1:${PORT}`, ServerCredentials.createInsecure(), (error) => {
  if (error) throw error;
});
process.once('SIGTERM', () => process.exit(0));
