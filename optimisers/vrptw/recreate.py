"""Ruin and recreate for routes with capacity and time windows, compiled.

Slack induction by string removals: Christiaens, Vanden Berghe, "Slack Induction by String Removals for
Vehicle Routing Problems", Transportation Science 54(2), 2020; insertion is tried beside near customers only.
"""

from __future__ import annotations

import numpy as np

from optimisers.kernels import compiled
from optimisers.vrptw.chains import (
    EARLY,
    LATE,
    LEG,
    LOAD,
    NO_ROUTE,
    PRED,
    ROUTE,
    SAVED,
    SIZE,
    SUCC,
    detach,
    insert,
    restore,
    save_route,
    time_route,
)
from optimisers.vrptw.chance import below, uniform
from optimisers.vrptw.pool import remember

REMOVED = 10  # customers taken out by an iteration, on average
STRING_MAX = 10
SPLIT_PART = 0.5
SPLIT_MORE = 0.01
BLINK_EVERY = 100
OPEN_EVERY = 8  # a new route is weighed one time in so many, and whenever there is no other place
COST, BEST_COST, BEST_LEFT = range(3)


@compiled
def ruin(dist, window, service, demand, hub, node, route, gone, count, log, fill, rng):
    """Take strings of neighbours out; they are added to `gone`. Returns (its length, distance saved)."""
    n, routes = demand.shape[0], route.shape[1]
    used = 0
    for r in range(routes):
        used += route[SIZE, r] > 0
    if used == 0:
        return count, np.int64(0)
    longest = min(float(STRING_MAX), (n - count) / used)
    strings = int(1.0 + uniform(rng) * (4.0 * REMOVED / (1.0 + longest) - 1.0))
    seed = below(rng, n)
    saving = np.int64(0)
    for q in range(hub.shape[1]):
        c = np.int64(hub[seed, q])
        r = node[ROUTE, c]
        if r == NO_ROUTE or route[SAVED, r] == 1:
            continue
        if log[0, 0] >= strings:
            break
        size = route[SIZE, r]
        save_route(node, route, n, r, log, fill)
        length = min(int(1.0 + uniform(rng) * min(float(size), longest)), size)
        skip = 0
        if 1 < length < size and uniform(rng) < SPLIT_PART:
            skip = 1
            while length + skip < size and uniform(rng) < SPLIT_MORE:
                skip += 1
        span = length + skip
        behind, at = 0, node[PRED, c]
        while at < n and behind < span - 1:
            behind += 1
            at = node[PRED, at]
        ahead, at = 0, node[SUCC, c]
        while at < n and ahead < span - 1:
            ahead += 1
            at = node[SUCC, at]
        least = max(0, span - 1 - ahead)
        at = c
        for _ in range(least + below(rng, behind - least + 1)):
            at = np.int64(node[PRED, at])
        hole = 1 + below(rng, length - 1) if skip > 0 else span
        for k in range(span):
            after = np.int64(node[SUCC, at])
            if k < hole or k >= hole + skip:
                saving += detach(node, route, n, at, dist, demand)
                gone[count] = at
                count += 1
            at = after
        time_route(node, n, r, routes, dist, window, service)
    return count, saving


@compiled
def arrange(dist, window, demand, gone, count, key, rng):
    """Sort the customers to insert by one of seven criteria drawn at random (weights of the paper)."""
    n = demand.shape[0]
    kind = below(rng, 17)
    for k in range(count):
        c = gone[k]
        if kind < 4:
            key[k] = uniform(rng)
        elif kind < 8:
            key[k] = -demand[c]
        elif kind < 10:
            key[k] = -dist[n, c]
        elif kind < 11:
            key[k] = dist[n, c]
        elif kind < 13:
            key[k] = window[c, 1] - window[c, 0]
        elif kind < 15:
            key[k] = window[c, 0]
        else:
            key[k] = -window[c, 1]
    for k in range(1, count):
        c, weight = gone[k], key[k]
        p = k - 1
        while p >= 0 and key[p] > weight:
            gone[p + 1], key[p + 1] = gone[p], key[p]
            p -= 1
        gone[p + 1], key[p + 1] = c, weight


