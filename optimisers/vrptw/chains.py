"""Routes as linked chains, compiled: time them, change them, save them and put them back.

Customers are 0..n-1; route r begins at node n + r and ends at node n + R + r, both at location n, the depot.
`node` (6, n + 2R) int32 holds for each node its successor, predecessor, route, earliest and latest beginning
of service and the length of the leg that leaves it; an end is its own successor, a beginning its own
predecessor. `route` (3, R) int64 holds load, number of customers, and 1 for a route saved in this iteration.
With both times an insertion is judged in constant time (Savelsbergh, "The Vehicle Routing Problem with Time
Windows: Minimizing Route Duration", ORSA Journal on Computing 4(2), 1992).
"""

from __future__ import annotations

import numpy as np

from optimisers.kernels import compiled

SUCC, PRED, ROUTE, EARLY, LATE, LEG = range(6)
LOAD, SIZE, SAVED = range(3)
COUNT_OF_NODE_ROWS = 6
NO_ROUTE = -1


@compiled
def time_route(node, n, r, routes, dist, window, service):
    """Recompute times and legs of route r from its links."""
    succ, pred, early, late, leg = node[SUCC], node[PRED], node[EARLY], node[LATE], node[LEG]
    start, end = n + r, n + routes + r
    at, place = start, n
    begin = np.int64(window[n, 0])
    early[start] = begin
    while at != end:
        after = succ[at]
        there = min(after, n)
        leg[at] = dist[place, there]
        begin = max(begin + service[place] + leg[at], np.int64(window[there, 0]))
        early[after] = begin
        at, place = after, there
    last = np.int64(window[n, 1])
    late[end] = last
    while at != start:
        at = pred[at]
        place = min(at, n)
        last = min(np.int64(window[place, 1]), last - leg[at] - service[place])
        late[at] = last


@compiled
def insert(node, n, i, c, dist, window, service):
    """Put customer c after node i; times are passed on as far as they change."""
    succ, pred, early, late, leg = node[SUCC], node[PRED], node[EARLY], node[LATE], node[LEG]
    j = succ[i]
    succ[i], pred[c], succ[c], pred[j] = c, i, j, c
    node[ROUTE, c] = node[ROUTE, i]
    leg[i], leg[c] = dist[min(i, n), c], dist[c, min(j, n)]
    place = min(i, n)
    begin = max(early[i] + service[place] + leg[i], np.int64(window[c, 0]))
    early[c] = begin
    at, place = c, c
    while succ[at] != at:
        after = succ[at]
        there = min(after, n)
        begin = max(begin + service[place] + leg[at], np.int64(window[there, 0]))
        if begin == early[after]:
            break
        early[after] = begin
        at, place = after, there
    last = min(late[j] - leg[c] - service[c], np.int64(window[c, 1]))
    late[c] = last
    at = c
    while pred[at] != at:
        at = pred[at]
        place = min(at, n)
        last = min(last - leg[at] - service[place], np.int64(window[place, 1]))
        if last == late[at]:
            break
        late[at] = last


@compiled
def detach(node, route, n, c, dist, demand):
    """Take customer c out and return what that saves. Times are left to `time_route`."""
    succ, pred, leg = node[SUCC], node[PRED], node[LEG]
    before, after, r = pred[c], succ[c], node[ROUTE, c]
    direct = np.int64(dist[min(before, n), min(after, n)])
    saving = np.int64(leg[before]) + leg[c] - direct
    leg[before] = direct
    succ[before], pred[after] = after, before
    node[ROUTE, c] = NO_ROUTE
    route[LOAD, r] -= demand[c]
    route[SIZE, r] -= 1
    return saving


@compiled
def save_route(node, route, n, r, log, fill):
    """Remember route r as it stands. log (R + 1, 4): counts in row 0, then route, load, size, first place."""
    count, k = log[0, 0] + 1, log[0, 1]
    log[count, 0], log[count, 1], log[count, 2], log[count, 3] = r, route[LOAD, r], route[SIZE, r], k
    at = node[SUCC, n + r]
    while at < n:
        fill[k] = at
        k += 1
        at = node[SUCC, at]
    log[0, 0], log[0, 1] = count, k
    route[SAVED, r] = 1


@compiled
def lay(node, route, n, r, customers, dist, window, service, demand):
    """Make route r of these customers in this order."""
    routes = route.shape[1]
    at = n + r
    load = np.int64(0)
    for k in range(customers.shape[0]):
        c = customers[k]
        node[SUCC, at] = c
        node[PRED, c] = at
        node[ROUTE, c] = r
        load += demand[c]
        at = c
    node[SUCC, at] = n + routes + r
    node[PRED, n + routes + r] = at
    route[LOAD, r], route[SIZE, r] = load, customers.shape[0]
    time_route(node, n, r, routes, dist, window, service)


@compiled
def restore(node, route, n, log, fill, dist, window, service, demand):
    """Put the saved routes back."""
    for k in range(1, log[0, 0] + 1):
        first, size = log[k, 3], log[k, 2]
        lay(node, route, n, log[k, 0], fill[first : first + size], dist, window, service, demand)
