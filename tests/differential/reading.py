"""Readings that more than one peer has."""

import json
import re

from change import held, listed, split

GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
OPERATORS = GUIDE + "reference_policies_elements_condition_operators.html"
EMPTY = "(empty)"


def null_set_is_present(operator, key, values, case):
    """`Null` on an empty list: present, so true for `false` and false for `true`."""
    found = held(case, key)
    if operator != "Null" or not isinstance(found, list) or any(found):
        return operator, values
    return always("false" in listed(values))


def as_far_as_it_goes(value):
    """What of a text is a number, whatever follows it."""
    found = re.match(r"[+-]?\d+(\.\d+)?", value) if isinstance(value, str) else None
    return found[0] if found else value


def empty_is_an_element(value):
    """The empty text as any other element of a list."""
    return EMPTY if value == "" else value


def of(family):
    return lambda operator: split(operator)[1].startswith(family)


def of_a_set(operator):
    return split(operator)[0] != "" and split(operator)[1] != "Null"


def always(true):
    """A clause that is always true, or always false."""
    return ("ForAllValues:Null" if true else "ForAnyValue:Null"), "true"


def as_2012(layer, document):
    document["Version"] = "2012-10-17"


def binary_as_text(operator, key, values, case):
    return operator.replace("BinaryEquals", "StringEquals"), values


def renamed(text, other):
    """The case with another text everywhere in its action, resource and policies."""

    def of_case(case):
        parts = {part: case[part] for part in ("action", "resource", "policies")}
        written = json.dumps(parts)
        return {**case, **json.loads(written.replace(text, other))} if text in written else None

    return of_case


# What IAM keeps for AWS is a role like any other.
unreserved = renamed(":role/aws-reserved/", ":role/customers-own/")