@compiled
def cheapest_place(dist, window, service, demand, capacity, near, node, route, c, free, rng, blink):
    """(node to insert c after or -1, extra distance): beside near customers or on the empty route `free`."""
    n, routes = demand.shape[0], route.shape[1]
    succ, pred, home, early, late, leg = (
        node[SUCC],
        node[PRED],
        node[ROUTE],
        node[EARLY],
        node[LATE],
        node[LEG],
    )
    to = dist[c]
    room = capacity - demand[c]
    opens, closes, stay = np.int64(window[c, 0]), np.int64(window[c, 1]), np.int64(service[c])
    cheapest = np.int64(1) << 60
    where = np.int64(-1)
    for q in range(near.shape[1]):
        x = np.int64(near[c, q])
        r = home[x]
        if r == NO_ROUTE or route[LOAD, r] > room:
            continue
        for side in range(2):
            i = x if side == 0 else np.int64(pred[x])
            j = succ[i]
            here, there = min(i, n), min(j, n)
            extra = np.int64(to[here]) + to[there] - leg[i]
            if extra >= cheapest:
                continue
            begin = max(early[i] + service[here] + to[here], opens)
            if begin > closes or begin + stay + to[there] > late[j]:
                continue
            blink[0] -= 1
            if blink[0] < 0:
                blink[0] = below(rng, 2 * BLINK_EVERY)
                continue
            cheapest = extra
            where = i
    if free < routes and room >= 0 and (where < 0 or below(rng, OPEN_EVERY) == 0):
        begin = max(early[n + free] + to[n], opens)
        if begin <= closes and begin + stay + to[n] <= late[n + routes + free]:
            extra = np.int64(2) * to[n]
            if extra < cheapest:
                cheapest = extra
                where = n + free
    return where, cheapest


@compiled
def recreate(
    dist, window, service, demand, capacity, near, node, route, gone, count, out, log, fill, rng, blink
):
    """Insert the first `count` of `gone`; who has no place goes to `out`. Returns the extra distance."""
    n, routes = demand.shape[0], route.shape[1]
    out[0] = 0
    free = 0
    total = np.int64(0)
    for k in range(count):
        c = gone[k]
        while free < routes and route[SIZE, free] > 0:
            free += 1
        i, extra = cheapest_place(
            dist, window, service, demand, capacity, near, node, route, c, free, rng, blink
        )
        if i < 0:
            out[0] += 1
            out[out[0]] = c
            continue
        r = node[ROUTE, i]
        if route[SAVED, r] == 0:
            save_route(node, route, n, r, log, fill)
        insert(node, n, i, c, dist, window, service)
        route[LOAD, r] += demand[c]
        route[SIZE, r] += 1
        total += extra
    return total


@compiled
def run(
    dist,
    window,
    service,
    demand,
    capacity,
    near,
    hub,
    node,
    route,
    out,
    age,
    best,
    value,
    rng,
    steps,
    hot,
    cold,
    pool,
    keys,
    rows,
    reach,
):
    """Do `steps` iterations, cooling from `hot` to `cold`; the state is changed in place.

    dist (n+1, n+1), window (n+1, 2), service (n+1,), demand (n,): int32, depot last. near (n, K): customers
    to insert beside; hub (n, A): customers to take out together, itself first. node, route: see `chains`.
    out (n+1,): number of customers without a route, then these. age (n,): how often each was without one.
    best (n+2R,): successors in the best solution. value (3,): cost, best cost, customers left in the best.
    pool, keys, rows: see `pool`; routes of solutions up to `reach` × the best cost are remembered there.
    """
    n, routes = demand.shape[0], route.shape[1]
    log = np.zeros((routes + 1, 4), np.int64)
    fill, gone, stay_out = np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64)
    key = np.zeros(n + 1)
    blink = np.zeros(1, np.int64)
    blink[0] = below(rng, 2 * BLINK_EVERY)
    factor = (cold / hot) ** (1.0 / max(steps, 1))
    temperature = hot
    for _ in range(steps):
        temperature *= factor
        log[0, 0] = log[0, 1] = 0
        kept = out[0]
        stay_out[: kept + 1] = out[: kept + 1]
        gone[:kept] = out[1 : kept + 1]
        count, saving = ruin(dist, window, service, demand, hub, node, route, gone, kept, log, fill, rng)
        arrange(dist, window, demand, gone, count, key, rng)
        extra = recreate(
            dist,
            window,
            service,
            demand,
            capacity,
            near,
            node,
            route,
            gone,
            count,
            out,
            log,
            fill,
            rng,
            blink,
        )
        cost = value[COST] - saving + extra
        left = out[0]
        for k in range(1, log[0, 0] + 1):
            route[SAVED, log[k, 0]] = 0
        good = cost < value[COST] - temperature * np.log(uniform(rng))
        if left > 0 or kept > 0:
            worth = np.int64(0)
            for k in range(1, left + 1):
                worth += age[out[k]]
                age[out[k]] += 1
            for k in range(1, kept + 1):
                worth -= age[stay_out[k]]
            good = left < kept or worth < 0 or (worth == 0 and good)
        if not good:
            for k in range(count):
                node[ROUTE, gone[k]] = NO_ROUTE
            restore(node, route, n, log, fill, dist, window, service, demand)
            out[: kept + 1] = stay_out[: kept + 1]
            continue
        value[COST] = cost
        if left < value[BEST_LEFT] or (left == value[BEST_LEFT] and cost < value[BEST_COST]):
            value[BEST_COST], value[BEST_LEFT] = cost, left
            best[:] = node[SUCC]
        if left == 0 and cost <= value[BEST_COST] * reach:
            for k in range(1, log[0, 0] + 1):
                remember(node, route, n, log[k, 0], cost, pool, keys, rows)
