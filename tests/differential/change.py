"""How another engine reads a case: changes of cases, from which the classes of differences are made."""

import copy

OPEN = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


def listed(value):
    return value if isinstance(value, list) else [value]


def documents(case):
    """The policies of a case, with their layers."""
    for layer, found in case["policies"].items():
        for one in flat(found):
            yield layer, one


def flat(found):
    if isinstance(found, list):
        for inner in found:
            yield from flat(inner)
    else:
        yield found


def each_statement(change):
    """A change of a case from one of its statements: `change(layer, statement, document, case)` edits it in place."""

    def of_case(case):
        made = copy.deepcopy(case)
        for layer, document in documents(made):
            for statement in listed(document["Statement"]):
                change(layer, statement, document, made)
        return made if made != case else None

    return of_case


def each_document(change):
    def of_case(case):
        made = copy.deepcopy(case)
        for layer, document in documents(made):
            change(layer, document)
        return made if made != case else None

    return of_case


def each_clause(change):
    """A change from one clause: `change(operator, key, values, case)` gives the operator and values that the peer reads, or
    None for a clause that it does not."""

    def of_statement(layer, statement, document, case):
        if "Condition" not in statement:
            return
        block = {}
        for operator, keys in statement["Condition"].items():
            for key, values in keys.items():
                found = change(operator, key, values, case)
                if found is not None:
                    # Two clauses that become one operator and key cannot both be written.
                    place = block.setdefault(found[0], {})
                    if any(key.lower() == other.lower() and other_values != found[1] for other, other_values in place.items()):
                        # Two clauses became one operator and key: the second asks about a copy of the key.
                        value = held(case, key)
                        key = f"again:{key}"
                        if value is not None:
                            case["context"][key] = value
                    place[key] = found[1]
        statement["Condition"] = block

    return each_statement(of_statement)


def held(case, key):
    """What the request holds under a key, whatever its case."""
    return {name.lower(): value for name, value in case["context"].items()}.get(key.lower())


def split(operator):
    """Set operator, base, whether IfExists."""
    prefix, _, base = operator.rpartition(":")
    return prefix, base.removesuffix("IfExists"), base.endswith("IfExists")


def read_as(of_value, asks, policies=True):
    """A change of the values that some operators compare: those of which `asks(operator)` is true. What the request holds is
    changed for them alone: they ask about a key of their own, which holds it as the peer reads it. Without `policies` their
    values stay."""

    def of_case(case):
        made = copy.deepcopy(case)
        for _, document in documents(made):
            for statement in listed(document["Statement"]):
                for operator, keys in statement.get("Condition", {}).items():
                    if not asks(operator):
                        continue
                    for key in list(keys):
                        values = [of_value(value) if policies else value for value in listed(keys.pop(key))]
                        own = f"{of_value.__name__}:{key.lower()}"
                        keys[own] = values
                        value = held(case, key)
                        if value is not None:
                            made["context"][own] = [of_value(one) for one in value] if isinstance(value, list) else of_value(value)
        return made if made != case else None

    return of_case
