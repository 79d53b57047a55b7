"""Readings that more than one peer has."""

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


def as_float(value):
    found = re.match(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", value) if isinstance(value, str) else None
    return f"{float(found[0]):f}" if found else value


def empty_is_an_element(value):
    """The empty text as any other element of a list."""
    return EMPTY if value == "" else value


def of(family):
    return lambda operator: split(operator)[1].startswith(family)


def of_a_set(operator):
    return split(operator)[0] != "" and split(operator)[1].startswith("String")


def always(true):
    """A clause that is always true, or always false."""
    return ("ForAllValues:Null" if true else "ForAnyValue:Null"), "true"


def as_2012(layer, document):
    document["Version"] = "2012-10-17"


def binary_as_text(operator, key, values, case):
    return operator.replace("BinaryEquals", "StringEquals"), values
