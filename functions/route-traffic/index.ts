import { RouteTraffic } from '../../shared/contracts/messages.ts';
import { onMessage } from '../../shared/runtime/on-message.ts';
import { routeTraffic } from '../../shared/services/route-traffic.ts';

onMessage('route-traffic', RouteTraffic, routeTraffic);
