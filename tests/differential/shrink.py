"""The least case that keeps a property: policies, statements, clauses, values and keys are dropped while it stays."""

import copy
import itertools


def parts(value, path=()):
    """Places of what may be dropped, outer ones first."""
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    else:
        return
    for at, _ in items:
        yield (*path, at)
    for at, inner in items:
        yield from parts(inner, (*path, at))


NEEDED = {"Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Version", "Statement"}


def dropped(case, path):
    """The case without one place, or None where nothing would be left that can be read."""
    made = copy.deepcopy(case)
    holder, outer = made, None
    for step in path[:-1]:
        holder, outer = holder[step], holder
    last = path[-1]
    if isinstance(holder, dict) and last in NEEDED:
        return None
    if isinstance(holder, list) and len(holder) == 1 and path[0] == "policies":
        return None
    del holder[last]
    if isinstance(holder, dict) and not holder and outer is not None and path[-2] != "policies":
        return None
    return made


def plainer(case):
    """The case with one list of one put as its element, or a plain value in place of a drawn one."""
    for layer, found in case["policies"].items():
        for path in parts(found):
            value = at(found, path)
            if isinstance(value, list) and len(value) == 1 and (path[-1] in NEEDED or isinstance(value[0], str)):
                yield replaced(case, ("policies", layer, *path), value[0])
            elif isinstance(value, str) and path[-1] in ("Action", "Resource") and value != "*":
                yield replaced(case, ("policies", layer, *path), "*")


def replaced(case, path, value):
    made = copy.deepcopy(case)
    at(made, path[:-1])[path[-1]] = value
    return made


def halves(case):
    """The case with half of a long list."""
    for path in parts(case["policies"]):
        value = at(case["policies"], path)
        if isinstance(value, list) and len(value) > 3:
            middle = len(value) // 2
            for half in (value[:middle], value[middle:]):
                yield replaced(case, ("policies", *path), half)


def at(value, path):
    for step in path:
        value = value[step]
    return value


def candidates(case):
    yield from halves(case)
    for part in ("policies", "context"):
        for path in parts(case[part]):
            made = dropped(case, (part, *path))
            if made is not None:
                yield made
    yield from plainer(case)


def shrunk(case, still):
    """`still` says of each candidate whether it keeps the property."""
    start, chunk, kept_since = 0, 8, False
    while True:
        tried = list(itertools.islice(candidates(case), start, start + chunk))
        found = [at for at, keeps in enumerate(still(tried)) if keeps] if tried else []
        if found:
            # On from here: what did not keep it before is tried again at the end.
            case, start, kept_since = tried[found[0]], start + found[0], True
            chunk = 8
        elif tried:
            start += chunk
            chunk *= 2
        elif kept_since:
            start, kept_since = 0, False
        else:
            return case
