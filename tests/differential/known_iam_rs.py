"""Where iam-rs and iamsure differ, and why iamsure stays as it is."""

import datetime
import re

from change import each_clause, each_document, held, listed, read_as, split
from difference import Class
from reading import GUIDE, OPERATORS, always, as_2012,  empty_is_an_element, null_set_is_present, of, of_a_set, unreserved

SETS = GUIDE + "reference_policies_condition-single-vs-multi-valued-context-keys.html"


def variables_are_text(operator, key, values, case):
    return operator, [value.replace("${", "${$}{") if isinstance(value, str) else value for value in listed(values)]


def arn_as_text(operator, key, values, case):
    prefix, base, _ = split(operator)
    return operator.replace("Arn", "String") if base.startswith("Arn") else operator, values


def first_address(value):
    return value.split("/")[0] if isinstance(value, str) else value


def of_addresses(operator):
    return split(operator)[1] in ("IpAddress", "NotIpAddress")


def other_booleans(operator, key, values, case):
    """A request that holds anything but `true` and `false`, spelt so, matches no Bool."""
    found = held(case, key)
    told = split(operator)[1] != "Bool" or not isinstance(found, str) or found in ("true", "false")
    return (operator, values) if told else always(False)


def matches(pattern, text):
    """A `*` of the text is taken for the character first, and only then for the wildcard."""
    at = star = None
    i = j = 0
    while j < len(text):
        if i < len(pattern) and pattern[i] in (text[j], "?"):
            i, j = i + 1, j + 1
        elif i < len(pattern) and pattern[i] == "*":
            star, at, i = i, j, i + 1
        elif star is not None:
            at += 1
            i, j = star + 1, at
        else:
            return False
    return all(rest == "*" for rest in pattern[i:])


def stars_of_requests(operator, key, values, case):
    prefix, base, _ = split(operator)
    found = held(case, key)
    if base not in ("StringLike", "StringNotLike") or not isinstance(found, str) or "*" not in found:
        return operator, values
    return always(any(matches(str(value), found) for value in listed(values)) != (base == "StringNotLike"))


def binary_as_text(operator, key, values, case):
    return operator.replace("BinaryEquals", "StringEqualsIgnoreCase"), values


def with_exponent(value):
    found = re.fullmatch(r"[+-]?\d+(\.\d+)?[eE][+-]?\d+", value) if isinstance(value, str) else None
    return f"{float(value):f}" if found else value.rstrip(".") if isinstance(value, str) else value


def lists_by_their_elements(operator, key, values, case):
    """A plain operator on a list as ForAnyValue; a negated one is true if some element and some value differ."""
    prefix, base, _ = split(operator)
    found = held(case, key)
    if prefix or base == "Null" or not isinstance(found, list):
        return operator, values
    if base.startswith("StringNot"):
        fold = str.lower if base.endswith("IgnoreCase") else str
        same = matches if base.endswith("Like") else str.__eq__
        return always(any(not same(fold(str(value)), fold(one)) for value in listed(values) for one in found))
    return f"ForAnyValue:{operator}", values


def as_instant(value):
    """Numbers are seconds since 1970, fractions and signs included; dates need a time and a zone."""
    if not isinstance(value, str):
        return value
    if re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", value):
        at = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=float(value))
        return at.isoformat(timespec="milliseconds") + "Z"
    return value if re.search(r"T.*(Z|[+-]\d\d:\d\d)$", value) else "no date"


CLASSES = (
    Class("variables in 2008 documents", ("V-1", "G-4"), "Variables are substituted in documents of version 2008-10-17.", GUIDE + "reference_policies_elements_version.html", change=each_document(as_2012)),
    Class("variables in conditions are text", ("V-3", "V-5"), "Variables are substituted in resources alone.", GUIDE + "reference_policies_variables.html", change=each_clause(variables_are_text)),
    Class("wildcards in substituted values", ("V-10",), "`*` in the value of a variable is a wildcard.", "AWS does not say; a tag must not widen a policy", switches=("Q11=wildcard",)),
    Class("Q16", ("V-8",), "The empty text is the value of a variable.", "AWS says \"no value\", and not whether the empty text is one", switches=("Q16=value",)),
    Class("roles that IAM keeps", ("E-35",), "Roles below `aws-reserved` are changed like others.", "observed by others: IAM refuses", change=unreserved),
    Class("BinaryEquals of other texts", ("C-26",), "Texts are compared as they are, without case.", OPERATORS, change=each_clause(binary_as_text)),
    Class("ARN operators are string operators", ("C-28",), "ArnEquals compares whole texts, ArnLike crosses colons, and any text is an ARN.", OPERATORS, change=each_clause(arn_as_text)),
    Class("plain operators on lists", ("C-45",), "A plain operator on a multivalued key is true if some element passes; a negated one if some element and some value differ.", "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html", change=each_clause(lists_by_their_elements)),
    Class("stars in requests", ("C-22",), "A `*` that a request holds uses up the `*` of a pattern.", OPERATORS, change=each_clause(stars_of_requests)),
    Class("Booleans in another case", ("C-25",), "`TRUE` in a request is no Boolean.", OPERATORS, change=each_clause(other_booleans)),
    Class("numbers with exponents", ("C-23",), "`1e3` and `1.` are numbers.", OPERATORS, change=read_as(with_exponent, of("Numeric"))),
    Class("dates in other forms", ("C-24",), "Dates need a time and a zone; fractions and negative numbers are seconds since 1970.", OPERATORS, change=read_as(as_instant, of("Date"))),
    Class("a network in a request", ("C-27",), "A request may hold a network where an address is expected.", OPERATORS, change=read_as(first_address, of_addresses, policies=False)),
    Class("the empty text under set operators", ("C-47",), "The empty text is an element like any other: what holds nothing else is no null data set.", SETS, change=read_as(empty_is_an_element, of_a_set)),
    Class("Null on an empty list", ("C-31",), "A key that holds an empty list is present.", OPERATORS, change=each_clause(null_set_is_present)),
)
